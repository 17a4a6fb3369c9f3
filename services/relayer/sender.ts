/**
 * One sending key. What is in the queue for it is signed, written down and sent, many at a time; the chain is asked how it
 * ended when the read model has moved on. What waits when there is time to send goes together; nothing waits for company.
 *
 * 1) Taken from the queue: nonce, signed form and hash are written in the same database transaction.
 * 2) Sent. A crash before, in between or after changes nothing: what is written is sent again at the next start.
 * 3) Not mined in time: sent again; for a higher fee where fees count. While the chain stands still the pauses double. One line
 *    of the log says when it began, one when it is over.
 * 4) Mined, and its block in the read model: each act is done, or failed with the code that the contracts gave; what was not
 *    begun goes back into the queue.
 * 5) Mined in a block that the chain took back: under way again.
 * 6) Another node is in use: it may never have heard of what is under way, which is sent to it. Nonces come from the database, so
 *    a node that knows less gives none out twice; and what two nodes say is not put together, see {@link Sender.settle}.
 */
import { Transaction, type JsonRpcProvider } from 'ethers';
import type { Logger } from 'pino';
import type { Nodes } from '#chain/nodes.ts';
import { toHex } from '#db/wire/bytes.ts';
import type { Database } from '#db/wire/connect.ts';
import {
  addAttempt,
  indexedOf,
  openTransactions,
  reopenLost,
  requeue,
  settle,
  skipNonces,
  takeFromQueue,
  type Attempt,
  type OpenTransaction,
  type Outcome,
  type Sending,
} from '#db/instructions/queue.ts';
import type { SignedBy } from '#db/instructions/own.ts';
import { addressOfKey, type ChainKey } from '#keys/key.ts';
import { raised, readBlockFees, type Fees, type BlockFees } from './fees.ts';
import { batchesOf, type Relay } from './batches.ts';
import { outcomesOf, type Receipt } from './outcomes.ts';

/** Acts that are signed and written in one database transaction. */
const BATCH = 64;
/** Milliseconds for which fees are not asked for again. */
const FEES_LAST = 1_000;
/** Looks at a nonce that the chain counts as used without any of our forms of it, before we believe it is lost. */
const LOST_AFTER = 5;
/** The most that a transaction may use anywhere (EIP-7825). */
const MOST_GAS = 16_777_216n;

type Mined = { readonly transaction: OpenTransaction; readonly receipt: Receipt };

export type SenderConfig = {
  readonly db: Database;
  readonly nodes: Pick<Nodes, 'turn'>;
  readonly provider: JsonRpcProvider;
  readonly chainId: number;
  /** Address of the contract that carries several acts. */
  readonly relay: string | undefined;
  readonly key: ChainKey;
  readonly signedBy: readonly SignedBy[];
  readonly inFlight: number;
  readonly resendMs: number;
  readonly longestResendMs: number;
  readonly log: Logger;
};

/** While something is under way that is not mined in time. Times are milliseconds since 1970. */
type Delay = {
  readonly since: number;
  /** The chain's newest block when that was last looked at. */
  head: bigint;
  /** When it was all sent again, and the pause after that. */
  sentAt: number;
  pause: number;
};

export class Sender {
  readonly address: string;
  readonly #config: SenderConfig;
  readonly #key: ChainKey;
  readonly #missing = new Map<bigint, number>();
  #open = 0;
  #terms: { readonly at: number; readonly terms: Promise<BlockFees> } | undefined;
  #firstNonce: bigint | undefined;
  #delay: Delay | undefined;
  /** Why a node last took no transaction, until the chain takes some. */
  #refusal: string | undefined;
  #turn: number;

  constructor(config: SenderConfig) {
    this.#config = config;
    this.#turn = config.nodes.turn;
    this.#key = config.key;
    this.address = addressOfKey(config.key);
  }

