/**
 * Tables that leave the product. What a stranger wrote (a name, a note, an invoice number) stands in cells that somebody
 * opens in a spreadsheet, which takes some texts for formulas and runs them.
 */

/** What starts a formula, also as a full-width character, and after blanks that a spreadsheet drops. */
const FORMULA = /^[\s\u200b\ufeff]*[=+\-@＝＋－＠]/u;
/** Some programs hand on a cell that starts with one of these to the next cell or line. */
const BREAK = /^[\t\r\n]/;
const NUMBER = /^[+-]?\d[\d,]*(\.\d+)?%?$/;

/** The text of a cell that no spreadsheet takes for a formula: numbers stay as they are, the rest gets an apostrophe. */
export function neutralise(cell: string): string {
  const isDangerous = BREAK.test(cell) || (FORMULA.test(cell) && !NUMBER.test(cell));
  return isDangerous ? `'${cell}` : cell;
}

/** A table as CSV: UTF-8 with BOM and CRLF, as Excel in China wants it, each cell neutralised and quoted where needed. */
export const csvOf = (rows: Iterable<readonly string[]>): string =>
  `\uFEFF${[...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')}`;

function csvCell(cell: string): string {
  const text = neutralise(cell);
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
