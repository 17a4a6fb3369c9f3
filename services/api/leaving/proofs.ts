/** What leads from a block's header to the words of a firm's bills: asked of the node, and gone along here before it is given away. */
import { encodeRlp, keccak256, toBeHex, decodeRlp, type JsonRpcProvider } from 'ethers';
import { readHeader, storageRoot, storedWord } from '#domain/leaving/chain-words.ts';
import type { BlockProof } from '#domain/leaving/format.ts';
import { bytesOf, type Hex } from '#domain/leaving/hex.ts';
import { nodesOf } from '#domain/leaving/trie.ts';

type Header = Readonly<Record<string, string | undefined>>;
type AccountProof = {
  readonly accountProof: readonly Hex[];
  readonly storageProof: readonly { readonly key: string; readonly proof: readonly Hex[] }[];
};

const number = (hex: string): string => (BigInt(hex) === 0n ? '0x' : toBeHex(BigInt(hex)));
const asIs = (hex: string): string => hex;

/** The fields of a header in their order; the later ones are there since the rules that brought them (London to Prague). */
const FIELDS: readonly (readonly [name: string, encode: (hex: string) => string])[] = [
  ['parentHash', asIs],
  ['sha3Uncles', asIs],
  ['miner', asIs],
  ['stateRoot', asIs],
  ['transactionsRoot', asIs],
  ['receiptsRoot', asIs],
  ['logsBloom', asIs],
  ['difficulty', number],
  ['number', number],
  ['gasLimit', number],
  ['gasUsed', number],
  ['timestamp', number],
  ['extraData', asIs],
  ['mixHash', asIs],
  ['nonce', asIs],
  ['baseFeePerGas', number],
  ['withdrawalsRoot', asIs],
  ['blobGasUsed', number],
  ['excessBlobGas', number],
  ['parentBeaconBlockRoot', asIs],
  ['requestsHash', asIs],
];

/** A header as the chain hashes it. Throws where its hash does not come of it. */
export function headerRlp(header: Header): Hex {
  const encoded = (extraData: string): string =>
    encodeRlp(
      FIELDS.flatMap(([name, encode]) => {
        const value = name === 'extraData' ? extraData : header[name];
        return value === undefined || value === null ? [] : [encode(value)];
      }),
    );
  for (const extraData of [header['extraData']!, ...withoutSeals(header['extraData']!)]) {
    const rlp = encoded(extraData);
    if (keccak256(rlp) === header['hash']) return rlp as Hex;
  }
  throw new Error(`the hash of block ${header['number']} does not come of its header`);
}

/** Besu (QBFT) hashes a header without its round and the seals of validators, which come later. */
function withoutSeals(extraData: string): string[] {
  try {
    const [vanity, validators, vote] = decodeRlp(extraData) as [string, string[], never];
    return Array.isArray(validators) ? [encodeRlp([vanity, validators, vote, '0x', []])] : [];
  } catch {
    return [];
  }
}

/** Slots of one question: a node answers it in a moment. */
const SLOTS = 300;

/** The words of the ledger at one block. */
export class LedgerProofs {
  readonly #provider: JsonRpcProvider;
  readonly #bills: string;
  readonly #block: string;
  readonly #root: Hex;
  readonly block: BlockProof;

  private constructor(provider: JsonRpcProvider, bills: string, block: string, root: Hex, proof: BlockProof) {
    this.#provider = provider;
    this.#bills = bills;
    this.#block = block;
    this.#root = root;
    this.block = proof;
  }

  /** Throws where the node does not know the block, or its state any more. */
  static async at(
    provider: JsonRpcProvider,
    bills: string,
    { number: no, hash }: { readonly number: bigint; readonly hash: Hex },
  ): Promise<LedgerProofs> {
    const header = (await provider.send('eth_getBlockByHash', [hash, false])) as Header | null;
    if (header === null) throw new Error(`the node does not know block ${no} any more`);
    const rlp = headerRlp(header);
    const block = `0x${no.toString(16)}`;
    const { accountProof } = (await provider.send('eth_getProof', [bills, [], block])) as AccountProof;
    const root = storageRoot(readHeader(bytesOf(rlp)).stateRoot, bills, nodesOf(accountProof));
    return new LedgerProofs(provider, bills, block, root, { header: rlp, nodes: accountProof });
  }

  /** The nodes that lead to each of these lists of slots. */
  async nodesFor(lists: readonly (readonly Hex[])[]): Promise<Hex[][]> {
    const slots = lists.flat();
    const proofs = new Map<string, readonly Hex[]>();
    for (let at = 0; at < slots.length; at += SLOTS) {
      const some = slots.slice(at, at + SLOTS);
      const { storageProof } = (await this.#provider.send('eth_getProof', [
        this.#bills,
        some,
        this.#block,
      ])) as AccountProof;
      some.forEach((slot, n) => proofs.set(slot, storageProof[n]!.proof));
    }
    return lists.map((list) => [...new Set(list.flatMap((slot) => proofs.get(slot)!))]);
  }

  /** A word, from nodes that {@link nodesFor} gave. */
  word = (slot: Hex, nodes: readonly Hex[]): bigint => storedWord(this.#root, bytesOf(slot), nodesOf(nodes));
}
