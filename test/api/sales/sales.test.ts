import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import type { PreparedInstruction } from '#client/generated/schema.ts';
import type { Member } from '#client/member.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { taxNumberFor } from '#scripts/made-up-tax-numbers.ts';
import { openNetwork, type TestNetwork } from '../../fixtures/network.ts';

type Offer = {
  quote: string;
  bank: { number: number };
  amount: { amount: string };
  interest: { amount: string };
  fee: { amount: string };
  net: { amount: string };
  yearlyCost365: string;
  yearlyCost360: string;
  rank: number | null;
  state: string;
};
type Request = {
  id: string;
  state: string;
  sold: { amount: string };
  proposal: { parts: Offer[]; net: { amount: string } } | null;
  offers: Offer[];
  invitations: { bank: { number: number }; state: string }[];
  invoices: { number: string }[];
  line: { available: { amount: string } } | null;
};
type Inbox = {
  counts: Record<string, number>;
  items: { kind: string; request: string | null; count: number }[];
};

describe('financing', () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await openNetwork();
  });
  afterAll(() => network?.close());

  /** A bill of 1,000,000.00 that is due in 90 days. */
  const bill = async (holder: Member) => {
    const { makes } = await network.coreFirm.perform({
      type: 'issue',
      bills: [
        {
          payee: holder.number,
          face: money('1000000.00'),
          due: '2026-06-01',
          invoices: [
            {
              seller: taxNumberFor('TAX-supplier'),
              number: randomUUID(),
              total: money('1000000.00'),
              amount: money('1000000.00'),
            },
          ],
        },
      ],
    });
    await holder.perform({ type: 'take', parcels: makes.parcels });
    return makes.parcels[0]!;
  };
  const requestFor = (who: Member, id: string) => who.http.get<Request>(`/api/financing-requests/${id}`);
  const inbox = (who: Member) => who.http.get<Inbox>('/api/inbox');
  const waiting = async (who: Member, request: string) =>
    (await inbox(who)).items
      .filter((entry) => entry.request === request)
      .map(({ kind, count }) => [kind, count]);

  it('ranks what banks offer by what the holder gets, and shows no bank another’s quote', async () => {
    const { supplier, bank, bank2 } = network;
    const parcel = await bill(supplier);
    const id = await supplier.ask({ parcel, banks: [bank.number, bank2.number], note: 'urgent' });
    expect(await waiting(bank, id)).toEqual([['quote_request', 1]]);

    const cheap = await bank2.quote({ request: id, rate: '0.020000' });
    const dear = await bank.quote({ request: id, rate: '0.019000', fee: money('1000.00') });
    expect(await waiting(bank, id)).toEqual([]);
    expect(await waiting(supplier, id)).toEqual([['choose_quote', 2]]);

    const { offers, invitations } = await requestFor(supplier, id);
    expect(offers.map(({ quote, rank }) => [quote, rank])).toEqual([
      [cheap, 1],
      [dear, 2],
    ]);
    expect(invitations.map(({ state }) => state)).toEqual(['quoted', 'quoted']);
    expect(offers[0]).toMatchObject({
      interest: money('5000.00'),
      fee: money('0.00'),
      net: money('995000.00'),
      yearlyCost365: '0.020380', // 5000 / 995000 × 365 / 90
      yearlyCost360: '0.020101',
    });
    expect(offers[1]).toMatchObject({
      interest: money('4750.00'),
      fee: money('1000.00'),
      net: money('994250.00'),
    });

    for (const [own, quote] of [
      [bank, dear],
      [bank2, cheap],
    ] as const) {
      const seen = await requestFor(own, id);
      expect(seen.offers.map((offer) => offer.quote)).toEqual([quote]);
      expect(seen.invitations.map((invitation) => invitation.bank.number)).toEqual([own.number]);
      expect(seen.invoices).toHaveLength(1);
      expect(seen.line?.available).toEqual(money('4000000.00')); // 1,000,000.00 is kept for its quote
      const quotes = await own.http.list<{ id: string }>('/api/quotes');
      expect(quotes.map((each) => each.id)).toContain(quote);
      const other = quote === dear ? cheap : dear;
      expect(quotes.map((each) => each.id)).not.toContain(other);
      await expect(own.http.get(`/api/quotes/${other}`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('sells a part at the quoted price, uses the line, and accepts the request', async () => {
    const { supplier, bank } = network;
    const before = Number((await cash(supplier)).amount);
    const parcel = await bill(supplier);
    const id = await supplier.ask({ parcel, amount: money('400000.00'), banks: [bank.number] });
    const quote = await bank.quote({ request: id, rate: '0.036000', fee: money('100.00') });
    const prepared = await supplier.prepare({ type: 'sell', parcel, quote });
    expect(prepared.meaning.en).toContain('interest ¥3,600.00, fee ¥100.00, for ¥396,300.00 or more');
    await supplier.submit(prepared);
    const { makes } = await supplier.follow(prepared.id);
    expect(BigInt(makes.parcels[0]!) - BigInt(parcel)).toBe(60_000_000n);
    expect(Number((await cash(supplier)).amount)).toBe(before + 396_300);
    expect(await requestFor(supplier, id)).toMatchObject({
      state: 'accepted',
      offers: [{ state: 'filled', rank: null }],
    });
    const lines = await bank.http.list<{ used: { amount: string } }>('/api/lines');
    expect(lines.map(({ used }) => used)).toEqual([money('400000.00')]);
    await expect(supplier.prepare({ type: 'sell', parcel, quote })).rejects.toMatchObject({
      code: 'QUOTE_EXCEEDED',
    });
  });
  const cash = async (who: Member) =>
    (await who.http.get<{ balance: { amount: string } }>('/api/cash')).balance;

  it('re-sells between banks only as a re-sale of a bank', async () => {
    const { supplier, bank, bank2 } = network;
    const parcel = await bill(supplier);
    const asking = supplier.ask({ parcel, banks: [bank.number], purpose: 'rediscount' });
    await expect(asking).rejects.toMatchObject({ code: 'ROLE_REQUIRED' });
    const request = await supplier.ask({ parcel, banks: [bank.number] });
    await supplier.perform({ type: 'sell', parcel, quote: await bank.quote({ request, rate: '0.03' }) });
    const again = await bank.ask({ parcel, banks: [bank2.number], purpose: 'rediscount' });
    await bank.perform({ type: 'sell', parcel, quote: await bank2.quote({ request: again, rate: '0.01' }) });
    const holdings = await bank2.http.list<{ parcel: { id: string; financed: boolean } }>('/api/holdings');
    expect(holdings.map((holding) => holding.parcel)).toMatchObject([{ id: parcel, financed: true }]);
  });

  it('asks for nothing that could not be sold', async () => {
    const { supplier, supplier2, bank, coreFirm, stranger } = network;
    const parcel = await bill(supplier);
    const ask = (who: Member, more: object) => who.ask({ parcel, banks: [bank.number], ...more });
    await expect(ask(stranger, {})).rejects.toMatchObject({ code: 'NOT_HOLDER' });
    await expect(ask(supplier, { banks: [supplier2.number] })).rejects.toMatchObject({
      code: 'ROLE_REQUIRED',
    });
    await expect(ask(supplier, { banks: [999] })).rejects.toMatchObject({ code: 'MEMBER_UNKNOWN' });
    await expect(ask(supplier, { banks: [supplier.number] })).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
    await expect(ask(supplier, { amount: money('1000000.01') })).rejects.toMatchObject({
      code: 'AMOUNT_EXCEEDS_PARCEL',
    });
    await supplier.perform({ type: 'offer', parcel, to: supplier2.number });
    await expect(ask(supplier, {})).rejects.toMatchObject({ code: 'PARCEL_LOCKED' });
    const restricted = await coreFirm.perform({
      type: 'issue',
      bills: [
        { payee: supplier.number, face: money('1.00'), due: '2026-06-01', restrict: { finance: false } },
      ],
    });
    await supplier.perform({ type: 'take', parcels: restricted.makes.parcels });
    const asking = supplier.ask({ parcel: restricted.makes.parcels[0]!, banks: [bank.number] });
    await expect(asking).rejects.toMatchObject({ code: 'RESTRICTED' });
  });

  it('declines, cancels, withdraws: what is called off cannot be taken', async () => {
    const { supplier, bank, bank2 } = network;
    const parcel = await bill(supplier);
    const id = await supplier.ask({ parcel, banks: [bank.number, bank2.number] });
    await bank2.http.post(`/api/financing-requests/${id}/decline`);
    const { invitations } = await requestFor(supplier, id);
    expect(invitations.map(({ state }) => state)).toEqual(['invited', 'declined']);

    const withdrawn = await bank.quote({ request: id, rate: '0.02' });
    await bank.http.post(`/api/quotes/${withdrawn}/withdraw`);
    await expect(supplier.prepare({ type: 'sell', parcel, quote: withdrawn })).rejects.toMatchObject({
      code: 'QUOTE_EXPIRED',
    });
    const cancelled = await bank.quote({ request: id, rate: '0.02' });
    await bank.perform({ type: 'cancelQuote', quote: cancelled } as never);
    await expect(supplier.prepare({ type: 'sell', parcel, quote: cancelled })).rejects.toMatchObject({
      code: 'QUOTE_EXPIRED',
    });
    const { offers } = await requestFor(supplier, id);
    expect(offers.map(({ state, rank }) => [state, rank])).toEqual([
      ['withdrawn', null],
      ['cancelled', null],
    ]);
    await supplier.http.post(`/api/financing-requests/${id}/cancel`);
    await expect(bank.quote({ request: id, rate: '0.02' })).rejects.toMatchObject({ code: 'ALREADY_DONE' });
  });

  it('shows a quote to its holder only when the bank has signed it, with its own key', async () => {
    const { supplier, bank, keys } = network;
    const parcel = await bill(supplier);
    const request = await supplier.ask({ parcel, banks: [bank.number] });
    const prepared = await bank.http.post<PreparedInstruction>('/api/quotes/prepare', {
      request,
      rate: '0.02',
    });
    expect(prepared.meaning.zh).toContain('按年利率 2%');
    const received = () => supplier.http.list<{ id: string }>('/api/quotes', { direction: 'received' });
    const isReceived = async () => (await received()).some(({ id }) => id === prepared.id);
    expect(await isReceived()).toBe(false);
    await expect(supplier.prepare({ type: 'sell', parcel, quote: prepared.id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const hand = (key: 'bank' | 'bank2') =>
      bank.http.post(
        `/api/quotes/${prepared.id}/submit`,
        { signatures: [{ signer: prepared.signers[0]!.id, signature: keys[key].sign(prepared.digest) }] },
        { 'idempotency-key': randomUUID() },
      );
    await expect(hand('bank2')).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
    expect(await isReceived()).toBe(false);
    await hand('bank');
    expect(await isReceived()).toBe(true);
  });

  it('puts the cheaper bank first though it covers a part, and sells to several in one signing', async () => {
    const { supplier, bank, bank2 } = network;
    const before = Number((await cash(supplier)).amount);
    const parcel = await bill(supplier);
    const id = await supplier.ask({ parcel, amount: money('100000.00'), banks: [bank.number, bank2.number] });
    const cheap = await bank.quote({ request: id, rate: '0.020000', amount: money('60000.00') });
    const dear = await bank2.quote({ request: id, rate: '0.030000' });
    const seen = await requestFor(supplier, id);
    expect(seen.offers.map(({ quote, amount, rank }) => [quote, amount.amount, rank])).toEqual([
      [cheap, '60000.00', 1],
      [dear, '100000.00', 2],
    ]);
    expect(seen.proposal).toMatchObject({
      parts: [
        { quote: cheap, amount: money('60000.00'), net: money('59700.00') },
        { quote: dear, amount: money('40000.00'), net: money('39700.00') },
      ],
      amount: money('100000.00'),
      net: money('99400.00'),
    });
    expect((await requestFor(bank, id)).proposal).toBeNull();

    const { makes } = await supplier.perform({
      type: 'sell',
      parcel,
      amount: money('60000.00'),
      quote: cheap,
      others: [{ quote: dear, amount: money('40000.00') }],
    });
    expect(makes.parcels.map((made) => BigInt(made) - BigInt(parcel))).toEqual([94_000_000n, 90_000_000n]);
    expect(Number((await cash(supplier)).amount)).toBe(before + 99_400);
    const after = await requestFor(supplier, id);
    expect(after).toMatchObject({ state: 'accepted', sold: money('100000.00'), proposal: null });
  });

  it('leaves the rest of a request open when a part is sold, and tells a bank that it lost', async () => {
    const { supplier, bank, bank2 } = network;
    const parcel = await bill(supplier);
    const id = await supplier.ask({ parcel, amount: money('100000.00'), banks: [bank.number, bank2.number] });
    const part = await bank.quote({ request: id, rate: '0.020000', amount: money('60000.00') });
    const lost = await bank2.quote({ request: id, rate: '0.040000' });
    await supplier.perform({ type: 'sell', parcel, quote: part, amount: money('60000.00') });
    const open = await requestFor(supplier, id);
    expect(open).toMatchObject({ state: 'open', sold: money('60000.00') });
    expect(open.offers.map(({ quote, amount }) => [quote, amount.amount])).toEqual([
      [lost, '40000.00'],
      [part, '60000.00'],
    ]);
    const rest = await bank.quote({ request: id, rate: '0.010000', amount: money('40000.00') });
    await supplier.perform({ type: 'sell', parcel, quote: rest, amount: money('40000.00') });
    expect(await requestFor(bank2, id)).toMatchObject({
      state: 'accepted',
      offers: [{ quote: lost, state: 'lost', rank: null }],
    });
    expect(await waiting(bank2, id)).toEqual([['quote_lost', 1]]);
  });

  // Moves the clock: the last of its kind.
  it('lets a quote run out', async () => {
    const { supplier, bank } = network;
    const parcel = await bill(supplier);
    const request = await supplier.ask({ parcel, banks: [bank.number] });
    const quote = await bank.quote({ request, rate: '0.02', validUntil: '2026-03-04T00:00:00Z' });
    await network.moveTo(parseLegalDate('2026-03-05'));
    await expect(supplier.prepare({ type: 'sell', parcel, quote })).rejects.toMatchObject({
      code: 'QUOTE_EXPIRED',
    });
    expect((await requestFor(supplier, request)).offers).toMatchObject([{ state: 'expired', rank: null }]);
    await network.moveTo(parseLegalDate('2026-06-01'));
    await expect(bank.quote({ request, rate: '0.02' })).rejects.toMatchObject({ code: 'BILL_MATURED' });
    expect(await requestFor(supplier, request)).toMatchObject({ state: 'closed' });
  });
});
