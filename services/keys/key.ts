/** The one form in which the parts of the platform and systems of firms know their keys, wherever the secret lies. */
import { computeAddress, SigningKey } from 'ethers';

/** A secp256k1 key that sends transactions. `publicKey` is `0x04 ‖ x ‖ y`; signatures have low s and say their parity. */
export type ChainKey = Pick<SigningKey, 'publicKey' | 'sign'>;

/**
 * A P-256 key that signs for a firm's account. Takes the place of the client's `Key`: `sign` gives `r ‖ s` with low s over the
 * digest itself, `is` says whether an ERC-7913 signer (verifier ‖ x ‖ y) is this key.
 */
export type SystemKey = {
  readonly x: string;
  readonly y: string;
  readonly sign: (digest: string) => string;
  readonly is: (signer: string) => boolean;
};

export type KeyErrorCode =
  /** The setting names no key: what it has to look like stands in the message. */
  | 'KEY_NAME_INVALID'
  /** There is no such library, or it cannot be used here. */
  | 'KEY_MODULE_MISSING'
  /** The library has no token of that name (any more). */
  | 'KEY_TOKEN_MISSING'
  | 'KEY_PIN_MISSING'
  /** Said once for each PIN: a token locks itself after some wrong ones, so the same is not tried again. */
  | 'KEY_PIN_REFUSED'
  | 'KEY_PIN_LOCKED'
  /** The token has no private key of that name, several, or one of another curve. */
  | 'KEY_MISSING'
  /** The library failed in another way; its number (CKR_…) is in the message. */
  | 'KEY_MODULE_FAILED';

/** A key cannot be used (now). No secret is in the message. */
export class KeyError extends Error {
  override readonly name = 'KeyError';
  readonly code: KeyErrorCode;

  constructor(code: KeyErrorCode, message: string, options?: ErrorOptions) {
    super(`${code}: ${message}`, options);
    this.code = code;
  }
}

/** One whose secret is at hand: 0x and 64 hex digits, of a file. */
export const chainKeyOf = (key: string | ChainKey): ChainKey =>
  typeof key === 'string' ? new SigningKey(key) : key;

export const addressOfKey = ({ publicKey }: ChainKey): string => computeAddress(publicKey);
