/**
 * A private key in a token: found by its label, used through one session, which is opened when it is needed and again when it
 * was lost. The library is started anew before a token counts as missing, since most look for tokens only when they start.
 */
import { readFileSync } from 'node:fs';
import { KeyError } from '../key.ts';
import type { KeyName } from '../name.ts';
import { CKA, CKO, CKR, loadCryptoki, Refusal, type Cryptoki } from './cryptoki.ts';

/** One of each library in a process: the standard starts it once. */
const libraries = new Map<string, Cryptoki>();

/** The session, the key or the token is gone. */
const LOST: readonly number[] = [
  CKR.SLOT_ID_INVALID,
  CKR.DEVICE_ERROR,
  CKR.DEVICE_REMOVED,
  CKR.KEY_HANDLE_INVALID,
  CKR.OBJECT_HANDLE_INVALID,
  CKR.SESSION_CLOSED,
  CKR.SESSION_HANDLE_INVALID,
  CKR.TOKEN_NOT_PRESENT,
  CKR.TOKEN_NOT_RECOGNIZED,
  CKR.USER_NOT_LOGGED_IN,
  CKR.CRYPTOKI_NOT_INITIALIZED,
];
/** After these a new session may help too: what modules say when they do not know better. */
const UNCLEAR: readonly number[] = [CKR.GENERAL_ERROR, CKR.FUNCTION_FAILED];
const PIN_REFUSED: readonly number[] = [
  CKR.PIN_INCORRECT,
  CKR.PIN_INVALID,
  CKR.PIN_LEN_RANGE,
  CKR.PIN_EXPIRED,
];

type Session = { readonly library: Cryptoki; readonly session: number; readonly key: number };

export class TokenKey {
  readonly #name: KeyName;
  #open: Session | undefined;
  /** Wrong PINs lock a token: the one that it refused is not tried again. */
  #refusedPin: string | undefined;

  constructor(name: KeyName) {
    this.#name = name;
  }

  /** DER of the curve's name, and the point as it is stored: a DER octet string, or the bare 65 bytes. */
  publicParts(): { readonly curve: Buffer; readonly point: Buffer } {
    return this.#use(({ library, session }) => {
      const object = this.#find(library, session, CKO.PUBLIC_KEY);
      return {
        curve: library.attribute(session, object, CKA.EC_PARAMS),
        point: library.attribute(session, object, CKA.EC_POINT),
      };
    });
  }

  /** r ‖ s, 32 bytes each, as the module makes it. */
  sign(digest: Uint8Array): Buffer {
    return this.#use(({ library, session, key }) => library.sign(session, key, digest));
  }

  /** Once more with a new session if the first was lost. */
  #use<T>(act: (open: Session) => T): T {
    for (let isSecond = false; ; isSecond = true) {
      try {
        return act((this.#open ??= this.#enter(isSecond)));
      } catch (error) {
        this.#open = undefined;
        const isLost = error instanceof Refusal ? [...LOST, ...UNCLEAR].includes(error.rv) : isMissing(error);
        if (isLost && !isSecond) continue;
        throw error instanceof KeyError ? error : this.#explained(error);
      }
    }
  }

  #enter(isAnew: boolean): Session {
    const { module, token } = this.#name;
    const library = started(module, isAnew);
    const slot = library.slots().find((each) => library.labelOf(each) === token);
    if (slot === undefined) throw new KeyError('KEY_TOKEN_MISSING', `${module} has no token "${token}"`);
    const session = library.openSession(slot);
    this.#login(library, session);
    return { library, session, key: this.#find(library, session, CKO.PRIVATE_KEY) };
  }

  #login(library: Cryptoki, session: number): void {
    const { token } = this.#name;
    const pin = this.#pin();
    if (pin === this.#refusedPin)
      throw new KeyError('KEY_PIN_REFUSED', `"${token}" has refused this PIN before`);
    try {
      library.login(session, pin);
    } catch (error) {
      const rv = error instanceof Refusal ? error.rv : undefined;
      if (rv === CKR.USER_ALREADY_LOGGED_IN) return; // by another key of this token
      if (rv === CKR.PIN_LOCKED) throw new KeyError('KEY_PIN_LOCKED', `the PIN of "${token}" is locked`);
      if (rv === undefined || !PIN_REFUSED.includes(rv)) throw error;
      this.#refusedPin = pin;
      throw new KeyError('KEY_PIN_REFUSED', `"${token}" refuses the PIN`);
    }
  }

  #pin(): string {
    const { pinFile, token } = this.#name;
    if (pinFile === undefined) {
      const pin = process.env['KEY_PIN'];
      if (pin) return pin;
      throw new KeyError(
        'KEY_PIN_MISSING',
        `no PIN for "${token}": name a file by pin-source, or set KEY_PIN`,
      );
    }
    try {
      return readFileSync(pinFile, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      throw new KeyError('KEY_PIN_MISSING', `${pinFile} with the PIN of "${token}" cannot be read`, {
        cause: error,
      });
    }
  }

  #find(library: Cryptoki, session: number, kind: number): number {
    const { token, object } = this.#name;
    const found = library.find(session, [
      [CKA.CLASS, kind],
      [CKA.LABEL, object],
    ]);
    if (found.length === 1) return found[0]!;
    const what = kind === CKO.PRIVATE_KEY ? 'private' : 'public';
    throw new KeyError('KEY_MISSING', `"${token}" has ${found.length} ${what} keys "${object}", not one`);
  }

  #explained(error: unknown): KeyError {
    const reason = error instanceof Error ? error.message : String(error);
    const isGone = error instanceof Refusal && LOST.includes(error.rv);
    return new KeyError(
      isGone ? 'KEY_TOKEN_MISSING' : 'KEY_MODULE_FAILED',
      `key "${this.#name.object}" of "${this.#name.token}": ${reason}`,
      { cause: error },
    );
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof KeyError && (error.code === 'KEY_TOKEN_MISSING' || error.code === 'KEY_MISSING');

/** Anew: sessions of other keys are lost, which find that out and come back. */
function started(path: string, isAnew: boolean): Cryptoki {
  const library = libraries.get(path) ?? loadCryptoki(path);
  const isFirst = !libraries.has(path);
  libraries.set(path, library);
  if (isAnew && !isFirst) unlessRefused(CKR.CRYPTOKI_NOT_INITIALIZED, library.finalize);
  if (isAnew || isFirst) unlessRefused(CKR.CRYPTOKI_ALREADY_INITIALIZED, library.initialize);
  return library;
}

function unlessRefused(rv: number, call: () => void): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof Refusal) || error.rv !== rv) throw error;
  }
}
