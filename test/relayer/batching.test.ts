import { describe, expect, it } from 'vitest';
import { interfaces } from '#chain/contracts.ts';
import type { InstructionRow } from '#db/instructions/own.ts';
import type { Batch } from '#db/instructions/queue.ts';
import { batchesOf, type Relay } from '#relayer/batches.ts';

const RELAY: Relay = { address: `0x${'aa'.repeat(20)}`, gas: 10_000_000n };
const account = (n: number) => Buffer.alloc(20, n);

/** As far as a relayer looks at it. */
const firms = (n: number, more: Partial<InstructionRow> = {}) =>
  ({
    id: `act ${n}`,
    signed_by: 'firm',
    alone: false,
    calls: [{ target: RELAY.address, data: '0x1234' }],
    gas_limit: 900_000n,
    account: account(n),
    nonce: BigInt(n),
    valid_until: 1n,
    signature: Buffer.from('51', 'hex'),
    ...more,
  }) as InstructionRow;
const keepers = (n: number, calls = 1) =>
  firms(n, {
    signed_by: 'keeper',
    calls: Array.from({ length: calls }, () => ({ target: RELAY.address, data: '0x99' })),
  });

const names = (loads: readonly Batch[]) => loads.map(({ steps }) => steps.map(({ act }) => act));
const carried = ({ data }: Batch) =>
  [...interfaces.relay.decodeFunctionData('relay', data)[0]] as {
    account: string;
    gas: bigint;
    execution: string;
  }[];

describe('what a relayer sends', () => {
  it('is an act as it is, where it has no company', () => {
    const [load, ...others] = batchesOf([firms(1)], RELAY);
    expect(others).toEqual([]);
    expect([load!.target, load!.gasLimit]).toEqual([`0x${'01'.repeat(20)}`, 900_000n]);
  });

  it('is a batch of all that firms have signed, each with its own gas', () => {
    const [load, ...others] = batchesOf([firms(1), firms(2, { gas_limit: 2_000_000n }), firms(3)], RELAY);
    expect(others).toEqual([]);
    expect(load!.target).toBe(RELAY.address);
    const acts = carried(load!);
    expect(acts.map(({ gas }) => gas)).toEqual([900_000n, 2_000_000n, 900_000n]);
    expect(acts.map(({ account }) => BigInt(account) & 0xffn)).toEqual([1n, 2n, 3n]);
    const [alone] = batchesOf([firms(2)], RELAY);
    expect(acts[1]!.execution).toBe(`0x${alone!.data.slice(10)}`);
    expect(load!.gasLimit).toBeGreaterThan(3_800_000n + 21_000n);
  });

  it('keeps the order, whoever signs', () => {
    const acts = [firms(1), firms(2), keepers(3, 2), firms(4), keepers(5), firms(6), firms(7)];
    expect(names(batchesOf(acts, RELAY))).toEqual([
      ['act 1', 'act 2'],
      ['act 3'],
      ['act 3'],
      ['act 4'],
      ['act 5'],
      ['act 6', 'act 7'],
    ]);
  });

  it('stays within the gas', () => {
    const acts = Array.from({ length: 40 }, (_, n) =>
      firms(n, { gas_limit: 800_000n + BigInt(n) * 30_000n }),
    );
    const loads = batchesOf(acts, RELAY);
    expect(names(loads).flat()).toEqual(acts.map(({ id }) => id));
    for (const { gasLimit, steps } of loads) {
      expect(gasLimit).toBeLessThanOrEqual(RELAY.gas);
      expect(steps.length).toBeGreaterThan(1);
    }
  });

  it('sends what is as large as a batch may be by itself, and what comes after in the next', () => {
    const large = firms(2, { gas_limit: RELAY.gas });
    expect(names(batchesOf([firms(1), large, firms(3)], RELAY))).toEqual([['act 1'], ['act 2'], ['act 3']]);
    const [, load] = batchesOf([firms(1), large], RELAY);
    expect(load!.gasLimit).toBe(RELAY.gas);
  });

  it('stays within the size', () => {
    const heavy = (n: number) =>
      firms(n, { calls: [{ target: RELAY.address, data: `0x${'7f'.repeat(30_000)}` }] });
    const loads = batchesOf([heavy(1), heavy(2), heavy(3), heavy(4), heavy(5)], {
      ...RELAY,
      gas: 16_000_000n,
    });
    expect(names(loads)).toEqual([
      ['act 1', 'act 2', 'act 3'],
      ['act 4', 'act 5'],
    ]);
    for (const { data } of loads) expect(data.length / 2).toBeLessThan(128 * 1_024);
  });

  it('gives no company to what did not do with others', () => {
    const acts = [firms(1), firms(2, { alone: true }), firms(3), firms(4)];
    expect(names(batchesOf(acts, RELAY))).toEqual([['act 1'], ['act 2'], ['act 3', 'act 4']]);
  });

  it('is each act by itself on a ledger without a relay', () => {
    expect(names(batchesOf([firms(1), firms(2)], undefined))).toEqual([['act 1'], ['act 2']]);
  });
});
