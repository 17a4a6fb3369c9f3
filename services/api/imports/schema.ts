import { Type, type TSchema } from 'typebox';
import { route } from '../access/route.ts';
import { DATE_FORMATS, NUMBER_FORMATS } from '#domain/imports/formats.ts';
import { FIELDS } from '#domain/imports/columns.ts';
import { ENCODINGS } from './files/encoding.ts';
import { PreparedAct, Restrict } from '../instructions/schema.ts';
import {
  BillNo,
  idempotencyHeader,
  Instant,
  LegalDate,
  MemberNumber,
  MemberRef,
  Money,
  NoBody,
  NoContent,
  Nullable,
  PageOf,
  pageQuery,
  Params,
  Query,
  RowNumber,
  strict,
  Text,
  Uuid,
  withProblems,
} from '../schemas/common.ts';

const Field = Type.Enum([...FIELDS], { title: 'ImportField' });
const column = Type.String({ minLength: 1, maxLength: 300 });
const date = Type.Enum([...DATE_FORMATS], { title: 'DateFormat' });
const number = Type.Enum([...NUMBER_FORMATS], { title: 'NumberFormat' });

const eachField = <T extends TSchema>(of: T) =>
  Object.fromEntries(FIELDS.map((field) => [field, Type.Optional(of)])) as Record<
    (typeof FIELDS)[number],
    ReturnType<typeof Type.Optional<T>>
  >;
const Mapping = Type.Object(eachField(column), {
  ...strict,
  title: 'ImportMapping',
  description: 'Which column holds which field, by its header',
});
const StatedMapping = Type.Object(eachField(Nullable(column)), {
  ...strict,
  title: 'ImportStatedMapping',
  description: 'Which column holds which field; null: none, whatever the header says',
});
const Formats = Type.Object(
  {
    invoiceDate: Type.Optional(date),
    dueDate: Type.Optional(date),
    amount: Type.Optional(number),
    invoiceTotal: Type.Optional(number),
    net: Type.Optional(number),
    tax: Type.Optional(number),
  },
  { ...strict, title: 'ImportFormats', description: 'How a column is written' },
);
const ReadFormats = Type.Object(
  {
    invoiceDate: Type.Optional(Type.Array(date)),
    dueDate: Type.Optional(Type.Array(date)),
    amount: Type.Optional(Type.Array(number)),
    invoiceTotal: Type.Optional(Type.Array(number)),
    net: Type.Optional(Type.Array(number)),
    tax: Type.Optional(Type.Array(number)),
  },
  { ...strict, title: 'ImportReadFormats' },
);

const Encoding = Type.Enum([...ENCODINGS]);
const Terms = Type.Union(
  [
    Type.Object({ days: Type.Integer({ minimum: 0, maximum: 366 }) }, strict),
    Type.Object({ date: LegalDate }, strict),
  ],
  {
    description: 'When a payable is due that does not say so itself: days after its invoice date, or a date',
  },
);
const given = {
  mapping: Type.Optional(StatedMapping),
  formats: Type.Optional(Formats),
  encoding: Type.Optional(Encoding),
  sheet: Type.Optional(
    Type.String({ minLength: 1, maxLength: 100, description: 'Which sheet of a workbook' }),
  ),
  terms: Type.Optional(Terms),
  remembered: Type.Optional(
    Type.Boolean({
      description: 'false: what was stated of an earlier table with this header is not used, and forgotten',
    }),
  ),
};
const Corrections = Type.Array(
  Type.Object(
    {
      row: RowNumber,
      field: Field,
      value: Nullable(
        Type.String({
          maxLength: 500,
          description:
            'As a workbook holds it: 2026-06-30; 1234.56 in single units. "" leaves the cell blank, null takes the correction back',
        }),
      ),
    },
    { ...strict, title: 'ImportCorrection' },
  ),
  {
    minItems: 1,
    maxItems: 1_000,
    description: 'Cells of rows, put right; of documents, supplier and due date',
  },
);

const RowError = Type.Object(
  {
    column: Nullable(Type.String()),
    field: Nullable(Field),
    code: Type.String(),
    message: Text,
    value: Type.String(),
  },
  { ...strict, title: 'ImportRowError' },
);

const RowState = Type.Enum(['ok', 'error', 'credit', 'credited', 'prepared', 'sent', 'issued'], {
  description:
    'credit: a credit note that waits to be confirmed. credited: one that counts. prepared: its act waits to be signed. sent: signed and on its way',
});

const asRead = Nullable(Type.String());

