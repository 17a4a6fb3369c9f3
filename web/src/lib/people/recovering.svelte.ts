import { goto } from '$app/navigation';
import { api } from '#web/api/client.ts';
import { ApiProblem } from '#web/api/problem.ts';
import type { PreparedRecovery } from '#web/api/schema.ts';
import { areContracts } from '#web/instructions/pins.ts';
import { m } from '#web/paraglide/messages.js';
import { session } from '#web/state/session.svelte.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { keyOf } from './passkey.ts';

const ACCOUNT = /^0x[0-9a-fA-F]{40}$/;

/** A firm that has lost all its devices, from the side of its people: a new device, and at the end its signature. */
export class Recovering extends Form {
  /** New keys of who sits here; undefined: nobody is signed in. */
  keys = $state.raw<string[]>();
  member = $state('');
  account = $state('');
  prepared = $state.raw<PreparedRecovery>();
  isKnown = $state(false);

  constructor(address: Pick<URLSearchParams, 'get'>) {
    super();
    this.member = address.get('member') ?? '';
    this.account = address.get('account') ?? '';
  }

  get isReady(): boolean {
    return /^[1-9]\d{0,8}$/.test(this.member.trim()) && ACCOUNT.test(this.account.trim());
  }

  async load(): Promise<void> {
    await this.run(async () => {
      if (!(await session.load()) || session.person === null) return;
      const { items } = await api.devices(new AbortController().signal);
      this.keys = items.map(keyOf);
    });
    this.isKnown = true;
  }

  /** Throws why it cannot be completed (yet). */
  prepare(): Promise<boolean> {
    return this.run(async () => {
      this.prepared = await api.prepareRecovery(Number(this.member), this.account.trim());
    });
  }

  /** Signs as the new account, over calls that are read here, comes in anew by the seat that this gives. */
  complete(): Promise<boolean> {
    const { prepared } = this;
    const [member, account] = [Number(this.member), this.account.trim()];
    return this.run(async () => {
      const { status } = session;
      if (prepared === undefined || status === undefined) return;
      if (!areContracts(status))
        throw new ApiProblem(409, { code: 'INSTRUCTION_ALTERED', detail: m.pin_changed() });
      const [{ toSignOfRecovery }, { ownKeys }] = await Promise.all([
        import('#client/instructions/index.ts'),
        import('#web/instructions/keys.ts'),
      ]);
      const { chainId, contracts } = status;
      const toSign = toSignOfRecovery(prepared, { member, account }, { chainId, contracts });
      const signature = await (await ownKeys())(toSign, prepared.signers);
      const { nonce, validUntil } = prepared;
      await api.completeRecovery(member, { account, nonce, validUntil, signatures: [signature] });
      await session.signIn();
      await goto('/');
    });
  }
}
