/** The glossary of acts for the chain: what they are, and how far. */
import type { InstructionState } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import { reader } from '#web/word.ts';

export const actState = reader<InstructionState>({
  prepared: [m.act_state_prepared, 'plain'],
  submitted: [m.act_state_submitted, 'warn'],
  sent: [m.act_state_sent, 'warn'],
  done: [m.act_state_done, 'good'],
  failed: [m.act_state_failed, 'bad'],
});

const ACT_TYPES: Record<string, () => string> = {
  issue: m.acttype_issue,
  take: m.acttype_take,
  refuse: m.acttype_refuse,
  withdraw: m.acttype_withdraw,
  expire: m.acttype_expire,
  offer: m.acttype_offer,
  sell: m.acttype_sell,
  fund: m.acttype_fund,
  payFor: m.acttype_pay_for,
  distribute: m.acttype_distribute,
  setLine: m.acttype_set_line,
  setGroupLine: m.acttype_set_line,
  setStanding: m.acttype_set_standing,
  approveCash: m.acttype_approve_cash,
  cancelQuote: m.acttype_cancel_quote,
  deposit: m.acttype_deposit,
  redeem: m.acttype_redeem,
  confirmRedemption: m.acttype_confirm_redemption,
  refuseRedemption: m.acttype_refuse_redemption,
  moveAccount: m.acttype_move_account,
  privileges: m.acttype_privileges,
  admit: m.acttype_admit,
  suspend: m.acttype_suspend,
  restore: m.acttype_restore,
  publish: m.acttype_publish,
};
export const actType = (type: string): string => ACT_TYPES[type]?.() ?? type;
