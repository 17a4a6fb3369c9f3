import { keccak256 } from '#chain/keccak.ts';
import type { RawLog } from '#db/ledger/ledger.ts';

const BYTES = 256;

/** The three bits of a value, remembered: most addresses and topics come again and again. */
const bits = new Map<string, readonly [number, number, number]>();
const REMEMBERED = 50_000;

/** The logs bloom that a block with exactly these logs has in its header. */
export function bloomOf(logs: readonly Pick<RawLog, 'address' | 'topics'>[]): Buffer {
  const bloom = Buffer.alloc(BYTES);
  for (const { address, topics } of logs) {
    add(bloom, address);
    for (let at = 0; at < topics.length; at += 32) add(bloom, topics.subarray(at, at + 32));
  }
  return bloom;
}

function add(bloom: Buffer, value: Buffer): void {
  for (const bit of bitsOf(value)) bloom[BYTES - 1 - (bit >> 3)]! |= 1 << (bit & 7);
}

function bitsOf(value: Buffer): readonly [number, number, number] {
  const key = value.toString('latin1');
  const known = bits.get(key);
  if (known) return known;
  const hash = keccak256(value);
  const pair = (n: number): number => hash.readUInt16BE(2 * n) & 2047;
  const fresh = [pair(0), pair(1), pair(2)] as const;
  if (bits.size >= REMEMBERED) bits.clear();
  bits.set(key, fresh);
  return fresh;
}
