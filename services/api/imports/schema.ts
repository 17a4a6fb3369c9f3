/** Imports: files of payables, and what becomes of their rows. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import { Restrict } from '../instructions/fields.ts';
import { PreparedInstruction } from '../instructions/schema.ts';
import {
  idempotencyHeader,
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
import { Corrections, given } from './schema/given.ts';
import { Import, ImportPreview, ImportRow, RowState } from './schema/import.ts';

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
          acts: Type.Array(PreparedInstruction),
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
      200: Type.Object({ acts: Type.Array(PreparedInstruction) }, { ...strict, title: 'ImportBatches' }),
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
