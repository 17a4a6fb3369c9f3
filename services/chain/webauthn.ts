/**
 * The signature of a passkey as an account takes it: `abi.encode` of OpenZeppelin's WebAuthnAuth, written in its one canonical way.
 * No library of a chain, because a page writes it too.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

export type WebAuthnAuth = {
  /** 32 bytes of hex each, without 0x. */
  readonly r: string;
  readonly s: string;
  /** Where `"challenge":"…"` and `"type":"webauthn.get"` begin in the bytes of the client data. */
  readonly challengeIndex: number;
  readonly typeIndex: number;
  readonly authenticatorData: Uint8Array;
  readonly clientDataJSON: Uint8Array;
};

const WORD = 64; // digits of hex
const HEAD = 6 * WORD;
const word = (value: number): string => value.toString(16).padStart(WORD, '0');
const padded = (digits: number): number => Math.ceil(digits / WORD) * WORD;

function withLength(bytes: Uint8Array): string {
  const hex = bytesToHex(bytes);
  return word(bytes.length) + hex.padEnd(padded(hex.length), '0');
}

/** Hex with 0x. */
export function encodeAuth(auth: WebAuthnAuth): string {
  const { r, s, challengeIndex, typeIndex, authenticatorData, clientDataJSON } = auth;
  const first = withLength(authenticatorData);
  const pointers = word(HEAD / 2) + word((HEAD + first.length) / 2);
  return `0x${r}${s}${word(challengeIndex)}${word(typeIndex)}${pointers}${first}${withLength(clientDataJSON)}`;
}

/** Undefined for what is not written as {@link encodeAuth} writes it, to the digit. */
export function decodeAuth(signature: string): WebAuthnAuth | undefined {
  const hex = signature.slice(2).toLowerCase();
  if (hex.length < HEAD || !/^([0-9a-f]{2})*$/.test(hex)) return undefined;
  const numberAt = (at: number): number => Number.parseInt(hex.slice(at, at + WORD), 16);
  const bytesAt = (at: number): Uint8Array =>
    hexToBytes(hex.slice(at + WORD, at + WORD + 2 * Math.min(numberAt(at) || 0, hex.length)));
  const auth = {
    r: hex.slice(0, WORD),
    s: hex.slice(WORD, 2 * WORD),
    challengeIndex: numberAt(2 * WORD),
    typeIndex: numberAt(3 * WORD),
    authenticatorData: bytesAt(2 * numberAt(4 * WORD)),
    clientDataJSON: bytesAt(2 * numberAt(5 * WORD)),
  };
  return encodeAuth(auth) === `0x${hex}` ? auth : undefined;
}
