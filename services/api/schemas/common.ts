/** The words of the API. A schema with a `title` is a component of the OpenAPI document under that name. */
import { Type, type Static, type TSchema } from 'typebox';

export const strict = { additionalProperties: false } as const;

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const Currency = Type.String({
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217 code',
  examples: ['CNY'],
});

export const Money = Type.Object(
  {
    amount: Type.String({
      pattern: '^-?\\d{1,30}(\\.\\d{1,6})?$',
      description: 'Exact decimal; never more decimals than the currency has',
      examples: ['1000000.00'],
    }),
    currency: Currency,
  },
  { ...strict, title: 'Money' },
);
export type Money = Static<typeof Money>;

/** What a client states: never negative. Whether the amount makes sense is the act's to say. */
export const MoneyInput = Type.Object(
  {
    amount: Type.String({
      pattern: '^\\d{1,30}(\\.\\d{1,6})?$',
      description: 'Exact decimal; never more decimals than the currency has',
      examples: ['1000000.00'],
    }),
    currency: Currency,
  },
  { ...strict, title: 'MoneyInput' },
);
export type MoneyInput = Static<typeof MoneyInput>;

export const Text = Type.Object({ zh: Type.String(), en: Type.String() }, { ...strict, title: 'Text' });

export const LegalDate = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: 'Legal date in Asia/Shanghai',
  examples: ['2026-06-01'],
});
export const Instant = Type.String({ format: 'date-time' });
export const Rate = Type.String({
  pattern: '^\\d{1,6}(\\.\\d{1,6})?$',
  description: 'A fraction a year, at most six decimals: 0.036500 is 3.65 %',
  examples: ['0.036500'],
});
/** A rate as the API writes it: always six decimals. */
export const RateOutput = Type.String({ examples: ['0.036500'] });
export const MemberNumber = Type.Integer({ minimum: 1, maximum: 4294967295 });
export const BillNo = Type.String({ pattern: '^(0|[1-9]\\d{0,19})$', examples: ['4294967297'] });
/** A redemption's number: decimal, below 2^64. */
export const RedemptionNo = Type.String({ pattern: '^(0|[1-9]\\d{0,18})$', examples: ['17'] });
/** Where a person may have typed it: also as it is shown, with its check digit. */
export const BillRef = Type.String({
  pattern: '^[0-9][0-9-]{0,39}$',
  examples: ['4294967297', '1-0001-4'],
  description: 'As the chain has it, or as people read it: acceptor, serial in groups of four, check digit',
});
export const ParcelId = Type.String({
  pattern: '^(0|[1-9]\\d{0,38})$',
  examples: ['79228162532711081667253501952'],
});
export const Uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  examples: ['01938a4e-2f0c-7d5e-9a71-4c1f3e5b7a90'],
});
export const BlockNumber = Type.Integer({ minimum: 0 });
/** As a spreadsheet counts rows; the database keeps them in 32 bits. */
export const RowNumber = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
export const Hex = Type.String({ pattern: '^0x([0-9a-fA-F]{2})*$', maxLength: 20_002 });
export const Hash = Type.String({ pattern: '^0x[0-9a-f]{64}$' });
/** Of a public key. */
export const Coordinate = Type.String({ pattern: '^(0x)?[0-9a-fA-F]{64}$', description: '32 bytes, hex' });
export const Address = Type.String({ pattern: '^0x[0-9a-fA-F]{40}$' });

export const Role = Type.Enum(
  ['core_enterprise', 'supplier', 'bank', 'guarantor', 'regulator', 'warehouse', 'settlement_bank'],
  { title: 'Role' },
);
export const Recourse = Type.Enum(['without', 'with', 'limited'], { title: 'Recourse' });

export const MemberRef = Type.Object(
  { number: Type.Integer(), name: Text },
  { ...strict, title: 'MemberRef' },
);

export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'URI reference of the kind of problem' }),
    title: Type.String({ description: 'In the language that Accept-Language asks for' }),
    status: Type.Integer(),
    code: Type.String({ description: 'Stable; the thing to program against', examples: ['NOT_HOLDER'] }),
    detail: Type.Optional(Type.String()),
    text: Type.Optional(Text),
    instance: Type.String({ description: 'Path of the request' }),
    requestId: Type.String(),
    errors: Type.Optional(
      Type.Array(
        Type.Object({ path: Type.String({ description: 'JSON pointer' }), message: Type.String() }, strict),
      ),
    ),
  },
  { ...strict, title: 'Problem' },
);

const problem = {
  description: 'Refused: see `code`',
  content: { 'application/problem+json': { schema: ProblemSchema } },
} as const;

/** Every route answers a problem in the same form. */
export const withProblems = <R extends Record<number, unknown>>(responses: R) => ({
  ...responses,
  default: problem,
});

/** A write that says everything by its address. */
export const NoBody = Type.Object({}, strict);

export const NoContent = Type.Null({ description: 'Nothing to say' });

/** A page of a list: `next` is the cursor of the following page, null on the last. */
export const PageOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Nullable(Type.String()) }, strict);

/** Of which block an answer is. */
export const moment = {
  provedAt: Nullable(
    Type.Integer({
      minimum: 0,
      description: 'Newest block up to which the read model was compared with the chain',
    }),
  ),
  asOf: Type.Integer({ minimum: 0, description: 'Block of which the answer is' }),
};
/** A page of a list of what the ledger holds. */
export const PageAtBlock = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), next: Nullable(Type.String()), ...moment }, strict);

export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  cursor: Type.Optional(Type.String({ maxLength: 1_000, description: '`next` of the page before' })),
};

export const Query = <P extends Record<string, TSchema>>(properties: P) => Type.Object(properties, strict);
export const Params = Query;

export const idempotencyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'The same key with the same body is answered as the first time and acts once',
    }),
  ),
});
export const requiredIdempotencyHeader = Type.Object({
  'idempotency-key': Type.String({ minLength: 1, maxLength: 200 }),
});

/** For routes of members; `public` routes ask nobody. */
export const signedIn = [{ bearer: [] }, { cookie: [] }];
