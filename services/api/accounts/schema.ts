/** The signing policy of a firm's account, and the changes of it that wait. */
import { Type } from 'typebox';
import { KINDS } from '#domain/accounts/policy.ts';
import { route } from '../access/route.ts';
import { Instruction, SignatureInput, TypedData } from '../instructions/schema.ts';
import {
  Hash,
  Hex,
  idempotencyHeader,
  Instant,
  Money,
  NoBody,
  Nullable,
  Params,
  strict,
  Text,
  withProblems,
} from '../schemas/common.ts';

const Kind = Type.Enum([...KINDS], { title: 'InstructionKind' });
const Level = Type.Integer({ minimum: 1, maximum: 8 });

const PolicySigner = Type.Object(
  {
    key: Hex,
    type: Type.Enum(['p256', 'webauthn', 'sm2', 'ecdsa', 'other']),
    weight: Type.Integer(),
    level: Nullable(Level),
    validUntil: Nullable(Instant),
    dayLimit: Nullable(Money),
  },
  { ...strict, title: 'PolicySigner' },
);

const PolicyRule = Type.Object(
  {
    kinds: Type.Array(Kind),
    from: Money,
    threshold: Type.Integer(),
    levels: Type.Array(Level, { description: 'Somebody of each must sign' }),
  },
  { ...strict, title: 'PolicyRule' },
);

const policy = {
  signers: Type.Array(PolicySigner),
  rules: Type.Array(PolicyRule),
  threshold: Type.Integer(),
  adminThreshold: Type.Integer({ description: 'Of changes of the policy and other affairs of the account' }),
  changeDelay: Type.Integer({ description: 'Seconds in which a change can be stopped' }),
};

const PolicyChange = Type.Object(
  {
    change: Hash,
    number: Type.Integer(),
    policy: Type.Object(policy, { ...strict, title: 'ProposedPolicy' }),
    words: Text,
    announcedBy: Type.Array(Hex),
    announcedAt: Instant,
    readyAt: Instant,
    isReady: Type.Boolean({ description: 'Anybody may have it carried out' }),
    veto: Type.Object(
      { digest: Hash, typedData: TypedData },
      { ...strict, description: 'What one signer signs to stop it' },
    ),
  },
  { ...strict, title: 'PolicyChange' },
);

const Policy = Type.Object(
  {
    account: Type.String(),
    version: Type.Integer(),
    ...policy,
    words: Text,
    changes: Type.Array(PolicyChange),
  },
  { ...strict, title: 'Policy' },
);

const accounts = { tags: ['accounts'] };
const ofChange = { params: Params({ change: Hash }), headers: idempotencyHeader };

export const accountRoutes = {
  getPolicy: route('GET', '/api/account/policy', 'signed in', {
    ...accounts,
    summary: 'Who signs for your firm, and which changes of that wait',
    description: 'Or for the platform, where people are the operator.',
    response: withProblems({ 200: Policy }),
  }),
  vetoChange: route(
    'POST',
    '/api/account/changes/:change/veto',
    'signed in',
    {
      ...accounts,
      ...ofChange,
      summary: 'Stop an announced change of the policy, by one signer who has not announced it',
      description: 'The only signer that is against it stops it only where one alone has announced it.',
      body: SignatureInput,
      response: withProblems({ 202: Instruction }),
    },
    { right: 'sign' },
  ),
  carryOutChange: route('POST', '/api/account/changes/:change/carry-out', 'signed in', {
    ...accounts,
    ...ofChange,
    summary: 'Have a change of the policy carried out whose time has come',
    body: NoBody,
    response: withProblems({ 202: Instruction }),
  }),
};
