import type { Member } from '#web/api/schema.ts';
import type { CashAct } from '#web/cash/cash.svelte.ts';
import { moneyOf, text } from '#web/format.ts';
import { titleOf } from '#web/instructions/words.ts';
import { m } from '#web/paraglide/messages.js';
import { flows } from '#web/instructions/flow.svelte.ts';
import { MoneyField } from '#web/ui/money-field.svelte.ts';
import { Form } from '../ui/form.svelte.ts';

/** Deposits come in through a settlement bank, and go out through one. */
export class CashForm extends Form {
  readonly doing: CashAct;
  readonly amount = new MoneyField();
  party = $state.raw<Member>();
  /** The bank's own booking of a deposit. */
  reference = $state('');

  constructor(doing: CashAct) {
    super();
    this.doing = doing;
  }

  get isReady(): boolean {
    const isBooked = this.doing !== 'deposit' || this.reference.trim() !== '';
    return this.party !== undefined && this.amount.valid !== undefined && isBooked;
  }

  prepare(): Promise<boolean> {
    const { party } = this;
    if (party === undefined || this.amount.valid === undefined) return Promise.resolve(false);
    const amount = this.amount.asMoney;
    const isDeposit = this.doing === 'deposit';
    return this.run(() =>
      flows.begin(
        isDeposit
          ? { type: 'deposit', member: party.number, amount, reference: this.reference.trim() }
          : { type: 'redeem', bank: party.number, amount },
        {
          title: isDeposit ? titleOf('deposit') : titleOf('redeem'),
          facts: [
            { label: isDeposit ? m.member() : m.settlement_bank(), value: text(party.name) },
            { label: m.amount(), value: moneyOf(this.amount.valid ?? 0n), strong: true },
          ],
          link: () => '/cash',
        },
      ),
    );
  }
}
