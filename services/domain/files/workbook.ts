/** Tables as Excel workbooks. What a stranger wrote is text in a text cell: never a formula. */
import { storedZip } from './stored-zip.ts';

/** Text, a number, or an amount as the API writes it. */
export type WorkbookCell = string | number | { readonly amount: string; readonly currency: string } | null;
export type Table = {
  readonly header: readonly string[];
  readonly rows: readonly (readonly WorkbookCell[])[];
};

/** Exact in a spreadsheet's numbers (15 digits); longer amounts are written as text. */
const EXACT = /^-?\d{1,13}(\.\d{1,2})?$/;

/** A workbook of one sheet: amounts are numbers, text is text and never a formula. */
export function xlsxOf(name: string, { header, rows }: Table): Uint8Array<ArrayBuffer> {
  const lines = [header.map((text) => textCell(text, 1)), ...rows.map((row) => row.map(xlsxCell))];
  const sheet = lines.map((cells) => `<row>${cells.join('')}</row>`).join('');
  return storedZip({
    '[Content_Types].xml': CONTENT_TYPES,
    '_rels/.rels': relations('officeDocument', 'xl/workbook.xml'),
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets><sheet name="${escape(sheetName(name))}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations('worksheet', 'worksheets/sheet1.xml', 'styles', 'styles.xml'),
    'xl/styles.xml': STYLES,
    'xl/worksheets/sheet1.xml': `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>${widths(lines[0]!.length)}<sheetData>${sheet}</sheetData></worksheet>`,
  });
}

function xlsxCell(cell: WorkbookCell): string {
  if (cell === null || cell === '') return '<c/>';
  if (typeof cell === 'number') return `<c><v>${cell}</v></c>`;
  if (typeof cell === 'string') return textCell(cell, 0);
  return EXACT.test(cell.amount) ? `<c s="2"><v>${cell.amount}</v></c>` : textCell(cell.amount, 0);
}

const textCell = (text: string, style: number): string =>
  `<c t="inlineStr" s="${style}"><is><t xml:space="preserve">${escape(text)}</t></is></c>`;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const KIND = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const CONTENT_TYPES = `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${KIND}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${KIND}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${KIND}.styles+xml"/></Types>`;

/** Styles: 0 plain text, 1 bold heads, 2 amounts. */
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font/><font><b/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" applyFont="1" applyNumberFormat="1"/><xf numFmtId="4" applyNumberFormat="1"/></cellXfs></styleSheet>`;

const relations = (...targets: string[]): string => {
  const one = (at: number): string =>
    `<Relationship Id="rId${at / 2 + 1}" Type="${REL}/${targets[at]}" Target="${targets[at + 1]}"/>`;
  const all = targets.flatMap((_, at) => (at % 2 === 0 ? [one(at)] : []));
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`;
};

const widths = (columns: number): string =>
  `<cols><col min="1" max="${Math.max(1, columns)}" width="20" customWidth="1"/></cols>`;

/** At most 31 characters, none of those that name a place in a book. */
const sheetName = (name: string): string =>
  name
    .replace(/[[\]:*?/\\']/g, ' ')
    .slice(0, 31)
    .trim() || 'Sheet1';

/** Characters that XML 1.0 cannot hold are left out. */
const escape = (text: string): string =>
  [...text]
    .filter((char) => isXml(char.codePointAt(0)!))
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const isXml = (code: number): boolean =>
  code === 9 ||
  code === 10 ||
  code === 13 ||
  (code >= 0x20 && code < 0xd800) ||
  (code >= 0xe000 && code < 0xfffe) ||
  code > 0xffff;
