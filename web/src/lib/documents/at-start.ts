/**
 * With the first page where this browser keeps a key. A step of its own, so that pages do not name all that it needs; nobody waits for it.
 */
export const handOn = async (): Promise<void> => (await import('./hand-on-here.ts')).handOnHere();
