import { toQuantity, type JsonRpcProvider } from 'ethers';
import type { Logger } from 'pino';
import { refusalOf, revertDataOf } from '#chain/errors.ts';
import type { OpenTransaction, Outcome } from '#db/app/queue.ts';
import { toHex } from '#db/bytes.ts';
import { problems, type ProblemCode } from '#domain/problems.ts';

/** What of a receipt says how a transaction ended. */
type Receipt = {
  readonly transactionHash: string;
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly status: string;
};

/** The receipt of whichever signed form was mined; undefined while none was. */
export async function receiptOf(
  provider: JsonRpcProvider,
  { attempts }: OpenTransaction,
): Promise<Receipt | undefined> {
  const receipts = await Promise.all(
    attempts.map(
      ({ hash }) => provider.send('eth_getTransactionReceipt', [toHex(hash)]) as Promise<Receipt | null>,
    ),
  );
  return receipts.find((receipt) => receipt !== null) ?? undefined;
}

export async function outcomeOf(
  provider: JsonRpcProvider,
  log: Logger,
  transaction: OpenTransaction,
  receipt: Receipt,
): Promise<Outcome> {
  const outcome = {
    sender: toHex(transaction.sender),
    nonce: transaction.nonce,
    hash: receipt.transactionHash,
    block: BigInt(receipt.blockNumber),
    blockHash: receipt.blockHash,
  };
  if (BigInt(receipt.status) === 1n) return outcome;
  const code = await codeOf(provider, log, transaction, BigInt(receipt.blockNumber));
  return { ...outcome, problem: { code, detail: problems[code] } };
}

/**
 * Why it was reverted: the same call on the state before its block, else, when something in its own block was the reason,
 * on the state after it.
 */
async function codeOf(
  provider: JsonRpcProvider,
  log: Logger,
  { sender, target, data, gas_limit: gasLimit, act_id: act }: OpenTransaction,
  block: bigint,
): Promise<ProblemCode> {
  const call = { from: toHex(sender), to: toHex(target), data: toHex(data), gas: toQuantity(gasLimit) };
  for (const at of [block - 1n, block]) {
    try {
      await provider.send('eth_call', [call, toQuantity(at)]);
    } catch (error) {
      const revert = revertDataOf(error);
      if (revert === undefined || revert === '0x') continue;
      const { code, error: name } = refusalOf(revert);
      log.info({ act, error: name, code }, 'an act was refused by the chain');
      return code;
    }
  }
  log.error({ act, block }, 'a transaction was reverted for a reason that cannot be found out');
  return 'INTERNAL';
}
