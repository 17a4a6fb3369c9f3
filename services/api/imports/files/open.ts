/** What kind of file it is, told by its bytes and never by its name, and how its rows or documents are read. */
import { askEncoding, askSheet, type Question } from '#domain/imports/questions.ts';
import type { InvoiceDocument } from '#domain/imports/documents/document.ts';
import { documentOf } from '#domain/imports/documents/read.ts';
import type { TableRow } from '#domain/imports/table.ts';
import { isFileProblem, Problem } from '#domain/problems.ts';
import { detectDelimiter, readCsv } from './csv.ts';
import { detectEncoding, readingsOf, type Encoding } from './encoding.ts';
import { inMegabytes, LIMITS } from './limits.ts';
import { isWorkbook, openWorkbook } from './xlsx.ts';
import { readInvoices } from './xml.ts';
import { checkWorkbook } from './workbook-bounds.ts';
import { readArchive, type Packed } from './zip.ts';

export type FileKind = 'csv' | 'xlsx' | 'xml' | 'zip';

/** How the file was read: what the user stated, or what left no doubt. */
export type FileReading = {
  readonly kind: FileKind;
  readonly encoding?: Encoding | undefined;
  readonly sheet?: string | undefined;
  readonly sheets?: readonly string[] | undefined;
};
export type FileGiven = { readonly encoding?: Encoding | undefined; readonly sheet?: string | undefined };

/** One document of a file, or why it is none. `row` counts them from 1, `source` is its name in an archive. */
export type SourceDocument = { readonly row: number; readonly source?: string | undefined } & (
  { readonly document: InvoiceDocument } | { readonly problem: Problem }
);

/** Rows and documents can be read as often as wanted, from the beginning each time. */
export type OpenFile = { readonly reading: FileReading } & (
  | { readonly rows: () => AsyncIterable<TableRow> }
  | { readonly documents: () => AsyncIterable<SourceDocument> }
  | { readonly question: Question }
);

/** Throws what FILE_PROBLEMS names. */
export async function openFile(bytes: Uint8Array, given: FileGiven): Promise<OpenFile> {
  if (bytes.length > LIMITS.bytes) throw tooLarge();
  if (startsWith(bytes, 'PK\u0003\u0004')) return openArchive(bytes, given);
  for (const [start, detail] of REFUSED) {
    if (startsWith(bytes, start)) throw new Problem('FILE_KIND_UNKNOWN', detail);
  }
  if (/^\s*</.test(startOf(bytes))) return openXml(bytes);
  return openText(bytes, given);
}

/** The first characters, whether they have one byte or two. */
const startOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.subarray(0, 100))
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf|^\u00ff\u00fe|^\u00fe\u00ff/, '')
    .replaceAll('\u0000', '');

const startsWith = (bytes: Uint8Array, text: string): boolean =>
  Buffer.from(bytes.subarray(0, text.length)).toString('latin1') === text;

const REFUSED = [
  [
    '\u00d0\u00cf\u0011\u00e0',
    {
      zh: '这是旧版 .xls 或带密码的工作簿，请在 Excel 中去掉密码并另存为 .xlsx 再导入',
      en: 'This is an old .xls or a workbook with a password; take it off, save it as .xlsx and import that',
    },
  ],
  [
    '%PDF',
    {
      zh: '这是 PDF，请导入同一张发票的 XML 文件',
      en: 'This is a PDF; import the XML of the same invoice instead',
    },
  ],
  ['PK\u0005\u0006', { zh: '压缩包是空的', en: 'The archive is empty' }],
] as const;

function openText(bytes: Uint8Array, given: FileGiven): OpenFile {
  const found = given.encoding ?? detectEncoding(bytes);
  if (typeof found !== 'string') {
    return { reading: { kind: 'csv' }, question: askEncoding(readingsOf(bytes, found)) };
  }
  const delimiter = detectDelimiter(bytes, found);
  return {
    reading: { kind: 'csv', encoding: found },
    rows: () => bounded(readCsv(bytes, found, delimiter)),
  };
}

async function openArchive(bytes: Uint8Array, given: FileGiven): Promise<OpenFile> {
  const files = await readArchive(bytes);
  if (files.some(({ name }) => name === 'OFD.xml')) throw new Problem('FILE_KIND_UNKNOWN', ofd);
  if (!isWorkbook(files)) return { reading: { kind: 'zip' }, documents: () => documentsOf(files) };
  await checkWorkbook(files);
  const { sheets, rows } = await openWorkbook(files);
  const sheet = given.sheet !== undefined && sheets.includes(given.sheet) ? given.sheet : sheets[0];
  if (sheet === undefined) throw new Problem('FILE_EMPTY');
  const isStated = sheets.length === 1 || sheet === given.sheet;
  return isStated
    ? { reading: { kind: 'xlsx', sheet, sheets }, rows: () => bounded(rows(sheet)) }
    : { reading: { kind: 'xlsx', sheets }, question: askSheet(sheets) };
}

