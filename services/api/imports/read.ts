/** Reads a file as the books of one member: what it holds, row by row, without knowing where that is kept. Runs in a process of its own. */
import type { Column, Mapping, StatedMapping } from '#domain/imports/columns.ts';
import type { Corrections } from '#domain/imports/corrections.ts';
import type { ImportContext, Remembered, Terms } from '#domain/imports/context.ts';
import { DocumentReader } from '#domain/imports/documents/read.ts';
import type { RowError } from '#domain/imports/errors.ts';
import type { AsRead, Credit, ImportedRow, Payable } from '#domain/imports/payables.ts';
import { askTerms, type Question } from '#domain/imports/questions.ts';
import { RowReader } from '#domain/imports/rows.ts';
import { formatsOf, SheetSurvey, type Formats } from '#domain/imports/sheet.ts';
import type { TableRow } from '#domain/imports/table.ts';
import { isFileProblem, Problem } from '#domain/problems.ts';
import { shapeOf } from './books.ts';
import { openFile, type FileGiven, type FileReading, type SourceDocument } from './files/open.ts';

/** What the user stated. */
export type Given = FileGiven & {
  readonly mapping?: StatedMapping | undefined;
  readonly formats?: Formats | undefined;
  readonly corrections?: Corrections | undefined;
  readonly remembered?: boolean | undefined;
  readonly terms?: Terms | undefined;
};
/** What was found in the file, but for its rows. */
export type Reading = FileReading & {
  readonly columns: readonly Column[];
  readonly mapping: Mapping;
  readonly formats: Readonly<Record<string, readonly string[]>>;
  readonly questions: readonly Question[];
  /** Of a table: what tells its header from others, and what was stated of its columns, now or for an earlier table. */
  readonly shape?: string;
  readonly stated?: Remembered;
  readonly isRemembered?: boolean;
};
/** As it lies in the database: amounts are decimal strings of minor units. */
type Stored<T> = { readonly [Key in keyof T]: T[Key] extends bigint ? string : T[Key] };
export type StoredPayable = Stored<Payable>;
export type StoredCredit = Stored<Credit>;
export type StoredAsRead = Stored<AsRead>;
export type StoredError = Pick<RowError, 'column' | 'field' | 'message' | 'value'> & {
  readonly code: string;
};

/** Rows that are handed over at once: few enough that nobody else waits, many enough for the database. */
const BATCH = 500;

export type FileRows = {
  readonly batches: () => AsyncGenerator<ImportedRow[]>;
  /** Final only when all batches were taken. */
  readonly reading: () => Reading;
};

const NO_COLUMNS = { columns: [], mapping: {}, formats: {} };

/** Throws what FILE_PROBLEMS names. */
export async function readFile(bytes: Uint8Array, given: Given, context: ImportContext): Promise<FileRows> {
  const file = await openFile(bytes, given);
  const reading = { ...file.reading, ...NO_COLUMNS };
  if ('question' in file) {
    return {
      batches: async function* () {},
      reading: () => ({ ...reading, questions: [file.question] }),
    };
  }
  if ('documents' in file) {
    const reader = new DocumentReader(context, given.corrections);
    const wants = () => (reader.withoutDue > 0 && context.terms === undefined ? reader.withoutDue : 0);
    return {
      batches: () =>
        batchesOf(file.documents(), (documents) => documents.map((each) => readDocument(reader, each))),
      reading: () => ({ ...reading, questions: wants() === 0 ? [] : [askTerms(wants())] }),
    };
  }
  return readTable(file.rows, file.reading, given, context);
}

async function readTable(
  rows: () => AsyncIterable<TableRow>,
  reading: FileReading,
  given: Given,
  context: ImportContext,
): Promise<FileRows> {
  const survey = new SheetSurvey(context, given);
  for await (const batch of batchesOf(rows(), (batch) => batch)) survey.take(batch);
  const sheet = survey.sheet();
  if (sheet === undefined) throw new Problem('FILE_EMPTY');
  const { columns, mapping, questions, missing, detected, stated, isRemembered } = sheet;
  const shape = shapeOf(columns.map(({ name }) => name));
  const reader = new RowReader(sheet, context);
  return {
    batches: () =>
      missing.length > 0
        ? batchesOf<TableRow, ImportedRow>([], () => [])
        : batchesOf(rows(), (batch) => reader.read(batch)),
    reading: () => ({
      ...reading,
      ...{ columns, mapping, formats: formatsOf(detected), questions },
      ...{ shape, stated, isRemembered },
    }),
  };
}

function readDocument(reader: DocumentReader, each: SourceDocument): ImportedRow {
  const { row, source } = each;
  if ('document' in each) return reader.read(each.document, row, source);
  const { code, title, detail } = each.problem;
  if (!isFileProblem(code)) throw each.problem;
  const message = detail ?? { zh: title.zh, en: title.en };
  return { row, source, errors: [{ row, column: undefined, code, message, value: '' }] };
}

async function* batchesOf<Row, Read>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  read: (batch: Row[]) => Read[],
): AsyncGenerator<Read[]> {
  let batch: Row[] = [];
  for await (const row of rows) {
    if (batch.push(row) < BATCH) continue;
    yield read(batch);
    batch = [];
  }
  if (batch.length > 0) yield read(batch);
}
