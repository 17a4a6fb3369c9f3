/** Bills, their parcels, acts and documents. */
import { Type } from 'typebox';
import { ACT_WORDS } from '#domain/acts/acts.ts';
import { route } from '../access/route.ts';
import {
  BillNo,
  BillRef,
  BlockNumber,
  Currency,
  Hash,
  idempotencyHeader,
  Instant,
  LegalDate,
  MemberNumber,
  MemberRef,
  Money,
  NoBody,
  Nullable,
  moment,
  PageAtBlock,
  PageOf,
  pageQuery,
  ParcelId,
  Params,
  Query,
  strict,
  withProblems,
} from '../schemas/common.ts';
import { Instruction } from '../instructions/schema.ts';

export const BillKind = Type.Enum(['CERTIFICATE', 'DRAFT', 'LC_CLAIM'], { title: 'BillKind' });
export const BillStatus = Type.Enum(
  ['offered', 'active', 'matured', 'part_paid', 'settled', 'dishonoured', 'cancelled'],
  { title: 'BillStatus' },
);
export const ParcelState = Type.Enum(['held', 'offered', 'pledged', 'on_hold', 'paid'], {
  title: 'ParcelState',
});
export const Restriction = Type.Enum(['not_to_be_passed_on', 'not_to_be_financed', 'named_members_only'], {
  title: 'Restriction',
});

const Cent = Type.String({ pattern: '^\\d+$', description: 'Minor units' });
const Range = Type.String({ description: '1-based and inclusive', examples: ['1-33333333'] });

export const Parcel = Type.Object(
  {
    id: ParcelId,
    billNo: BillNo,
    first: Cent,
    end: Type.String({ pattern: '^\\d+$', description: 'One past the last cent' }),
    range: Range,
    amount: Money,
    holder: Nullable(MemberRef),
    offeredTo: Nullable(MemberRef),
    offerUntil: Nullable(LegalDate),
    pledgee: Nullable(MemberRef),
    state: ParcelState,
    paid: Money,
    financed: Nullable(Type.Boolean({ description: 'Bought by a bank; null where the holder is hidden' })),
    hidden: Type.Boolean({ description: 'Of a stranger: range and state only' }),
  },
  { ...strict, title: 'Parcel' },
);

const billFields = {
  billNo: BillNo,
  serial: Type.Integer(),
  kind: BillKind,
  status: BillStatus,
  acceptor: MemberRef,
  payee: MemberRef,
  guarantor: Nullable(MemberRef),
  face: Money,
  paid: Money,
  open: Money,
  due: LegalDate,
  issuedAt: Instant,
  currency: Currency,
  restrictions: Type.Array(Restriction),
  basis: Type.Enum([360, 365]),
  rulePack: Type.Integer(),
  documentHash: Hash,
  trail: Type.String({ description: 'Hash chain over all acts, 30 bytes' }),
  splits: Type.Integer({ description: 'How often its line has been cut' }),
  visibleRange: Nullable(Type.String({ description: 'What of the line you are entitled to look into' })),
};
export const Bill = Type.Object(billFields, { ...strict, title: 'Bill' });
const named = Nullable(Type.Array(MemberRef, { description: 'Who may hold it besides the payee' }));
const parcels = Type.Array(Parcel, { description: 'All parcels in order' });
/** As a bank sees it that is asked to quote. */
export const BillOfRequest = Type.Object(
  { ...billFields, named, parcels },
  { ...strict, title: 'BillOfRequest' },
);
export const BillDetail = Type.Object(
  {
    ...billFields,
    named,
    voucher: Nullable(
      Type.String({
        description: 'The document of your own books (凭证号) that you issued it for; for its acceptor only',
      }),
    ),
    parcels,
    ...moment,
  },
  { ...strict, title: 'BillDetail' },
);

export const billSorts = [
  'due',
  '-due',
  'issuedAt',
  '-issuedAt',
  'face',
  '-face',
  'billNo',
  '-billNo',
] as const;

const billParams = Params({ billNo: BillRef });
const asOf = Type.Optional(
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'As of this block' }),
);

export const BillActName = Type.Enum([...ACT_WORDS], { title: 'BillActName' });

export const BillAct = Type.Object(
  {
    position: Type.Integer({ description: 'In the trail, from 1' }),
    block: BlockNumber,
    at: Instant,
    tx: Hash,
    hash: Hash,
    trailAfter: Type.String(),
    hidden: Type.Boolean({ description: 'An act of strangers: its hash only' }),
    name: Nullable(BillActName),
    movesTitle: Nullable(Type.Boolean({ description: 'An endorsement: the parcel has another holder' })),
    actor: Nullable(MemberRef),
    counterparty: Nullable(MemberRef),
    parcel: Nullable(ParcelId),
    cutFrom: Nullable(ParcelId),
    range: Nullable(Range),
    amount: Nullable(Money),
    price: Nullable(Money),
  },
  { ...strict, title: 'BillAct' },
);

