/** Words for the entries of a statement. */
import type { CashEntry, Redemption } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import { one, reader } from '#web/word.ts';

export const cashKind = one<CashEntry['kind']>({
  deposit: m.cash_deposit,
  redeem: m.cash_redeem,
  redeemed: m.cash_redeemed,
  returned: m.cash_returned,
  purchase: m.cash_purchase,
  funding: m.cash_funding,
  payout: m.cash_payout,
  transfer: m.cash_transfer,
  move: m.cash_move,
});

export const redemptionState = reader<Redemption['state']>({
  requested: [m.redemption_requested, 'warn'],
  confirmed: [m.redemption_confirmed, 'good'],
  refused: [m.redemption_refused, 'bad'],
});
