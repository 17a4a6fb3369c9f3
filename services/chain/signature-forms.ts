/**
 * The one form in which accounts take a signature. A mathematically right signature has others (the high s, another v, another
 * encoding), which are refused, so that nobody can make a second signature out of a first.
 */
import { decodeAuth } from './webauthn.ts';

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
export type SignatureKind = 'p256' | 'webauthn' | 'ecdsa' | 'sm2';

/** Where s and the order minus s are both right. Not so in SM2, which has one form (see contracts/participants/SM2.sol). */
const ORDERS: Partial<Record<SignatureKind, bigint>> = {
  p256: P256_ORDER,
  webauthn: P256_ORDER,
  ecdsa: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
};

/** Bytes. P-256, SM2: r ‖ s; ECDSA: r ‖ s ‖ v. Of a passkey r and s come first too, and more than these follows. */
const LENGTHS: Partial<Record<SignatureKind, number>> = { p256: 64, sm2: 64, ecdsa: 65 };

/** What keeps an account from taking a signature, whatever it is over. */
export type FormFault = 'length' | 'encoding' | 'high s' | 'v';

const parts = (signature: string) => ({
  r: signature.slice(2, 66),
  s: BigInt(`0x${signature.slice(66, 130)}`),
  v: Number.parseInt(signature.slice(130, 132), 16),
});

/** What is wrong before r and s are looked at. */
function shapeFault(kind: SignatureKind, signature: string): FormFault | undefined {
  const length = LENGTHS[kind];
  if (length !== undefined) return signature.length === 2 + 2 * length ? undefined : 'length';
  return decodeAuth(signature) === undefined ? 'encoding' : undefined;
}

/** @param signature Hex with 0x. Undefined: the form is right. */
export function formFault(kind: SignatureKind, signature: string): FormFault | undefined {
  const fault = shapeFault(kind, signature);
  if (fault !== undefined) return fault;
  const { s, v } = parts(signature);
  const order = ORDERS[kind];
  if (order !== undefined && s > order / 2n) return 'high s';
  return kind === 'ecdsa' && v !== 27 && v !== 28 ? 'v' : undefined;
}

/**
 * The same signature in the form that accounts take: low s, v 27 or 28 (from 0 or 1, or from 35 on as EIP-155 counts). What is
 * no signature stays as it is.
 */
export function normalised(kind: SignatureKind, signature: string): string {
  const order = ORDERS[kind];
  if (order === undefined || shapeFault(kind, signature) !== undefined) return signature;
  const { r, s, v } = parts(signature);
  const isHigh = s > order / 2n && s < order;
  const low = (isHigh ? order - s : s).toString(16).padStart(64, '0');
  if (kind !== 'ecdsa') return `0x${r}${low}${signature.slice(130)}`;
  const parity = v <= 1 ? v : v === 27 || v === 28 ? v - 27 : v >= 35 ? (v - 35) % 2 : undefined;
  if (parity === undefined) return signature;
  return `0x${r}${low}${(27 + (isHigh ? 1 - parity : parity)).toString(16)}`;
}
