/** Branches of a firm: accounts of its own people that sign for it within a limit a day. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import { Hex, Instant, Money, Nullable, strict, Text, withProblems } from '../schemas/common.ts';

export const Branch = Type.Object(
  {
    account: Type.String(),
    name: Type.String(),
    state: Type.Enum(['announced', 'open', 'closed'], {
      description:
        'announced: a change of the firm’s policy waits; closed: the branch is no signer of the firm’s (any more)',
    }),
    openedAt: Instant,
    dayLimit: Nullable(Money),
    threshold: Type.Integer({ description: 'The weight that its people need' }),
    signers: Type.Array(
      Type.Object(
        {
          key: Hex,
          weight: Type.Integer(),
          person: Nullable(Type.Object({ id: Type.String(), name: Type.String() }, strict)),
          device: Nullable(Type.String()),
        },
        { ...strict, title: 'BranchSigner' },
      ),
    ),
    words: Text,
  },
  { ...strict, title: 'Branch' },
);

export const branchRoutes = {
  listBranches: route('GET', '/api/account/branches', 'signed in', {
    tags: ['accounts'],
    summary: 'The branches of your firm, and who signs for each; at a branch, that one',
    response: withProblems({
      200: Type.Object({ items: Type.Array(Branch) }, { ...strict, title: 'Branches' }),
    }),
  }),
};
