import { addDays, parseLegalDate } from '#domain/dates.ts';
import { api } from '#web/api/client.ts';
import type { Member } from '#web/api/schema.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { instant, money, moneyOf, text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { flows } from '#web/instructions/flow.svelte.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import type { Fact } from '#web/ui/facts.ts';
import { MoneyField } from '#web/ui/money-field.svelte.ts';

/** A standing acceptance to be given; each of its limits may be left open. */
export class StandingForm extends Form {
  acceptor = $state.raw<Member>();
  counterparty = $state.raw<Member>();
  readonly least = new MoneyField();
  until = $state('');

  get untilError(): string | undefined {
    return this.until !== '' && this.until < session.today ? m.date_past() : undefined;
  }

  get isReady(): boolean {
    return this.least.error === undefined && this.untilError === undefined;
  }

  prepare(): Promise<boolean> {
    const { acceptor, counterparty, least, until } = this;
    const amount = least.valid;
    return this.run(() =>
      flows.begin(
        {
          type: 'setStanding',
          standing: true,
          ...(acceptor ? { acceptor: acceptor.number } : {}),
          ...(counterparty ? { counterparty: counterparty.number } : {}),
          ...(amount === undefined ? {} : { least: least.asMoney }),
          ...(until === '' ? {} : { until }),
        },
        {
          facts: limitFacts({
            acceptor: acceptor && text(acceptor.name),
            counterparty: counterparty && text(counterparty.name),
            least: amount === undefined ? undefined : moneyOf(amount),
            until: until === '' ? undefined : until,
          }),
          warning: m.standing_warning(),
        },
      ),
    );
  }
}

type Limits = Record<'acceptor' | 'counterparty' | 'least' | 'until', string | undefined>;

const limitFacts = ({ acceptor, counterparty, least, until }: Limits): Fact[] => [
  { label: m.standing_acceptor(), value: acceptor ?? m.anybody() },
  { label: m.standing_counterparty(), value: counterparty ?? m.anybody() },
  { label: m.standing_least(), value: least ?? m.any_amount() },
  { label: m.standing_until(), value: until ?? m.until_ended() },
];

/** What the standing acceptance of a member covers, with the names of whom it is limited to. */
export class StandingLimits {
  readonly facts: Query<Fact[]>;

  constructor(member: () => Member) {
    this.facts = new Query(async (signal) => {
      const limits = member().standingLimits;
      const nameOf = async (number: number | null | undefined) =>
        number ? text((await api.member(number, signal)).name) : undefined;
      const [acceptor, counterparty] = await Promise.all([
        nameOf(limits?.acceptor),
        nameOf(limits?.counterparty),
      ]);
      return limitFacts({
        acceptor,
        counterparty,
        least: limits?.least ? money(limits.least) : undefined,
        until: limits?.until ? lastDayBefore(limits.until) : undefined,
      });
    });
  }
}

/** An acceptance ends as a day begins: the day before is its last. */
const lastDayBefore = (end: string): string => addDays(parseLegalDate(instant(end).slice(0, 10)), -1);
