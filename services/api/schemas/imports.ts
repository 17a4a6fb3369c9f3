import { Type } from 'typebox';
import { DATE_FORMATS, NUMBER_FORMATS } from '#domain/import/formats.ts';
import { FIELDS } from '#domain/import/columns.ts';
import { PreparedAct } from './acts.ts';
import {
  BillNo,
  idempotencyHeader,
  Instant,
  LegalDate,
  MemberRef,
  Money,
  Nullable,
  PageOf,
  pageQuery,
  Params,
  Query,
  signedIn,
  strict,
  Text,
  Uuid,
  withProblems,
} from './common.ts';

const Field = Type.Enum([...FIELDS], { title: 'ImportField' });
const column = Type.String({ minLength: 1, maxLength: 300 });
const date = Type.Enum([...DATE_FORMATS], { title: 'DateFormat' });
const number = Type.Enum([...NUMBER_FORMATS], { title: 'NumberFormat' });

const Mapping = Type.Object(
  {
    supplier: Type.Optional(column),
    invoiceNumber: Type.Optional(column),
    invoiceDate: Type.Optional(column),
    dueDate: Type.Optional(column),
    amount: Type.Optional(column),
    invoiceTotal: Type.Optional(column),
    currency: Type.Optional(column),
    buyer: Type.Optional(column),
    note: Type.Optional(column),
  },
  { ...strict, title: 'ImportMapping', description: 'Which column holds which field, by its header' },
);
const Formats = Type.Object(
  {
    invoiceDate: Type.Optional(date),
    dueDate: Type.Optional(date),
    amount: Type.Optional(number),
    invoiceTotal: Type.Optional(number),
  },
  { ...strict, title: 'ImportFormats', description: 'How a column is written' },
);
const ReadFormats = Type.Object(
  {
    invoiceDate: Type.Optional(Type.Array(date)),
    dueDate: Type.Optional(Type.Array(date)),
    amount: Type.Optional(Type.Array(number)),
    invoiceTotal: Type.Optional(Type.Array(number)),
  },
  { ...strict, title: 'ImportReadFormats' },
);

const RowError = Type.Object(
  { column: Nullable(Type.String()), code: Type.String(), message: Text, value: Type.String() },
  { ...strict, title: 'ImportRowError' },
);

export const ImportRow = Type.Object(
  {
    row: Type.Integer({ description: 'As a spreadsheet counts' }),
    state: Type.Enum(['ok', 'error', 'prepared', 'issued'], {
      description: 'prepared: part of an act that is not signed or not done yet',
    }),
    payable: Nullable(
      Type.Object(
        {
          supplier: MemberRef,
          supplierText: Type.String(),
          invoiceNumber: Type.String(),
          invoiceDate: Nullable(LegalDate),
          dueDate: LegalDate,
          amount: Money,
          invoiceTotal: Money,
          note: Nullable(Type.String()),
        },
        { ...strict, title: 'Payable' },
      ),
    ),
    errors: Type.Array(RowError),
    act: Nullable(Uuid),
    billNo: Nullable(BillNo),
  },
  { ...strict, title: 'ImportRow' },
);

const importFields = {
  id: Uuid,
  name: Type.String(),
  createdAt: Instant,
  columns: Type.Array(
    Type.Object(
      {
        index: Type.Integer(),
        letter: Type.String(),
        name: Type.String(),
        samples: Type.Array(Type.String()),
      },
      { ...strict, title: 'ImportColumn' },
    ),
  ),
  mapping: Mapping,
  formats: ReadFormats,
  questions: Type.Array(
    Type.Object(
      {
        kind: Type.Enum(['column', 'format']),
        field: Field,
        column: Nullable(Type.String()),
        choices: Type.Array(Type.String()),
        message: Text,
      },
      { ...strict, title: 'ImportQuestion' },
    ),
  ),
  counts: Type.Object(
    {
      rows: Type.Integer(),
      ok: Type.Integer(),
      error: Type.Integer(),
      prepared: Type.Integer(),
      issued: Type.Integer(),
    },
    { ...strict, title: 'ImportCounts' },
  ),
  total: Money,
};
export const Import = Type.Object(importFields, { ...strict, title: 'Import' });
const ImportPreview = Type.Object(
  { ...importFields, rows: PageOf(ImportRow) },
  { ...strict, title: 'ImportPreview' },
);

const imports = { tags: ['imports'], security: signedIn };
const params = Params({ id: Uuid });

export const createImport = {
  ...imports,
  summary: 'Upload a file of payables (CSV, UTF-8) and see what is in it',
  description:
    'As JSON, or as multipart/form-data with the part `file` and, if wanted, `mapping` and `formats` as JSON texts.',
  consumes: ['application/json', 'multipart/form-data'],
  headers: idempotencyHeader,
  body: Type.Object(
    {
      name: Type.String({ minLength: 1, maxLength: 300 }),
      text: Type.String({ maxLength: 10_000_000 }),
      mapping: Type.Optional(Mapping),
      formats: Type.Optional(Formats),
    },
    { ...strict, title: 'ImportInput' },
  ),
  response: withProblems({ 201: ImportPreview }),
};

export const listImports = {
  ...imports,
  summary: 'Your imports, newest first',
  querystring: Query({ ...pageQuery }),
  response: withProblems({ 200: PageOf(Import) }),
};

export const getImport = {
  ...imports,
  summary: 'One import',
  params,
  response: withProblems({ 200: Import }),
};

export const listImportRows = {
  ...imports,
  summary: 'Rows of an import',
  params,
  querystring: Query({
    state: Type.Optional(Type.Enum(['ok', 'error', 'prepared', 'issued'])),
    ...pageQuery,
  }),
  response: withProblems({ 200: PageOf(ImportRow) }),
};

export const patchImport = {
  ...imports,
  summary: 'Answer the questions of an import: it is read again',
  headers: idempotencyHeader,
  params,
  body: Type.Object({ mapping: Type.Optional(Mapping), formats: Type.Optional(Formats) }, strict),
  response: withProblems({ 200: ImportPreview }),
};

export const prepareImport = {
  ...imports,
  summary: 'Prepare bills for rows that can go: one act for each fifty, to be signed',
  description: 'A row is issued once: it is taken up again only when its act has failed or was never signed.',
  headers: idempotencyHeader,
  params,
  body: Type.Object(
    {
      rows: Type.Union([
        Type.Literal('all-ok'),
        Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 10_000, uniqueItems: true }),
      ]),
      due: Type.Optional(LegalDate),
    },
    strict,
  ),
  response: withProblems({
    201: Type.Object({ acts: Type.Array(PreparedAct) }, { ...strict, title: 'PreparedImport' }),
  }),
};
