/** What a member states of a file: how it is to be read, and cells put right. */
import { Type, type TSchema } from 'typebox';
import { FIELDS } from '#domain/imports/columns.ts';
import { DATE_FORMATS, NUMBER_FORMATS } from '#domain/imports/formats.ts';
import { ENCODINGS } from '../files/encoding.ts';
import { LegalDate, Nullable, RowNumber, strict } from '../../schemas/common.ts';

export const Field = Type.Enum([...FIELDS], { title: 'ImportField' });
const column = Type.String({ minLength: 1, maxLength: 300 });
const date = Type.Enum([...DATE_FORMATS], { title: 'DateFormat' });
const number = Type.Enum([...NUMBER_FORMATS], { title: 'NumberFormat' });

const eachField = <T extends TSchema>(of: T) =>
  Object.fromEntries(FIELDS.map((field) => [field, Type.Optional(of)])) as Record<
    (typeof FIELDS)[number],
    ReturnType<typeof Type.Optional<T>>
  >;
export const Mapping = Type.Object(eachField(column), {
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
export const ReadFormats = Type.Object(
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

export const Encoding = Type.Enum([...ENCODINGS]);
export const Terms = Type.Union(
  [
    Type.Object({ days: Type.Integer({ minimum: 0, maximum: 366 }) }, strict),
    Type.Object({ date: LegalDate }, strict),
  ],
  {
    description: 'When a payable is due that does not say so itself: days after its invoice date, or a date',
  },
);
export const given = {
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
export const Corrections = Type.Array(
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
