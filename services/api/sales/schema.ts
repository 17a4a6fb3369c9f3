/** Requests to banks, their quotes, and what was sold. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import { BillOfRequest, Invoice, Parcel } from '../bills/schema.ts';
import { PersonRef, signing, Signatures, Signing } from '../instructions/schema.ts';
import {
  BillNo,
  Hash,
  idempotencyHeader,
  Instant,
  LegalDate,
  MemberNumber,
  MemberRef,
  moment,
  Money,
  MoneyInput,
  NoBody,
  Nullable,
  PageOf,
  pageQuery,
  ParcelId,
  Params,
  Query,
  Rate,
  RateOutput,
  Recourse,
  requiredIdempotencyHeader,
  strict,
  Text,
  Uuid,
  withProblems,
} from '../schemas/common.ts';

export const Purpose = Type.Enum(['discount', 'rediscount'], { title: 'Purpose' });
export const RequestState = Type.Enum(['open', 'accepted', 'cancelled', 'closed'], { title: 'RequestState' });
export const QuoteState = Type.Enum(
  ['prepared', 'open', 'expired', 'withdrawn', 'cancelled', 'part_filled', 'filled', 'lost'],
  { title: 'QuoteState' },
);

const pricing = {
  amount: Money,
  rate: RateOutput,
  fee: Money,
  interest: Money,
  net: Money,
  yearlyCost365: RateOutput,
  yearlyCost360: RateOutput,
};

/** Priced on today's date for the amount asked for (or all that is quoted, if less). */
export const QuoteOffer = Type.Object(
  {
    quote: Uuid,
    bank: MemberRef,
    ...pricing,
    days: Type.Integer({ description: 'From today to the due date' }),
    recourse: Recourse,
    validUntil: Instant,
    state: QuoteState,
    filled: Money,
    rank: Nullable(
      Type.Integer({ description: '1: costs least a year, fees included; null: not to be had any more' }),
    ),
  },
  { ...strict, title: 'QuoteOffer' },
);

/** What covers most of the amount at the least cost: what each bank buys, all to be sold in one signing. */
export const QuoteProposal = Type.Object(
  {
    parts: Type.Array(
      Type.Object({ quote: Uuid, bank: MemberRef, ...pricing }, { ...strict, title: 'QuotePart' }),
    ),
    amount: Money,
    net: Money,
    yearlyCost365: RateOutput,
  },
  { ...strict, title: 'QuoteProposal' },
);

const Invitation = Type.Object(
  { bank: MemberRef, state: Type.Enum(['invited', 'quoted', 'declined']), at: Instant },
  { ...strict, title: 'Invitation' },
);

const requestFields = {
  id: Uuid,
  state: RequestState,
  purpose: Purpose,
  seller: MemberRef,
  parcel: ParcelId,
  billNo: Type.String(),
  acceptor: MemberRef,
  due: LegalDate,
  amount: Money,
  sold: Money,
  recourse: Recourse,
  note: Nullable(Type.String()),
  createdAt: Instant,
  invitations: Type.Array(Invitation, { description: 'A bank sees its own only' }),
  offers: Type.Array(QuoteOffer, { description: 'Best first; a bank sees its own only' }),
  proposal: Nullable(QuoteProposal),
};
export const FinancingRequest = Type.Object(requestFields, { ...strict, title: 'FinancingRequest' });
export const FinancingRequestDetail = Type.Object(
  {
    ...requestFields,
    bill: BillOfRequest,
    piece: Nullable(Parcel),
    hands: Type.Array(Type.Object({ member: MemberRef, at: Instant }, { ...strict, title: 'Hand' }), {
      description: 'Through whose hands the piece came to the applicant, the payee first',
    }),
    invoices: Type.Array(Invoice),
    line: Nullable(
      Type.Object(
        { limit: Money, used: Money, reserved: Money, available: Money },
        { ...strict, title: 'LineOnAcceptor', description: "The viewing bank's own line on the acceptor" },
      ),
    ),
    ...moment,
  },
  { ...strict, title: 'FinancingRequestDetail' },
);

const sales = { tags: ['sales'] };
const params = Params({ id: Uuid });

const answer = (summary: string) => ({
  ...sales,
  summary,
  headers: idempotencyHeader,
  params,
  body: NoBody,
  response: withProblems({ 200: FinancingRequest }),
});

// --- Quotes -----------------------------------------------------------------------------------------------------------

export const Quote = Type.Object(
  {
    id: Uuid,
    request: Uuid,
    state: QuoteState,
    bank: MemberRef,
    seller: MemberRef,
    acceptor: MemberRef,
    parcel: ParcelId,
    due: LegalDate,
    amount: Money,
    rate: RateOutput,
    fee: Money,
    recourse: Recourse,
    validUntil: Instant,
    filled: Money,
    nonce: Type.String(),
    createdAt: Instant,
    signing: Type.Optional(Signing),
  },
  { ...strict, title: 'Quote' },
);

