/** Sums and lists to look at: portfolio, deals, supervision, rule packs, the relayer's work. */
import { Type } from 'typebox';
import {
  Address,
  BillNo,
  Hash,
  idempotencyHeader,
  Instant,
  LegalDate,
  MemberRef,
  Money,
  Nullable,
  PageOf,
  pageQuery,
  Query,
  RateOutput,
  Recourse,
  signedIn,
  strict,
  Uuid,
  withProblems,
} from '../schemas/common.ts';
import { Bill, BillKind, ClaimedInvoice } from '../bills/schema.ts';

const mine = { tags: ['mine'], security: signedIn };

export const getPortfolio = {
  ...mine,
  summary: 'What is left of your holdings, by acceptor and month of the due date',
  response: withProblems({
    200: Type.Object(
      {
        items: Type.Array(
          Type.Object(
            {
              acceptor: MemberRef,
              month: Type.String({ examples: ['2026-12'] }),
              amount: Money,
              parcels: Type.Integer(),
            },
            { ...strict, title: 'PortfolioEntry' },
          ),
        ),
      },
      { ...strict, title: 'Portfolio' },
    ),
  }),
};

export const listDeals = {
  ...mine,
  summary: 'Sales by you or to you, newest first, with what they cost a year',
  querystring: Query({
    side: Type.Optional(Type.Enum(['sold', 'bought'], { default: 'sold' })),
    ...pageQuery,
  }),
  response: withProblems({
    200: PageOf(
      Type.Object(
        {
          id: Type.String(),
          at: Instant,
          tx: Hash,
          seller: MemberRef,
          bank: MemberRef,
          acceptor: MemberRef,
          billNo: BillNo,
          range: Type.String(),
          due: LegalDate,
          days: Type.Integer({ description: 'From the deal to the due date, first counted, last not' }),
          amount: Money,
          rate: RateOutput,
          interest: Money,
          fee: Money,
          price: Money,
          recourse: Recourse,
          yearlyCost365: RateOutput,
          yearlyCost360: RateOutput,
        },
        { ...strict, title: 'Deal' },
      ),
    ),
  }),
};

export const listInvoices = {
  summary: 'Your invoices that bills lay claim to, taken or not, by number',
  description:
    'A bill that you have not taken occupies your invoice until you refuse it or its issuer withdraws it.',
  tags: ['bills'],
  security: signedIn,
  querystring: Query({ ...pageQuery }),
  response: withProblems({ 200: PageOf(ClaimedInvoice) }),
};

export const listInvoiceBills = {
  summary: 'Bills that an invoice of this number backs, as far as you may see them',
  tags: ['bills'],
  security: signedIn,
  querystring: Query({ number: Type.String({ minLength: 1, maxLength: 100 }) }),
  response: withProblems({
    200: Type.Object(
      {
        items: Type.Array(
          Type.Object(
            {
              invoiceId: Hash,
              seller: Type.String(),
              code: Nullable(Type.String()),
              number: Type.String(),
              total: Money,
              amount: Money,
              bill: Bill,
            },
            { ...strict, title: 'InvoiceBill' },
          ),
        ),
      },
      { ...strict, title: 'InvoiceBills' },
    ),
  }),
};

const Share = Type.Object(
  { member: MemberRef, amount: Money, overdue: Money, entries: Type.Integer() },
  { ...strict, title: 'MemberShare' },
);

export const getSupervision = {
  summary: 'Totals, concentration and layers over all open bills, for a regulator',
  tags: ['supervision'],
  security: signedIn,
  response: withProblems({
    200: Type.Object(
      {
        totals: Type.Object(
          {
            bills: Type.Integer({ description: 'Open bills' }),
            offered: Type.Integer({ description: 'Bills that nobody has signed for yet' }),
            settled: Type.Integer(),
            face: Money,
            open: Money,
            overdue: Money,
            overdueBills: Type.Integer(),
            financed: Money,
          },
          strict,
        ),
        obligors: Type.Array(Share, { description: 'Who owes most, most first' }),
        holders: Type.Array(Share, { description: 'Who holds most, most first' }),
        layers: Type.Array(
          Type.Object({ layer: Type.Integer(), amount: Money, parcels: Type.Integer() }, strict),
          { description: 'By how many hands the cents have come to their holder' },
        ),
        crowded: Type.Array(
          Type.Object(
            { billNo: BillNo, acceptor: MemberRef, splits: Type.Integer(), expected: Type.Integer() },
            strict,
          ),
          { description: 'Open bills that were split more often than their rules expect, most first' },
        ),
      },
      { ...strict, title: 'Supervision' },
    ),
  }),
};

