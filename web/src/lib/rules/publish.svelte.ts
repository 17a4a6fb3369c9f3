import { api } from '#web/api/client.ts';
import type { RulePack } from '#web/api/schema.ts';
import { doneOrToSign } from '#web/operator/decide.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { m } from '#web/paraglide/messages.js';
import { toasts } from '#web/state/toasts.svelte.ts';

/** A rule pack to be published. Begins with the numbers of the newest one of its kind. */
export class PublishForm extends Form {
  kind = $state<RulePack['kind']>('CERTIFICATE');
  from = $state('');
  months = $state<number | null>(null);
  basis = $state<360 | 365>(360);
  splits = $state<number | null>(null);
  zh = $state('');
  en = $state('');
  readonly #packs: () => readonly RulePack[];
  readonly #key = crypto.randomUUID();

  constructor(packs: () => readonly RulePack[]) {
    super();
    this.#packs = packs;
    this.choose('CERTIFICATE');
  }

  choose(kind: RulePack['kind']): void {
    this.kind = kind;
    const newest = this.#packs().find((pack) => pack.kind === kind);
    if (newest === undefined) return;
    [this.months, this.splits] = [newest.tenorMonths, newest.maxSplits];
    this.basis = newest.basis === 365 ? 365 : 360;
  }

  get isReady(): boolean {
    const { from, months, splits, zh, en } = this;
    return from !== '' && months !== null && splits !== null && zh.trim() !== '' && en.trim() !== '';
  }

  send(): Promise<boolean> {
    return this.run(async () => {
      const { kind, from, months, basis, splits, zh, en } = this;
      if (months === null || splits === null) return;
      const citation = { zh: zh.trim(), en: en.trim() };
      const body = { kind, effectiveFrom: from, tenorMonths: months, basis, maxSplits: splits, citation };
      const answer = await api.publishRules(body, this.#key);
      const pack = doneOrToSign(answer, { type: 'publish', ...body });
      if (pack === undefined || !('effectiveFrom' in pack)) return;
      const said = m.rules_published({ number: pack.number, date: pack.effectiveFrom });
      toasts.show({ tone: 'good', text: said });
    });
  }
}