/** A quote that lacks signatures. */
export const QuoteToSign = Type.Object(
  {
    id: Uuid,
    request: Uuid,
    meaning: Text,
    createdAt: Instant,
    preparedBy: Nullable(PersonRef),
    signing: Signing,
  },
  { ...strict, title: 'QuoteToSign' },
);

const PreparedQuote = Type.Object(
  { id: Uuid, quote: Quote, offer: QuoteOffer, ...signing },
  { ...strict, title: 'PreparedQuote' },
);
const quoteTerms = {
  request: Uuid,
  amount: Type.Optional(MoneyInput),
  rate: Rate,
  fee: Type.Optional(MoneyInput),
  recourse: Type.Optional(Recourse),
  validUntil: Type.Optional(Instant),
};
const QuoteInput = Type.Object(quoteTerms, {
  ...strict,
  title: 'QuoteInput',
  description: 'Left out: amount and recourse of the request, no fee, valid for a day',
});

// --- Sales ------------------------------------------------------------------------------------------------------------

export const saleRoutes = {
  listDeals: route('GET', '/api/deals', 'members', {
    ...sales,
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
  }),
  createRequest: route('POST', '/api/financing-requests', 'members', {
    ...sales,
    summary: 'Invite banks to quote for a parcel, or a part of it',
    headers: idempotencyHeader,
    body: Type.Object(
      {
        parcel: ParcelId,
        amount: Type.Optional(MoneyInput),
        banks: Type.Array(MemberNumber, { minItems: 1, maxItems: 20, uniqueItems: true }),
        recourse: Type.Optional(Recourse),
        note: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000 })),
        purpose: Type.Optional(Purpose),
      },
      { ...strict, title: 'FinancingRequestInput' },
    ),
    response: withProblems({ 201: FinancingRequest }),
  }),
  listRequests: route('GET', '/api/financing-requests', 'members', {
    ...sales,
    summary: 'Financing requests: yours, or those to which you are invited',
    querystring: Query({
      direction: Type.Optional(Type.Enum(['mine', 'invited'], { default: 'mine' })),
      state: Type.Optional(RequestState),
      ...pageQuery,
    }),
    response: withProblems({ 200: PageOf(FinancingRequest) }),
  }),
  getRequest: route('GET', '/api/financing-requests/:id', 'members', {
    ...sales,
    summary: 'One request with the offers that you may see, down to issuer and invoices',
    params,
    response: withProblems({ 200: FinancingRequestDetail }),
  }),
  declineRequest: route(
    'POST',
    '/api/financing-requests/:id/decline',
    'members',
    answer('An invited bank declines'),
  ),
  cancelRequest: route(
    'POST',
    '/api/financing-requests/:id/cancel',
    'members',
    answer('The holder calls the request off'),
  ),
  prepareQuote: route('POST', '/api/quotes/prepare', 'members', {
    ...sales,
    summary: 'Quote for a request: learn what to sign',
    headers: idempotencyHeader,
    body: QuoteInput,
    response: withProblems({ 201: PreparedQuote }),
  }),
  getQuoteSheet: route('GET', '/api/quotes/:id/sheet', 'members', {
    ...sales,
    summary: 'All that somebody of the bank needs who checks and signs a quote of another',
    params,
    response: withProblems({
      200: Type.Object(
        {
          prepared: PreparedQuote,
          asked: QuoteInput,
          createdAt: Instant,
          preparedBy: Nullable(PersonRef),
          signing: Signing,
        },
        { ...strict, title: 'QuoteSheet' },
      ),
    }),
  }),
  submitQuote: route(
    'POST',
    '/api/quotes/:id/submit',
    'members',
    {
      ...sales,
      summary:
        'Hand in one or several signatures: when the bank’s policy has enough the holder sees the quote',
      headers: requiredIdempotencyHeader,
      params,
      body: Signatures,
      response: withProblems({ 200: Quote }),
    },
    { right: 'sign' },
  ),
  withdrawQuote: route('POST', '/api/quotes/:id/withdraw', 'members', {
    ...sales,
    summary: 'Stop a quote off chain; the act cancelQuote makes it void on chain',
    headers: idempotencyHeader,
    params,
    body: NoBody,
    response: withProblems({ 200: Quote }),
  }),
  listQuotes: route('GET', '/api/quotes', 'members', {
    ...sales,
    summary: 'Your quotes (bank), or those made to you',
    querystring: Query({
      direction: Type.Optional(Type.Enum(['given', 'received'], { default: 'given' })),
      state: Type.Optional(QuoteState),
      signed: Type.Optional(
        Type.Boolean({ description: 'Without those that were only prepared and looked at' }),
      ),
      ...pageQuery,
    }),
    response: withProblems({ 200: PageOf(Quote) }),
  }),
  getQuote: route('GET', '/api/quotes/:id', 'members', {
    ...sales,
    summary: 'One quote that you gave or that was given to you',
    params,
    response: withProblems({ 200: Quote }),
  }),
};
