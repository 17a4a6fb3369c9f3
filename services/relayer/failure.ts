import type { JsonRpcProvider } from 'ethers';
import { refusalOf, revertDataOf, type Refusal } from '#chain/errors.ts';
import { NoAnswer } from '#chain/post-json.ts';

export type Mined = {
  readonly hash: string;
  readonly from: string;
  readonly to: string;
  readonly data: string;
  readonly block: bigint;
  readonly gasLimit: bigint;
  readonly gasUsed: bigint;
};

/**
 * Why a transaction failed: what it would fail with after its block, as a rule for the same reason. When it would not fail
 * there, the node is asked for its trace. Throws NoAnswer rather than give no reason.
 */
export async function reasonOf(provider: JsonRpcProvider, mined: Mined): Promise<Refusal> {
  const revert = (await replayed(provider, mined)) ?? (await traced(provider, mined));
  if (revert === undefined || revert === '0x') {
    const isOutOfGas = mined.gasUsed >= (mined.gasLimit * 63n) / 64n;
    return { code: 'INTERNAL', error: isOutOfGas ? 'out of gas' : 'no reason given', args: [] };
  }
  return refusalOf(revert);
}

async function replayed(
  provider: JsonRpcProvider,
  { from, to, data, block }: Mined,
): Promise<string | undefined> {
  try {
    await provider.send('eth_call', [{ from, to, data }, `0x${block.toString(16)}`]);
    return undefined;
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    return revertDataOf(error);
  }
}

async function traced(provider: JsonRpcProvider, { hash }: Mined): Promise<string | undefined> {
  try {
    const trace = (await provider.send('debug_traceTransaction', [hash, { tracer: 'callTracer' }])) as {
      output?: string;
    };
    return trace.output;
  } catch {
    return undefined; // the node keeps no traces
  }
}
