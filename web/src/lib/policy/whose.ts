/** Whose signer is which: keys of an account, as the people of the firm call them. */
import { nameOfSigner } from '#domain/accounts/words.ts';
import { nameOfKey } from '#domain/people/instructions.ts';
import { OWN_POINT } from '#web/instructions/own-point.ts';
import type { Branch, Colleague } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import { session } from '#web/state/session.svelte.ts';

export type Whose = { readonly person: string | null; readonly name: string; readonly device: string | null };

const bare = (hex: string): string => hex.replace(/^0x/, '').toLowerCase().padStart(64, '0');
/** Of a passkey: the end of the signer that it is. */
const endOf = ({ x, y }: { x: string; y: string }): string => bare(x) + bare(y);

/** By full keys: two devices are never taken for each other because their ends look alike. */
export class Names {
  readonly #byEnd: ReadonlyMap<string, Whose>;
  readonly #branches: ReadonlyMap<string, string>;

  /** Wallets and UKeys, by the signer that they are. */
  readonly #byKey: ReadonlyMap<string, Whose>;

  constructor(people: readonly Colleague[], branches: readonly Branch[] = []) {
    this.#branches = new Map(branches.map(({ account, name }) => [account.toLowerCase(), name]));
    this.#byKey = new Map(
      people.flatMap(({ id, name, signers }) =>
        signers.map((signer) => [
          signer.key.toLowerCase(),
          { person: id, name, device: `${signer.name} · ${nameOfSigner(signer.key)}` },
        ]),
      ),
    );
    this.#byEnd = new Map(
      people.flatMap(({ id, name, devices }) =>
        devices.map((device) => [
          endOf(device),
          { person: id, name, device: `${device.name} · ${nameOfKey(device.x, device.y)}` },
        ]),
      ),
    );
  }

  of(key: string): Whose {
    const branch = this.#branches.get(key.toLowerCase());
    if (branch !== undefined) return { person: null, name: branch, device: null };
    const own = this.#byKey.get(key.toLowerCase());
    if (own !== undefined) return own;
    const found = this.#byEnd.get(key.toLowerCase().slice(-128));
    if (found !== undefined) return found;
    if (localStorage.getItem(OWN_POINT) === key.toLowerCase().slice(-128))
      return { person: null, name: `${m.this_browser()} ${nameOfSigner(key)}`, device: null };
    const verifier = session.status?.contracts.webAuthnVerifier?.toLowerCase();
    const isDevice = verifier !== undefined && key.toLowerCase().startsWith(verifier);
    const what = isDevice ? m.device_of_nobody() : m.key_of_system();
    return { person: null, name: `${what} ${nameOfSigner(key)}`, device: null };
  }

  personOf = (key: string): string | null => this.of(key).person;
  nameOf = (key: string): string => this.of(key).name;
}

/** A device as a signer of an account. @param verifier Of passkeys. */
export const signerOf = (verifier: string, device: { x: string; y: string }): string =>
  `${verifier.toLowerCase()}${endOf(device)}`;
