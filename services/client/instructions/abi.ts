/**
 * Reads calls of our own contracts without a library for every contract there is, because a page loads this before it signs.
 * Words are bigints, bytes hex, arrays and tuples arrays. What is not written in the one canonical way is refused.
 */
import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

export type Value = bigint | string | readonly Value[];
type Shape =
  | { readonly kind: 'word' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'array'; readonly of: Shape }
  | { readonly kind: 'tuple'; readonly parts: readonly Shape[] };

/** Hex with 0x, of hex with 0x. */
export const keccak = (hex: string): string => `0x${bytesToHex(keccak_256(hexToBytes(hex.slice(2))))}`;
export const keccakOfText = (text: string): string => `0x${bytesToHex(keccak_256(utf8ToBytes(text)))}`;

export const word = (value: bigint | number): string => BigInt(value).toString(16).padStart(64, '0');
const selectorOf = (signature: string): string => keccakOfText(signature).slice(0, 10);

/** The arguments of a call of `signature`, as in `fund(uint64,uint56)`; undefined if it is not one, to the byte. */
export function argumentsOf(signature: string, data: string): readonly Value[] | undefined {
  const text = data.toLowerCase();
  if (!/^0x[0-9a-f]*$/.test(text) || text.slice(0, 10) !== selectorOf(signature)) return undefined;
  return decode(signature.slice(signature.indexOf('(')), `0x${text.slice(10)}`);
}

export const callData = (signature: string, values: readonly Value[]): string =>
  selectorOf(signature) + encoded(shapeOf(signature.slice(signature.indexOf('('))), values);

/** @param types As in `(uint64,bytes)`. */
export function decode(types: string, data: string): readonly Value[] | undefined {
  const shape = shapeOf(types);
  const body = data.slice(2).toLowerCase();
  try {
    const values = read(shape, body, 0) as readonly Value[];
    return encoded(shape, values) === body ? values : undefined;
  } catch {
    return undefined; // it points outside of itself
  }
}

function shapeOf(types: string): Shape {
  if (types.endsWith('[]')) return { kind: 'array', of: shapeOf(types.slice(0, -2)) };
  if (types === 'bytes') return { kind: 'bytes' };
  if (!types.startsWith('(')) return { kind: 'word' };
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const letter of types.slice(1, -1)) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    if (letter === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += letter;
  }
  return { kind: 'tuple', parts: [...parts, part].map(shapeOf) };
}

const isDynamic = (shape: Shape): boolean =>
  shape.kind === 'bytes' || shape.kind === 'array' || (shape.kind === 'tuple' && shape.parts.some(isDynamic));

/** Bytes of a shape where it stands: a dynamic one leaves a pointer there. */
const room = (shape: Shape): number =>
  isDynamic(shape) || shape.kind !== 'tuple' ? 32 : shape.parts.reduce((sum, part) => sum + room(part), 0);

function encoded(shape: Shape, value: Value): string {
  if (shape.kind === 'word') return word(value as bigint);
  if (shape.kind === 'bytes') {
    const hex = (value as string).slice(2);
    return word(hex.length / 2) + hex.padEnd(Math.ceil(hex.length / 64) * 64, '0');
  }
  const values = value as readonly Value[];
  const parts = partsOf(shape, values.length);
  let at = parts.reduce((sum, part) => sum + room(part), 0);
  let [head, tail] = shape.kind === 'array' ? [word(values.length), ''] : ['', ''];
  parts.forEach((part, n) => {
    const text = encoded(part, values[n]!);
    if (!isDynamic(part)) head += text;
    else {
      head += word(at);
      tail += text;
      at += text.length / 2;
    }
  });
  return head + tail;
}

const partsOf = (shape: Shape, length: number): readonly Shape[] => {
  if (shape.kind === 'tuple') return shape.parts;
  return shape.kind === 'array' ? Array.from({ length }, () => shape.of) : [];
};

function wordAt(body: string, at: number): bigint {
  const text = body.slice(at * 2, at * 2 + 64);
  if (text.length !== 64) throw new RangeError('the data ends too early');
  return BigInt(`0x${text}`);
}

const numberAt = (body: string, at: number): number => {
  const value = wordAt(body, at);
  if (value > BigInt(body.length)) throw new RangeError('it points outside of itself');
  return Number(value);
};

function read(shape: Shape, body: string, at: number): Value {
  if (shape.kind === 'word') return wordAt(body, at);
  if (shape.kind === 'bytes') {
    const start = (at + 32) * 2;
    return `0x${body.slice(start, start + numberAt(body, at) * 2)}`;
  }
  const parts = partsOf(shape, shape.kind === 'array' ? numberAt(body, at) : 0);
  const start = shape.kind === 'tuple' ? at : at + 32;
  let place = start;
  return parts.map((part) => {
    const from = isDynamic(part) ? start + numberAt(body, place) : place;
    place += room(part);
    return read(part, body, from);
  });
}
