/**
 * What the generated decoders stand on: reads values of the contract ABI from bytes, and takes nothing but the one encoding
 * that a contract of Solidity emits. Every bit of a word that its type leaves unused is zero (sign and padding), the parts
 * of variable size follow each other without a gap, in order, and nothing comes after them. ethers is laxer: it masks dirty
 * bits and ignores what is left over; here such a log is refused, since no contract of ours can have written it.
 */

/** Bytes that are not an encoding of the event that their first topic names. */
export class Malformed extends Error {}

const WORD = 32;

export function expectSize(bytes: Buffer, size: number): void {
  if (bytes.length !== size) throw new Malformed(`${bytes.length} bytes instead of ${size}`);
}

function expectZeros(bytes: Buffer, from: number, to: number): void {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) throw new Malformed(`byte ${at} is not zero`);
}

/** An unsigned integer of at most 32 bits, in `size` bytes at the end of the word. */
export function smallUint(bytes: Buffer, at: number, size: number): number {
  expectZeros(bytes, at, at + WORD - size);
  return bytes.readUInt32BE(at + 28);
}

/** An unsigned integer of at most 64 bits. */
export function uint(bytes: Buffer, at: number, size: number): bigint {
  expectZeros(bytes, at, at + WORD - size);
  const high = bytes.readUInt32BE(at + 24);
  const low = bytes.readUInt32BE(at + 28);
  return high < 0x20_0000 ? BigInt(high * 0x1_0000_0000 + low) : (BigInt(high) << 32n) | BigInt(low);
}

/** An unsigned integer of any size. */
export function largeUint(bytes: Buffer, at: number, size: number): bigint {
  expectZeros(bytes, at, at + WORD - size);
  const high = bytes.subarray(at, at + 24);
  if (high.every((byte) => byte === 0)) return uint(bytes, at, 8);
  return BigInt(`0x${bytes.toString('hex', at, at + WORD)}`);
}

export function bool(bytes: Buffer, at: number): boolean {
  const value = smallUint(bytes, at, 4);
  if (value > 1) throw new Malformed(`${value} is neither true nor false`);
  return value === 1;
}

export function address(bytes: Buffer, at: number): Buffer {
  expectZeros(bytes, at, at + 12);
  return bytes.subarray(at + 12, at + WORD);
}

export function fixedBytes(bytes: Buffer, at: number, size: number): Buffer {
  expectZeros(bytes, at + size, at + WORD);
  return bytes.subarray(at, at + size);
}

/** The parts of variable size of one tuple or array: where the offsets count from, and where the next part must begin. */
export class Tail {
  readonly #from: number;
  next: number;

  constructor(from: number, heads: number) {
    this.#from = from;
    this.next = from + heads;
  }

  /** Reads the offset at `at`, which points to the next part. */
  reach(data: Buffer, at: number): void {
    if (uintWithin(data, at) !== this.next - this.#from)
      throw new Malformed(`a gap before byte ${this.next}`);
  }

  /** Reads the offset at `at` and the length that it points to. */
  enter(data: Buffer, at: number): number {
    this.reach(data, at);
    const length = uintWithin(data, this.next);
    this.next += WORD;
    return length;
  }
}

/** Offsets and lengths; too large a one cannot be right, whatever the size of the data. */
function uintWithin(data: Buffer, at: number): number {
  if (at + WORD > data.length) throw new Malformed('the data end too early');
  return smallUint(data, at, 4);
}

export function bytes(data: Buffer, at: number, tail: Tail): Buffer {
  const length = tail.enter(data, at);
  const start = tail.next;
  const end = start + length;
  tail.next = start + Math.ceil(length / WORD) * WORD;
  if (tail.next > data.length) throw new Malformed('the data end too early');
  expectZeros(data, end, tail.next);
  return data.subarray(start, end);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function text(data: Buffer, at: number, tail: Tail): string {
  try {
    return utf8.decode(bytes(data, at, tail));
  } catch (error) {
    if (error instanceof Malformed) throw error;
    throw new Malformed('a text is not UTF-8', { cause: error });
  }
}

/** @param read One element of `size` bytes: its value, or the offset of its part of variable size. */
export function array<T>(
  data: Buffer,
  at: number,
  tail: Tail,
  size: number,
  read: (data: Buffer, at: number, inner: Tail) => T,
): T[] {
  const length = tail.enter(data, at);
  const start = tail.next;
  const inner = new Tail(start, length * size);
  if (inner.next > data.length) throw new Malformed('the data end too early');
  const elements = Array.from({ length }, (_, n) => read(data, start + n * size, inner));
  tail.next = inner.next;
  return elements;
}

/** A struct with parts of variable size, whose heads are `size` bytes. */
export function struct<T>(
  data: Buffer,
  at: number,
  tail: Tail,
  size: number,
  read: (data: Buffer, at: number, inner: Tail) => T,
): T {
  tail.reach(data, at);
  const start = tail.next;
  const inner = new Tail(start, size);
  if (inner.next > data.length) throw new Malformed('the data end too early');
  const value = read(data, start, inner);
  tail.next = inner.next;
  return value;
}
