/** How the API shows an instruction. */
import type { Static } from 'typebox';
import { getAddress } from 'ethers';
import { executeTypedData, type TypedData } from '#chain/typed-data.ts';
import { ahead, done } from '#domain/instructions/sentences.ts';
import { toHex } from '#db/wire/bytes.ts';
import type { InstructionRow } from '#db/instructions/own.ts';
import { namesOfPeople } from '#db/people/persons.ts';
import { isoOf } from '../clock.ts';
import { money } from '../schemas/money.ts';
import type { Services } from '../services.ts';
import type { Instruction, PreparedInstruction } from './schema.ts';
import type { Prepared } from './prepare.ts';
import { levelsOf } from '#domain/accounts/policy.ts';
import type { AccountSigner, PolicyForBatch } from './signers.ts';

/** @param nameOf Of the people who are named in it. */
export const instructionView = (
  act: InstructionRow,
  now: number,
  nameOf: (person: string) => string,
): Static<typeof Instruction> => ({
  id: act.id,
  type: act.type,
  state: stateOf(act, now),
  // What is over is told in the past tense; what came to nothing was only to be.
  meaning: act.state === 'done' ? done(act.facts) : ahead(act.facts),
  createdAt: act.created_at.toISOString(),
  submittedAt: act.submitted_at?.toISOString() ?? null,
  validUntil: act.valid_until === null ? null : isoOf(act.valid_until),
  tx: act.tx_hash === null ? null : toHex(act.tx_hash),
  block: act.block_number === null ? null : Number(act.block_number),
  code: act.code,
  detail: act.detail,
  makes: copyOf(act.makes),
  preparedBy: act.prepared_by === null ? null : { id: act.prepared_by, name: nameOf(act.prepared_by) },
  refusal:
    act.refused_at === null
      ? null
      : {
          by: act.refused_by === null ? null : { id: act.refused_by, name: nameOf(act.refused_by) },
          at: act.refused_at.toISOString(),
          reason: act.reason,
        },
});

/** With the names of all who are named in them. */
export async function instructionViews(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  acts: readonly InstructionRow[],
): Promise<Static<typeof Instruction>[]> {
  const people = acts.flatMap(({ prepared_by, refused_by }) => [prepared_by, refused_by]);
  const [now, names] = await Promise.all([
    acts.some(({ state }) => state === 'prepared') ? clock.now() : 0, // what is over needs no chain to be told
    namesOfPeople(db, people),
  ]);
  return acts.map((act) => instructionView(act, now, (id) => names.get(id) ?? ''));
}

/** One that nobody can sign any more waits for nothing. */
const stateOf = ({ state, valid_until }: InstructionRow, now: number) =>
  state === 'prepared' && valid_until !== null && valid_until < BigInt(now) ? ('expired' as const) : state;

const copyOf = ({ bills, parcels }: InstructionRow['makes']) => ({
  bills: [...bills],
  parcels: [...parcels],
});

type Deployed = Pick<Services['deployment'], 'chainId' | 'currency'>;

/** The instruction with all that its signers need. Throws for one that no firm signs. @param now Left out: it was prepared just now. */
export function preparedView(
  act: InstructionRow,
  { chainId, currency }: Deployed,
  policy: PolicyForBatch,
  now = 0,
): Static<typeof PreparedInstruction> {
  const { account, nonce, valid_until: validUntil, digest } = act;
  if (account === null || nonce === null || validUntil === null || digest === null) {
    throw new Error(`instruction ${act.id} is not a firm's`);
  }
  const address = getAddress(toHex(account));
  const calls = act.calls.map(({ target, data }) => ({ target, data }));
  const signed = { account: address, calls, nonce, validUntil: Number(validUntil) };
  return {
    id: act.id,
    type: act.type,
    state: stateOf(act, now),
    calls,
    meaning: ahead(act.facts),
    digest: toHex(digest),
    typedData: typedDataView(executeTypedData(chainId, signed)),
    account: address,
    nonce: String(nonce),
    validUntil: isoOf(validUntil),
    ...policyView(policy),
    beyondLimits: policy.beyond.map(({ signer, dayLimit, left, amount }) => ({
      signer,
      dayLimit: money(dayLimit, currency),
      left: money(left, currency),
      amount: money(amount, currency),
    })),
    makes: copyOf(act.makes),
  };
}

/** What has just been prepared, for who signs it. */
export const toBeSigned = ({ deployment }: Pick<Services, 'deployment'>, { instruction, policy }: Prepared) =>
  preparedView(instruction, deployment, policy);

/** Of those who sign for a branch, for which; a key that signs for the firm itself signs for no branch. */
export const policyView = ({ signers, branches, need }: PolicyForBatch) => ({
  signers: [
    ...signers.map((signer) => signerView(signer)),
    ...branches.flatMap((branch) => branch.signers.map((signer) => signerView(signer, branch.id))),
  ],
  threshold: need.weight,
  levels: levelsOf(need.levels),
});

const signerView = ({ id, type, weight, level, validUntil }: AccountSigner, branch?: string) => ({
  id,
  branch: branch ?? null,
  type,
  weight,
  level: level === 0 ? null : level,
  validUntil: validUntil === 0 ? null : isoOf(validUntil),
});

/** JSON has no integers of 256 bits: they are written as decimal strings. */
export const typedDataView = (data: TypedData) =>
  JSON.parse(
    JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  ) as Static<typeof PreparedInstruction>['typedData'];
