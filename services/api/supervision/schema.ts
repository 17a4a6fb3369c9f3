/** What a regulator sees of all bills together. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import { BillNo, MemberRef, Money, strict, withProblems } from '../schemas/common.ts';

const supervision = { tags: ['supervision'] };

const Share = Type.Object(
  { member: MemberRef, amount: Money, overdue: Money, entries: Type.Integer() },
  { ...strict, title: 'MemberShare' },
);

export const supervisionRoutes = {
  getSupervision: route('GET', '/api/supervision', 'members', {
    summary: 'Totals, concentration and layers over all open bills, for a regulator',
    ...supervision,
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
  }),
};
