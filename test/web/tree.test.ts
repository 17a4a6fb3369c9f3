import { describe, expect, it } from 'vitest';
import { endorsementsOf, pathOf, placer } from '../../web/src/lib/bills/tree.ts';
import { draw } from '../../web/src/lib/bills/ribbon.ts';
import type { BillAct } from '../../web/src/lib/api/schema.ts';

const who = (number: number) => ({ number, name: { zh: `成员 ${number}`, en: `Member ${number}` } });
const act = (position: number, name: BillAct['name'], from: number, to: number, range: string): BillAct => {
  const isAnswer = name === 'taken';
  return {
    position,
    block: position * 10,
    at: '2026-08-01T02:00:00Z',
    tx: '0x',
    hash: '0x',
    trailAfter: '0x',
    hidden: false,
    name,
    movesTitle: name !== 'offered',
    actor: who(isAnswer ? to : from),
    counterparty: who(isAnswer ? from : to),
    parcel: null,
    cutFrom: null,
    range,
    amount: null,
    price: null,
  };
};
const acts = [
  act(1, 'taken', 1, 2, '1-100'),
  act(2, 'offered', 2, 4, '76-100'),
  act(3, 'taken', 2, 4, '76-100'),
  act(4, 'passed_on', 4, 6, '91-100'),
  act(5, 'sold', 2, 8, '1-75'),
];

describe('the endorsements of a bill', () => {
  it('lie each below the one that their cents came from, from hand to hand without a gap', () => {
    const all = endorsementsOf(acts);
    expect(all.map(({ from, to, depth, isLast }) => [from?.number, to?.number, depth, isLast])).toEqual([
      [1, 2, 1, false],
      [2, 4, 2, false],
      [4, 6, 3, true],
      [2, 8, 2, true],
    ]);
  });

  it('tell the way of a piece, first hand first', () => {
    const all = endorsementsOf(acts);
    expect(pathOf(all, { first: 90n, end: 100n }).map(({ to }) => to?.number)).toEqual([2, 4, 6]);
    expect(pathOf(all, { first: 75n, end: 90n }).map(({ to }) => to?.number)).toEqual([2, 4]);
    expect(pathOf(all, { first: 0n, end: 75n }).map(({ to }) => to?.number)).toEqual([2, 8]);
  });

  it('are those up to a block when the past is looked at', () => {
    expect(endorsementsOf(acts, 30).map(({ to }) => to?.number)).toEqual([2, 4]);
  });

  it('leave out what is hidden, without losing whom it came from', () => {
    const hidden = { ...acts[2]!, hidden: true, movesTitle: null, range: null };
    const all = endorsementsOf([acts[0]!, hidden, acts[3]!]);
    expect(all.map(({ to, depth }) => [to?.number, depth])).toEqual([
      [2, 1],
      [6, 2],
    ]);
  });

  it('begin and end on the page where the pieces of the line do', () => {
    const piece = (first: bigint, end: bigint) => ({
      id: String(first),
      first,
      end,
      holder: 1,
      holderName: '',
      state: 'held',
    });
    const drawn = draw([piece(0n, 75n), piece(75n, 90n), piece(90n, 100n)], 100n, undefined);
    const place = placer(drawn);
    expect(place({ first: 75n, end: 100n })).toEqual({ left: 0.75, width: 0.25 });
    expect(place({ first: 0n, end: 100n }).width).toBeCloseTo(1, 12);
  });
});
