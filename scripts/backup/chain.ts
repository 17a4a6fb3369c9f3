/** The embedded chain's files, which its product goes on writing meanwhile: see ../embedded/chain-journal.ts. */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../config.ts';

const STATE = 'state.json';
const JOURNAL = 'journal.jsonl';
/** The journal is written a moment after its block (ms). */
const PATIENCE_MS = 10_000;

/** Copies until what is copied reaches `block`. */
export async function keepChain(from: string, to: string, block: number): Promise<void> {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (let waited = 0; waited < PATIENCE_MS; waited += 50) {
    // The journal first: a dump of the state in between then only holds the same blocks once more.
    for (const name of [JOURNAL, STATE]) {
      if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name));
    }
    if (newestBlock(to) >= block) return;
    await sleep(50);
  }
  throw new StartError(`the files of the chain do not reach block ${block}: is it another product’s?`);
}

function newestBlock(folder: string): number {
  const [state, journal] = [STATE, JOURNAL].map((name) => join(folder, name)) as [string, string];
  const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').slice(0, -1) : [];
  const last = lines.at(-1);
  if (last !== undefined) return (JSON.parse(last) as { block: number }).block;
  if (!existsSync(state)) return -1;
  return (JSON.parse(readFileSync(state, 'utf8')) as { best_block_number: number }).best_block_number;
}
