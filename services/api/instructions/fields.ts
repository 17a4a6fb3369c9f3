/** The schema of each kind of field that an instruction may ask for; its form is in #domain/instructions/instruction.ts. */
import { Type, type Static, type TSchema } from 'typebox';
import { KINDS } from '#domain/accounts/policy.ts';
import type { Asks, Field, Fields } from '#domain/instructions/instruction.ts';
import {
  Address,
  BillNo,
  Hash,
  Hex,
  Instant,
  LegalDate,
  MemberNumber,
  MoneyInput,
  ParcelId,
  RedemptionNo,
  strict,
  Uuid,
} from '../schemas/common.ts';

export const InvoiceInput = Type.Object(
  {
    seller: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'By its tax number; it is the payee of the bill',
    }),
    code: Type.Optional(
      Type.String({
        maxLength: 64,
        description:
          '发票代码: 10 or 12 digits. An invoice whose number has eight digits is not known without it',
      }),
    ),
    number: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'As it is written; case, width, blanks and kinds of hyphens make no other invoice',
    }),
    total: MoneyInput,
    amount: MoneyInput,
  },
  { ...strict, title: 'InvoiceInput' },
);

export const Restrict = Type.Object(
  {
    passOn: Type.Optional(Type.Literal(false)),
    finance: Type.Optional(Type.Literal(false)),
    members: Type.Optional(Type.Array(MemberNumber, { minItems: 1, maxItems: 50, uniqueItems: true })),
  },
  { ...strict, description: 'Not to be passed on; not to be financed; only for these members and the payee' },
);

export const BillInput = Type.Object(
  {
    payee: MemberNumber,
    face: MoneyInput,
    due: LegalDate,
    kind: Type.Optional(Type.Literal('CERTIFICATE')),
    restrict: Type.Optional(Restrict),
    invoices: Type.Optional(Type.Array(InvoiceInput, { maxItems: 50 })),
    note: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000 })),
  },
  { ...strict, title: 'BillInput' },
);

const FurtherSale = Type.Object({ quote: Uuid, amount: MoneyInput }, { ...strict, title: 'FurtherSale' });

const Weight = Type.Integer({ minimum: 1, maximum: 65_535 });
const Level = Type.Integer({ minimum: 1, maximum: 8 });

const PolicyInput = Type.Object(
  {
    signers: Type.Array(
      Type.Object(
        {
          key: Hex,
          weight: Type.Optional(Weight),
          level: Type.Optional(Level),
          validUntil: Type.Optional(Instant),
          dayLimit: Type.Optional(MoneyInput),
        },
        { ...strict, title: 'PolicySignerInput' },
      ),
      { minItems: 1, maxItems: 20 },
    ),
    rules: Type.Optional(
      Type.Array(
        Type.Object(
          {
            kinds: Type.Array(Type.Enum([...KINDS]), { minItems: 1, maxItems: 10, uniqueItems: true }),
            from: Type.Optional(MoneyInput),
            threshold: Weight,
            levels: Type.Optional(Type.Array(Level, { maxItems: 8, uniqueItems: true })),
          },
          { ...strict, title: 'PolicyRuleInput' },
        ),
        { maxItems: 8 },
      ),
    ),
    threshold: Weight,
    adminThreshold: Weight,
    changeDelay: Type.Integer({ minimum: 3_600, maximum: 2_592_000, description: 'Seconds' }),
  },
  { ...strict, title: 'PolicyInput', description: 'The whole policy, signers included' },
);

const schemas = {
  parcel: ParcelId,
  parcels: Type.Array(ParcelId, { minItems: 1, maxItems: 100, uniqueItems: true }),
  bill: BillNo,
  bills: Type.Array(BillInput, { minItems: 1, maxItems: 100 }),
  member: MemberNumber,
  money: MoneyInput,
  date: LegalDate,
  yesNo: Type.Boolean(),
  words: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
  quote: Uuid,
  sales: Type.Array(FurtherSale, { minItems: 1, maxItems: 19 }),
  redemption: RedemptionNo,
  group: Type.Integer({ minimum: 1, maximum: 4_294_967_295 }),
  groupOrNone: Type.Integer({ minimum: 0, maximum: 4_294_967_295 }),
  account: Address,
  policy: PolicyInput,
  change: Hash,
} satisfies Record<Field, TSchema>;

/** Each has the form that the domain names: the compiler compares them. */
const FIELDS: {
  readonly [F in Field]: Static<(typeof schemas)[F]> extends Fields[F] ? TSchema : never;
} = schemas;

/** The properties of a request that asks for these fields. */
export const propertiesOf = (asks: Asks): Record<string, TSchema> =>
  Object.fromEntries(
    Object.entries(asks).map(([name, asked]) => {
      if (typeof asked === 'string') return [name, FIELDS[asked]];
      const { field, description } = asked;
      const schema = FIELDS[field];
      return [name, Type.Optional(description === undefined ? schema : { ...schema, description })];
    }),
  );
