import { Type } from 'typebox';
import { Bill, Parcel } from '../bills/schema.ts';
import {
  BillNo,
  BlockNumber,
  Hash,
  Instant,
  LegalDate,
  MemberNumber,
  MemberRef,
  Money,
  Nullable,
  PageOf,
  pageQuery,
  Query,
  RedemptionNo,
  signedIn,
  strict,
  Uuid,
  withProblems,
} from '../schemas/common.ts';

const mine = { tags: ['mine'], security: signedIn };

export const Holding = Type.Object({ parcel: Parcel, bill: Bill }, { ...strict, title: 'Holding' });

export const listHoldings = {
  ...mine,
  summary: 'Parcels that you hold',
  querystring: Query({
    state: Type.Optional(Type.Enum(['held', 'offered', 'pledged', 'on_hold', 'paid'])),
    acceptor: Type.Optional(MemberNumber),
    dueFrom: Type.Optional(LegalDate),
    dueTo: Type.Optional(LegalDate),
    financed: Type.Optional(Type.Boolean()),
    open: Type.Optional(Type.Boolean({ description: 'Only what is not paid in full' })),
    sort: Type.Optional(Type.Enum(['due', '-due', 'amount', '-amount'], { default: 'due' })),
    ...pageQuery,
  }),
  response: withProblems({ 200: PageOf(Holding) }),
};

export const Offer = Type.Object(
  {
    kind: Type.Enum(['issue', 'parcel'], { description: 'A new bill to sign for, or a parcel passed on' }),
    from: MemberRef,
    to: MemberRef,
    until: Nullable(LegalDate),
    over: Type.Boolean({ description: 'Its time is over: it can be cleared, not taken' }),
    parcel: Parcel,
    bill: Bill,
  },
  { ...strict, title: 'Offer' },
);

export const listOffers = {
  ...mine,
  summary: 'Offers to you, or by you',
  querystring: Query({
    direction: Type.Optional(Type.Enum(['in', 'out'], { default: 'in' })),
    ...pageQuery,
  }),
  response: withProblems({ 200: PageOf(Offer) }),
};

const InboxEntry = Type.Object(
  {
    kind: Type.Enum([
      'sign_for_bill',
      'take_parcel',
      'quote_request',
      'choose_quote',
      'quote_lost',
      'payment_due',
      'offer_over',
      'distribution_due',
    ]),
    at: Nullable(Instant),
    due: Nullable(LegalDate),
    billNo: Nullable(BillNo),
    parcel: Nullable(Type.String()),
    request: Nullable(Uuid),
    from: Nullable(MemberRef),
    amount: Money,
    count: Type.Integer({ description: 'Offers to choose from; else 1' }),
  },
  { ...strict, title: 'InboxEntry' },
);

export const getInbox = {
  ...mine,
  summary: 'What waits for you',
  response: withProblems({
    200: Type.Object(
      {
        items: Type.Array(InboxEntry),
        counts: Type.Object(
          {
            sign_for_bill: Type.Integer(),
            take_parcel: Type.Integer(),
            quote_request: Type.Integer(),
            choose_quote: Type.Integer(),
            quote_lost: Type.Integer(),
            payment_due: Type.Integer(),
            offer_over: Type.Integer(),
            distribution_due: Type.Integer(),
          },
          strict,
        ),
      },
      { ...strict, title: 'Inbox' },
    ),
  }),
};

export const listCalendar = {
  ...mine,
  summary: 'Settlement calendar: what you pay and receive on which date',
  querystring: Query({
    from: Type.Optional(LegalDate),
    to: Type.Optional(LegalDate),
    ...pageQuery,
  }),
  response: withProblems({
    200: PageOf(
      Type.Object(
        {
          due: LegalDate,
          pay: Money,
          payBills: Type.Integer(),
          untaken: Money,
          untakenBills: Type.Integer(),
          receive: Money,
          receiveParcels: Type.Integer(),
          paidIn: Money,
        },
        {
          ...strict,
          title: 'CalendarDay',
          description:
            'pay: open of bills that are signed for; untaken: of those that can still be; paidIn: what of receive is paid in in full and waits to be paid out',
        },
      ),
    ),
  }),
};

export const getCash = {
  ...mine,
  summary: 'Your deposits',
  response: withProblems({
    200: Type.Object(
      { balance: Money, account: Type.String(), asOf: BlockNumber },
      { ...strict, title: 'Cash' },
    ),
  }),
};

export const listCashEntries = {
  ...mine,
  summary: 'Statement of your deposits, newest first',
  querystring: Query({
    from: Type.Optional(LegalDate),
    to: Type.Optional(LegalDate),
    ...pageQuery,
  }),
  response: withProblems({
    200: PageOf(
      Type.Object(
        {
          at: Instant,
          block: BlockNumber,
          tx: Hash,
          kind: Type.Enum([
            'deposit',
            'redeem',
            'redeemed',
            'returned',
            'purchase',
            'funding',
            'payout',
            'transfer',
            'move',
          ]),
          direction: Type.Enum(['in', 'out']),
          amount: Money,
          balance: Money,
          counterparty: Nullable(MemberRef),
          billNo: Nullable(BillNo),
        },
        { ...strict, title: 'CashEntry' },
      ),
    ),
  }),
};

const Redemption = Type.Object(
  {
    number: RedemptionNo,
    bank: MemberRef,
    member: MemberRef,
    amount: Money,
    state: Type.Enum(['requested', 'confirmed', 'refused'], {
      description: 'requested: the deposits are locked until the bank has answered',
    }),
    requestedAt: Instant,
    answeredAt: Nullable(Instant),
    answer: Nullable(Type.String({ description: "The bank's payment reference, or its reason" })),
  },
  { ...strict, title: 'Redemption' },
);

export const listRedemptions = {
  ...mine,
  summary: 'Redemptions that you asked for, or are asked for as a settlement bank, newest first',
  querystring: Query({
    state: Type.Optional(Type.Enum(['requested', 'confirmed', 'refused'])),
    ...pageQuery,
  }),
  response: withProblems({ 200: PageOf(Redemption) }),
};

export const getSettlementBook = {
  ...mine,
  summary: 'What you have issued as a settlement bank, what is asked of you, and your last days',
  response: withProblems({
    200: Type.Object(
      {
        cap: Money,
        issued: Money,
        pending: Money,
        days: Type.Array(
          Type.Object(
            { day: LegalDate, deposited: Money, redeemed: Money },
            { ...strict, title: 'SettlementDay' },
          ),
        ),
        asOf: BlockNumber,
      },
      { ...strict, title: 'SettlementBook' },
    ),
  }),
};

export const Line = Type.Object(
  {
    bank: MemberRef,
    obligor: MemberRef,
    limit: Money,
    reserved: Money,
    used: Money,
    available: Money,
    group: Nullable(
      Type.Object(
        { number: Type.Integer(), limit: Money, used: Money, available: Money },
        { ...strict, title: 'GroupLine' },
      ),
    ),
  },
  { ...strict, title: 'Line', description: 'reserved: also for signed quotes that can still be taken' },
);

export const listLines = {
  ...mine,
  summary: 'Your credit lines; a regulator sees all',
  querystring: Query({
    bank: Type.Optional(MemberNumber),
    obligor: Type.Optional(MemberNumber),
    ...pageQuery,
  }),
  response: withProblems({ 200: PageOf(Line) }),
};
