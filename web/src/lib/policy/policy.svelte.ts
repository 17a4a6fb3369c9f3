import { inputOf } from '#domain/accounts/input.ts';
import { api } from '#web/api/client.ts';
import { ApiProblem } from '#web/api/problem.ts';
import type { Branch, Colleague, Policy, PolicyChange } from '#web/api/schema.ts';
import { flows } from '#web/instructions/flow.svelte.ts';
import { titleOf } from '#web/instructions/words.ts';
import { comma } from '#web/format.ts';
import { policyChanges } from '#web/state/policy-changes.svelte.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { Names } from './whose.ts';

type Known = { policy: Policy; people: Colleague[]; branches: Branch[]; names: Names };

/** Who signs for the firm, what is announced, and what the looker may do about it. */
export class PolicyState extends Form {
  readonly known = new Query<Known>(
    async (signal) => {
      const [policy, { items: people }, { items: branches }] = await Promise.all([
        api.policy(signal),
        api.people(signal),
        api.branches(signal),
      ]);
      return { policy, people, branches, names: new Names(people, branches) };
    },
    { keep: true },
  );
  isChanging = $state(false);

  get mayChange(): boolean {
    return session.member !== null && session.may('administer') && session.may('prepare');
  }

  get mayVeto(): boolean {
    return session.may('sign');
  }

  /** One signature, over the hash that this browser has made of the policy that it shows. */
  veto(change: PolicyChange): Promise<boolean> {
    return this.run(async () => {
      const { party, status } = session;
      const { policy } = this.known.value ?? {};
      if (party === null || status === undefined || policy === undefined) return;
      const [{ changeHash, vetoDigest }, { partyOf }, { ownKeys }] = await Promise.all([
        import('#client/instructions/index.ts'),
        import('#web/instructions/sign.ts'),
        import('#web/instructions/keys.ts'),
      ]);
      if (changeHash(change.number, inputOf(change.policy)) !== change.change)
        throw new ApiProblem(409, { code: 'INSTRUCTION_ALTERED' });
      const { account, pin } = partyOf(party, status, policy.account);
      const signers = policy.signers.map(({ key: id, type }) => ({ id, type }));
      const digest = vetoDigest(pin.chainId, account!, change.change);
      const act = await api.veto(change.change, await (await ownKeys())({ digest }, signers));
      flows.follow(act, { title: titleOf('vetoChange'), ondone: () => void this.#again() });
    });
  }

  callOff({ change }: PolicyChange): Promise<boolean> {
    return this.run(async () => {
      await session.fresh();
      await flows.begin({ type: 'callOffChange', change }, { ondone: () => void this.#again() });
    });
  }

  async #again(): Promise<void> {
    await Promise.all([this.known.refresh(), policyChanges.query?.refresh()]);
  }

  changed = (): void => {
    this.isChanging = false;
    void this.#again();
  };
}

/** Of those who sign: who announced it, in the order of the list. */
export const announcers = ({ announcedBy }: PolicyChange, names: Names): string =>
  announcedBy.map((key) => names.nameOf(key)).join(comma());
