/** Parts of pg that its types leave out. */
declare module 'pg/lib/result.js' {
  export default class Result {
    constructor(rowMode: undefined, types: unknown);
    readonly rows: object[];
    addFields(fields: never[]): void;
    parseRow(fields: never[]): object;
    addRow(row: object): void;
  }
}
declare module 'pg/lib/utils.js' {
  export function prepareValue(value: unknown): unknown;
}
