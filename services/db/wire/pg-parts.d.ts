/** A part of pg that its types leave out. */
declare module 'pg/lib/utils.js' {
  export function prepareValue(value: unknown): unknown;
}
