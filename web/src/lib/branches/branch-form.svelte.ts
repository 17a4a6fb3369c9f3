import { inputOf } from '#domain/accounts/input.ts';
import { api, type InstructionInput } from '#web/api/client.ts';
import type { Colleague, Policy } from '#web/api/schema.ts';
import { flows } from '#web/instructions/flow.svelte.ts';
import { titleOf } from '#web/instructions/words.ts';
import { m } from '#web/paraglide/messages.js';
import { signerOf, type Names, type Whose } from '#web/policy/whose.ts';
import { session } from '#web/state/session.svelte.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { MoneyField } from '#web/ui/money-field.svelte.ts';

type Candidate = { readonly key: string; readonly whose: Whose };

/** Seconds in which a branch's own people can stop a change of who signs for it. */
const DELAY = 86_400;

/** A new branch: who signs for it, how many of them, and up to what a day. */
export class BranchForm extends Form {
  readonly candidates: readonly Candidate[];
  /** The firm's choice, so that the account cannot be one that was made before. */
  readonly #salt = `0x${[...crypto.getRandomValues(new Uint8Array(32))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')}`;
  name = $state('');
  chosen = $state<string[]>([]);
  threshold = $state(2);
  readonly limit = new MoneyField();

  /** @param own Keys that sign for the firm itself: nobody signs as both. */
  constructor(people: readonly Colleague[], names: Names, own: ReadonlySet<string>) {
    super();
    const verifier = session.status?.contracts.webAuthnVerifier;
    this.candidates = verifier
      ? people
          .filter(({ rights }) => rights.includes('sign'))
          .flatMap(({ devices }) => devices.map((device) => signerOf(verifier, device)))
          .filter((key) => !own.has(key))
          .map((key) => ({ key, whose: names.of(key) }))
      : [];
  }

  get isReady(): boolean {
    const { name, chosen, threshold, limit } = this;
    return name.trim() !== '' && threshold >= 1 && threshold <= chosen.length && limit.valid !== undefined;
  }

  /** @param before The policy of the firm, as the page shows it: nothing but the branch comes to it. */
  open(before: Policy, ondone: () => void): Promise<boolean> {
    const { threshold } = this;
    return this.run(async () => {
      await session.fresh();
      const signers = this.chosen.map((key) => ({ key }));
      const asked = {
        type: 'openBranch',
        branch: this.name.trim(),
        people: { signers, threshold, adminThreshold: threshold, changeDelay: DELAY },
        dayLimit: this.limit.asMoney,
        salt: this.#salt,
      } as InstructionInput;
      flows.confirm([await api.prepare(asked, inputOf(before))], {
        title: titleOf(asked.type),
        warning: m.policy_announced_for({ hours: before.changeDelay / 3_600 }),
        ondone,
      });
    });
  }
}
