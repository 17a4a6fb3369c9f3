/** Deposits: what a member has, their statement, redemptions, and the book of a settlement bank. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import {
  BillNo,
  BlockNumber,
  Hash,
  Instant,
  LegalDate,
  MemberRef,
  Money,
  Nullable,
  PageOf,
  pageQuery,
  Query,
  RedemptionNo,
  strict,
  withProblems,
} from '../schemas/common.ts';

const cash = { tags: ['cash'] };

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

export const cashRoutes = {
  getCash: route('GET', '/api/cash', 'members', {
    ...cash,
    summary: 'Your deposits',
    response: withProblems({
      200: Type.Object(
        { balance: Money, account: Type.String(), asOf: BlockNumber },
        { ...strict, title: 'Cash' },
      ),
    }),
  }),
  listCashEntries: route('GET', '/api/cash/statement', 'members', {
    ...cash,
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
  }),
  listRedemptions: route('GET', '/api/redemptions', 'members', {
    ...cash,
    summary: 'Redemptions that you asked for, or are asked for as a settlement bank, newest first',
    querystring: Query({
      state: Type.Optional(Type.Enum(['requested', 'confirmed', 'refused'])),
      ...pageQuery,
    }),
    response: withProblems({ 200: PageOf(Redemption) }),
  }),
  getSettlementBook: route('GET', '/api/settlement', 'members', {
    ...cash,
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
  }),
};
