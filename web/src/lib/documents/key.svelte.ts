import { ApiProblem } from '#web/api/problem.ts';
import type { DocumentKeyHolder, OwnDocumentKey } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
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
  /** A recovery code that was just made: what waits for it is done when it was typed from paper. */
  code = $state<string>();
  #isForNewKey = false;

  async #read(signal: AbortSignal): Promise<Known> {
    const own = await carrier.key(signal);
    // A firm without a key has nothing to open: none of the cryptography is loaded for it.
    if (own.key === null) return { own, here: { is: 'none' }, fingerprint: undefined };
    const [{ fingerprintOfKey, standingOf }, { handOnAnew }] = await Promise.all([
      load(),
      import('./bill-documents.ts'),
    ]);
    const here = await standingOf(own);
    if (here.is === 'open') void handOnAnew(here.key);
    return { own, here, fingerprint: await fingerprintOfKey(own.key.publicKey) };
  }

  get mayMake(): boolean {
    return session.may('sign');
  }

  isRemovable({ person }: DocumentKeyHolder): boolean {
    return session.may('administer') || (person !== null && person.id === session.person?.id);
  }

  /** Nothing is changed before the code was saved: no key is without one, and the code before opens until then. */
  begin(what: 'key' | 'code'): Promise<boolean> {
    return this.run(async () => {
      const { makeRecoveryCode } = await load();
      this.#isForNewKey = what === 'key';
      this.code = await makeRecoveryCode();
    });
  }

  giveUp = (): void => {
    this.code = undefined;
  };

  /** @param typed The last group of the code. */
  saved(typed: string): Promise<boolean> {
    return this.#change(async ({ makeKey, setRecoveryCode }, { own, here }) => {
      const { code } = this;
      if (code === undefined) return;
      if (typed.trim().toUpperCase() !== code.slice(-4))
        throw new ApiProblem(422, { code: 'REQUEST_INVALID', detail: m.recovery_code_misread() });
      if (this.#isForNewKey) {
        await session.fresh();
        await makeKey(own, code);
      } else if (here.is === 'open') await setRecoveryCode(here.key, code);
      this.code = undefined;
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

  #change(work: (own: Awaited<ReturnType<typeof load>>, known: Known) => Promise<unknown>): Promise<boolean> {
    return this.run(async () => {
      const { value } = this.known;
      if (value === undefined) return;
      await work(await load(), value);
      await this.known.refresh();
    });
  }
}
