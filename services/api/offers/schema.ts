/** Offers to a member and by it. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import { Bill, Parcel } from '../bills/schema.ts';
import {
  LegalDate,
  MemberRef,
  Nullable,
  PageAtBlock,
  pageQuery,
  Query,
  strict,
  withProblems,
} from '../schemas/common.ts';

const offers = { tags: ['offers'] };

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

export const offerRoutes = {
  listOffers: route('GET', '/api/offers', 'members', {
    ...offers,
    summary: 'Offers to you, or by you',
    querystring: Query({
      direction: Type.Optional(Type.Enum(['in', 'out'], { default: 'in' })),
      ...pageQuery,
    }),
    response: withProblems({ 200: PageAtBlock(Offer) }),
  }),
};
