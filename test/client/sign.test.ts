import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import { signAct, signQuote } from '#client/sign.ts';
import type { PreparedAct, PreparedQuote } from '#client/generated/schema.ts';
import { openNetwork, type TestNetwork } from '../fixtures/network.ts';

describe('the client signs what it understands', () => {
  let network: TestNetwork;
  let act: PreparedAct;
  let quote: PreparedQuote;
  const terms = { rate: '0.021', fee: money('80.00'), validUntil: '2026-03-04T04:00:00.000Z' };

  beforeAll(async () => {
    network = await openNetwork();
    const { coreFirm, supplier, bank } = network;
    const bills = [{ payee: supplier.number, face: money('1000.00'), due: '2026-06-01' }];
    const { makes } = await coreFirm.perform({ type: 'issue', bills });
    await supplier.perform({ type: 'take', parcels: makes.parcels });
    const request = await supplier.ask({ parcel: makes.parcels[0]!, banks: [bank.number] });
    act = await supplier.prepare({ type: 'offer', parcel: makes.parcels[0]!, to: bank.number });
    quote = await bank.http.post('/api/quotes/prepare', { request, ...terms });
  });
  afterAll(() => network?.close());

  it('signs an act as it was prepared', () => {
    expect(signAct(act, network.keys.supplier)).toHaveLength(1);
  });

  it.each([
    ['other calls', { calls: [{ target: `0x${'11'.repeat(20)}`, data: '0x' }] }],
    ['another account', { account: `0x${'11'.repeat(20)}` }],
    ['a longer time', { validUntil: '2027-01-01T00:00:00.000Z' }],
    ['another digest', { digest: `0x${'11'.repeat(32)}` }],
  ])('refuses an act with %s than its digest stands for', (_, change) => {
    expect(() => signAct({ ...act, ...change }, network.keys.supplier)).toThrow('not what its digest says');
  });

  it('refuses an act of another firm', () => {
    expect(() => signAct(act, network.keys.bank)).toThrow('none of the signers');
  });

  const signed = (over: object) => () =>
    signQuote(quote, { request: '', ...terms, ...over }, network.keys.bank);

  it('signs a quote as the bank asked for it', () => {
    expect(signed({})()).toHaveLength(1);
    expect(signed({ amount: money('1000.00') })()).toHaveLength(1);
  });

  it.each([
    [{ rate: '0.020' }, 'ratePpm'],
    [{ amount: money('999.99') }, 'amount'],
    [{ fee: undefined }, 'fee'],
    [{ validUntil: '2026-03-04T03:59:59.000Z' }, 'validUntil'],
  ])('refuses a quote that is not %o', (over, what) => {
    expect(signed(over)).toThrow(`has another ${what}`);
  });

  it('refuses a quote whose digest stands for something else', () => {
    const other = { ...quote, digest: act.digest };
    expect(() => signQuote(other, { request: '', ...terms }, network.keys.bank)).toThrow(
      'not what its digest',
    );
  });
});
