import { describe, expect, it } from 'vitest';
import { raised, type Fees } from '#relayer/fees.ts';

const asked: Fees = { isLegacy: false, maxFee: 2_000_000_000n, priorityFee: 1_000_000n };
const times = (n: bigint) => ({ maxFee: n * asked.maxFee, priorityFee: n * asked.priorityFee });

/** What is offered in the end for something that is sent again and again. */
const afterMany = (fees: Fees, offer: Fees): Fees => {
  for (let n = 0; n < 1_000; n++) offer = raised(fees, offer);
  return offer;
};

describe('what is offered again', () => {
  it('is an eighth more', () => {
    expect(raised(asked, asked)).toMatchObject({ maxFee: 2_250_000_001n, priorityFee: 1_125_001n });
  });
  it('is as much as is asked for now, if that is more', () => {
    expect(raised({ ...asked, ...times(10n) }, asked)).toMatchObject(times(10n));
  });
  it('does not grow for ever while the chain stands still', () => {
    expect(afterMany(asked, asked)).toMatchObject(times(8n));
  });
  it('is more than nothing, where no tip is asked for', () => {
    const none = { ...asked, priorityFee: 0n };
    expect(raised(none, none).priorityFee).toBe(1n);
  });
  it('comes back when less is asked for', () => {
    expect(afterMany(asked, { ...asked, ...times(100n) })).toMatchObject(times(8n));
  });
});
