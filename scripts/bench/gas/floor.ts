/**
 * What a transaction cannot do without, by the price list of the chain, from its own trace: what it says, which accounts
 * it asks, which slots it reads and writes, what it logs, which signatures it has checked. The rest is computing.
 */
import type { JsonRpcProvider, Log } from 'ethers';
import type { Sending } from './ledger.ts';

export type Floor = {
  /** Sum of the parts below, by the price list. */
  readonly gas: number;
  readonly calldata: number;
  readonly coldAccounts: number;
  readonly slotsRead: number;
  readonly slotsUpdated: number;
  readonly slotsNew: number;
  readonly logs: number;
  readonly signatures: number;
};

const TRANSACTION = 21_000;
const COLD_ACCOUNT = 2_600;
const SLOT = { read: 2_100, updated: 5_000, new: 22_100 } as const;
/** Precompiled contracts that check signatures: secp256k1 and P-256. */
const SIGNATURES: Readonly<Record<string, number>> = { '0x1': 3_000, '0x100': 6_900 };
const LAST_PRECOMPILE = 0x100n;

export type Step = { op: string; depth: number; gasCost: number; stack: string[] };
type Use = keyof typeof SLOT;

/** What the next transaction would do, step by step. */
export async function stepsOf(provider: JsonRpcProvider, { from, to, data }: Sending): Promise<Step[]> {
  const call = { from: from.address, to, data };
  const { structLogs } = (await provider.send('debug_traceCall', [
    call,
    'latest',
    { disableStorage: true, enableMemory: false },
  ])) as { structLogs: Step[] };
  return structLogs;
}

/** @param logs What the transaction logged. */
export function floorOf(steps: readonly Step[], { to, data }: Sending, logged: readonly Log[]): Floor {
  const calldata = priceOfCalldata(data);
  const asked = accountsOf(steps, to);
  const coldAccounts = new Set(asked.filter((address) => BigInt(address) > LAST_PRECOMPILE)).size;
  const signatures = asked.reduce((sum, address) => sum + (SIGNATURES[address] ?? 0), 0);
  const slots = slotsOf(steps, to);
  const count = (use: Use): number => slots.filter((found) => found === use).length;
  const logs = logged.reduce(
    (sum, log) => sum + 375 * (log.topics.length + 1) + 8 * (log.data.length / 2 - 1),
    0,
  );
  const storage = slots.reduce((sum, use) => sum + SLOT[use], 0);
  return {
    gas: TRANSACTION + calldata + coldAccounts * COLD_ACCOUNT + storage + logs + signatures,
    calldata,
    coldAccounts,
    slotsRead: count('read'),
    slotsUpdated: count('updated'),
    slotsNew: count('new'),
    logs,
    signatures,
  };
}

const priceOfCalldata = (data: string): number =>
  Buffer.from(data.slice(2), 'hex').reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 0);

const CALLS: readonly string[] = ['CALL', 'STATICCALL', 'DELEGATECALL'];

/** The accounts that were asked, but for those that are warm from the start. */
function accountsOf(steps: readonly Step[], to: string): string[] {
  return steps
    .filter(({ op }) => CALLS.includes(op))
    .map(({ stack }) => addressOf(stack.at(-2)!))
    .filter((address) => BigInt(address) !== BigInt(to));
}

const addressOf = (word: string): string => `0x${(BigInt(word) & ((1n << 160n) - 1n)).toString(16)}`;

/** The dearest thing that was done to each slot. The owner of a slot follows from the calls: a delegate call keeps it. */
function slotsOf(steps: readonly Step[], to: string): Use[] {
  const uses = new Map<string, Use>();
  const owners = [addressOf(to)];
  steps.forEach(({ op, depth, gasCost, stack }, n) => {
    owners.length = depth;
    if (CALLS.includes(op) && (steps[n + 1]?.depth ?? 0) > depth) {
      owners.push(op === 'DELEGATECALL' ? owners.at(-1)! : addressOf(stack.at(-2)!));
    }
    if (op !== 'SLOAD' && op !== 'SSTORE') return;
    const key = `${owners[depth - 1]} ${stack.at(-1)}`;
    const use = op === 'SLOAD' || gasCost < 2_900 ? 'read' : gasCost < 20_000 ? 'updated' : 'new';
    if (SLOT[use] > SLOT[uses.get(key) ?? 'read'] || !uses.has(key)) uses.set(key, use);
  });
  return [...uses.values()];
}
