/** How a member that has lost all its keys comes to another account: views, and the end. */
import { hexlify, randomBytes } from 'ethers';
import { executeDigest, executeTypedData, type Call } from '#chain/typed-data.ts';
import { SYSTEM, transact } from '#db/access/access.ts';
import {
  findByNonce,
  findInstruction,
  insertInstruction,
  type InstructionRow,
} from '#db/instructions/own.ts';
import { submitAtOnce } from '#db/instructions/collect.ts';
import { newId } from '#db/wire/ids.ts';
import { toBytes } from '#db/wire/bytes.ts';
import { findRecovery, type RecoveryRow } from '#db/members/recoveries.ts';
import type { Helpers } from '#domain/members/recovery.ts';
import { RECOVERY_END, helperNow, standingOf } from '#domain/members/recovery.ts';
import { ahead } from '#domain/instructions/sentences.ts';
import { Problem } from '#domain/problems.ts';
import type { AuditEntry, Origin } from '#db/audit/write.ts';
import type { Static } from 'typebox';
import { isoOf } from '../clock.ts';
import { NOTHING_MADE } from '../instructions/draft.ts';
import { follow, requireDone } from '../instructions/follow.ts';
import { gasLimit, gasOf } from '../instructions/gas.ts';
import { VALID_FOR } from '../instructions/prepare.ts';
import { throwFirst } from '../instructions/refusal.ts';
import { rehearse } from '../instructions/rehearse.ts';
import { allTogether, collectionOf } from '../instructions/collected.ts';
import { policyFor, type PolicyForBatch } from '../instructions/signers.ts';
import { policyView, typedDataView } from '../instructions/view.ts';
import type { Services } from '../services.ts';
import { accountOf } from './accounts.ts';
import { nameless, type Names } from './names.ts';
import type { Recovery, recoveryRoutes } from './recovery-schema.ts';

type Ref = Awaited<ReturnType<Names['of']>>;

const instant = (seconds: bigint | null): string | null => (seconds === null ? null : isoOf(seconds));

/** @param now Instant (seconds) by which it is told what counts. */
export function recoveryView(row: RecoveryRow, ref: Ref, now: number): Static<typeof Recovery> {
  const { helperCounts, operatorCounts, window } = standingOf(row.named, row, row.unsettled_at, now);
  const proposal = (account: Buffer | null, at: bigint | null, counts: boolean) =>
    account === null || at === null
      ? null
      : { account: accountOf(account), at: isoOf(at), until: isoOf(at + BigInt(RECOVERY_END)), counts };
  return {
    member: ref(row.member),
    account: accountOf(row.account),
    helper: row.helper === null ? null : ref(row.helper),
    byHelper: proposal(row.by_helper, row.helper_at, helperCounts),
    byOperator: proposal(row.by_operator, row.operator_at, operatorCounts),
    from: instant(window?.from ?? null),
    until: instant(window?.until ?? null),
  };
}

export const membersOf = ({ member, helper }: RecoveryRow) => [member, helper];

/** @param now Instant (seconds). What counts already is the helper, and no longer the next one. */
export function helperView(helpers: Helpers, ref: Ref, now: number) {
  const { helper } = helperNow(helpers, now);
  const { next_helper: next, next_helper_from: from } = helpers;
  const isPending = from !== null && BigInt(now) < from;
  return {
    helper: helper === null ? null : ref(helper),
    next: isPending && next !== null ? ref(next) : null,
    nextFrom: isPending ? isoOf(from) : null,
  };
}

// --- The end ------------------------------------------------------------------------------------------------------------

/** How long a request waits until the read model has the end of it (ms). */
const PATIENCE_MS = 30_000;

type Completion = Static<typeof recoveryRoutes.completeRecovery.schema.body>;

/** What the signers of the new account sign; of whoever asks nothing is kept, so nobody fills our tables. */
export async function prepareCompletion(services: Services, number: number, account: string) {
  const { clock, deployment } = services;
  const { call, policy } = await completionOf(services, number, account);
  const nonce = BigInt(hexlify(randomBytes(31)));
  const validUntil = (await clock.now()) + VALID_FOR;
  const signed = { account, calls: [call], nonce, validUntil };
  return {
    meaning: ahead({ by: NEW_ACCOUNT, does: [meaningOf(number, account)] }),
    digest: executeDigest(deployment.chainId, signed),
    typedData: typedDataView(executeTypedData(deployment.chainId, signed)),
    account,
    ...policyView(policy),
    calls: [{ target: call.target, data: call.data }],
    nonce: String(nonce),
    validUntil: isoOf(BigInt(validUntil)),
  };
}

/** Queues what the signers of the new account have signed, and waits for its end. */
export async function complete(
  services: Services,
  number: number,
  { account, nonce, validUntil, signatures }: Completion,
  origin: Origin,
): Promise<InstructionRow> {
  const { db, deployment } = services;
  const earlier = await findByNonce(db, account, BigInt(nonce));
  const id = earlier?.id ?? newId();
  if (earlier === undefined) {
    const until = Math.floor(Date.parse(validUntil) / 1_000);
    const now = await services.clock.now();
    if (until < now) throw new Problem('INSTRUCTION_EXPIRED');
    const { call, policy } = await completionOf(services, number, account);
    const signed = { account, calls: [call], nonce: BigInt(nonce), validUntil: until };
    const digest = executeDigest(deployment.chainId, signed);
    const collection = await collectionOf(services, { number, account }, policy, [call]);
    const all = await allTogether(collection, digest, signatures);
    const maxGas = await services.maxGas();
    await transact(db, SYSTEM, (trx) =>
      insertInstruction(trx, {
        id,
        signedBy: 'firm',
        member: number,
        type: 'completeRecovery',
        input: { number, account },
        facts: { by: NEW_ACCOUNT, does: [meaningOf(number, account)] },
        calls: [call],
        gasLimit: gasLimit(gasOf('simple', 2), maxGas),
        makes: NOTHING_MADE,
        state: 'prepared',
        signing: { account, nonce: BigInt(nonce), validUntil: until, digest },
      }),
    );
    const audited: AuditEntry = {
      ...origin,
      action: 'recovered',
      subject: `member:${number}`,
      facts: { account },
    };
    const handedIn = { id, digest, signatures: all.signatures, audited };
    await submitAtOnce(db, { member: number, seesAll: false }, handedIn, all.signature);
  } else if (earlier.type !== 'completeRecovery' || earlier.member !== number) {
    throw new Problem('ALREADY_DONE');
  }
  const end = await follow(services, id, () => findInstruction(db, SYSTEM, id), PATIENCE_MS);
  requireDone(end);
  return end!;
}

const NEW_ACCOUNT = { zh: '新账户', en: 'The new account' };

const meaningOf = (number: number, account: string) => ({
  instruction: 'completeRecovery' as const,
  member: nameless(number),
  account,
});

/** Throws what stands in the way, before anything of the account is told. */
async function completionOf(
  services: Services,
  number: number,
  account: string,
): Promise<{ call: Call; policy: PolicyForBatch }> {
  const proposed = await findRecovery(services.db, number);
  const wanted = toBytes(account);
  if (!proposed?.by_helper?.equals(wanted) || !proposed.by_operator?.equals(wanted))
    throw new Problem('RECOVERY_NOT_AGREED');
  const call = services.calls.bills.completeRecovery(number);
  throwFirst(await rehearse(services, account, [call]));
  return { call, policy: await policyFor(services, account, [call]) };
}
