import type { Ledger } from '../ledger/ledger.ts';
import type { Row } from '../ledger/versions.ts';

type Redemption = Row<'ledger.redemption'>;

/** A member asked a settlement bank to pay out; the deposits are locked until it answers. */
export function requestRedemption(
  ledger: Ledger,
  request: Pick<Redemption, 'number' | 'bank' | 'member' | 'amount_minor'>,
): void {
  ledger.redemptions.add({
    ...request,
    state: 'requested',
    requested_at: ledger.moment.at,
    answered_at: null,
    answer_hash: null,
  });
}

/** @param hash Of the bank's payment reference, or of its reason. */
export const answerRedemption = (
  ledger: Ledger,
  number: bigint,
  state: 'confirmed' | 'refused',
  hash: Buffer,
): Promise<void> =>
  ledger.redemptions.change({ number }, { state, answered_at: ledger.moment.at, answer_hash: hash });
