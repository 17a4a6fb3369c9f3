import type { Right } from '#domain/people/rights.ts';
import { api } from '#web/api/client.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

/** Who has a seat here, who is invited, and the keys of the firm's systems. */
export class Firm extends Form {
  readonly people = new Query(async (signal) => (await api.people(signal)).items, { live: false });
  readonly links = new Query(
    async (signal) => (session.may('administer') ? (await api.links(signal)).items : []),
    { live: false },
  );

  changeRights = (id: string, rights: Right[]): Promise<boolean> =>
    this.#change(() => api.changeColleague(id, rights));
  remove = (id: string): Promise<boolean> => this.#change(() => api.removeColleague(id));
  withdraw = (id: string): Promise<boolean> => this.#change(() => api.withdrawLink(id));

  #change(work: () => Promise<unknown>): Promise<boolean> {
    return this.run(async () => {
      await session.fresh();
      await work();
      await Promise.all([this.people.refresh(), this.links.refresh()]);
    });
  }
}

export class InviteForm extends Form {
  rights = $state<Right[]>(['see']);
  note = $state('');
  url = $state<string>();

  send(): Promise<boolean> {
    const { rights, note } = this;
    return this.run(async () => {
      await session.fresh();
      this.url = (await api.invite(rights, note.trim())).url;
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
