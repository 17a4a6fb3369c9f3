/** How a member that has lost all its keys comes to another account. */
import { Type } from 'typebox';
import { route } from '../access/route.ts';
import {
  Instruction,
  PreparedInstruction,
  SignatureInput,
  Signatures,
  signing,
} from '../instructions/schema.ts';
import {
  Address,
  Hex,
  idempotencyHeader,
  Instant,
  MemberNumber,
  MemberRef,
  NoBody,
  Nullable,
  PageOf,
  pageQuery,
  Params,
  Query,
  strict,
  withProblems,
} from '../schemas/common.ts';
import { SIGNED, SigningFor } from './schema.ts';

const members = { tags: ['members'] };
const params = Params({ number: MemberNumber });
/** Anybody may try these two. */
const tries = { perMinute: 30 };

const Nonce = Type.String({ pattern: '^(0|[1-9]\\d{0,76})$' });

const Proposal = Type.Object(
  {
    account: Type.String(),
    at: Instant,
    until: Type.String({ format: 'date-time', description: 'From then on it is void' }),
    counts: Type.Boolean({
      description: 'False: it is over, or of a helper that is it no longer, or was suspended or moved since',
    }),
  },
  { ...strict, title: 'RecoveryProposal' },
);

export const Recovery = Type.Object(
  {
    member: MemberRef,
    account: Type.String({ description: 'Of the member today' }),
    helper: Nullable(MemberRef),
    byHelper: Nullable(Proposal),
    byOperator: Nullable(Proposal),
    from: Nullable(
      Type.String({
        format: 'date-time',
        description: 'With `until`: when the new account can complete it; null if the two do not agree',
      }),
    ),
    until: Nullable(Instant),
  },
  { ...strict, title: 'Recovery' },
);

const Helper = Type.Object(
  {
    helper: Nullable(MemberRef),
    next: Nullable(MemberRef),
    nextFrom: Nullable(
      Type.String({ format: 'date-time', description: 'From then on `next` is the helper; null: it is' }),
    ),
  },
  { ...strict, title: 'RecoveryHelper' },
);

export const recoveryRoutes = {
  listRecoveries: route('GET', '/api/recoveries', 'signed in', {
    ...members,
    summary:
      'Recoveries that concern you: your own, and those that you help; the operator and the regulator see all',
    querystring: Query({ ...pageQuery }),
    response: withProblems({ 200: PageOf(Recovery) }),
  }),
  getRecovery: route('GET', '/api/members/:number/recovery', 'signed in', {
    ...members,
    summary: 'A member’s recovery, and for those whom it concerns its helper',
    params,
    response: withProblems({
      200: Type.Object(
        { helper: Nullable(Helper), recovery: Nullable(Recovery) },
        { ...strict, title: 'RecoveryAnswer' },
      ),
    }),
  }),
  proposeRecoveryAsOperator: route(
    'POST',
    '/api/operator/members/:number/recovery',
    'operator',
    {
      summary: 'Propose that a member that has lost its keys move to a new account',
      description: `The account, or its signers: then it is made. The member’s helper has to propose the same one. ${SIGNED}`,
      tags: ['operator'],
      headers: idempotencyHeader,
      params,
      body: Type.Object(
        {
          account: Type.Optional(Address),
          ...SigningFor,
          reason: Type.String({
            minLength: 1,
            maxLength: 2_000,
            pattern: '\\S',
            description: 'On what ground; its hash goes on chain',
          }),
        },
        { ...strict, title: 'RecoveryInput' },
      ),
      response: withProblems({ 200: Recovery, 202: PreparedInstruction }),
    },
    { isFresh: true },
  ),
  withdrawRecoveryAsOperator: route('POST', '/api/operator/members/:number/recovery/withdraw', 'operator', {
    summary: 'Take the operator’s proposal back',
    description: SIGNED,
    tags: ['operator'],
    headers: idempotencyHeader,
    params,
    body: NoBody,
    response: withProblems({
      200: Type.Object({ recovery: Nullable(Recovery) }, strict),
      202: PreparedInstruction,
    }),
  }),
  stopRecovery: route(
    'POST',
    '/api/recoveries/stop',
    'members',
    {
      ...members,
      summary: 'Stop your firm’s recovery, by one of its signers',
      description:
        'EIP-712 `StopRecovery(address bills,uint32 member,uint256 nonce)` in the domain of the account; `nonce` is any unused one.',
      headers: idempotencyHeader,
      body: Type.Object(
        {
          nonce: Nonce,
          signer: SignatureInput.properties.signer,
          signature: SignatureInput.properties.signature,
        },
        { ...strict, title: 'RecoveryStop' },
      ),
      response: withProblems({ 202: Instruction }),
    },
    { right: 'sign' },
  ),
  prepareRecovery: route(
    'POST',
    '/api/recoveries/:number/prepare',
    'everybody',
    {
      ...members,
      summary: 'As the new account: learn what to sign to complete a recovery',
      description: 'Nothing is kept of it. Whoever knows the account may ask; only its signers can complete.',
      params,
      body: Type.Object({ account: Address }, { ...strict, title: 'RecoveryPreparing' }),
      response: withProblems({
        200: Type.Object(
          {
            ...signing,
            calls: Type.Array(Type.Object({ target: Type.String(), data: Hex }, strict)),
            nonce: Type.String(),
            validUntil: Instant,
          },
          { ...strict, title: 'PreparedRecovery' },
        ),
      }),
    },
    tries,
  ),
  completeRecovery: route(
    'POST',
    '/api/recoveries/:number/complete',
    'everybody',
    {
      ...members,
      summary: 'Complete a recovery: the member moves to the new account',
      description:
        'With the numbers of the preparation. Answers when the read model has it; the same again is answered the same.',
      params,
      body: Type.Object(
        {
          account: Address,
          nonce: Nonce,
          validUntil: Instant,
          signatures: Signatures.properties.signatures,
        },
        { ...strict, title: 'RecoveryCompletion' },
      ),
      response: withProblems({ 200: Instruction }),
    },
    tries,
  ),
};
