/** Workbooks (.xlsx): hucre streams the rows of a sheet; what the archive unpacks to was bounded before (zip.ts). */
import { EncryptedFileError, type CellValue } from 'hucre';
import { readXlsx, streamXlsxRows } from 'hucre/xlsx';
import { tidy, type TableRow } from '#domain/import/table.ts';
import { Problem } from '#domain/problems.ts';

/** The digits that a spreadsheet keeps of a number. */
const DIGITS = 15;

/** Visible sheets that have something in them. */
export async function sheetsOf(bytes: Uint8Array): Promise<string[]> {
  const names: { name: string; index: number }[] = [];
  const sheets = (info: { name: string; index: number; hidden?: boolean; veryHidden?: boolean }): boolean => {
    if (info.hidden !== true && info.veryHidden !== true) names.push(info);
    return false;
  };
  await orBroken(readXlsx(bytes, { sheets }));
  const found: string[] = [];
  for (const { name } of names) {
    const first = await orBroken(streamXlsxRows(bytes, { sheet: name, maxRows: 1 }).next());
    if (first.done !== true) found.push(name);
  }
  return found;
}

export async function* readSheet(bytes: Uint8Array, sheet: string): AsyncGenerator<TableRow> {
  const rows = streamXlsxRows(bytes, { sheet });
  for (;;) {
    const { done, value } = await orBroken(rows.next());
    if (done === true) return;
    const typed = new Set<number>();
    const cells = value.values.map((cell, index) => {
      if (typeof cell === 'number' || cell instanceof Date) typed.add(index);
      return textOf(cell);
    });
    yield { row: value.index + 1, cells, typed };
  }
}

function textOf(cell: CellValue): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return tidy(cell);
  if (typeof cell === 'number') return numberText(cell);
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? '' : cell.toISOString().slice(0, 10);
  return String(cell).toUpperCase();
}

/** 0.1 + 0.2 is kept as 0.30000000000000004 and shown as 0.3: as the spreadsheet shows it, it was meant. */
export function numberText(value: number): string {
  if (Math.abs(value) >= 10 ** DIGITS) return value.toExponential();
  const text = String(Number(value.toPrecision(DIGITS)));
  return /e/i.test(text) ? value.toFixed(DIGITS).replace(/\.?0+$/, '') : text;
}

async function orBroken<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof EncryptedFileError) throw new Problem('FILE_ENCRYPTED');
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem('FILE_BROKEN', {
      zh: `工作簿已损坏，请用 Excel 打开后另存为 .xlsx 再导入（${why}）`,
      en: `The workbook is damaged; open it in Excel, save it as .xlsx and import that (${why})`,
    });
  }
}