export const ImportRow = Type.Object(
  {
    row: Type.Integer({ description: 'As a spreadsheet counts; of documents, which one' }),
    source: Nullable(Type.String({ description: 'The file within an archive' })),
    state: RowState,
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
          credited: Money,
          voucher: Nullable(Type.String({ description: 'Of your own books' })),
          lines: Type.Integer({ description: 'How many rows of the table it is the sum of' }),
          note: Nullable(Type.String()),
        },
        { ...strict, title: 'Payable' },
      ),
    ),
    credit: Nullable(
      Type.Object(
        {
          supplier: MemberRef,
          supplierText: Type.String(),
          number: Type.String(),
          corrects: Type.String({ description: 'The invoice that it reduces' }),
          amount: Money,
        },
        { ...strict, title: 'CreditNote' },
      ),
    ),
    asRead: Nullable(
      Type.Object(
        {
          supplier: asRead,
          supplierTaxNumber: asRead,
          invoiceNumber: asRead,
          invoiceDate: asRead,
          dueDate: asRead,
          amount: asRead,
        },
        { ...strict, title: 'ImportAsRead', description: 'What stands in a row that is refused' },
      ),
    ),
    corrected: Type.Array(Field, { description: 'What was put right of it' }),
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
  kind: Type.Enum(['csv', 'xlsx', 'xml', 'zip']),
  encoding: Nullable(Encoding),
  sheet: Nullable(Type.String()),
  sheets: Type.Array(Type.String()),
  terms: Nullable(Terms),
  remembered: Type.Boolean({ description: 'Columns are read as was stated of an earlier table' }),
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
        kind: Type.Enum(['column', 'format', 'terms', 'sheet', 'encoding']),
        field: Nullable(Field),
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
      credit: Type.Integer(),
      credited: Type.Integer(),
      prepared: Type.Integer(),
      sent: Type.Integer(),
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

const imports = { tags: ['imports'] };
const params = Params({ id: Uuid });

const UnknownSupplier = Type.Object(
  {
    name: Type.String({ description: 'As the file has it' }),
    taxNumber: Nullable(Type.String()),
    isAmbiguous: Type.Boolean({ description: 'More than one member answers to it' }),
    rows: Type.Integer(),
    total: Money,
    alike: Type.Array(MemberRef, { description: 'Members with the most similar names, the nearest first' }),
  },
  { ...strict, title: 'UnknownSupplier' },
);

const supplierName = Type.String({ minLength: 1, maxLength: 300 });

