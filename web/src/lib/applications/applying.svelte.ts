import { ENTITIES, type Entity, type Level } from '#domain/applications/form.ts';
import type { Right } from '#domain/people/rights.ts';
import type { Role } from '#domain/codes.ts';
import { api, type ApplicationChange } from '#web/api/client.ts';
import type { Application } from '#web/api/schema.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { MoneyField } from '#web/ui/money-field.svelte.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

export const STEPS = ['firm', 'contact', 'account', 'documents', 'people', 'file'] as const;
const OTHERS_TURN: readonly Application['state'][] = ['filed', 'in_review', 'verified'];
const LOOK_AGAIN_MS = 5_000;
export type StepName = (typeof STEPS)[number];

/** An application as its people see it: what is typed, what was saved, and what is asked of the server. */
export class Applying extends Form {
  readonly query: Query<Application>;
  step = $state<StepName>('firm');

  entity = $state<Entity>(ENTITIES[0]);
  numberKind = $state<'uscc' | 'lei'>('uscc');
  number = $state('');
  zh = $state('');
  en = $state('');
  legalPerson = $state('');
  address = $state('');
  until = $state('');
  contact = $state({ name: '', phone: '', email: '' });
  roles = $state<Role[]>([]);
  account = $state({ bank: '', number: '' });
  policy = $state<'one' | 'two' | 'by_amount'>('two');
  readonly amount = new MoneyField();
  /** A link for a colleague, once it is made. */
  link = $state<string>();
  documentKind = $state<'licence' | 'legal_person' | 'other'>('licence');
  readonly #id: () => string;

  constructor(id: () => string) {
    super();
    this.#id = id;
    this.query = new Query(
      async (signal) => {
        const read = await api.application(id(), signal);
        this.#show(read);
        return read;
      },
      { keep: true, live: false },
    );
    // Others work on it: what they do shows by itself. While it is edited, nothing is read over what is typed.
    $effect(() => {
      if (this.value === undefined || !OTHERS_TURN.includes(this.value.state)) return;
      const timer = setInterval(() => void this.query.refresh(), LOOK_AGAIN_MS);
      return () => clearInterval(timer);
    });
  }

  get value(): Application | undefined {
    return this.query.value;
  }

  /** What of the step is typed, as the API wants it; empty parts are not stated. */
  #typed(): ApplicationChange {
    const text = (value: string) => (value.trim() === '' ? null : value.trim());
    const all = (...values: string[]) => values.every((value) => value.trim() !== '');
    const { contact, account, zh, en } = this;
    switch (this.step) {
      case 'firm':
        return {
          entity: this.entity,
          number: all(this.number) ? { kind: this.numberKind, value: this.number.trim() } : null,
          name: all(zh, en) ? { zh: zh.trim(), en: en.trim() } : null,
          legalPerson: text(this.legalPerson),
          address: text(this.address),
          credentialExpiry: text(this.until),
        };
      case 'contact':
        return {
          contact: all(contact.name, contact.phone, contact.email)
            ? { name: contact.name.trim(), phone: contact.phone.trim(), email: contact.email.trim() }
            : null,
          roles: [...this.roles],
        };
      case 'account':
        return {
          account: all(account.bank, account.number)
            ? { bank: account.bank.trim(), number: account.number.replace(/\s/g, '').toUpperCase() }
            : null,
        };
      default:
        return { policy: this.policy };
    }
  }

  save(): Promise<boolean> {
    return this.#change(() => api.changeApplication(this.#id(), this.#typed()));
  }

  /** What is typed is saved before another step shows; what is refused stays in view. */
  async goTo(step: StepName): Promise<void> {
    const hasFields = this.step !== 'documents' && this.step !== 'file';
    if (!hasFields || (await this.save())) this.step = step;
  }

  upload(file: File): Promise<boolean> {
    return this.#change(() => api.addDocument(this.#id(), this.documentKind, file));
  }
  removeDocument = (document: string): Promise<boolean> =>
    this.#change(() => api.removeDocument(this.#id(), document));

  async credit(): Promise<void> {
    if (await this.save()) await this.#change(() => api.beginAccountProof(this.#id()));
  }
  stateAmount(): Promise<boolean> {
    return this.#change(() => api.proveAccount(this.#id(), this.amount.asMoney));
  }

  invite(rights: Right[], level: Level | null, note: string): Promise<boolean> {
    return this.#change(async () => {
      await session.fresh();
      const given = { rights, level, ...(note.trim() === '' ? {} : { note: note.trim() }) };
      this.link = (await api.inviteToApplication(this.#id(), given)).url;
    });
  }
  withdraw = (link: string): Promise<boolean> =>
    this.#change(() => api.withdrawApplicationLink(this.#id(), link));
  part = (person: string, rights: Right[], level: Level | null): Promise<boolean> =>
    this.#change(() => api.changeApplicationPerson(this.#id(), person, { rights, level }));
  removePerson = (person: string): Promise<boolean> =>
    this.#change(() => api.removeApplicationPerson(this.#id(), person));

  file(): Promise<boolean> {
    return this.#change(() => api.fileApplication(this.#id()));
  }
  forget(): Promise<boolean> {
    return this.run(() => api.forgetApplication(this.#id()));
  }

  #change(work: () => Promise<unknown>): Promise<boolean> {
    return this.run(async () => {
      // Also after a refusal: a try that is used up shows.
      await work().finally(() => this.query.refresh());
    });
  }

  /** What was saved stands in the fields, but for what is being typed. */
  #show({ form }: Application): void {
    const { entity, number, name, legalPerson, address, credentialExpiry, contact, account, policy } = form;
    this.entity = entity ?? this.entity;
    if (number) [this.numberKind, this.number] = [number.kind, number.value];
    if (name) [this.zh, this.en] = [name.zh, name.en];
    this.legalPerson = legalPerson ?? this.legalPerson;
    this.address = address ?? this.address;
    this.until = credentialExpiry ?? this.until;
    if (contact) this.contact = { ...contact };
    if (form.roles) this.roles = [...form.roles];
    if (account) this.account = { ...account };
    this.policy = policy ?? this.policy;
  }
}
