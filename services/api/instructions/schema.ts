import { Type, type Static } from 'typebox';
import {
  Address,
  BillNo,
  Hash,
  Hex,
  idempotencyHeader,
  Instant,
  LegalDate,
  MemberNumber,
  MoneyInput,
  Nullable,
  PageOf,
  pageQuery,
  ParcelId,
  Params,
  Query,
  RedemptionNo,
  requiredIdempotencyHeader,
  signedIn,
  strict,
  Text,
  Uuid,
  withProblems,
} from '../schemas/common.ts';

const note = Type.String({ minLength: 1, maxLength: 2_000 });

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
    note: Type.Optional(note),
  },
  { ...strict, title: 'BillInput' },
);
export type BillInput = Static<typeof BillInput>;

const act = <const Name extends string, P extends Record<string, import('typebox').TSchema>>(
  type: Name,
  title: string,
  properties: P,
) => Type.Object({ type: Type.Literal(type), ...properties }, { ...strict, title });

/** A booking, a payment reference or a reason: the text stays here, its hash goes on chain. */
const words = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });

const parcels = Type.Array(ParcelId, { minItems: 1, maxItems: 100, uniqueItems: true });

const actInputs = [
  act('issue', 'IssueInput', { bills: Type.Array(BillInput, { minItems: 1, maxItems: 100 }) }),
  act('take', 'TakeInput', { parcels }),
  act('refuse', 'RefuseInput', { parcel: ParcelId }),
  act('withdraw', 'WithdrawInput', { parcel: ParcelId }),
  act('expire', 'ExpireInput', { parcel: ParcelId }),
  act('offer', 'OfferInput', {
    parcel: ParcelId,
    amount: Type.Optional(MoneyInput),
    to: MemberNumber,
    until: Type.Optional(LegalDate),
  }),
  act('sell', 'SellInput', {
    parcel: ParcelId,
    amount: Type.Optional(MoneyInput),
    quote: Uuid,
    others: Type.Optional(
      Type.Array(Type.Object({ quote: Uuid, amount: MoneyInput }, { ...strict, title: 'FurtherSale' }), {
        minItems: 1,
        maxItems: 19,
        description:
          'Further quotes for the same parcel, sold to in the same signing; `amount` is then given',
      }),
    ),
  }),
  act('fund', 'FundInput', {
    bill: BillNo,
    amount: MoneyInput,
    distribute: Type.Optional(Type.Boolean({ description: 'Pay the holders at once, if the bill is due' })),
  }),
  act('payFor', 'PayForInput', { bill: BillNo, amount: MoneyInput }),
  act('setLine', 'SetLineInput', {
    obligor: MemberNumber,
    limit: MoneyInput,
    group: Type.Optional(Type.Integer({ minimum: 0, maximum: 4294967295 })),
  }),
  act('setGroupLine', 'SetGroupLineInput', {
    group: Type.Integer({ minimum: 1, maximum: 4294967295 }),
    limit: MoneyInput,
  }),
  act('setStanding', 'SetStandingInput', {
    standing: Type.Boolean(),
    acceptor: Type.Optional(MemberNumber),
    counterparty: Type.Optional(MemberNumber),
    least: Type.Optional(MoneyInput),
    until: Type.Optional(LegalDate),
  }),
  act('approveCash', 'ApproveCashInput', { amount: Type.Optional(MoneyInput) }),
  act('cancelQuote', 'CancelQuoteInput', { quote: Uuid }),
  act('deposit', 'DepositInput', { member: MemberNumber, amount: MoneyInput, reference: words }),
  act('redeem', 'RedeemInput', { bank: MemberNumber, amount: MoneyInput }),
  act('confirmRedemption', 'ConfirmRedemptionInput', { redemption: RedemptionNo, reference: words }),
  act('refuseRedemption', 'RefuseRedemptionInput', { redemption: RedemptionNo, reason: words }),
  act('moveAccount', 'MoveAccountInput', { account: Address }),
] as const;

export type ActInput = Static<(typeof actInputs)[number]>;
export type ActType = ActInput['type'];

/** Told apart by `type`, so that an error names the field and not fifteen shapes. */
export const ActInput = Type.Unsafe<ActInput>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: [...actInputs],
  title: 'ActInput',
});

export const ActState = Type.Enum(['prepared', 'submitted', 'sent', 'done', 'failed'], { title: 'ActState' });
const ActName = Type.String({
  description: 'As in the request; also distribute, admit, suspend, restore',
  examples: ['issue'],
});

