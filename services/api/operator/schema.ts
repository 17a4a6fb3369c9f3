/** The relayer's work, to look at. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import {
  Address,
  Hash,
  Instant,
  MemberRef,
  Nullable,
  PageOf,
  pageQuery,
  Query,
  strict,
  Uuid,
  withProblems,
} from '../schemas/common.ts';

const operator = { tags: ['operator'] };

export const operatorRoutes = {
  getRelayer: route('GET', '/api/operator/relayer', 'operator', {
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
  }),
  listRelayerInstructions: route('GET', '/api/operator/relayer/instructions', 'operator', {
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
  }),
};
