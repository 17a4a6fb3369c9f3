/** The hash of the chain, for many short texts. */
import { createKeccak } from 'hash-wasm';

const keccak = await createKeccak(256);

/** Keccak-256 of the parts, one after the other. Ten times as fast as the pure JavaScript of ethers. */
export function keccak256(...parts: readonly Buffer[]): Buffer {
  keccak.init();
  for (const part of parts) keccak.update(part);
  return Buffer.from(keccak.digest('binary'));
}
