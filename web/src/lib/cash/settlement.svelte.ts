import { api } from '#web/api/client.ts';
import type { Redemption, SettlementBook } from '#web/api/schema.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { money, text } from '#web/format.ts';
import { titleOf } from '#web/instructions/words.ts';
import { m } from '#web/paraglide/messages.js';
import { flows } from '#web/instructions/flow.svelte.ts';
import { PagedQuery, Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

export type Answer = { what: 'confirm' | 'refuse'; redemption: Redemption };

/** A settlement bank's book, what is asked of it, and its last days. */
export class SettlementState {
  readonly book = new Query<SettlementBook>((signal) => api.settlement(signal));
  readonly queue = new PagedQuery<Redemption>((page, signal) =>
    api.redemptions({ state: 'requested', ...page }, signal),
  );
  answering = $state.raw<Answer>();

  /** Oldest first: what has waited longest. What the bank itself asks of others is not for it to answer. */
  get asked(): Redemption[] {
    return this.queue.rows.filter(({ bank }) => bank.number === session.me).toReversed();
  }
}

/** The bank says that it has paid, and under which reference, or why it does not. */
export class AnswerForm extends Form {
  readonly answer: Answer;
  words = $state('');

  constructor(answer: Answer) {
    super();
    this.answer = answer;
  }

  get title(): string {
    return this.answer.what === 'confirm' ? titleOf('confirmRedemption') : titleOf('refuseRedemption');
  }

  get label(): string {
    return this.answer.what === 'confirm' ? m.payment_reference() : m.reason();
  }

  prepare(): Promise<boolean> {
    const { what, redemption } = this.answer;
    const words = this.words.trim();
    if (words === '') return Promise.resolve(false);
    return this.run(() =>
      flows.begin(
        what === 'confirm'
          ? { type: 'confirmRedemption', redemption: redemption.number, reference: words }
          : { type: 'refuseRedemption', redemption: redemption.number, reason: words },
        {
          title: this.title,
          facts: [
            { label: m.member(), value: text(redemption.member.name) },
            { label: m.amount(), value: money(redemption.amount), strong: true },
            { label: this.label, value: words },
          ],
          link: () => '/cash',
        },
      ),
    );
  }
}