const Makes = Type.Object(
  {
    bills: Type.Array(BillNo),
    parcels: Type.Array(ParcelId, { description: 'Issued, offered or sold, in the order of the request' }),
  },
  { ...strict, title: 'Makes' },
);

export const Signer = Type.Object(
  {
    id: Hex,
    type: Type.Enum(['p256', 'ecdsa', 'other']),
    weight: Type.Integer(),
  },
  { ...strict, title: 'Signer' },
);

export const TypedData = Type.Object(
  {
    domain: Type.Object({}, { additionalProperties: true }),
    types: Type.Object({}, { additionalProperties: true }),
    primaryType: Type.String(),
    message: Type.Object({}, { additionalProperties: true }),
  },
  { ...strict, title: 'TypedData', description: 'EIP-712; integers as decimal strings' },
);

/** What a firm's signers need to sign. */
export const signing = {
  meaning: Text,
  digest: Hash,
  typedData: TypedData,
  account: Type.String(),
  signers: Type.Array(Signer),
  threshold: Type.Integer(),
};

export const PreparedAct = Type.Object(
  {
    id: Uuid,
    type: ActName,
    state: ActState,
    calls: Type.Array(Type.Object({ target: Type.String(), data: Hex }, strict)),
    ...signing,
    nonce: Type.String(),
    validUntil: Instant,
    makes: Makes,
    documents: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'Of each bill that is issued, in the order of the calls: the text whose hash is in its call',
      }),
    ),
  },
  { ...strict, title: 'PreparedAct' },
);

export const Act = Type.Object(
  {
    id: Uuid,
    type: ActName,
    state: ActState,
    meaning: Text,
    createdAt: Instant,
    submittedAt: Nullable(Instant),
    validUntil: Nullable(Instant),
    tx: Nullable(Hash),
    block: Nullable(Type.Integer()),
    code: Nullable(Type.String({ description: 'Why it failed' })),
    detail: Nullable(Text),
    makes: Makes,
  },
  { ...strict, title: 'Act' },
);

const acts = { tags: ['acts'], security: signedIn };
const actParams = Params({ id: Uuid });

export const prepareAct = {
  ...acts,
  summary: 'Learn what an act will do and what to sign',
  description: 'Rehearsed on the chain first: what could not succeed is refused here with its code.',
  headers: idempotencyHeader,
  body: Type.Object(
    {
      act: ActInput,
      validFor: Type.Optional(
        Type.Integer({ minimum: 60, maximum: 2_592_000, description: 'Seconds; a day if left out' }),
      ),
    },
    { ...strict, title: 'PrepareInput' },
  ),
  response: withProblems({ 201: PreparedAct }),
};

export const SignatureInput = Type.Object(
  {
    signer: Hex,
    signature: Type.String({
      pattern: '^0x[0-9a-fA-F]{128}([0-9a-fA-F]{2})?$',
      description: 'P-256: r‖s with low s over the digest itself; ECDSA: r‖s‖v',
    }),
  },
  { ...strict, title: 'SignatureInput' },
);

export const Signatures = Type.Object(
  {
    signatures: Type.Array(SignatureInput, { minItems: 1, maxItems: 20 }),
    digest: Type.Optional(Hash),
  },
  {
    ...strict,
    title: 'Signatures',
    description: '`digest`: what was signed, to find out that it is still the same',
  },
);

export const submitAct = {
  ...acts,
  summary: 'Hand in the signatures',
  headers: requiredIdempotencyHeader,
  params: actParams,
  body: Signatures,
  response: withProblems({ 202: Act }),
};

export const getAct = {
  ...acts,
  summary: 'Follow an act',
  description:
    'done: the read model has it. With `wait` the answer comes when it is done or failed, or after so many seconds.',
  params: actParams,
  querystring: Query({ wait: Type.Optional(Type.Integer({ minimum: 0, maximum: 30 })) }),
  response: withProblems({ 200: Act }),
};

export const listActs = {
  ...acts,
  summary: 'Your acts, newest first',
  querystring: Query({
    state: Type.Optional(ActState),
    type: Type.Optional(Type.String({ maxLength: 40 })),
    signed: Type.Optional(
      Type.Boolean({ description: 'Without those that were only prepared and looked at' }),
    ),
    ...pageQuery,
  }),
  response: withProblems({ 200: PageOf(Act) }),
};
