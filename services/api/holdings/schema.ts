/** What a member holds: its parcels, and what is left of them by acceptor and month. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import { Bill, Parcel } from '../bills/schema.ts';
import {
  LegalDate,
  MemberNumber,
  MemberRef,
  Money,
  PageAtBlock,
  pageQuery,
  Query,
  strict,
  withProblems,
} from '../schemas/common.ts';

const holdings = { tags: ['holdings'] };

export const Holding = Type.Object({ parcel: Parcel, bill: Bill }, { ...strict, title: 'Holding' });

export const holdingRoutes = {
  listHoldings: route('GET', '/api/holdings', 'members', {
    ...holdings,
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
    response: withProblems({ 200: PageAtBlock(Holding) }),
  }),
  getPortfolio: route('GET', '/api/portfolio', 'members', {
    ...holdings,
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
  }),
};
