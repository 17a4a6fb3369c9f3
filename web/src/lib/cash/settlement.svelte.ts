import { api } from '#web/api/client.ts';
import type { Redemption, SettlementBook } from '#web/api/schema.ts';
import { money, text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import type { Ask } from '#web/instructions/ask.svelte.ts';
import { PagedQuery, Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

/** A settlement bank's book, what is asked of it, and its last days. */
export class SettlementState {
  readonly book = new Query<SettlementBook>((signal) => api.settlement(signal));
  readonly queue = new PagedQuery<Redemption>((page, signal) =>
    api.redemptions({ state: 'requested', ...page }, signal),
  );
  answering = $state.raw<Ask>();

  /** Oldest first: what has waited longest. What the bank itself asks of others is not for it to answer. */
  get asked(): Redemption[] {
    return this.queue.rows.filter(({ bank }) => bank.number === session.me).toReversed();
  }
}

/** The bank says that it has paid, and under which reference, or why it does not. */
export const answerTo = (name: 'confirmRedemption' | 'refuseRedemption', redemption: Redemption): Ask => ({
  name,
  known: { redemption: redemption.number },
  hint: name === 'confirmRedemption' ? m.payment_reference_hint() : m.refusal_reason_hint(),
  view: {
    facts: [
      { label: m.member(), value: text(redemption.member.name), strong: true },
      { label: m.amount(), value: money(redemption.amount), strong: true },
      { label: m.redemption_number(), value: redemption.number },
    ],
    link: () => '/cash',
  },
});
