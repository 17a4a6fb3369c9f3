import { computeAddress, SigningKey, type JsonRpcProvider } from 'ethers';
import type { Logger } from 'pino';
import type { SignedBy } from '#db/app/acts.ts';
import {
  addAttempt,
  isIndexed,
  openTransactions,
  settle,
  takeFromQueue,
  type OpenTransaction,
} from '#db/app/queue.ts';
import { toHex } from '#db/bytes.ts';
import type { Database } from '#db/connect.ts';
import { Loop } from './loop.ts';
import { outcomeOf, receiptOf } from './outcome.ts';
import { currentFees, replacement, signer, stepsOf } from './transactions.ts';

export type SenderConfig = {
  readonly db: Database;
  readonly provider: JsonRpcProvider;
  readonly chainId: number;
  /** Private key. */
  readonly key: string;
  /** Whose acts this key carries. */
  readonly signedBy: readonly SignedBy[];
  readonly log: Logger;
};

/** Transactions of one key whose end is not known: more wait in the queue. */
const IN_FLIGHT = 200;
/** A transaction that nobody mined is sent again, and after a while replaced by one that pays more (ms). */
const SEND_AGAIN = 3_000;
const REPLACE = 30_000;
const LOOK_AGAIN = 1_000;

/**
 * One key of the platform. Two loops: one takes acts out of the queue, signs their transactions, writes them down and
 * sends them; the other sees how those that are open ended.
 *
 * 1) Killed before writing: the act is still in the queue.
 * 2) Killed between writing and sending: it is open without a receipt, and sent again.
 * 3) Killed after sending: the same; the node knows it already.
 */
export class Sender {
  readonly address: string;
  readonly #config: SenderConfig;
  readonly #key: SigningKey;
  readonly #sentAt = new Map<string, number>();
  readonly #taking: Loop;
  readonly #settling: Loop;
  #firstNonce: bigint | undefined;
  #inFlight = IN_FLIGHT;

  constructor(config: SenderConfig) {
    this.#config = config;
    this.#key = new SigningKey(config.key);
    this.address = computeAddress(this.#key);
    const onError = (error: unknown): void => config.log.warn({ err: error }, 'the relayer tries again');
    this.#taking = new Loop(() => this.#take(), LOOK_AGAIN, onError);
    this.#settling = new Loop(() => this.#settle(), LOOK_AGAIN, onError);
  }

  /** There may be something in the queue. */
  wake(): void {
    this.#taking.wake();
  }

  /** The read model has another block. */
  look(): void {
    this.#settling.wake();
  }

  async close(): Promise<void> {
    await Promise.all([this.#taking.close(), this.#settling.close()]);
  }

  async #take(): Promise<void> {
    const { db, provider, chainId, signedBy } = this.#config;
    const room = IN_FLIGHT - this.#inFlight;
    if (room <= 0) return;
    this.#firstNonce ??= BigInt(await provider.getTransactionCount(this.address));
    const fees = await currentFees(provider);
    const attempts = await takeFromQueue(
      db,
      { signedBy, sender: this.address, firstNonce: this.#firstNonce },
      room,
      stepsOf,
      signer(this.#key, chainId, fees),
    );
    if (attempts.length === 0) return;
    this.#inFlight += attempts.length;
    await Promise.all(attempts.map(({ hash, raw }) => this.#send(hash, raw)));
    this.#taking.wake();
    this.#settling.wake();
  }

  async #settle(): Promise<void> {
    const { db, provider, log } = this.#config;
    const open = await openTransactions(db, this.address, { limit: IN_FLIGHT });
    const ended: OpenTransaction[] = [];
    const outcomes = await Promise.all(
      open.map(async (transaction) => {
        const receipt = await receiptOf(provider, transaction);
        if (receipt === undefined) {
          await this.#hurry(transaction);
          return undefined;
        }
        if (!(await isIndexed(db, BigInt(receipt.blockNumber), receipt.blockHash))) return undefined;
        ended.push(transaction);
        return outcomeOf(provider, log, transaction, receipt);
      }),
    );
    const known = outcomes.filter((outcome) => outcome !== undefined);
    if (known.length > 0) await settle(db, known);
    for (const { attempts } of ended) {
      for (const { hash } of attempts) this.#sentAt.delete(toHex(hash));
    }
    const wasFull = this.#inFlight >= IN_FLIGHT;
    this.#inFlight = open.length - known.length;
    if (wasFull && this.#inFlight < IN_FLIGHT) this.#taking.wake();
  }

  /** Not mined yet: sent again now and then, and replaced when it has waited long. */
  async #hurry(transaction: OpenTransaction): Promise<void> {
    const { db, provider, chainId, log } = this.#config;
    const last = transaction.attempts.at(-1);
    if (last === undefined) return;
    const now = Date.now();
    if (now - last.signed_at.getTime() > REPLACE) {
      const attempt = replacement(this.#key, chainId, transaction, await currentFees(provider));
      if (attempt !== undefined) {
        log.warn({ act: transaction.act_id, nonce: transaction.nonce }, 'a stuck transaction is replaced');
        await addAttempt(db, this.address, transaction.nonce, attempt);
        await this.#send(attempt.hash, attempt.raw);
        return;
      }
    }
    const hash = toHex(last.hash);
    if (now - (this.#sentAt.get(hash) ?? 0) > SEND_AGAIN) await this.#send(hash, toHex(last.raw));
  }

  /** What the node says is only a hint: a receipt says what became of it. */
  async #send(hash: string, raw: string): Promise<void> {
    this.#sentAt.set(hash, Date.now());
    try {
      await this.#config.provider.send('eth_sendRawTransaction', [raw]);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!/already (known|imported)|nonce too low/i.test(message)) {
        this.#config.log.warn({ hash, reason: message }, 'the node did not take a transaction');
      }
    }
  }
}