async function openXml(bytes: Uint8Array): Promise<OpenFile> {
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes;
  };
  // A document by itself is refused as a file; only among others it is one row that does not go.
  let invoices = 0;
  for await (const _ of readInvoices(whole())) if (++invoices > LIMITS.invoices) throw tooManyInvoices();
  return {
    reading: { kind: 'xml' },
    documents: async function* () {
      let row = 0;
      for await (const root of readInvoices(whole())) yield { row: ++row, document: documentOf(root) };
    },
  };
}

/** Bad documents stand beside the good ones, each with its reason. */
async function* documentsOf(files: readonly Packed[]): AsyncGenerator<SourceDocument> {
  const invoices = new Set(files.filter(isXml).map(({ name }) => stemOf(name)));
  let row = 0;
  for (const file of files) {
    if (row >= LIMITS.invoices) throw tooManyInvoices();
    // The picture of an invoice beside its data says nothing new.
    if (!isXml(file) && invoices.has(stemOf(file.name))) continue;
    const source = file.name.slice(-300);
    try {
      if (/\.ofd$/i.test(file.name)) throw new Problem('FILE_KIND_UNKNOWN', ofd);
      if (!isXml(file)) throw new Problem('FILE_KIND_UNKNOWN', notXml);
      for await (const root of readInvoices(file.open())) {
        if (row >= LIMITS.invoices) throw tooManyInvoices();
        yield { row: ++row, source, document: documentOf(root) };
      }
    } catch (problem) {
      if (!(problem instanceof Problem) || !isFileProblem(problem.code) || isOfWhole(problem)) throw problem;
      yield { row: ++row, source, problem };
    }
  }
}

/** What is wrong with all of an archive, rather than with one file in it. */
const isOfWhole = ({ code }: Problem): boolean =>
  code.startsWith('ARCHIVE_') || code === 'FILE_TOO_MANY_INVOICES';

const isXml = ({ name }: Packed): boolean => /\.xml$/i.test(name);
const stemOf = (name: string): string => name.replace(/\.[^./]+$/, '').toLowerCase();

const ofd = {
  zh: '这是 OFD 版式文件，请导入同一张发票的 XML 文件',
  en: 'This is an OFD; import the XML of the same invoice instead',
};

const notXml = {
  zh: '压缩包里只读取 XML 发票；表格请单独导入，压缩包里的压缩包不打开',
  en: 'Of an archive only invoices in XML are read; import tables by themselves, and archives in archives stay closed',
};

/** Rows that are not blank, within the bounds. */
async function* bounded(rows: AsyncIterable<TableRow>): AsyncGenerator<TableRow> {
  let all = 0;
  for await (const row of rows) {
    const { cells } = row;
    all += cells.length;
    if (all > LIMITS.cells) throw new Problem('FILE_TOO_MANY_CELLS', tooManyCells);
    if (cells.length > LIMITS.cellsOfRow) throw new Problem('FILE_TOO_MANY_COLUMNS', tooManyColumns(row.row));
    if (row.row > LIMITS.rows) throw new Problem('FILE_TOO_MANY_ROWS', tooManyRows);
    if (cells.length > LIMITS.columns && cells.slice(LIMITS.columns).some((cell) => cell !== '')) {
      throw new Problem('FILE_TOO_MANY_COLUMNS', tooManyColumns(row.row));
    }
    if (cells.some((cell) => cell !== '')) {
      yield cells.length > LIMITS.columns ? { ...row, cells: cells.slice(0, LIMITS.columns) } : row;
    }
  }
}

const tooManyRows = {
  zh: `文件超过 ${LIMITS.rows} 行，请分成几个文件导入`,
  en: `The file has more than ${LIMITS.rows} rows; split it into several files`,
};

const tooManyCells = {
  zh: `文件超过 ${LIMITS.cells} 个单元格（含空白），请删去多余的行和列，或分成几个文件`,
  en: `The file has more than ${LIMITS.cells} cells, blank ones included; delete rows and columns that are not needed, or split it`,
};

const tooManyInvoices = () =>
  new Problem('FILE_TOO_MANY_INVOICES', {
    zh: `文件里超过 ${LIMITS.invoices} 张发票，请分成几个文件导入`,
    en: `The file holds more than ${LIMITS.invoices} invoices; split it into several files`,
  });

const tooManyColumns = (row: number) => ({
  zh: `第 ${row} 行超过 ${LIMITS.columns} 列，请删去多余的列`,
  en: `Row ${row} has more than ${LIMITS.columns} columns; remove those that are not needed`,
});

const tooLarge = () =>
  new Problem('FILE_TOO_LARGE', {
    zh: `文件超过 ${inMegabytes(LIMITS.bytes)}，请分成几个文件导入`,
    en: `The file is larger than ${inMegabytes(LIMITS.bytes)}; split it into several files`,
  });
