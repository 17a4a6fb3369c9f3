import { setTimeout as sleep } from 'node:timers/promises';
import { interfaces } from '#chain/contracts.ts';
import type { Deployment } from '#chain/deployment.ts';
import { toHex } from '#db/wire/bytes.ts';
import type { Rpc } from './rpc.ts';

/** A view of a contract, and what the read model says that it answers. */
export type Question = {
  /** For people: `bill 4294967297`. */
  readonly about: string;
  readonly contract: 'bills' | 'cash' | 'lines' | 'desk';
  readonly view: string;
  readonly args: readonly unknown[];
  readonly expected: readonly unknown[];
};

export type Difference = { readonly about: string; readonly ledger: string; readonly chain: string };

/** Milliseconds before a doubtful answer is asked for again. */
const PAUSES = [0, 20, 100, 500, 2_000];

/**
 * Questions to which the chain, at one block, answers otherwise than expected. A node that is asked about its newest block
 * while it makes the next one may answer of the next (anvil does, for as long as that takes): only what it repeats counts.
 */
export async function ask(
  rpc: Rpc,
  deployment: Deployment,
  block: Buffer,
  questions: readonly Question[],
): Promise<Difference[]> {
  let suspects = await differing(rpc, deployment, block, questions);
  for (const pause of PAUSES) {
    if (suspects.length === 0) break;
    await sleep(pause);
    const again = suspects.map(({ question }) => question);
    suspects = await differing(rpc, deployment, block, again);
  }
  return suspects.map(({ difference }) => difference);
}

async function differing(
  rpc: Rpc,
  { addresses }: Deployment,
  block: Buffer,
  questions: readonly Question[],
): Promise<{ question: Question; difference: Difference }[]> {
  if (questions.length === 0) return [];
  const answers = (await rpc.batch(
    questions.map(({ contract, view, args }) => ({
      method: 'eth_call',
      params: [
        { to: addresses[contract], data: interfaces[contract].encodeFunctionData(view, args) },
        { blockHash: toHex(block) },
      ],
    })),
  )) as string[];
  return questions.flatMap((question, n) => {
    const { about, contract, view, expected } = question;
    const said = interfaces[contract].encodeFunctionResult(view, expected);
    if (said === answers[n]) return [];
    const [ledger, chain] = [said, answers[n]!].map((data) => show(contract, view, data));
    return [{ question, difference: { about, ledger: ledger!, chain: chain! } }];
  });
}

const show = (contract: Question['contract'], view: string, data: string): string =>
  interfaces[contract].decodeFunctionResult(view, data).toArray(true).flat().join(', ');
