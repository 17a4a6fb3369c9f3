import { describe, expect, it } from 'vitest';
import { csvParts, takenOf } from '#api/leaving/rows.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { canonicalParts, Streamed } from '#domain/leaving/json-stream.ts';

async function textOf(parts: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part;
  return text;
}
async function* each<T>(values: readonly T[]) {
  yield* values;
}

describe('an object that comes in parts', () => {
  it('is the canonical JSON of the whole', async () => {
    const whole = { b: [{ z: 1, a: 2 }, null], a: { d: [], c: { y: 1, x: 'ü"' } }, e: {} };
    const parts = new Streamed({
      b: each(whole.b),
      a: new Streamed({ d: each([]), c: whole.a.c }),
      e: new Streamed({}),
    });
    expect(await textOf(canonicalParts(parts))).toBe(canonicalJson(whole));
  });
});

describe('a table that is taken away', () => {
  it('has no cell that a spreadsheet runs, and its mark once', async () => {
    const rows = [
      { name: '=cmd|calc', facts: { a: '=1' } },
      { name: '@x', facts: null },
    ];
    expect(await textOf(csvParts(['name', 'facts'], each(rows)))).toBe(
      '\uFEFFname,facts\r\n\'=cmd|calc,"{""a"":""=1""}"\r\n\'@x,\r\n',
    );
  });

  it('tells amounts with their decimals, hashes in hex, and numbers beyond 2^53 as texts', () => {
    const row = {
      face_minor: 12_345n,
      tx_hash: Buffer.from([1, 2]),
      bill_no: 2n ** 60n,
      at: new Date(0),
      x: undefined,
    };
    expect(takenOf(row, ['face_minor', 'tx_hash', 'bill_no', 'at', 'x'], 'CNY')).toEqual({
      face: '123.45',
      txHash: '0x0102',
      billNo: '1152921504606846976',
      at: '1970-01-01T00:00:00.000Z',
      x: null,
    });
  });
});