  /** Takes up what an earlier run left: sends again whatever is not known to be mined. */
  async resume(): Promise<void> {
    const { db } = this.#config;
    await skipNonces(db, this.address, await this.#count('latest'));
    await reopenLost(db, this.address);
    await this.#resend({ isReplacing: false });
  }

  /** Whether so much is under way that nothing more is sent before some of it has ended. */
  get isFull(): boolean {
    return this.#open >= this.#config.inFlight;
  }

  get isIdle(): boolean {
    return this.#open === 0 && this.#delay === undefined;
  }

  sends(signedBy: SignedBy): boolean {
    return this.#config.signedBy.includes(signedBy);
  }

  /** Signs and sends what is in the queue, as far as there is room. Returns whether there may be more. */
  async send(): Promise<boolean> {
    const { db, signedBy, inFlight, log } = this.#config;
    const requests = new Map<string, string | null>();
    if (this.isFull) return true;
    const room = Math.min(BATCH, inFlight - this.#open);
    const signed = await takeFromQueue(db, {
      signedBy,
      sender: this.address,
      limit: room,
      // Only ever used for a sender that is new to the database.
      firstNonce: async () => (this.#firstNonce ??= await this.#count('pending')),
      begin: async () => {
        const terms = await this.#currentTerms();
        return {
          batchesOf: (acts) => {
            for (const { id, request_id } of acts) requests.set(id, request_id);
            return batchesOf(acts, this.#relay(terms));
          },
          sign: (load, nonce) => this.#sign(load, nonce, terms),
        };
      },
    });
    this.#open += signed.length;
    for (const { load, nonce, hash: tx } of signed) {
      for (const { act } of load.steps)
        log.info({ reqId: requests.get(act), act, tx, nonce: Number(nonce) }, 'an act is sent');
    }
    await this.#broadcast(signed.map(({ raw }) => raw));
    return requests.size === room;
  }

  /** Writes down how mined transactions ended. Returns whether there was room made. */
  async settle(): Promise<boolean> {
    const { db } = this.#config;
    if (this.#open === 0) return false;
    const { turn } = this.#config.nodes;
    const counted = await this.#count('latest');
    const open = await openTransactions(db, this.address, { below: counted, limit: 500 });
    if (open.length === 0) return false;
    const receipts = await Promise.all(
      open.map(({ attempts }) => this.#receiptOf(attempts.map(({ hash }) => toHex(hash)))),
    );
    // One that counts further than another has blocks would make believe that a nonce of ours went to somebody else.
    if (this.#config.nodes.turn !== turn) return false;
    const found = await Promise.all(open.map((transaction, n) => this.#mined(transaction, receipts[n])));
    const mined = found.filter((each) => each !== undefined);
    const indexed = await indexedOf(
      db,
      mined.map(({ receipt }) => BigInt(receipt.blockNumber)),
    );
    const known = mined.filter(({ receipt }) => indexed.has(receipt.blockHash));
    if (known.length === 0) return false;
    this.#refusal = undefined;
    await settle(db, await Promise.all(known.map((each) => this.#outcomeOf(each))));
    this.#open = Math.max(0, this.#open - known.length);
    return true;
  }

  /**
   * For the chain that went back: what was mined in blocks that are gone is under way again. For a node that may not know of it
   * (another one, or the same after it was away): what is under way is sent again.
   */
  async recover({ wasAway }: { wasAway: boolean }): Promise<void> {
    const { turn } = this.#config.nodes;
    const isLost = await reopenLost(this.#config.db, this.address);
    if (isLost || wasAway || turn !== this.#turn) await this.#resend({ isReplacing: false });
    this.#turn = turn;
  }

  /** Sends again what has waited too long. */
  async resendStuck(): Promise<void> {
    await this.#resend({ isReplacing: true });
  }

  /**
   * Whether it is time to send again what is late: at first at once. On a chain that stands still the pauses double; one that goes
   * on may have forgotten what it was sent before.
   */
  async #isTimeFor(late: number): Promise<boolean> {
    const { resendMs, longestResendMs, log, provider } = this.#config;
    const [now, sender, delay] = [Date.now(), this.address, this.#delay];
    if (late === 0) {
      if (delay === undefined) return false;
      const seconds = Math.round((now - delay.since) / 1_000);
      log.warn({ sender, seconds }, 'transactions are mined in time again');
      this.#delay = undefined;
      return false;
    }
    const head = BigInt((await provider.send('eth_blockNumber', [])) as string);
    if (delay === undefined) {
      log.warn({ sender, count: late }, 'transactions are not mined in time: they are sent again');
      this.#delay = { since: now, head, sentAt: now, pause: resendMs };
      return true;
    }
    if (head > delay.head) delay.pause = resendMs;
    delay.head = head;
    if (now - delay.sentAt < delay.pause) return false;
    delay.sentAt = now;
    delay.pause = Math.min(longestResendMs, 2 * delay.pause);
    return true;
  }

  /** Counts anew, so that an error on the way cannot make the room smaller for good. */
  async #resend({ isReplacing }: { isReplacing: boolean }): Promise<void> {
    const { db, resendMs, inFlight } = this.#config;
    const open = await openTransactions(db, this.address, { limit: inFlight });
    this.#open = open.length;
    if (open.length === 0 && this.#delay === undefined) return;
    const counted = await this.#count('latest');
    const waiting = open.filter(({ nonce }) => nonce >= counted);
    const isLate = ({ attempts }: OpenTransaction): boolean =>
      Date.now() - (attempts[0]?.signed_at.getTime() ?? 0) > resendMs;
    const due = isReplacing ? waiting.filter(isLate) : waiting;
    if (isReplacing ? !(await this.#isTimeFor(due.length)) : due.length === 0) return;
    const fees = await this.#currentTerms();
    const raws: string[] = [];
    for (const transaction of due) {
      const newest = transaction.attempts.at(-1);
      if (newest === undefined) continue;
      const isCheap = newest.max_fee < fees.maxFee || (isReplacing && newest.max_fee > 0n);
      raws.push(isCheap ? await this.#replace(transaction, fees) : toHex(newest.raw));
    }
    if (!isReplacing)
      this.#config.log.warn({ sender: this.address, count: due.length }, 'transactions are sent again');
    await this.#broadcast(raws);
  }

  async #replace(transaction: OpenTransaction, fees: Fees): Promise<string> {
    const newest = transaction.attempts.at(-1)!;
    const before = { maxFee: newest.max_fee, priorityFee: newest.priority_fee };
    const { target, data, gas_limit: gasLimit, nonce } = transaction;
    const again: Sending = { target: toHex(target), data: toHex(data), gasLimit };
    const attempt = this.#sign(again, nonce, raised(fees, before));
    await addAttempt(this.#config.db, this.address, nonce, attempt);
    return attempt.raw;
  }

  #sign({ target, data, gasLimit }: Sending, nonce: bigint, fees: Fees): Attempt {
    const { isLegacy, maxFee, priorityFee } = fees;
    const transaction = Transaction.from({
      type: isLegacy ? 0 : 2,
      chainId: this.#config.chainId,
      nonce: Number(nonce),
      to: target,
      data,
      gasLimit,
      value: 0n,
      ...(isLegacy ? { gasPrice: maxFee } : { maxFeePerGas: maxFee, maxPriorityFeePerGas: priorityFee }),
    });
    transaction.signature = this.#key.sign(transaction.unsignedHash);
    return { hash: transaction.hash!, raw: transaction.serialized, maxFee, priorityFee };
  }

  /** A node that knows a transaction already, or has mined it, says so with an error that means nothing to us. */
  async #broadcast(raws: readonly string[]): Promise<void> {
    const { provider, log } = this.#config;
    const known = /already known|already imported|nonce too low|known transaction|nonce has already/i;
    const refusals: string[] = [];
    await Promise.all(
      raws.map((raw) =>
        provider.send('eth_sendRawTransaction', [raw]).catch((error: unknown) => {
          const message = error instanceof Error ? error.message : String(error);
          if (!known.test(message)) refusals.push(message.slice(0, 300));
        }),
      ),
    );
    const [reason] = refusals;
    if (reason === undefined || reason === this.#refusal) return; // said already
    this.#refusal = reason;
    log.warn({ sender: this.address, count: refusals.length, reason }, 'transactions were not taken yet');
  }

  async #mined(transaction: OpenTransaction, receipt: Receipt | undefined): Promise<Mined | undefined> {
    const { db, log } = this.#config;
    const { nonce } = transaction;
    if (receipt !== undefined) {
      this.#missing.delete(nonce);
      return { transaction, receipt };
    }
    const looks = (this.#missing.get(nonce) ?? 0) + 1;
    this.#missing.set(nonce, looks);
    if (looks < LOST_AFTER) return undefined;
    this.#missing.delete(nonce);
    log.error({ sender: this.address, nonce: String(nonce) }, 'another transaction has used a nonce of ours');
    await requeue(db, this.address, nonce);
    return undefined;
  }

  async #outcomeOf({ transaction, receipt }: Mined): Promise<Outcome> {
    const { transactionHash: hash, blockHash } = receipt;
    const acts = await outcomesOf(this.#config, this.address, transaction, receipt);
    this.#tell(transaction, hash, acts);
    return {
      sender: this.address,
      nonce: transaction.nonce,
      hash,
      block: BigInt(receipt.blockNumber),
      blockHash,
      isFailed: BigInt(receipt.status) !== 1n,
      acts,
    };
  }

  /** One id leads from the request to the transaction. */
  #tell({ acts }: OpenTransaction, tx: string, ends: Awaited<ReturnType<typeof outcomesOf>>): void {
    const { log } = this.#config;
    for (const { instruction_id: act, request_id: reqId } of acts) {
      const end = ends.find((each) => each.act === act);
      if (end === undefined) {
        log.warn({ reqId, act, tx }, 'an act was not begun with others and will be sent alone');
        continue;
      }
      const line = { reqId, act, tx: end.hash, block: Number(end.block), code: end.problem?.code };
      const { refusal } = end;
      if (refusal !== undefined)
        log.info({ ...line, error: refusal.error, args: refusal.args.map(String) }, 'an act failed on chain');
      log.info(line, 'an act has ended');
    }
  }

  async #receiptOf(hashes: readonly string[]): Promise<Receipt | undefined> {
    for (const hash of hashes.toReversed()) {
      const receipt = (await this.#config.provider.send('eth_getTransactionReceipt', [
        hash,
      ])) as Receipt | null;
      if (receipt !== null) return receipt;
    }
    return undefined;
  }

  /** Half a block at most, so that a batch finds its place in one. */
  #relay({ blockGas }: BlockFees): Relay | undefined {
    const { relay: address } = this.#config;
    const gas = blockGas / 2n < MOST_GAS ? blockGas / 2n : MOST_GAS;
    return address === undefined ? undefined : { address, gas };
  }

  /** What the chain asks for changes by the block; what it asked for a moment ago will do. */
  #currentTerms(): Promise<BlockFees> {
    if (this.#terms === undefined || Date.now() - this.#terms.at > FEES_LAST) {
      this.#terms = { at: Date.now(), terms: readBlockFees(this.#config.provider) };
    }
    return this.#terms.terms;
  }

  async #count(tag: 'latest' | 'pending'): Promise<bigint> {
    return BigInt(
      (await this.#config.provider.send('eth_getTransactionCount', [this.address, tag])) as string,
    );
  }
}
