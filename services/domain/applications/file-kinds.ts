/** What a document of an application may be: told by its bytes, whatever it calls itself. */

export const DOCUMENT_TYPES = ['application/pdf', 'image/jpeg', 'image/png'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

const BEGINNINGS: readonly (readonly [DocumentType, readonly number[]])[] = [
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
];

/** Undefined for every other kind. */
export const documentTypeOf = (bytes: Uint8Array): DocumentType | undefined =>
  BEGINNINGS.find(([, beginning]) => beginning.every((byte, n) => bytes[n] === byte))?.[0];
