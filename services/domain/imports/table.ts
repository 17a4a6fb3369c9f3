/** One line of a table that is not blank; `row` counts from 1 as a spreadsheet shows it. */
export type TableRow = {
  readonly row: number;
  readonly cells: readonly string[];
  /** Columns whose cell a workbook holds as a number or a date: written as 1234.56 or 2026-06-30, whatever people prefer. */
  readonly typed?: ReadonlySet<number>;
  /** How a workbook shows a number by its format, where that is not the number by itself: 00123456, $5.00. */
  readonly shown?: ReadonlyMap<number, string>;
  /** Columns whose cell is one with the cells above or below: its value stands in each of their rows. */
  readonly merged?: ReadonlySet<number>;
  /** Columns whose cell a person has put right on the screen. */
  readonly corrected?: ReadonlySet<number>;
  /** A filter, or a person, has hidden the row. */
  readonly hidden?: boolean;
};

/** What a file may hold. `columns` and `cell` (characters) bound a row, whatever the size of the file. */
export type TableLimits = {
  readonly bytes: number;
  readonly rows: number;
  readonly columns: number;
  readonly cell: number;
};

const IS_PLAIN = /^[\x21-\x7e]+( [\x21-\x7e]+)*$/;

/** What nobody sees, and no database keeps as text: U+0000 and its like, halves of pairs. */
const UNSEEN = /[\p{Cc}\p{Cs}]+/gu;

/** Full-width characters become plain ones, blanks are trimmed and joined: what a person sees as the same is the same. */
export const tidy = (cell: string): string =>
  cell === '' || IS_PLAIN.test(cell)
    ? cell
    : cell.normalize('NFKC').replace(/\s+/g, ' ').replace(UNSEEN, '').trim();