export const importRoutes = {
  createImport: route('POST', '/api/imports', 'members', {
    ...imports,
    summary: 'Upload a file of payables and see what is in it',
    description:
      'CSV, Excel (.xlsx), invoices and credit notes in XML (UBL 2.1, CII, China’s 数电票), one or many, or a ZIP of these. ' +
      'As multipart/form-data with the part `file` and, if wanted, `mapping`, `formats` and `terms` as JSON texts; text also ' +
      'as JSON. What is wrong with a row stands beside it; a file that cannot be read at all is refused with a code FILE_…, ' +
      'ARCHIVE_… or XML_….',
    consumes: ['application/json', 'multipart/form-data'],
    headers: idempotencyHeader,
    body: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 300 }),
        text: Type.String({ maxLength: 10_000_000 }),
        ...given,
      },
      { ...strict, title: 'ImportInput' },
    ),
    response: withProblems({ 201: ImportPreview }),
  }),
  listImports: route('GET', '/api/imports', 'members', {
    ...imports,
    summary: 'Your imports, newest first',
    querystring: Query({ ...pageQuery }),
    response: withProblems({ 200: PageOf(Import) }),
  }),
  getImport: route('GET', '/api/imports/:id', 'members', {
    ...imports,
    summary: 'One import',
    params,
    response: withProblems({ 200: Import }),
  }),
  listImportRows: route('GET', '/api/imports/:id/rows', 'members', {
    ...imports,
    summary: 'Rows of an import',
    params,
    querystring: Query({
      state: Type.Optional(RowState),
      ...pageQuery,
    }),
    response: withProblems({ 200: PageOf(ImportRow) }),
  }),
  changeImportCredits: route('POST', '/api/imports/:id/credits', 'members', {
    ...imports,
    summary: 'Confirm credit notes of an import, so that they count, or take them back',
    description:
      'Until then they change nothing. One that would take off more than its invoice came to is left with its reason.',
    headers: idempotencyHeader,
    params,
    body: Type.Object(
      {
        rows: Type.Union([
          Type.Literal('all'),
          Type.Array(RowNumber, { minItems: 1, maxItems: 10_000, uniqueItems: true }),
        ]),
        count: Type.Boolean({ description: 'true: they count from now on; false: no longer' }),
      },
      { ...strict, title: 'ImportCredits' },
    ),
    response: withProblems({ 200: ImportPreview }),
  }),
  deleteImport: route('DELETE', '/api/imports/:id', 'members', {
    ...imports,
    summary: 'Delete an import of which nothing became a bill',
    description:
      'One whose rows were issued, are on their way or count as credit notes stays: ALREADY_DONE says why.',
    headers: idempotencyHeader,
    params,
    response: withProblems({ 204: NoContent }),
  }),
  listImportSuppliers: route('GET', '/api/imports/:id/suppliers', 'members', {
    ...imports,
    summary: 'Suppliers in an import that are not known, those of most rows first',
    params,
    response: withProblems({
      200: Type.Object(
        { items: Type.Array(UnknownSupplier), more: Type.Boolean() },
        { ...strict, title: 'UnknownSuppliers' },
      ),
    }),
  }),
  nameImportSuppliers: route('POST', '/api/imports/:id/suppliers', 'members', {
    ...imports,
    summary: 'Say whom names in an import mean: remembered for later ones, and the import is read again',
    headers: idempotencyHeader,
    params,
    body: Type.Object(
      {
        suppliers: Type.Array(Type.Object({ name: supplierName, supplier: MemberNumber }, strict), {
          minItems: 1,
          maxItems: 100,
        }),
      },
      { ...strict, title: 'SupplierChoices' },
    ),
    response: withProblems({ 200: ImportPreview }),
  }),
  listSupplierAliases: route('GET', '/api/supplier-aliases', 'members', {
    ...imports,
    summary: 'Names that your files have for suppliers',
    response: withProblems({
      200: Type.Object(
        {
          items: Type.Array(
            Type.Object({ name: Type.String(), supplier: MemberRef }, { ...strict, title: 'SupplierAlias' }),
          ),
        },
        { ...strict, title: 'SupplierAliases' },
      ),
    }),
  }),
  forgetSupplierAlias: route('DELETE', '/api/supplier-aliases', 'members', {
    ...imports,
    summary: 'Forget whom a name means',
    headers: idempotencyHeader,
    querystring: Query({ name: supplierName }),
    response: withProblems({ 204: NoContent }),
  }),
  patchImport: route('PATCH', '/api/imports/:id', 'members', {
    ...imports,
    summary: 'Answer the questions of an import: it is read again',
    headers: idempotencyHeader,
    params,
    body: Type.Object(
      { ...given, corrections: Type.Optional(Corrections) },
      { ...strict, title: 'ImportAnswers' },
    ),
    response: withProblems({ 200: ImportPreview }),
  }),
  prepareImport: route('POST', '/api/imports/:id/prepare', 'members', {
    ...imports,
    summary: 'Prepare bills for the next rows that can go: one act for each fifty, at most ten, to be signed',
    description:
      'A row is issued once: it is taken up again only when its act has failed, was released or was never signed. Go on ' +
      'with `after` until `next` is null.',
    headers: idempotencyHeader,
    params,
    body: Type.Object(
      {
        rows: Type.Union([
          Type.Literal('all-ok'),
          Type.Array(RowNumber, { minItems: 1, maxItems: 10_000, uniqueItems: true }),
        ]),
        except: Type.Optional(
          Type.Array(RowNumber, {
            maxItems: 10_000,
            uniqueItems: true,
            description: 'Rows to be left out',
          }),
        ),
        after: Type.Optional(
          Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: '`next` of the portion before' }),
        ),
        due: Type.Optional(LegalDate),
        restrict: Type.Optional(Restrict),
      },
      strict,
    ),
    response: withProblems({
      201: Type.Object(
        {
          acts: Type.Array(PreparedAct),
          next: Nullable(Type.Integer()),
          whole: Nullable(
            Type.Object(
              { bills: Type.Integer(), amount: Money, meaning: Text },
              {
                ...strict,
                title: 'ImportWhole',
                description:
                  'With the first portion: all that goes, those that wait for their signature included',
              },
            ),
          ),
        },
        { ...strict, title: 'PreparedImport' },
      ),
    }),
  }),
  listImportBatches: route('GET', '/api/imports/:id/batches', 'members', {
    ...imports,
    summary: 'Acts of an import that wait for their signature, the oldest first, at most ten',
    params,
    response: withProblems({
      200: Type.Object({ acts: Type.Array(PreparedAct) }, { ...strict, title: 'ImportBatches' }),
    }),
  }),
  releaseImport: route('POST', '/api/imports/:id/release', 'members', {
    ...imports,
    summary: 'Give up acts that wait for their signature: their rows can go again',
    headers: idempotencyHeader,
    params,
    body: NoBody,
    response: withProblems({ 200: Import }),
  }),
};
