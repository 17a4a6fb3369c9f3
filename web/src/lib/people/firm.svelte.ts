import type { Right } from '#domain/people/rights.ts';
import { inputOf } from '#domain/accounts/input.ts';
import { nameOfKey } from '#domain/people/instructions.ts';
import { api } from '#web/api/client.ts';
import type { Colleague } from '#web/api/schema.ts';
import { doneOrToSign } from '#web/operator/decide.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { Names } from '#web/policy/whose.ts';

/** Who has a seat here, who is invited, and the keys of the firm's systems. */
export class Firm extends Form {
  readonly people = new Query(async (signal) => (await api.people(signal)).items, { live: false });
  readonly links = new Query(
    async (signal) => (session.may('administer') ? (await api.links(signal)).items : []),
    { live: false },
  );

  readonly branches = new Query(
    async (signal) =>
      session.member !== null && session.may('administer') ? (await api.branches(signal)).items : [],
    { live: false },
  );

  changeRights = (id: string, rights: Right[]): Promise<boolean> =>
    this.#change(() => api.changeColleague(id, { rights }));
  /** @param branch Its account; null: the head office. */
  seatAt = ({ id, rights }: Colleague, branch: string | null): Promise<boolean> =>
    this.#change(() => api.changeColleague(id, { rights: [...rights], branch }));
  remove = (id: string): Promise<boolean> => this.#change(() => api.removeColleague(id));
  withdraw = (id: string): Promise<boolean> => this.#change(() => api.withdrawLink(id));

  #change(work: () => Promise<unknown>): Promise<boolean> {
    return this.run(async () => {
      await session.fresh();
      await work();
      await this.changed();
    });
  }

  changed = async (): Promise<void> => {
    await Promise.all([this.people.refresh(), this.links.refresh()]);
  };
}

/**
 * A colleague has lost the device. He comes in no more, and a link gives another device what he had: as a new person, because
 * nobody but himself adds a device to a person, who may have seats elsewhere.
 */
export class ReplaceForm extends Form {
  readonly #person: Colleague;
  url = $state<string>();

  constructor(person: Colleague) {
    super();
    this.#person = person;
  }

  send(): Promise<boolean> {
    const { id, name, rights, branch } = this.#person;
    return this.run(async () => {
      await session.fresh();
      await api.removeColleague(id);
      this.url = (await api.invite([...rights], name, branch)).url;
    });
  }
}

export class InviteForm extends Form {
  rights = $state<Right[]>(['see']);
  note = $state('');
  /** Account of the branch; null: the head office. */
  branch = $state<string | null>(null);
  url = $state<string>();

  send(): Promise<boolean> {
    const { rights, note, branch } = this;
    return this.run(async () => {
      await session.fresh();
      this.url = (await api.invite(rights, note.trim(), branch)).url;
    });
  }
}

/** A device of a colleague is to sign for the account of the firm, or of the operator. */
export class SignatureForm extends Form {
  readonly #person: Colleague;
  /** Which of the person's devices. */
  device = $state(0);
  threshold = $state(session.isOperator ? 2 : 1);
  /** The signer whose place it takes; empty: none. */
  instead = $state('');
  readonly present = new Query(
    async (signal) => {
      const [policy, { items }] = await Promise.all([api.policy(signal), api.people(signal)]);
      const names = new Names(items);
      if (!session.isOperator) this.threshold = policy.threshold;
      // Keys of systems are replaced on the page of the policy.
      const devices = policy.signers.filter(({ type }) => type === 'webauthn');
      return devices.map(({ key }) => ({ key, ...names.of(key) }));
    },
    { live: false },
  );

  constructor(person: Colleague) {
    super();
    this.#person = person;
  }

  get isReady(): boolean {
    return this.#person.devices[this.device] !== undefined && this.threshold >= 1;
  }

  /** As the people compare it. */
  nameOf(at: number): string {
    const { x, y } = this.#person.devices[at]!;
    return nameOfKey(x, y);
  }

  send(): Promise<boolean> {
    const { threshold, instead } = this;
    const { id, devices } = this.#person;
    return this.run(async () => {
      const chosen = devices[this.device];
      if (chosen === undefined) return;
      await session.fresh();
      const replaced = instead.slice(-128);
      const asked = {
        device: { x: chosen.x, y: chosen.y },
        ...(instead === ''
          ? {}
          : { instead: { x: `0x${replaced.slice(0, 64)}`, y: `0x${replaced.slice(64)}` } }),
        threshold,
      };
      const before = inputOf(await api.policy());
      doneOrToSign(await api.giveSignature(id, asked), { type: 'giveSignature', ...asked, before });
    });
  }
}

export class Keys extends Form {
  readonly list = new Query(async (signal) => (await api.apiKeys(signal)).items, { live: false });
  secret = $state<string>();
  name = $state('');
  rights = $state<('see' | 'prepare' | 'sign')[]>(['see']);
  ranges = $state('');
  days = $state(90);

  make(): Promise<boolean> {
    const { name, rights, days } = this;
    const ranges = this.ranges.split(/[\s,，]+/).filter((range) => range !== '');
    return this.run(async () => {
      await session.fresh();
      this.secret = (await api.makeApiKey({ name: name.trim(), rights: [...rights], ranges, days })).secret;
      this.name = '';
      await this.list.refresh();
    });
  }

  revoke(id: string): Promise<boolean> {
    return this.run(async () => {
      await api.revokeApiKey(id);
      await this.list.refresh();
    });
  }
}
