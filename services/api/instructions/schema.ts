/** Instructions: prepared, signed, submitted, followed. Requests derive from the definitions in #domain. */
import { Type } from 'typebox';
import {
  instructions,
  MEMBER_INSTRUCTIONS,
  type InstructionInput as Asked,
} from '#domain/instructions/instructions.ts';
import {
  BillNo,
  Hash,
  Hex,
  idempotencyHeader,
  Instant,
  Nullable,
  PageOf,
  pageQuery,
  ParcelId,
  Params,
  Query,
  requiredIdempotencyHeader,
  strict,
  Text,
  Uuid,
  withProblems,
} from '../schemas/common.ts';
import { route } from '../access/route.ts';
import { propertiesOf } from './fields.ts';

const inputs = MEMBER_INSTRUCTIONS.map((name) => {
  const title = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  return Type.Object(
    { type: Type.Literal(name), ...propertiesOf(instructions[name].asks) },
    { ...strict, title },
  );
});

/** Told apart by `type`, so that an error names the field and not every shape that there is. */
export const InstructionInput = Type.Unsafe<Asked>({
  type: 'object',
  required: ['type'],
  discriminator: { propertyName: 'type' },
  oneOf: inputs,
  title: 'InstructionInput',
});

export const InstructionState = Type.Enum(['prepared', 'submitted', 'sent', 'done', 'failed'], {
  title: 'InstructionState',
});
const OTHERS = Object.keys(instructions).filter(
  (name) => !(MEMBER_INSTRUCTIONS as readonly string[]).includes(name),
);
const InstructionName = Type.String({
  description: `As in the request; also ${OTHERS.join(', ')}`,
  examples: ['issue'],
});

const Makes = Type.Object(
  {
    bills: Type.Array(BillNo),
    parcels: Type.Array(ParcelId, { description: 'Issued, offered or sold, in the order of the request' }),
  },
  { ...strict, title: 'Makes' },
);

export const Signer = Type.Object(
  {
    id: Hex,
    type: Type.Enum(['p256', 'webauthn', 'sm2', 'ecdsa', 'contract', 'other']),
    weight: Type.Integer(),
    level: Nullable(Type.Integer({ description: '1 maker, 2 checker, 3 authoriser, … 8' })),
    validUntil: Nullable(Instant),
  },
  { ...strict, title: 'Signer' },
);

export const TypedData = Type.Object(
  {
    domain: Type.Object({}, { additionalProperties: true }),
    types: Type.Object({}, { additionalProperties: true }),
    primaryType: Type.String(),
    message: Type.Object({}, { additionalProperties: true }),
  },
  { ...strict, title: 'TypedData', description: 'EIP-712; integers as decimal strings' },
);

/** What a firm's signers need to sign. */
export const signing = {
  meaning: Text,
  digest: Hash,
  typedData: TypedData,
  account: Type.String(),
  signers: Type.Array(Signer),
  threshold: Type.Integer({ description: 'The weight that those who sign need together' }),
  levels: Type.Array(Type.Integer(), { description: 'Somebody of each must be among them' }),
};

export const PreparedInstruction = Type.Object(
  {
    id: Uuid,
    type: InstructionName,
    state: InstructionState,
    calls: Type.Array(Type.Object({ target: Type.String(), data: Hex }, strict)),
    ...signing,
    nonce: Type.String(),
    validUntil: Instant,
    makes: Makes,
    documents: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'Of each bill that is issued, in the order of the calls: the text whose hash is in its call',
      }),
    ),
  },
  { ...strict, title: 'PreparedInstruction' },
);

export const Instruction = Type.Object(
  {
    id: Uuid,
    type: InstructionName,
    state: InstructionState,
    meaning: Text,
    createdAt: Instant,
    submittedAt: Nullable(Instant),
    validUntil: Nullable(Instant),
    tx: Nullable(Hash),
    block: Nullable(Type.Integer()),
    code: Nullable(Type.String({ description: 'Why it failed' })),
    detail: Nullable(Text),
    makes: Makes,
  },
  { ...strict, title: 'Instruction' },
);

const common = { tags: ['instructions'] };
const oneParams = Params({ id: Uuid });

export const SignatureInput = Type.Object(
  {
    signer: Hex,
    signature: Type.String({
      pattern: '^0x([0-9a-fA-F]{2})*$',
      minLength: 2,
      maxLength: 8_194,
      description:
        'P-256: r‖s with low s over the digest itself; ECDSA: r‖s‖v; SM2: r‖s, the digest its message of 32 bytes; passkey: abi.encode(WebAuthnAuth), the digest its challenge; a contract: what its isValidSignature (ERC-1271) takes',
    }),
  },
  { ...strict, title: 'SignatureInput' },
);

export const Signatures = Type.Object(
  {
    signatures: Type.Array(SignatureInput, { minItems: 1, maxItems: 20 }),
    digest: Type.Optional(Hash),
  },
  {
    ...strict,
    title: 'Signatures',
    description: '`digest`: what was signed, to find out that it is still the same',
  },
);

export const instructionRoutes = {
  prepareInstruction: route('POST', '/api/instructions/prepare', 'members', {
    ...common,
    summary: 'Learn what an instruction will do and what to sign',
    description: 'Rehearsed on the chain first: what could not succeed is refused here with its code.',
    headers: idempotencyHeader,
    body: Type.Object(
      {
        instruction: InstructionInput,
        validFor: Type.Optional(
          Type.Integer({ minimum: 60, maximum: 2_592_000, description: 'Seconds; a day if left out' }),
        ),
      },
      { ...strict, title: 'PrepareInput' },
    ),
    response: withProblems({ 201: PreparedInstruction }),
  }),
  submitInstruction: route(
    'POST',
    '/api/instructions/:id/submit',
    'signed in',
    {
      ...common,
      summary: 'Hand in the signatures',
      headers: requiredIdempotencyHeader,
      params: oneParams,
      body: Signatures,
      response: withProblems({ 202: Instruction }),
    },
    { right: 'sign' },
  ),
  getInstruction: route('GET', '/api/instructions/:id', 'signed in', {
    ...common,
    summary: 'Follow an instruction',
    description:
      'done: the read model has it. With `wait` the answer comes when it is done or failed, or after so many seconds.',
    params: oneParams,
    querystring: Query({ wait: Type.Optional(Type.Integer({ minimum: 0, maximum: 30 })) }),
    response: withProblems({ 200: Instruction }),
  }),
  listInstructions: route('GET', '/api/instructions', 'signed in', {
    ...common,
    summary: 'Your instructions, newest first',
    description: 'Of the member, or of the platform where people are the operator.',
    querystring: Query({
      state: Type.Optional(InstructionState),
      type: Type.Optional(Type.String({ maxLength: 40 })),
      signed: Type.Optional(
        Type.Boolean({ description: 'Without those that were only prepared and looked at' }),
      ),
      ...pageQuery,
    }),
    response: withProblems({ 200: PageOf(Instruction) }),
  }),
};
