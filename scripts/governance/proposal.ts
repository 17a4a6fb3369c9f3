/** A stage of a decision on its way among those who sign it: a file that anybody may carry, since each signer reads it anew. */
import { randomBytes } from 'node:crypto';
import { TypedDataEncoder, type TypedDataDomain } from 'ethers';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Deployment } from '#chain/deployment.ts';
import { executeTypedData, type Instruction, type TypedData } from '#chain/typed-data.ts';
import { StartError } from '../config.ts';
import { readJson } from '../../services/embedded/processes.ts';
import { decisionOf, stageOf, STAGES, type Decision, type Stage } from './decisions.ts';

/** Seconds in which it has to be signed by all and sent. */
const VALID_FOR = 14 * 86_400;

const FileSchema = Type.Object(
  {
    stage: Type.Enum([...STAGES]),
    decision: Type.Array(Type.String()),
    turn: Type.Integer({ minimum: 0 }),
    nonce: Type.String({ pattern: '^[0-9]+$' }),
    validUntil: Type.Integer(),
    /** For wallets: eth_signTypedData_v4. */
    typedData: Type.Unknown(),
    /** What a key signs that knows no typed data. */
    digest: Type.String(),
    /** By signer, as the settings name it: 65 bytes of an ECDSA key, r ‖ s of a P-256 key, what the page "Governance" gives of a passkey; hex. */
    signatures: Type.Record(Type.String(), Type.String({ pattern: '^0x([0-9a-fA-F]{2})+$' })),
  },
  { additionalProperties: false },
);
export type ProposalFile = Static<typeof FileSchema>;

export type Proposal = {
  readonly stage: Stage;
  readonly decision: Decision;
  readonly instruction: Instruction;
  readonly digest: string;
};

/** @param now Seconds, by the chain's clock. */
export function propose(
  deployment: Deployment,
  stage: Stage,
  words: readonly string[],
  turn: number,
  now: number,
): ProposalFile {
  const nonce = BigInt(`0x${randomBytes(16).toString('hex')}`);
  const validUntil = now + VALID_FOR;
  const { typedData, digest } = signable(deployment, stage, words, turn, nonce, validUntil);
  return {
    stage,
    decision: [...words],
    turn,
    nonce: String(nonce),
    validUntil,
    typedData,
    digest,
    signatures: {},
  };
}

/** What the file proposes, by its words; what it asks to be signed has to be that. Throws {@link StartError}. */
export function readProposal(deployment: Deployment, path: string): [Proposal, ProposalFile] {
  const file = readJson<unknown>(path);
  if (!Value.Check(FileSchema, file)) throw new StartError(`${path} is no decision of governance`);
  const { stage, decision: words, turn, nonce, validUntil } = file;
  const proposal = signable(deployment, stage, words, turn, BigInt(nonce), validUntil);
  if (file.digest !== proposal.digest || !Value.Equal(file.typedData, proposal.typedData))
    throw new StartError(`${path} asks for signatures of something else than its words say: sign nothing`);
  return [proposal, file];
}

function signable(
  deployment: Deployment,
  stage: Stage,
  words: readonly string[],
  turn: number,
  nonce: bigint,
  validUntil: number,
): Proposal & { typedData: unknown } {
  const decision = decisionOf(deployment, words);
  const { account, call } = stageOf(deployment, stage, decision, turn);
  const instruction = { account, calls: [call], nonce, validUntil };
  const data = executeTypedData(deployment.chainId, instruction);
  const { domain, types, message } = data;
  return {
    stage,
    decision,
    instruction,
    digest: TypedDataEncoder.hash(domain, types, message),
    typedData: payloadOf(data),
  };
}

/** As JSON, without anything that only ethers knows. */
const payloadOf = ({ domain, types, message }: TypedData): unknown =>
  JSON.parse(
    JSON.stringify(TypedDataEncoder.getPayload(domain as TypedDataDomain, types, message)),
  ) as unknown;
