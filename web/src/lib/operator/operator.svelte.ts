import type { Role } from '#domain/codes.ts';
import { taxNumberOf, type TaxNumberKind } from '#domain/members/tax-number.ts';
import { api } from '#web/api/client.ts';
import type { Member } from '#web/api/schema.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { filter } from '#web/state/address.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { toasts } from '#web/state/toasts.svelte.ts';
import { doneOrToSign, signersIn } from './decide.ts';

export type Doing = { what: 'admit' } | { what: 'suspend' | 'restore' | 'renew'; member: Member };

/** The members as the operator sees them, and what it does with them. */
export class OperatorState {
  readonly list = new PagedQuery<Member>(
    (page, signal) => {
      const q = filter('q');
      return api.operatorMembers({ ...(q ? { q } : {}), ...page }, signal);
    },
    { keep: true },
  );
  doing = $state.raw<Doing>();
}

/** Admission of a firm. The demonstration makes and keeps its key. */
export class AdmitForm extends Form {
  zh = $state('');
  en = $state('');
  taxId = $state('');
  taxKind = $state<TaxNumberKind>('uscc');
  reason = $state('');
  roles = $state<Role[]>(['supplier']);
  /** One line for each device of the firm's people; the demonstration makes a key instead. */
  signers = $state('');
  readonly #key = crypto.randomUUID();

  get signersFault(): string | undefined {
    return signersIn(this.signers) === undefined ? m.device_key_form() : undefined;
  }

  get needsSigners(): boolean {
    return session.status?.demo !== true;
  }

  get isReady(): boolean {
    return (
      this.zh.trim() !== '' &&
      this.en.trim() !== '' &&
      this.roles.length > 0 &&
      this.reason.trim() !== '' &&
      this.taxFault === undefined &&
      (!this.needsSigners || (this.signers.trim() !== '' && this.signersFault === undefined))
    );
  }

  /** What is wrong with the number, as soon as there is one. */
  get taxFault(): string | undefined {
    if (this.taxId.trim() === '') return undefined;
    const read = taxNumberOf(this.taxId, this.taxKind);
    return 'fault' in read ? text(read.fault) : undefined;
  }

  send(): Promise<boolean> {
    return this.run(async () => {
      const taxId = this.taxId.trim();
      const name = { zh: this.zh.trim(), en: this.en.trim() };
      const signers = this.needsSigners ? signersIn(this.signers) : undefined;
      const body = {
        name,
        roles: $state.snapshot(this.roles),
        reason: this.reason.trim(),
        ...(taxId ? { taxId, taxKind: this.taxKind } : {}),
        ...(signers === undefined ? {} : { signers }),
      };
      const answer = await api.admit(body, this.#key);
      const admitted = doneOrToSign(answer, { type: 'admit', ...body });
      if (admitted === undefined || !('number' in admitted)) return;
      toasts.show({ tone: 'good', text: m.admitted({ name: text(admitted.name), number: admitted.number }) });
    });
  }
}

/** Suspending or restoring a member by reasoned order. */
export class OrderForm extends Form {
  reason = $state('');

  send(what: 'suspend' | 'restore', member: Member): Promise<boolean> {
    return this.run(async () => {
      const reason = this.reason.trim();
      const answer = await api[what](member.number, reason);
      if (doneOrToSign(answer, { type: what, member: member.number, reason }) === undefined) return;
      const name = text(member.name);
      toasts.show({
        tone: 'good',
        text: what === 'suspend' ? m.member_suspended({ name }) : m.member_restored({ name }),
      });
    });
  }
}

/** Roles that the operator gives; the others are governance's. */
export const ORDINARY = ['core_enterprise', 'supplier', 'guarantor', 'warehouse'] as const;
type Ordinary = (typeof ORDINARY)[number];
const isOrdinary = (role: Role): role is Ordinary => (ORDINARY as readonly Role[]).includes(role);

/** Roles and expiry after a new check of a member's credential. */
export class RenewForm extends Form {
  roles = $state<Ordinary[]>([]);
  expiry = $state('');
  reason = $state('');
  readonly #member: Member;

  constructor(member: Member) {
    super();
    this.#member = member;
    this.roles = member.roles.filter(isOrdinary);
    this.expiry = member.credentialExpiry ?? '';
  }

  get kept(): Role[] {
    return this.#member.roles.filter((role) => !isOrdinary(role));
  }

  get isReady(): boolean {
    return this.reason.trim() !== '' && this.roles.length + this.kept.length > 0;
  }

  send(): Promise<boolean> {
    const { number, name } = this.#member;
    return this.run(async () => {
      const renewal = {
        roles: $state.snapshot(this.roles),
        credentialExpiry: this.expiry === '' ? null : this.expiry,
        reason: this.reason.trim(),
      };
      const answer = await api.renew(number, renewal);
      if (doneOrToSign(answer, { type: 'renew', member: number, ...renewal }) === undefined) return;
      toasts.show({ tone: 'good', text: m.renewed({ name: text(name) }) });
    });
  }
}
