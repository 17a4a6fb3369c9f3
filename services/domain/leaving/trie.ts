/**
 * Reads a value of a state or storage trie from some of its nodes. Each node is asked for by its hash, so a node that was altered is
 * one that is missing. Our own, because the libraries for it keep whole tries, and bring a store and a licence of their own; RLP is
 * read by ethers.
 */
import { decodeRlp } from 'ethers';
import { bytesOf, hexOf, keccakOf, type Hex } from './hex.ts';

/** Nodes by their hash. */
export type Nodes = ReadonlyMap<Hex, Uint8Array>;

/** The nodes at hand do not lead to the value, nor show that there is none. */
export class NotProven extends Error {}

type Rlp = string | readonly Rlp[];

const EMPTY = hexOf(keccakOf(Uint8Array.of(0x80)));

export const nodesOf = (nodes: readonly string[]): Nodes =>
  new Map(nodes.map((node) => [hexOf(keccakOf(bytesOf(node))), bytesOf(node)]));

/**
 * The value (RLP) under a key, undefined where the trie has none.
 * @param key Before it is hashed.
 * @throws {@link NotProven}
 */
export function readTrie(root: Hex, key: Uint8Array, nodes: Nodes): Uint8Array | undefined {
  if (root === EMPTY) return undefined;
  let path = hexOf(keccakOf(key)).slice(2);
  let node = nodeAt(root, nodes);
  for (;;) {
    if (node.length === 17) {
      if (path === '') throw new NotProven('a branch at the end of the path');
      const child = node[Number.parseInt(path[0]!, 16)]!;
      path = path.slice(1);
      if (child === '0x') return undefined;
      node = childOf(child, nodes);
    } else if (node.length === 2 && typeof node[0] === 'string') {
      const { nibbles, isLeaf } = compact(node[0]);
      if (isLeaf) {
        if (nibbles !== path) return undefined;
        if (typeof node[1] !== 'string') throw new NotProven('a leaf without a value');
        return bytesOf(node[1]);
      }
      if (!path.startsWith(nibbles)) return undefined;
      path = path.slice(nibbles.length);
      node = childOf(node[1]!, nodes);
    } else throw new NotProven('no node of a trie');
  }
}

/** A node shorter than a hash stands in its parent itself. */
const childOf = (child: Rlp, nodes: Nodes): readonly Rlp[] =>
  typeof child === 'string' ? nodeAt(child as Hex, nodes) : child;

function nodeAt(hash: Hex, nodes: Nodes): readonly Rlp[] {
  const bytes = nodes.get(hash);
  if (bytes === undefined) throw new NotProven(`no node has the hash ${hash}`);
  const decoded = decoding(() => decodeRlp(bytes) as Rlp);
  if (typeof decoded === 'string') throw new NotProven('no node of a trie');
  return decoded;
}

/** The nibbles of a path, whose first says whether it ends there, and whether they are odd in number. */
function compact(encoded: string): { nibbles: string; isLeaf: boolean } {
  const flag = Number.parseInt(encoded[2] ?? 'f', 16);
  if (flag > 3) throw new NotProven('no path of a trie');
  return { nibbles: encoded.slice(flag % 2 === 1 ? 3 : 4), isLeaf: flag >= 2 };
}

export function decoding<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new NotProven('no RLP', { cause: error });
  }
}
