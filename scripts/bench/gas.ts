/**
 * `npm run bench -- gas [--check]`: gas of our acts and of the peers', as whole transactions, in one run. Writes
 * docs/gas.json and the tables of docs/performance.md, or with `--check` fails where they would change.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { StartError } from '#scripts/config.ts';
import { measureOurs, type Act } from './gas/ours.ts';
import { measurePeers, type PeerAct } from './gas/peers.ts';
import { ourTable, peerTable } from './gas/tables.ts';

const docs = `${import.meta.dirname}/../../docs`;
const tableFile = `${docs}/gas.json`;
const textFile = `${docs}/performance.md`;

export type GasTable = { readonly ours: readonly Act[]; readonly peers: readonly PeerAct[] };

export const committedGas = (): GasTable => JSON.parse(readFileSync(tableFile, 'utf8')) as GasTable;

export async function* bench(args: readonly string[]): AsyncGenerator<object> {
  const ours = await measureOurs({ floors: true });
  for (const act of ours) yield { bench: 'gas', ...act };
  const peers = await measurePeers();
  for (const act of peers) yield { bench: 'gas', ...act };

  const fresh = `${JSON.stringify({ ours, peers }, null, 2)}\n`;
  const text = withTables(readFileSync(textFile, 'utf8'), { ours, peers });
  if (!args.includes('--check')) {
    writeFileSync(tableFile, fresh);
    writeFileSync(textFile, text);
  } else if (readFileSync(tableFile, 'utf8') !== fresh || readFileSync(textFile, 'utf8') !== text) {
    throw new StartError('gas has changed: run `npm run bench -- gas` and commit docs/');
  }
}

/** The text with its two tables anew, each between its own comments. */
export function withTables(text: string, { ours, peers }: GasTable): string {
  const tables = { 'gas-ours': ourTable(ours), 'gas-peers': peerTable(ours, peers) };
  return Object.entries(tables).reduce((done, [name, table]) => {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [done.indexOf(begin), done.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for ${name}`);
    return `${done.slice(0, from + begin.length)}\n\n${table}\n\n${done.slice(to)}`;
  }, text);
}
