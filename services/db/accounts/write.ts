/** Accounts of firms in the read model: their policies, the changes that are announced, the nonces that are used. */
import { policyText, type PolicyChangeState, type StoredPolicy } from './policy.ts';
import type { Ledger } from '../ledger/ledger.ts';

const MAX_SIGNERS = 20;
const MAX_RULES = 8;

/** A firm's account that our factory made, or whose policy was changed as a whole. */
export async function setPolicy(
  ledger: Ledger,
  account: Buffer,
  version: bigint,
  policy: StoredPolicy,
): Promise<void> {
  await ledger.accounts.set({
    account,
    threshold: policy.threshold,
    admin_threshold: policy.adminThreshold,
    change_delay: Number(policy.changeDelay),
    policy_version: version,
  });
  for (let place = 0; place < MAX_SIGNERS; place++) {
    const signer = policy.signers[place];
    if (signer === undefined) await ledger.signers.remove({ account, place });
    else
      await ledger.signers.set({
        account,
        place,
        signer: signer.key,
        weight: signer.weight,
        level: signer.level,
        valid_until: orNull(signer.validUntil),
        day_limit: orNull(signer.dayLimit),
      });
  }
  for (let place = 0; place < MAX_RULES; place++) {
    const rule = policy.rules[place];
    if (rule === undefined) await ledger.rules.remove({ account, place });
    else
      await ledger.rules.set({
        account,
        place,
        kinds: rule.kinds,
        amount_from: rule.from,
        threshold: rule.threshold,
        levels: rule.levels,
      });
  }
}

const orNull = (value: bigint): bigint | null => (value === 0n ? null : value);

export type AnnouncedChange = {
  readonly change: Buffer;
  readonly number: number;
  readonly readyAt: bigint;
  readonly announcedBy: number;
  readonly policy: StoredPolicy;
};

export async function announceChange(
  ledger: Ledger,
  account: Buffer,
  { change, number, readyAt, announcedBy, policy }: AnnouncedChange,
): Promise<void> {
  const { policy_version } = await ledger.accounts.must({ account });
  await ledger.changes.set({
    account,
    change,
    number: BigInt(number),
    policy: policyText(policy),
    policy_version: policy_version!,
    announced_by: announcedBy,
    announced_at: ledger.moment.at,
    ready_at: readyAt,
    state: 'waiting',
    vetoed_by: null,
  });
}

/** @param vetoedBy The signer that stopped it. */
export const endChange = (
  ledger: Ledger,
  account: Buffer,
  change: Buffer,
  state: Exclude<PolicyChangeState, 'waiting'>,
  vetoedBy: Buffer | null = null,
): Promise<void> => ledger.changes.change({ account, change }, { state, vetoed_by: vetoedBy });

/** The account of a member, whoever made it. */
export async function noteAccount(ledger: Ledger, account: Buffer): Promise<void> {
  if ((await ledger.accounts.get({ account })) === undefined)
    await ledger.accounts.set({
      account,
      threshold: null,
      admin_threshold: null,
      change_delay: null,
      policy_version: null,
    });
}

/** Whether our factory made it. A member may move to any contract, and what that one emits proves nothing. */
export const isAccount = async (ledger: Ledger, account: Buffer): Promise<boolean> => {
  const known = await ledger.accounts.get({ account });
  return known !== undefined && known.threshold !== null;
};

/** A firm's act begins: what one before it in the same transaction announced does not concern it. */
export function useNonce(ledger: Ledger, account: Buffer, nonce: bigint): void {
  ledger.announced = undefined;
  const { block_number, log_index, tx_hash } = ledger.moment.log;
  ledger.usedNonces.add({ account, nonce, block_number, log_index, tx_hash });
}
