/** The endorsements of a bill as bars over its line: each below the one that its cents came from. */
import { parseRange } from '#domain/bills/intervals.ts';
import type { BillAct, MemberRef } from '#web/api/schema.ts';
import type { Drawn } from './ribbon.ts';

export type Endorsement = {
  key: string;
  first: bigint;
  end: bigint;
  /** Who had it, and who has it from here on. */
  from: MemberRef | null;
  to: MemberRef | null;
  name: BillAct['name'];
  at: string;
  block: number;
  price: BillAct['price'];
  /** 0 is what the acceptor promised; each further hand one more. */
  depth: number;
  /** Whether its cents lie with `to` still: nothing below it. */
  isLast: boolean;
};

type Range = { first: bigint; end: bigint };
const contains = (outer: Range, inner: Range): boolean =>
  outer.first <= inner.first && inner.end <= outer.end;
export const overlaps = (a: Range, b: Range): boolean => a.first < b.end && b.first < a.end;

/** Whoever answers an offer is named second: the piece comes from the other. */
export const wayOf = ({ name, actor, counterparty }: BillAct): [MemberRef | null, MemberRef | null] =>
  name === 'taken' || name === 'refused' ? [counterparty, actor] : [actor, counterparty];

/** What moved title up to a block, in order. Endorsements that the viewer may not see leave a step out, not a gap. */
export function endorsementsOf(acts: readonly BillAct[], upTo = Infinity): Endorsement[] {
  const found: Endorsement[] = [];
  for (const act of acts) {
    if (act.block > upTo || act.movesTitle !== true || act.range === null) continue;
    const range = parseRange(act.range);
    const parent = found.findLast((earlier) => contains(earlier, range));
    const [from, to] = wayOf(act);
    found.push({
      key: String(act.position),
      ...range,
      from,
      to,
      name: act.name,
      at: act.at,
      block: act.block,
      price: act.price,
      depth: (parent?.depth ?? 0) + 1,
      isLast: true,
    });
  }
  return found.map((each, index) => ({
    ...each,
    isLast: !found.slice(index + 1).some((later) => contains(each, later)),
  }));
}

/** The way that a piece of the line has come, first hand first. */
export const pathOf = (all: readonly Endorsement[], piece: Range): Endorsement[] =>
  all.filter((each) => contains(each, piece));

/**
 * Where the cents of the line are drawn, in shares of 1: cuts only ever refine the line, so every endorsement begins and
 * ends where a piece does. What does not (a piece that is not shown) lies between its neighbours.
 */
export function placer(drawn: readonly Drawn[]): (range: Range) => { left: number; width: number } {
  const at = (cent: bigint): number => {
    const piece = drawn.findLast((each) => each.first <= cent);
    if (piece === undefined) return 0;
    if (cent >= piece.end) return piece.left + piece.width;
    return piece.left + (piece.width * Number(cent - piece.first)) / Number(piece.end - piece.first);
  };
  return ({ first, end }) => ({ left: at(first), width: at(end) - at(first) });
}
