import { inputOf, policyOfInput } from '#domain/accounts/input.ts';
import { api } from '#web/api/client.ts';
import type { Member } from '#web/api/schema.ts';
import { acceptAccount, areContracts, movedFrom } from '#web/instructions/pins.ts';
import { Names } from '#web/policy/whose.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { Form } from '#web/ui/form.svelte.ts';

type Found = {
  /** Who signs for the new account. */
  readonly signers: string[];
  /** The address follows from these signers by the contracts that this browser knows. */
  readonly isMadeForThem: boolean;
  /** A device of the person who looks is among them. */
  readonly hasMine: boolean;
};

/** The firm is at another account than this browser knows: what happened, and what can be made sure of here. */
export class AccountMoved extends Form {
  readonly member: Member;
  before = $state.raw<string>();
  isSure = $state(false);
  readonly found = new Query<Found>((signal) => this.#look(signal), { live: false });

  constructor(member: Member) {
    super();
    this.member = member;
    this.before = movedFrom(member);
  }

  async #look(signal: AbortSignal): Promise<Found> {
    const [policy, { items }, { accountOf, checksummed }] = await Promise.all([
      api.policy(signal),
      api.people(signal),
      import('#client/instructions/index.ts'),
    ]);
    const { status, person } = session;
    const names = new Names(items);
    const factory = status?.contracts.orgAccountFactory;
    const isMadeForThem =
      status !== undefined &&
      factory !== undefined &&
      areContracts(status) &&
      policy.account === this.member.account &&
      checksummed(accountOf(factory, policyOfInput(inputOf(policy)))) === this.member.account;
    return {
      signers: policy.signers.map(({ key }) => names.nameOf(key)),
      isMadeForThem,
      hasMine: policy.signers.some(({ key }) => person !== null && names.personOf(key) === person.id),
    };
  }

  accept(): void {
    acceptAccount(this.member);
    this.before = undefined;
  }
}
