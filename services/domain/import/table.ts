import { parse } from 'csv-parse/browser/esm/sync';
import { Problem, type Text } from '../problems.ts';

export type Delimiter = ',' | ';' | '\t';
export const DELIMITERS: readonly Delimiter[] = [',', ';', '\t'];

/** One line of the file that is not blank; `row` counts from 1 as a spreadsheet shows it. */
export type TableRow = { readonly row: number; readonly cells: readonly string[] };
export type Table = { readonly delimiter: Delimiter; readonly rows: readonly TableRow[] };
export type TableLimits = { readonly bytes: number; readonly rows: number };

export type FileReason =
  'FILE_EMPTY' | 'FILE_TOO_LARGE' | 'FILE_TOO_MANY_ROWS' | 'FILE_NOT_TEXT' | 'FILE_NOT_UTF8' | 'FILE_QUOTES';

/** The file as a whole cannot be read; `detail` says why and what to do. */
export class FileRefused extends Problem {
  readonly reason: FileReason;

  constructor(reason: FileReason, detail: Text) {
    super('REQUEST_INVALID', detail);
    this.name = 'FileRefused';
    this.reason = reason;
  }
}

/** Rows that decide on a delimiter. */
const SAMPLE = 20;

/** Reads delimited text (UTF-8, with or without BOM) into rows of trimmed cells. Throws FileRefused. */
export function readTable(input: Uint8Array | string, limits: TableLimits, delimiter?: Delimiter): Table {
  const text = typeof input === 'string' ? requireSize(input, input.length, limits) : decode(input, limits);
  const chosen = delimiter ?? detectDelimiter(text);
  // One more than is allowed, so that the surplus shows; blank rows count, as they do in a spreadsheet.
  const records = parseRecords(text, chosen, limits.rows + 1);
  if (records.length > limits.rows) {
    throw new FileRefused('FILE_TOO_MANY_ROWS', {
      zh: `文件超过 ${limits.rows} 行，请分成几个文件导入`,
      en: `The file has more than ${limits.rows} rows; split it into several files`,
    });
  }
  const rows = records
    .map((cells, i) => ({ row: i + 1, cells: cells.map(tidy) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (rows.length === 0) {
    throw new FileRefused('FILE_EMPTY', { zh: '文件里没有内容', en: 'There is nothing in the file' });
  }
  return { delimiter: chosen, rows };
}

/** Full-width characters become plain ones, blanks are trimmed and joined: what a person sees as the same is the same. */
export const tidy = (cell: string): string => cell.normalize('NFKC').replace(/\s+/g, ' ').trim();

function decode(bytes: Uint8Array, limits: TableLimits): string {
  requireSize('', bytes.length, limits);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    throw new FileRefused('FILE_NOT_TEXT', {
      zh: '这是 Excel 工作簿或压缩包，请另存为“CSV UTF-8（逗号分隔）”再导入',
      en: 'This is a workbook or an archive; save it as "CSV UTF-8 (comma delimited)" and import that',
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileRefused('FILE_NOT_UTF8', {
      zh: '文件不是 UTF-8 编码，请在 Excel 中另存为“CSV UTF-8（逗号分隔）”再导入',
      en: 'The file is not UTF-8; save it as "CSV UTF-8 (comma delimited)" and import that',
    });
  }
}

function requireSize(text: string, size: number, limits: TableLimits): string {
  if (size <= limits.bytes) return text;
  const most = Math.floor(limits.bytes / 1024);
  throw new FileRefused('FILE_TOO_LARGE', {
    zh: `文件超过 ${most} KB，请分成几个文件导入`,
    en: `The file is larger than ${most} KB; split it into several files`,
  });
}

function parseRecords(text: string, delimiter: Delimiter, to: number): string[][] {
  try {
    return parse(text, { bom: true, delimiter, to, relax_column_count: true, relax_quotes: true });
  } catch (error) {
    const line = (error as { lines?: number }).lines ?? 1;
    throw new FileRefused('FILE_QUOTES', {
      zh: `第 ${line} 行有引号没有成对，请检查该行后再导入`,
      en: `Line ${line} opens a quotation mark that is never closed; correct it and import again`,
    });
  }
}

/** The delimiter under which most of the first rows fall into the same, largest number of cells. */
function detectDelimiter(text: string): Delimiter {
  const scores = DELIMITERS.map((delimiter) => {
    const widths = new Map<number, number>();
    for (const { length } of sample(text, delimiter)) widths.set(length, (widths.get(length) ?? 0) + 1);
    return Math.max(0, ...[...widths].map(([width, rows]) => (width - 1) * rows));
  });
  return DELIMITERS[scores.indexOf(Math.max(...scores))]!;
}

function sample(text: string, delimiter: Delimiter): string[][] {
  try {
    return parseRecords(text, delimiter, SAMPLE);
  } catch {
    return [];
  }
}
