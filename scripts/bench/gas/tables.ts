/** The gas tables of docs/performance.md, in the form that prettier leaves alone. */
import type { Act } from './ours.ts';
import { PEER_ACTS, type PeerAct } from './peers.ts';

const number = (value: number): string => value.toLocaleString('en-US');

/** Our acts beside their aims and floors, and what the floors are made of. */
export function ourTable(acts: readonly Act[]): string {
  const rows = acts.map(({ act, gas, aim, floor, parts }) => [
    act,
    number(gas),
    aim === undefined ? '' : number(aim),
    number(floor),
    number(gas - floor),
    parts === undefined ? '' : `${parts.slotsNew} / ${parts.slotsUpdated} / ${parts.slotsRead}`,
    parts === undefined ? '' : String(parts.coldAccounts),
    parts === undefined ? '' : number(parts.calldata),
    parts === undefined ? '' : number(parts.logs),
    parts === undefined ? '' : number(parts.signatures),
  ]);
  const head =
    'act,gas,aim,floor,computing,slots new / updated / read,contracts asked,calldata,logs,signatures';
  return table(head.split(','), rows);
}

/** What of ours stands beside which act of the peers. */
const BESIDE: Record<(typeof PEER_ACTS)[number], string> = {
  mint: 'issue',
  'part to a new holder': 'pass on a part',
  'whole to an existing holder': 'pass on a whole parcel',
  'delivery versus payment': 'sell a whole parcel',
};

export function peerTable(acts: readonly Act[], peers: readonly PeerAct[]): string {
  const ours = PEER_ACTS.map((act) => number(acts.find((found) => found.act === BESIDE[act])!.gas));
  const names = [...new Set(peers.map(({ peer, version }) => `${peer} ${version}`))];
  const rows = names.map((name) => [
    name,
    ...PEER_ACTS.map((act) => {
      const found = peers.find((peer) => `${peer.peer} ${peer.version}` === name && peer.act === act);
      return found === undefined ? '' : number(found.gas);
    }),
  ]);
  return table(['', ...PEER_ACTS], [['Tallystick', ...ours], ...rows]);
}

/** Text to the left, numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, n) =>
    Math.max(3, ...[title, ...rows.map((row) => row[n]!)].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, n) => (n === 0 ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!))).join(' | ')} |`;
  const rule = widths.map((width, n) => (n === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
