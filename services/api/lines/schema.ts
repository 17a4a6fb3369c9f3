/** Credit lines. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import {
  MemberNumber,
  MemberRef,
  Money,
  Nullable,
  PageOf,
  pageQuery,
  Query,
  strict,
  withProblems,
} from '../schemas/common.ts';

const lines = { tags: ['lines'] };

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

export const lineRoutes = {
  listLines: route('GET', '/api/lines', 'members', {
    ...lines,
    summary: 'Your credit lines; a regulator sees all',
    querystring: Query({
      bank: Type.Optional(MemberNumber),
      obligor: Type.Optional(MemberNumber),
      ...pageQuery,
    }),
    response: withProblems({ 200: PageOf(Line) }),
  }),
};
