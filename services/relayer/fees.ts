import type { JsonRpcProvider } from 'ethers';

/** What a transaction offers for a unit of gas. On a chain without a base fee both are the gas price. */
export type Fees = { readonly isLegacy: boolean; readonly maxFee: bigint; readonly priorityFee: bigint };
/** What the chain asks for, and the gas that a block holds. */
export type BlockFees = Fees & { readonly blockGas: bigint };

type Block = { readonly baseFeePerGas?: string; readonly gasLimit: string };

/** A chain that asks for nothing is offered nothing: its senders need no balance. */
export async function readBlockFees(provider: JsonRpcProvider): Promise<BlockFees> {
  const [price, block] = await Promise.all([
    provider.send('eth_gasPrice', []) as Promise<string>,
    provider.send('eth_getBlockByNumber', ['latest', false]) as Promise<Block | null>,
  ]);
  const gasPrice = BigInt(price);
  const isLegacy = block?.baseFeePerGas === undefined;
  const blockGas = BigInt(block?.gasLimit ?? '0x0');
  if (gasPrice === 0n) return { isLegacy, blockGas, maxFee: 0n, priorityFee: 0n };
  if (isLegacy) return { isLegacy, blockGas, maxFee: gasPrice, priorityFee: gasPrice };
  const baseFee = BigInt(block?.baseFeePerGas ?? '0x0');
  const priorityFee = BigInt((await provider.send('eth_maxPriorityFeePerGas', [])) as string);
  return { isLegacy, blockGas, maxFee: 2n * baseFee + priorityFee, priorityFee };
}

/** Times what is asked for now: the most that is offered, however long the chain stands still. */
const MOST = 8n;

/**
 * Nodes take a replacement that offers a tenth more; an eighth is sure. Never less than what is asked for now, nor so much
 * that a node refuses it or the sender cannot pay it.
 */
export const raised = (fees: Fees, before: { maxFee: bigint; priorityFee: bigint }): Fees => ({
  isLegacy: fees.isLegacy,
  maxFee: raise(fees.maxFee, before.maxFee),
  priorityFee: raise(fees.priorityFee, before.priorityFee),
});

const raise = (asked: bigint, before: bigint): bigint =>
  max(asked, min(before + before / 8n + 1n, MOST * max(asked, 1n)));

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
