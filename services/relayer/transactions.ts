import type { SigningKey } from 'ethers';
import { getAddress, toBeHex, Transaction, type JsonRpcProvider } from 'ethers';
import { interfaces } from '#chain/contracts.ts';
import type { ActRow } from '#db/app/acts.ts';
import type { Attempt, OpenTransaction, Step } from '#db/app/queue.ts';
import { toHex } from '#db/bytes.ts';

/** EIP-1559 fees, in wei per gas. */
export type Fees = { readonly maxFee: bigint; readonly priorityFee: bigint };

/** A node takes a replacement only if it pays at least a tenth more (the usual rule of the pool). */
const BUMP_PERCENT = 115n;

/** A firm's act is one transaction, its batch; an act of the platform's own keys is one for each call. */
export function stepsOf(act: ActRow): Step[] {
  const { id, gas_limit: gasLimit } = act;
  if (act.signed_by !== 'firm') {
    return act.calls.map(({ target, data }, step) => ({ act: id, step, target, data, gasLimit }));
  }
  const data = interfaces.orgAccount.encodeFunctionData('execute', [
    act.calls,
    act.nonce,
    act.valid_until,
    act.signature,
  ]);
  return [{ act: id, step: 0, target: getAddress(toHex(act.account!)), data, gasLimit }];
}

export const signer =
  (key: SigningKey, chainId: number, fees: Fees) =>
  ({ target, data, gasLimit }: Pick<Step, 'target' | 'data' | 'gasLimit'>, nonce: bigint): Attempt => {
    const transaction = Transaction.from({
      type: 2,
      chainId,
      nonce: Number(nonce),
      to: target,
      data,
      gasLimit,
      maxFeePerGas: fees.maxFee,
      maxPriorityFeePerGas: fees.priorityFee,
    });
    transaction.signature = key.sign(transaction.unsignedHash);
    return { hash: transaction.hash!, raw: transaction.serialized, ...fees };
  };

/** The same transaction again with higher fees; undefined where gas is free, since a price would buy nothing there. */
export function replacement(
  key: SigningKey,
  chainId: number,
  { target, data, gas_limit: gasLimit, nonce, attempts }: OpenTransaction,
  fees: Fees,
): Attempt | undefined {
  const last = attempts.at(-1);
  if (last === undefined || fees.maxFee === 0n) return undefined;
  const bumped = (before: bigint, now: bigint): bigint => {
    const least = (before * BUMP_PERCENT) / 100n + 1n;
    return least > now ? least : now;
  };
  return signer(key, chainId, {
    maxFee: bumped(last.max_fee, fees.maxFee),
    priorityFee: bumped(last.priority_fee, fees.priorityFee),
  })({ target: getAddress(toHex(target)), data: toHex(data), gasLimit }, nonce);
}

/** What the chain asks for now. Nothing where gas is free: the platform's keys need no balance there. */
export async function currentFees(provider: JsonRpcProvider): Promise<Fees> {
  const block = (await provider.send('eth_getBlockByNumber', ['latest', false])) as {
    baseFeePerGas?: string;
  };
  const baseFee = BigInt(block.baseFeePerGas ?? toBeHex(0));
  if (baseFee === 0n) return { maxFee: 0n, priorityFee: 0n };
  const priorityFee = BigInt((await provider.send('eth_maxPriorityFeePerGas', [])) as string);
  return { maxFee: baseFee * 2n + priorityFee, priorityFee };
}
