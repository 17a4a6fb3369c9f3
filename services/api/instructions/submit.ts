/** Takes signatures of an instruction, one or several at a time, and puts it into the queue when they are enough. */
import { timingSafeEqual } from 'node:crypto';
import type { Static } from 'typebox';
import { getAddress } from 'ethers';
import { executeDigest, executeTypedData, type TypedData } from '#chain/typed-data.ts';
import type { AuditEntry, Origin } from '#db/audit/write.ts';
import { addToInstruction, submitAtOnce } from '#db/instructions/collect.ts';
import { findInstruction, type InstructionRow } from '#db/instructions/own.ts';
import { signaturesOf, type Collected, type NewSignature } from '#db/instructions/signatures.ts';
import { toBytes, toHex } from '#db/wire/bytes.ts';
import { Problem } from '#domain/problems.ts';
import { ownViewer } from '../access/person.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import {
  checkedSignatures,
  collectionOf,
  combined,
  requireWithin,
  signingView,
  type Collection,
} from './collected.ts';
import { beyondLimits } from './limits.ts';
import { rehearseSigned } from './rehearse.ts';
import type { Signing } from './schema.ts';
import { atItsBranch, policyOf } from './signers.ts';
import { requireFresh } from './who-signs.ts';

type Input = {
  readonly signatures: readonly { readonly signer: string; readonly signature: string }[];
  readonly digest?: string;
};

export type Submitted = { readonly instruction: InstructionRow; readonly signing: Static<typeof Signing> };

/**
 * Adds signatures, each checked by itself, and queues the act when the account's policy has enough. Whoever has signed already is
 * answered with how it stands; a further signer of an act that is on its way is refused.
 */
export async function submit(
  services: Services,
  by: MemberPerson,
  id: string,
  { signatures: given, digest: stated }: Input,
  origin: Origin,
): Promise<Submitted> {
  const { db, clock, deployment } = services;
  const act = await ownInstruction(services, by, id);
  requireFresh(act.type, by);
  const digest = digestOf(act, deployment.chainId);
  if (stated !== undefined && stated !== digest) throw new Problem('INSTRUCTION_ALTERED');
  requireOpen(act, await clock.now());
  const account = getAddress(toHex(act.account!));
  const policy = atItsBranch(await policyOf(services, account), act);
  const asked = typedDataOf(act, deployment.chainId);
  const collection = await collectionOf(services, { ...by, account }, policy, act.calls, asked);
  const signatures = await checkedSignatures(collection, digest, given);
  if (act.state === 'prepared')
    requireWithin(collection, await beyondLimits(services, account, policy, act.calls), signatures);
  const own = ownViewer(by);
  const answer = (instruction: InstructionRow, all: readonly Collected[]): Submitted => ({
    instruction,
    signing: signingView(collection, all, by.person),
  });
  const all = () => signaturesOf(db, own, [digest]);
  if (act.state === 'prepared') {
    const audited: AuditEntry = {
      ...origin,
      action: 'signed',
      subject: `instruction:${id}`,
      facts: { type: act.type, signers: signatures.map(({ signer }) => signer.toLowerCase()).join(' ') },
    };
    const before = await all();
    await requireWithinLimits(services, act, collection, [
      ...before.filter(({ signer }) => !signatures.some((each) => each.signer === signer)),
      ...signatures,
    ]);
    const handedIn = { id, digest, signatures, audited };
    const atOnce = combined(collection, signatures);
    if (atOnce !== undefined) {
      const instruction = await submitAtOnce(db, own, handedIn, atOnce);
      if (instruction !== undefined) return answer(instruction, await all());
    } else {
      const added = await addToInstruction(db, own, handedIn, (found) => combined(collection, found));
      if (added !== undefined) return answer(added.instruction, added.all);
    }
  }
  const instruction = await ownInstruction(services, by, id); // somebody may have been faster
  requireOpen(instruction, await clock.now());
  return answer(instruction, signedBefore(signatures, await all()));
}

/**
 * What is enough and more than one of its signers may sign for today would be queued only to fail. Throws DAY_LIMIT_EXCEEDED: nothing
 * is taken, and somebody else can sign.
 */
async function requireWithinLimits(
  services: Services,
  { account, calls, nonce, valid_until: validUntil }: InstructionRow,
  collection: Collection,
  all: readonly NewSignature[],
): Promise<void> {
  const isLimited = new Set(
    collection.policy.signers.filter(({ dayLimit }) => dayLimit > 0n).map(({ id }) => id.toLowerCase()),
  );
  if (!all.some(({ signer }) => isLimited.has(signer.toLowerCase()))) return;
  const signature = combined(collection, all);
  if (signature === undefined) return;
  const instruction = {
    account: getAddress(toHex(account!)),
    calls,
    nonce: nonce!,
    validUntil: Number(validUntil),
  };
  const objection = await rehearseSigned(services, instruction, signature);
  if (objection?.code === 'DAY_LIMIT_EXCEEDED') throw new Problem('DAY_LIMIT_EXCEEDED');
}

/** An instruction that the firm signs, in the firm's own name. Throws NOT_FOUND. */
export async function ownInstruction(
  { db }: Pick<Services, 'db'>,
  by: MemberPerson,
  id: string,
): Promise<InstructionRow> {
  const act = await findInstruction(db, ownViewer(by), id);
  if (act?.signed_by !== 'firm') throw new Problem('NOT_FOUND');
  return act;
}

/** Throws INSTRUCTION_EXPIRED or INSTRUCTION_CLOSED for one that takes no signature any more; one that has enough is open. */
export function requireOpen({ state, valid_until }: InstructionRow, now: number): void {
  if (state === 'refused' || state === 'withdrawn') throw new Problem('INSTRUCTION_CLOSED');
  if (state === 'prepared' && valid_until! < BigInt(now)) throw new Problem('INSTRUCTION_EXPIRED');
}

/** Throws INSTRUCTION_ALTERED unless what is stored is still what was prepared. */
export function digestOf(act: InstructionRow, chainId: number): string {
  const digest = executeDigest(chainId, signedOf(act));
  if (!timingSafeEqual(toBytes(digest), act.digest!)) throw new Problem('INSTRUCTION_ALTERED');
  return digest;
}

/** Throws ALREADY_DONE for a signer who comes too late. */
export function signedBefore(
  given: readonly NewSignature[],
  all: readonly Collected[],
): readonly Collected[] {
  const known = new Set(all.map(({ signer }) => signer.toLowerCase()));
  if (!given.every(({ signer }) => known.has(signer.toLowerCase()))) throw new Problem('ALREADY_DONE');
  return all;
}

const signedOf = ({ account, calls, nonce, valid_until: validUntil }: InstructionRow) => ({
  account: getAddress(toHex(account!)),
  calls,
  nonce: nonce!,
  validUntil: Number(validUntil),
});

/** What is signed of an instruction, for those who nest it. */
export const typedDataOf = (act: InstructionRow, chainId: number): TypedData =>
  executeTypedData(chainId, signedOf(act));