const invoice = {
  invoiceId: Hash,
  seller: Type.String(),
  code: Nullable(Type.String({ description: '发票代码, where the number has one' })),
  number: Type.String(),
  total: Money,
};
const claimed = {
  used: Money,
  bills: Type.Integer({ description: 'How many bills use it, taken or not yet; `used` is by all of them' }),
  claims: Type.Array(
    Type.Object(
      {
        acceptor: MemberRef,
        billNo: Nullable(BillNo),
        taken: Type.Boolean({ description: 'false: the bill waits for its payee, who can refuse it' }),
        amount: Money,
      },
      { ...strict, title: 'InvoiceClaim' },
    ),
    { description: 'The twenty largest; the number only of a bill that you may see' },
  ),
};
export const Invoice = Type.Object(
  { ...invoice, amount: Money, ...claimed },
  { ...strict, title: 'Invoice', description: '`amount`: what of it backs this bill' },
);
export const ClaimedInvoice = Type.Object({ ...invoice, ...claimed }, { ...strict, title: 'ClaimedInvoice' });

export const Ribbon = Type.Object(
  {
    face: Money,
    steps: Type.Array(
      Type.Object(
        {
          block: BlockNumber,
          at: Instant,
          pieces: Type.Array(
            Type.Object(
              {
                first: Cent,
                end: Cent,
                holder: Nullable(MemberRef),
                offeredTo: Nullable(MemberRef),
                state: ParcelState,
              },
              strict,
            ),
          ),
        },
        strict,
      ),
    ),
  },
  { ...strict, title: 'Ribbon' },
);

export const billRoutes = {
  listBills: route('GET', '/api/bills', 'members', {
    summary: 'Bills that you may see',
    tags: ['bills'],
    querystring: Query({
      status: Type.Optional(BillStatus),
      acceptor: Type.Optional(MemberNumber),
      payee: Type.Optional(MemberNumber),
      holder: Type.Optional(MemberNumber),
      member: Type.Optional({
        ...MemberNumber,
        description: 'Who issued it, is its payee, or holds or held a piece of it, as far as you may know',
      }),
      dueFrom: Type.Optional(LegalDate),
      dueTo: Type.Optional(LegalDate),
      role: Type.Optional(
        Type.Enum(['issued', 'held', 'offered', 'all'], {
          description: 'What the bill is to you',
          default: 'all',
        }),
      ),
      open: Type.Optional(Type.Boolean({ description: 'Only what is signed for and not paid in full' })),
      owed: Type.Optional(
        Type.Boolean({ description: 'Only what is not paid in full, or can still be signed for' }),
      ),
      q: Type.Optional(
        Type.String({
          maxLength: 100,
          description:
            'Bill number, as the chain has it or as people read it, part of a party’s name, or the start of the number of your own voucher',
        }),
      ),
      sort: Type.Optional(Type.Enum([...billSorts], { default: '-issuedAt' })),
      ...pageQuery,
    }),
    response: withProblems({ 200: PageAtBlock(Bill) }),
  }),
  getBill: route('GET', '/api/bills/:billNo', 'members', {
    summary: 'A bill with its parcels',
    tags: ['bills'],
    params: billParams,
    querystring: Query({ asOf }),
    response: withProblems({ 200: BillDetail }),
  }),
  listParcels: route('GET', '/api/bills/:billNo/parcels', 'members', {
    summary: 'Parcels of a bill, in order',
    tags: ['bills'],
    params: billParams,
    querystring: Query({ asOf, ...pageQuery }),
    response: withProblems({ 200: PageOf(Parcel) }),
  }),
  listBillActs: route('GET', '/api/bills/:billNo/acts', 'members', {
    summary: 'All acts on a bill in the order of its trail; those of strangers as hashes only',
    tags: ['bills'],
    params: billParams,
    querystring: Query({
      endorsements: Type.Optional(
        Type.Boolean({ description: 'Only those that moved title and that you may see' }),
      ),
      ...pageQuery,
    }),
    response: withProblems({ 200: PageOf(BillAct) }),
  }),
  getBillDocument: route('GET', '/api/bills/:billNo/document', 'members', {
    summary: 'Terms and invoices behind a bill',
    tags: ['bills'],
    params: billParams,
    response: withProblems({
      200: Type.Object(
        {
          documentHash: Hash,
          canonical: Type.String({ description: 'The text whose keccak-256 is documentHash' }),
          invoices: Type.Array(Invoice),
          note: Nullable(Type.String()),
          named: Nullable(Type.Array(MemberRef)),
        },
        { ...strict, title: 'BillDocument' },
      ),
    }),
  }),
  getRibbon: route('GET', '/api/bills/:billNo/ribbon', 'members', {
    summary: 'Every state that the line of a bill has been in, as far as you may see',
    tags: ['bills'],
    params: billParams,
    response: withProblems({ 200: Ribbon }),
  }),
  distributeBill: route('POST', '/api/bills/:billNo/distribute', 'members', {
    summary: 'Have the holders of a due bill paid what they are owed so far',
    description: 'An act of the platform’s keeper; followed like any act.',
    tags: ['bills'],
    headers: idempotencyHeader,
    params: billParams,
    body: NoBody,
    response: withProblems({ 202: Instruction }),
  }),
};
