/** From a block's header to what the ledger keeps of a bill: what a proof has to show, and where it lies. */
import { decodeRlp } from 'ethers';
import { bytesOf, hexOf, keccakOf, numberIn, wordOf, type Hex } from './hex.ts';
import { decoding, NotProven, readTrie, type Nodes } from './trie.ts';

export type BlockHeader = {
  readonly hash: Hex;
  readonly parentHash: Hex;
  readonly stateRoot: Hex;
  readonly number: bigint;
  /** Instant (seconds). */
  readonly timestamp: bigint;
};

/** @param rlp The header as the chain hashes it. @throws {@link NotProven} */
export function readHeader(rlp: Uint8Array): BlockHeader {
  const fields = decoding(() => decodeRlp(rlp));
  if (!Array.isArray(fields) || fields.length < 15 || fields.some((field) => typeof field !== 'string'))
    throw new NotProven('no header of a block');
  const at = (n: number) => fields[n] as Hex;
  return {
    hash: hexOf(keccakOf(rlp)),
    parentHash: at(0),
    stateRoot: at(3),
    number: numberIn(bytesOf(at(8))),
    timestamp: numberIn(bytesOf(at(11))),
  };
}

/** The root of a contract's storage. @throws {@link NotProven} */
export function storageRoot(stateRoot: Hex, contract: string, nodes: Nodes): Hex {
  const account = readTrie(stateRoot, bytesOf(contract.toLowerCase()), nodes);
  const fields = account && decoding(() => decodeRlp(account));
  if (!Array.isArray(fields) || typeof fields[2] !== 'string')
    throw new NotProven('no such contract at this block');
  return fields[2] as Hex;
}

/** A word of storage; 0 where nothing is stored. @throws {@link NotProven} */
export function storedWord(root: Hex, slot: Uint8Array, nodes: Nodes): bigint {
  const value = readTrie(root, slot, nodes);
  if (value === undefined) return 0n;
  const word = decoding(() => decodeRlp(value));
  if (typeof word !== 'string') throw new NotProven('no word of storage');
  return numberIn(bytesOf(word));
}

/** Places of the ledger's mappings; `test/domain/leaving` compares them with what the compiler says. */
export const LEDGER_PLACES = { terms: 10n, trail: 11n, paid: 12n, parcel: 13n } as const;

/** Where a mapping of the ledger keeps a bill's word, or (under its id) a parcel's. */
export const slotOf = (of: keyof typeof LEDGER_PLACES, key: bigint): Uint8Array =>
  keccakOf(wordOf(key), wordOf(LEDGER_PLACES[of]));

/** The trail after an act, see contracts/bills/Acts.sol. */
export const trailAfter = (trail: Hex, act: Hex): Hex => hexOf(keccakOf(bytesOf(trail), bytesOf(act)));

export const NO_TRAIL: Hex = `0x${'0'.repeat(64)}`;

type Bill = {
  readonly terms: bigint;
  readonly trail: Hex;
  readonly paidIn: bigint;
  readonly paidOut: bigint;
};

/** What `Bills.ledgerHash` gives for a run of parcels that follow each other. */
export const ledgerHashOf = (
  { terms, trail, paidIn, paidOut }: Bill,
  parcels: readonly { readonly first: bigint; readonly word: bigint }[],
): Hex =>
  hexOf(
    parcels.reduce(
      (hash, { first, word }) => keccakOf(hash, wordOf(first), wordOf(word)),
      keccakOf(wordOf(terms), bytesOf(trail), wordOf(paidIn), wordOf(paidOut)),
    ),
  );
