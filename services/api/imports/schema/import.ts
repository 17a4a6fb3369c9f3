/** An import in answers: its reading, and its rows. */
import { Type } from 'typebox';
import { Encoding, Field, Mapping, ReadFormats, Terms } from './given.ts';
import {
  BillNo,
  Instant,
  LegalDate,
  MemberRef,
  Money,
  Nullable,
  PageOf,
  strict,
  Text,
  Uuid,
} from '../../schemas/common.ts';

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

export const RowState = Type.Enum(
  ['ok', 'error', 'credit', 'credited', 'prepared', 'held', 'sent', 'issued'],
  {
    description:
      'credit: a credit note that waits to be confirmed. credited: one that counts. prepared: its act waits to be signed. held: its act was refused or taken back after somebody had signed it, and has not run out. sent: signed and on its way',
  },
);

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
      held: Type.Integer(),
      sent: Type.Integer(),
      issued: Type.Integer(),
    },
    { ...strict, title: 'ImportCounts' },
  ),
  total: Money,
};
export const Import = Type.Object(importFields, { ...strict, title: 'Import' });
export const ImportPreview = Type.Object(
  { ...importFields, rows: PageOf(ImportRow) },
  { ...strict, title: 'ImportPreview' },
);
