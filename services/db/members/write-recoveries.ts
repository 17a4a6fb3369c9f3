/** What the chain tells of helpers and of recoveries. */
import type { Ledger } from '../ledger/ledger.ts';
import type { Row } from '../ledger/versions.ts';

type Proposals = Omit<Row<'ledger.recovery'>, 'member'>;
const NONE: Proposals = {
  helper: null,
  by_helper: null,
  helper_at: null,
  by_operator: null,
  operator_at: null,
};

/** The instant of the block that is read (seconds). */
export const instantOfBlock = ({ moment }: Ledger): bigint => BigInt(moment.at.getTime() / 1_000);

/** Until `from` the helper of today stays. */
export async function nameHelper(
  ledger: Ledger,
  number: number,
  helper: number,
  from: bigint,
): Promise<void> {
  const present = await helperNow(ledger, number);
  await ledger.members.change(
    { number },
    { helper: present, next_helper: helper === 0 ? null : helper, next_helper_from: from },
  );
}

async function helperNow(ledger: Ledger, number: number): Promise<number | null> {
  const { helper, next_helper, next_helper_from } = await ledger.members.must({ number });
  const counts = next_helper_from !== null && instantOfBlock(ledger) >= next_helper_from;
  return counts ? next_helper : helper;
}

/** @param by The helper; 0 for the operator. */
export async function proposeRecovery(
  ledger: Ledger,
  member: number,
  by: number,
  to: Buffer | null,
): Promise<void> {
  const at = to === null ? null : instantOfBlock(ledger);
  const change: Partial<Proposals> =
    by === 0
      ? { by_operator: to, operator_at: at }
      : { helper: to === null ? null : by, by_helper: to, helper_at: at };
  const proposals = { ...NONE, ...(await ledger.recoveries.get({ member })), ...change, member };
  if (proposals.by_helper === null && proposals.by_operator === null) await endRecovery(ledger, member);
  else await ledger.recoveries.set(proposals);
}

export const endRecovery = (ledger: Ledger, member: number): Promise<void> =>
  ledger.recoveries.remove({ member });

/** A naming that did not count yet is void: who stole the keys leaves no helper behind. */
export async function completeRecovery(ledger: Ledger, number: number): Promise<void> {
  const { next_helper_from } = await ledger.members.must({ number });
  const present = await helperNow(ledger, number);
  const isPending = next_helper_from !== null && instantOfBlock(ledger) < next_helper_from;
  await ledger.members.change(
    { number },
    {
      helper: present,
      next_helper: present,
      next_helper_from: isPending ? null : next_helper_from,
    },
  );
}
