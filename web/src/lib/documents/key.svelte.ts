import type { DocumentKeyHolder, OwnDocumentKey } from '#web/api/schema.ts';
import { Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { carrier } from './carrier.ts';
import type { Standing } from './own-key.ts';

const load = () => import('./own-key.ts');
type Known = {
  readonly own: OwnDocumentKey;
  readonly here: Standing;
  readonly fingerprint: string | undefined;
};

/** The firm's key for documents, and what this device can do with it. */
export class KeyState extends Form {
  readonly known = new Query<Known>((signal) => this.#read(signal), { live: false });
  /** A recovery code that was just made. */
  code = $state<string>();

  async #read(signal: AbortSignal): Promise<Known> {
    const own = await carrier.key(signal);
    // A firm without a key has nothing to open: none of the cryptography is loaded for it.
    if (own.key === null) return { own, here: { is: 'none' }, fingerprint: undefined };
    const { fingerprintOfKey, standingOf } = await load();
    return { own, here: await standingOf(own), fingerprint: await fingerprintOfKey(own.key.publicKey) };
  }

  get mayMake(): boolean {
    return session.may('sign');
  }

  isRemovable({ person }: DocumentKeyHolder): boolean {
    return session.may('administer') || (person !== null && person.id === session.person?.id);
  }

  make(): Promise<boolean> {
    return this.#change(async ({ makeKey }, { own }) => {
      await session.fresh();
      this.code = await makeKey(own);
    });
  }

  ask = (): Promise<boolean> => this.#change(({ askForKey }) => askForKey());
  unlock = (): Promise<boolean> => this.#change(({ unlock }, { own }) => unlock(own));
  recover = (code: string): Promise<boolean> => this.#change(({ recover }, { own }) => recover(own, code));
  remove = (id: string): Promise<boolean> => this.#change(() => carrier.removeHolder(id));

  give(holder: DocumentKeyHolder, typed: string): Promise<boolean> {
    return this.#change(async ({ giveKeyTo }, { here }) => {
      if (here.is === 'open') await giveKeyTo(here.key, holder, typed);
    });
  }

  newCode(): Promise<boolean> {
    return this.#change(async ({ newRecoveryCode }, { here }) => {
      if (here.is === 'open') this.code = await newRecoveryCode(here.key);
    });
  }

  #change(work: (own: Awaited<ReturnType<typeof load>>, known: Known) => Promise<unknown>): Promise<boolean> {
    return this.run(async () => {
      const { value } = this.known;
      if (value === undefined) return;
      await work(await load(), value);
      await this.known.refresh();
    });
  }
}
