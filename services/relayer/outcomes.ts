/** How the acts ended that a mined transaction carried. */
import type { JsonRpcProvider } from 'ethers';
import { interfaces } from '#chain/contracts.ts';
import { refusalOf, type Refusal } from '#chain/errors.ts';
import { toHex } from '#db/wire/bytes.ts';
import type { Database } from '#db/wire/connect.ts';
import {
  useOfNonce,
  type ActOutcome,
  type CarriedAct,
  type OpenTransaction,
} from '#db/instructions/queue.ts';
import { problems } from '#domain/problems.ts';
import { reasonOf } from './failure.ts';
import { argumentsIn } from './batches.ts';

type Log = {
  readonly address: string;
  readonly topics: string[];
  readonly data: string;
  readonly logIndex: string;
};
export type Receipt = {
  readonly transactionHash: string;
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly status: string;
  readonly gasUsed: string;
  readonly logs: readonly Log[];
};

type Wanted = { readonly db: Database; readonly provider: JsonRpcProvider };
/** Where an act of a firm went to, and the call that carries it out. */
type Execution = { readonly account: string; readonly data: string };
type Ending = Omit<ActOutcome, 'act' | 'position' | 'problem'> & { readonly refusal?: Refusal };

const { orgAccount, relay } = interfaces;
const EXECUTE = orgAccount.getFunction('execute')!;
const RELAY = relay.getFunction('relay')!;
const [DONE, FAILED] = [relay.getEvent('ActDone')!, relay.getEvent('ActFailed')!];
const EXECUTED = orgAccount.getEvent('Executed')!;

/**
 * Of a transaction by itself: of each act that was begun. Asks the ledger, which has to have the block.
 * @param from Who sent it.
 */
export async function outcomesOf(
  wanted: Wanted,
  from: string,
  transaction: OpenTransaction,
  receipt: Receipt,
): Promise<(ActOutcome & { readonly refusal?: Refusal })[]> {
  const data = toHex(transaction.data);
  const endings = data.startsWith(RELAY.selector)
    ? await endingsInBatch(wanted, transaction, receipt)
    : [await endingAlone(wanted, from, transaction, receipt)];
  return transaction.acts.flatMap((act) => {
    const ending = endings[act.position];
    return ending === undefined ? [] : [outcomeOf(act, ending)];
  });
}

function outcomeOf({ instruction_id: act, position }: CarriedAct, ending: Ending) {
  const { refusal } = ending;
  if (refusal === undefined) return { ...ending, act, position };
  const { code } = refusal;
  const { zh, en } = problems[code];
  return { ...ending, act, position, problem: { code, detail: { zh, en } } };
}

const placeOf = ({ transactionHash: hash, blockNumber }: Receipt) => ({ hash, block: BigInt(blockNumber) });
const indexOf = ({ logIndex }: Log): number => Number(logIndex);

async function endingAlone(
  wanted: Wanted,
  from: string,
  transaction: OpenTransaction,
  receipt: Receipt,
): Promise<Ending> {
  const place = placeOf(receipt);
  if (BigInt(receipt.status) === 1n) return place;
  const { target, data, gas_limit: gasLimit } = transaction;
  const call = { to: toHex(target), data: toHex(data) };
  const gasUsed = BigInt(receipt.gasUsed);
  const refusal = await reasonOf(wanted.provider, { ...place, ...call, from, gasLimit, gasUsed });
  return ended(wanted, place, { account: call.to, data: call.data }, refusal);
}

/** By position. There is none for acts that were not begun: all of them, if the batch failed as a whole. */
async function endingsInBatch(
  wanted: Wanted,
  { target, data }: OpenTransaction,
  receipt: Receipt,
): Promise<(Ending | undefined)[]> {
  const [place, address] = [placeOf(receipt), toHex(target)];
  const [acts] = relay.decodeFunctionData(RELAY, toHex(data)) as unknown as [
    { account: string; execution: string }[],
  ];
  const endings: (Ending | undefined)[] = acts.map(() => undefined);
  let first = receipt.logs[0] === undefined ? 0 : indexOf(receipt.logs[0]);
  for (const log of receipt.logs) {
    const outcome = log.address.toLowerCase() === address ? relayed(log) : undefined;
    if (outcome === undefined) continue; // what an act calls may write what it likes
    const { index, reason } = outcome;
    const logs = { first, last: indexOf(log) - 1 };
    first = indexOf(log) + 1;
    const { account, execution } = acts[index]!;
    endings[index] =
      reason === undefined
        ? { ...place, logs }
        : await ended(
            wanted,
            place,
            { account, data: EXECUTE.selector + execution.slice(2) },
            refusalOf(reason),
          );
  }
  return endings;
}

/** What the relay says there, if it speaks. */
function relayed({ topics: [topic], data }: Log): { index: number; reason?: string } | undefined {
  if (topic === DONE.topicHash) return { index: Number(relay.decodeEventLog(DONE, data)[0]) };
  if (topic !== FAILED.topicHash) return undefined;
  const [index, reason] = relay.decodeEventLog(FAILED, data) as unknown as [bigint, string];
  return { index: Number(index), reason };
}

/** A failure, unless it failed because somebody else had carried it out. */
async function ended(
  wanted: Wanted,
  place: Pick<Ending, 'hash' | 'block'>,
  execution: Execution,
  refusal: Refusal,
): Promise<Ending> {
  const elsewhere = refusal.error === 'OrgAccountNonceUsed' ? await carriedOut(wanted, execution) : undefined;
  return elsewhere ?? { ...place, refusal };
}

/** Where the very act was carried out, calls and all. Its signers may have signed another under the same nonce. */
async function carriedOut(
  { db, provider }: Wanted,
  { account, data }: Execution,
): Promise<Ending | undefined> {
  const [, nonce] = orgAccount.decodeFunctionData(EXECUTE, data) as unknown as [unknown, bigint];
  const use = await useOfNonce(db, account, nonce);
  if (use === undefined) return undefined; // cancelled
  const [transaction, receipt] = (await Promise.all([
    provider.send('eth_getTransactionByHash', [use.hash]),
    provider.send('eth_getTransactionReceipt', [use.hash]),
  ])) as [{ input: string } | null, Receipt | null];
  if (transaction === null || receipt === null) return undefined; // the node has forgotten it: nobody can say
  if (!transaction.input.includes(signedPart(data))) return undefined;
  return { ...placeOf(receipt), logs: logsOfAct(receipt, use.log) };
}

/** All that is signed, as it stands in every form of the call: the signature comes after it. */
function signedPart(data: string): string {
  const body = argumentsIn(data).slice(2);
  const signatureAt = Number(BigInt(`0x${body.slice(3 * 64, 4 * 64)}`));
  return body.slice(0, signatureAt * 2);
}

/** From the log with which an act begins to the one with which another does. */
function logsOfAct({ logs }: Receipt, first: number): Ending['logs'] {
  const next = logs.find((log) => indexOf(log) > first && log.topics[0] === EXECUTED.topicHash);
  return { first, last: next === undefined ? indexOf(logs.at(-1)!) : indexOf(next) - 1 };
}
