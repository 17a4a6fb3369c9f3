import { policyOfInput, type PolicyInput } from '#domain/accounts/input.ts';
import { KINDS, policyFault, type Kind } from '#domain/accounts/policy.ts';
import type { InstructionInput } from '#web/api/client.ts';
import type { Colleague, Policy } from '#web/api/schema.ts';
import { minorOf, text } from '#web/format.ts';
import { flows } from '#web/instructions/flow.svelte.ts';
import { m } from '#web/paraglide/messages.js';
import { session } from '#web/state/session.svelte.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { MoneyField } from '#web/ui/money-field.svelte.ts';
import { presetPolicy, type Preset } from './presets.ts';
import { signerOf, type Names, type Whose } from './whose.ts';

/** The last second of a day in Asia/Shanghai. */
const endOfDay = (date: string): string => new Date(`${date}T23:59:59+08:00`).toISOString();
const dayOf = (iso: string): string => new Date(Date.parse(iso) + 8 * 3_600_000).toISOString().slice(0, 10);

/** One who signs, or could. */
export class SignerField {
  readonly key: string;
  readonly whose: Whose;
  isOn = $state(false);
  weight = $state(1);
  level = $state(0);
  /** A date; empty for no end. */
  until = $state('');
  readonly limit: MoneyField;

  constructor(key: string, whose: Whose, before: Policy['signers'][number] | undefined) {
    this.key = key;
    this.whose = whose;
    this.isOn = before !== undefined;
    this.weight = before?.weight ?? 1;
    this.level = before?.level ?? 0;
    this.until = before?.validUntil ? dayOf(before.validUntil) : '';
    this.limit = new MoneyField(before?.dayLimit ? minorOf(before.dayLimit) : undefined);
  }

  get isRight(): boolean {
    return this.limit.error === undefined && Number.isInteger(this.weight) && this.weight >= 1;
  }

  get input(): PolicyInput['signers'][number] {
    return {
      key: this.key,
      weight: this.weight,
      ...(this.level === 0 ? {} : { level: this.level }),
      ...(this.until === '' ? {} : { validUntil: endOfDay(this.until) }),
      ...(this.limit.text.trim() === '' ? {} : { dayLimit: this.limit.asMoney }),
    };
  }
}

/** What some kinds of instruction need, from an amount on. */
export class RuleField {
  kinds = $state<Kind[]>([]);
  readonly from: MoneyField;
  threshold = $state(1);
  levels = $state<number[]>([]);

  constructor(before?: Policy['rules'][number]) {
    const from = before === undefined ? 0n : minorOf(before.from);
    this.kinds = before ? [...before.kinds] : [];
    this.from = new MoneyField(from === 0n ? undefined : from);
    this.threshold = before?.threshold ?? 1;
    this.levels = before ? [...before.levels] : [];
  }

  get isRight(): boolean {
    return this.kinds.length > 0 && this.from.error === undefined && Number.isInteger(this.threshold);
  }

  get input(): NonNullable<PolicyInput['rules']>[number] {
    return {
      kinds: KINDS.filter((kind) => this.kinds.includes(kind)),
      ...(this.from.text.trim() === '' ? {} : { from: this.from.asMoney }),
      threshold: this.threshold,
      ...(this.levels.length === 0 ? {} : { levels: [...this.levels].sort() }),
    };
  }
}

const UNREADABLE: PolicyInput = { signers: [], threshold: 1, adminThreshold: 1, changeDelay: 86_400 };

/** Another policy: one of the usual ones, or each part of it. */
export class PolicyForm extends Form {
  readonly signers: readonly SignerField[];
  preset = $state<Preset>();
  rules = $state<RuleField[]>([]);
  threshold = $state(1);
  adminThreshold = $state(1);
  /** Hours. */
  delay = $state(24);
  readonly from = new MoneyField(5_000_000n);
  isReplaceable = $state(true);

  constructor(before: Policy, people: readonly Colleague[], names: Names) {
    super();
    const verifier = session.status?.contracts.webAuthnVerifier;
    const known = before.signers.map(({ key }) => key.toLowerCase());
    const able = verifier
      ? people
          .filter(({ rights }) => rights.includes('sign'))
          .flatMap(({ devices, signers }) => [
            ...devices.map((device) => signerOf(verifier, device)),
            ...signers.map(({ key }) => key.toLowerCase()),
          ])
      : [];
    const keys = [...known, ...able.filter((key) => !known.includes(key))];
    this.signers = keys.map((key) => new SignerField(key, names.of(key), before.signers[known.indexOf(key)]));
    this.rules = before.rules.map((rule) => new RuleField(rule));
    this.threshold = before.threshold;
    this.adminThreshold = before.adminThreshold;
    this.delay = before.changeDelay / 3_600;
  }

  get chosen(): SignerField[] {
    return this.signers.filter(({ isOn }) => isOn);
  }

  get isDetailed(): boolean {
    return this.preset === 'detail';
  }

  get #isReadable(): boolean {
    return (
      this.preset !== undefined &&
      this.chosen.every((each) => each.isRight) &&
      (this.preset !== 'amount' || this.from.valid !== undefined) &&
      (!this.isDetailed || this.rules.every((rule) => rule.isRight))
    );
  }

  get input(): PolicyInput {
    if (!this.#isReadable) return UNREADABLE;
    const signers = this.chosen.map((each) => each.input);
    const changeDelay = Math.round(this.delay * 3_600);
    if (this.preset !== 'detail')
      return presetPolicy(this.preset!, {
        signers,
        changeDelay,
        from: this.from.asMoney,
        isReplaceable: this.isReplaceable,
      });
    const { threshold, adminThreshold } = this;
    return { signers, rules: this.rules.map((rule) => rule.input), threshold, adminThreshold, changeDelay };
  }

  /** Why no account would take it; the account refuses it too. */
  get fault(): string | undefined {
    if (!this.#isReadable) return undefined;
    if (this.chosen.length === 0) return m.policy_nobody();
    const fault = policyFault(policyOfInput(this.input));
    return fault && text(fault);
  }

  get isReady(): boolean {
    return this.#isReadable && this.fault === undefined;
  }

  /** @param before As it is: what is the same is no change. */
  prepare(before: Policy, ondone: () => void): Promise<boolean> {
    return this.run(async () => {
      await session.fresh();
      const isAlone = before.signers.length === 1;
      await flows.begin({ type: 'changePolicy', policy: this.input } as InstructionInput, {
        warning: isAlone ? m.policy_at_once() : m.policy_announced_for({ hours: before.changeDelay / 3_600 }),
        ondone,
      });
    });
  }
}
