/** Takes the signatures of an instruction, and puts it into the queue. */
import { timingSafeEqual } from 'node:crypto';
import { getAddress } from 'ethers';
import { executeDigest } from '#chain/typed-data.ts';
import type { Origin } from '#db/audit/write.ts';
import { findInstruction, submitInstruction, type InstructionRow } from '#db/instructions/own.ts';
import { toBytes, toHex } from '#db/wire/bytes.ts';
import { Problem } from '#domain/problems.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import { checkSignatures, policyFor } from './signers.ts';

type Input = {
  readonly signatures: readonly { readonly signer: string; readonly signature: string }[];
  readonly digest?: string;
};

/**
 * Takes the signatures and queues the act. The same signatures again are answered with how it stands; others for an act
 * that was handed in are refused.
 */
export async function submit(
  services: Services,
  by: MemberPerson,
  id: string,
  { signatures, digest: stated }: Input,
  origin: Origin,
): Promise<InstructionRow> {
  const { db, clock, deployment } = services;
  const act = await findInstruction(db, by.viewer, id);
  if (act === undefined || act.member !== by.number || act.signed_by !== 'firm')
    throw new Problem('NOT_FOUND');
  const digest = digestOf(act, deployment.chainId);
  if (stated !== undefined && stated !== digest) throw new Problem('INSTRUCTION_ALTERED');
  if (act.state === 'prepared' && act.valid_until! < BigInt(await clock.now())) {
    throw new Problem('INSTRUCTION_EXPIRED');
  }
  const now = await clock.now();
  const policy = await policyFor(services, getAddress(toHex(act.account!)), act.calls);
  const signature = await checkSignatures(policy, services, digest, signatures, now);
  if (act.state !== 'prepared') return sameAgain(act, signature);
  const submitted = await submitInstruction(db, by.viewer, id, signature, {
    ...origin,
    action: 'signed',
    subject: `instruction:${id}`,
    facts: { type: act.type, signers: signatures.map(({ signer }) => signer.toLowerCase()).join(' ') },
  });
  if (submitted === undefined) return sameAgain((await findInstruction(db, by.viewer, id))!, signature);
  return submitted;
}

/** Throws INSTRUCTION_ALTERED unless what is stored is still what was prepared. */
function digestOf(act: InstructionRow, chainId: number): string {
  const digest = executeDigest(chainId, {
    account: getAddress(toHex(act.account!)),
    calls: act.calls,
    nonce: act.nonce!,
    validUntil: Number(act.valid_until),
  });
  if (!timingSafeEqual(toBytes(digest), act.digest!)) throw new Problem('INSTRUCTION_ALTERED');
  return digest;
}

function sameAgain(act: InstructionRow, signature: string): InstructionRow {
  if (act.signature === null || !act.signature.equals(toBytes(signature))) throw new Problem('ALREADY_DONE');
  return act;
}
