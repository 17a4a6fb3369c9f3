/** Delimited text: which delimiter, and its rows. */
import { Readable } from 'node:stream';
import { parse, type CsvError } from 'csv-parse';
import { parse as parseNow } from 'csv-parse/sync';
import { tidy, type TableRow } from '#domain/imports/table.ts';
import { Problem } from '#domain/problems.ts';
import { decode, type Encoding } from './encoding.ts';
import { LIMITS } from './limits.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** Rows that decide on a delimiter. */
const SAMPLE = 20;
/** Blanks around a value are none of it: those before its quotes too. */
const RELAXED = { bom: true, relax_column_count: true, relax_quotes: true, trim: true } as const;

/** Rows of delimited text as they come; a value in quotes may go over several lines. Throws what FILE_PROBLEMS names. */
export async function* readCsv(
  bytes: Uint8Array,
  encoding: Encoding,
  delimiter: Delimiter,
): AsyncGenerator<TableRow> {
  const options = { ...RELAXED, delimiter, max_record_size: LIMITS.record };
  const text = withinWidth(decode(bytes, encoding), delimiter);
  const records = Readable.from(text).compose(parse(options)) as AsyncIterable<string[]>;
  let row = 0;
  try {
    for await (const cells of records) yield { row: ++row, cells: cells.map(cellOf) };
  } catch (error) {
    throw asProblem(error, row + 1);
  }
}

/** Throws FILE_TOO_MANY_COLUMNS for a line of more cells than a spreadsheet has: the parser holds all of a line's. */
function* withinWidth(pieces: Iterable<string>, delimiter: Delimiter): Generator<string> {
  let [line, cells] = [1, 0];
  for (const text of pieces) {
    for (const char of text) {
      if (char === '\n' || char === '\r') {
        if (char === '\n') line += 1;
        cells = 0;
      } else if (char === delimiter && ++cells >= LIMITS.cellsOfRow) {
        throw new Problem('FILE_TOO_MANY_COLUMNS', {
          zh: `第 ${line} 行超过 ${LIMITS.cellsOfRow} 个单元格`,
          en: `Line ${line} has more than ${LIMITS.cellsOfRow} cells`,
        });
      }
    }
    yield text;
  }
}

/** ="00123" says to Excel that a number is a text. */
const cellOf = (cell: string): string =>
  tidy(cell.startsWith('="') && cell.endsWith('"') ? cell.slice(2, -1) : cell);

function asProblem(error: unknown, row: number): unknown {
  const { code } = error as CsvError;
  if (code === 'CSV_QUOTE_NOT_CLOSED') {
    return new Problem('FILE_QUOTES', {
      zh: `第 ${row} 行有引号没有成对，请检查该行后再导入`,
      en: `Row ${row} opens a quotation mark that is never closed; correct it and import again`,
    });
  }
  if (code === 'CSV_MAX_RECORD_SIZE') {
    return new Problem('FILE_CELL_TOO_LONG', {
      zh: `第 ${row} 行超过 ${LIMITS.record} 个字，可能有引号没有成对`,
      en: `Row ${row} is longer than ${LIMITS.record} characters; a quotation mark in it may never be closed`,
    });
  }
  return error;
}

/** The delimiter under which most of the first rows fall into the same, largest number of cells. */
export function detectDelimiter(bytes: Uint8Array, encoding: Encoding): Delimiter {
  const [start = ''] = decode(bytes, encoding);
  const scores = DELIMITERS.map((delimiter) => {
    const widths = new Map<number, number>();
    for (const { length } of sample(start, delimiter)) widths.set(length, (widths.get(length) ?? 0) + 1);
    return Math.max(0, ...[...widths].map(([width, rows]) => (width - 1) * rows));
  });
  return DELIMITERS[scores.indexOf(Math.max(...scores))]!;
}

function sample(text: string, delimiter: Delimiter): string[][] {
  try {
    return parseNow(text, { ...RELAXED, delimiter, to: SAMPLE });
  } catch {
    return [];
  }
}