const RulePack = Type.Object(
  {
    number: Type.Integer(),
    kind: BillKind,
    effectiveFrom: LegalDate,
    effectiveTo: Nullable(LegalDate),
    tenorMonths: Type.Integer(),
    basis: Type.Integer(),
    maxSplits: Type.Integer(),
    documentHash: Hash,
    inForce: Type.Boolean(),
  },
  { ...strict, title: 'RulePack' },
);

export const listRulePacks = {
  summary: 'Rule packs, newest first',
  tags: ['status'],
  security: signedIn,
  response: withProblems({
    200: Type.Object({ items: Type.Array(RulePack) }, { ...strict, title: 'RulePacks' }),
  }),
};

const Citation = Type.String({ minLength: 1, maxLength: 2_000 });

export const publishRulePack = {
  summary: 'Publish the numbers that rule a kind of instrument from a day on',
  description:
    'From a later day than today, on which the pack before it ends; bills that were issued under that one keep it. What is published cannot be changed, only replaced.',
  tags: ['operator'],
  security: signedIn,
  headers: idempotencyHeader,
  body: Type.Object(
    {
      kind: BillKind,
      effectiveFrom: LegalDate,
      tenorMonths: Type.Integer({ minimum: 1, maximum: 255, description: 'From issue to maturity at most' }),
      basis: Type.Union([Type.Literal(360), Type.Literal(365)], {
        description: 'Days of a year of interest',
      }),
      maxSplits: Type.Integer({
        minimum: 0,
        maximum: 65_535,
        description: 'Cuts of one bill beyond which its splitting is reported',
      }),
      citation: Type.Object(
        { zh: Citation, en: Citation },
        {
          ...strict,
          description: 'Where the numbers come from; the hash of pack and citation goes on chain',
        },
      ),
    },
    { ...strict, title: 'RulePackInput' },
  ),
  response: withProblems({ 201: RulePack }),
};

const operator = { tags: ['operator'], security: signedIn };

export const getRelayer = {
  ...operator,
  summary: 'What the relayer has to do, and with which keys',
  response: withProblems({
    200: Type.Object(
      {
        submitted: Type.Integer({ description: 'Acts that wait to be sent' }),
        sent: Type.Integer({ description: 'Acts that wait for the chain' }),
        waitingSince: Nullable(Instant),
        senders: Type.Array(
          Type.Object(
            {
              address: Address,
              nonce: Type.String(),
              open: Type.Integer({ description: 'Transactions on the way' }),
            },
            strict,
          ),
        ),
      },
      { ...strict, title: 'Relayer' },
    ),
  }),
};

export const listRelayerInstructions = {
  ...operator,
  summary: 'Acts that were handed in: whose, of which kind and how far, never what is in them',
  querystring: Query({
    state: Type.Optional(Type.Enum(['submitted', 'sent', 'done', 'failed'])),
    ...pageQuery,
  }),
  response: withProblems({
    200: PageOf(
      Type.Object(
        {
          id: Uuid,
          type: Type.String(),
          member: Nullable(MemberRef),
          signedBy: Type.Enum(['firm', 'keeper', 'operator']),
          state: Type.Enum(['submitted', 'sent', 'done', 'failed']),
          submittedAt: Nullable(Instant),
          code: Nullable(Type.String()),
          tx: Nullable(Hash),
          attempts: Type.Integer({ description: 'Signed forms of its transactions' }),
        },
        { ...strict, title: 'RelayerAct' },
      ),
    ),
  }),
};
