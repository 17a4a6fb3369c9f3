/** What waits for a member, and what it pays and receives on which date. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import { Instruction } from '../instructions/schema.ts';
import { QuoteToSign } from '../sales/schema.ts';
import {
  BillNo,
  Instant,
  LegalDate,
  MemberRef,
  Money,
  Nullable,
  PageOf,
  pageQuery,
  Query,
  strict,
  Uuid,
  withProblems,
} from '../schemas/common.ts';

const home = { tags: ['home'] };

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

export const homeRoutes = {
  getInbox: route('GET', '/api/inbox', 'members', {
    ...home,
    summary: 'What waits for you',
    response: withProblems({
      200: Type.Object(
        {
          items: Type.Array(InboxEntry),
          toSign: Type.Array(Instruction, {
            description:
              'Instructions of your colleagues and systems that wait for your signature, newest first',
          }),
          quotesToSign: Type.Array(QuoteToSign, {
            description: 'Quotes of your colleagues and systems that wait for your signature, newest first',
          }),
          counts: Type.Object(
            {
              sign_instruction: Type.Integer(),
              sign_quote: Type.Integer(),
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
  }),
  listCalendar: route('GET', '/api/calendar', 'members', {
    ...home,
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
  }),
};
