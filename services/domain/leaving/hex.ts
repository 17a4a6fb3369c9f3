/** Bytes as hex with 0x, and the hash of the chain. */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

export type Hex = `0x${string}`;

export const hexOf = (bytes: Uint8Array): Hex => `0x${bytesToHex(bytes)}`;

/** Throws on what is no hex of whole bytes. */
export const bytesOf = (hex: string): Uint8Array => {
  if (!hex.startsWith('0x')) throw new Error('no hex');
  return hexToBytes(hex.slice(2));
};

export const keccakOf = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = keccak_256.create();
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** 32 bytes. */
export const wordOf = (value: bigint): Uint8Array => hexToBytes(value.toString(16).padStart(64, '0'));

export const numberIn = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(hexOf(bytes)));
