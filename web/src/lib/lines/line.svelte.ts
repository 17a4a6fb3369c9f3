import type { Line, Member } from '#web/api/schema.ts';
import { minorOf, moneyOf, text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { flows } from '#web/instructions/flow.svelte.ts';
import { MoneyField } from '#web/ui/money-field.svelte.ts';
import { Form } from '../ui/form.svelte.ts';

/** A bank's line on an obligor: a new one, or another limit of one that is there. */
export class LineForm extends Form {
  readonly line: Line | undefined;
  readonly limit: MoneyField;
  obligor = $state.raw<Member>();

  constructor(line: Line | undefined) {
    super();
    this.line = line;
    this.limit = new MoneyField(line && minorOf(line.limit), { least: () => 0n });
  }

  get isReady(): boolean {
    return (this.line !== undefined || this.obligor !== undefined) && this.limit.valid !== undefined;
  }

  prepare(): Promise<boolean> {
    const obligor = this.line?.obligor ?? this.obligor;
    const limit = this.limit.valid;
    if (obligor === undefined || limit === undefined) return Promise.resolve(false);
    const group = this.line?.group;
    return this.run(() =>
      flows.begin(
        {
          type: 'setLine',
          obligor: obligor.number,
          limit: this.limit.asMoney,
          ...(group ? { group: group.number } : {}),
        },
        {
          title: m.set_line(),
          facts: [
            { label: m.obligor(), value: text(obligor.name) },
            ...(this.line ? [{ label: m.limit_before(), value: moneyOf(minorOf(this.line.limit)) }] : []),
            { label: m.limit(), value: moneyOf(limit), strong: true },
          ],
          link: () => '/lines',
        },
      ),
    );
  }
}
