import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billNumber } from '#domain/bills/bill-number.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { money } from '#client/money.ts';
import type { Member } from '#client/member.ts';
import { taxNumberFor } from '#scripts/made-up-tax-numbers.ts';
import { openNetwork, type TestNetwork } from '../fixtures/network.ts';
import { ask, tokenFor } from './support/ask.ts';

type Entry = {
  kind: string;
  direction: string;
  amount: unknown;
  balance: unknown;
  counterparty: { number: number } | null;
};
type Day = {
  due: string;
  pay: unknown;
  payBills: number;
  untaken: unknown;
  untakenBills: number;
  receive: unknown;
  receiveParcels: number;
  paidIn: unknown;
};
type Bill = {
  billNo: string;
  status: string;
  face: { amount: string };
  due: string;
};
type Detail = Bill & {
  parcels: { range: string; holder: { number: number } | null; state: string; paid: unknown }[];
};
type Page = { items: Bill[]; next: string | null };

describe('the life of a bill through the API', () => {
  let network: TestNetwork;
  let bill: string;
  let parcel: string;
  beforeAll(async () => {
    network = await openNetwork();
  });
  afterAll(() => network?.close());

  const detail = (who: Member, query: Record<string, string | number> = {}) =>
    who.http.get<Detail>(`/api/bills/${bill}`, query);
  const stateOfParcels = async (who: Member, query = {}) =>
    (await detail(who, query)).parcels.map(({ range, holder, state }) => [range, holder?.number, state]);

  it('is issued, taken, split, discounted, paid in and paid out to the cent', async () => {
    const { coreFirm, supplier, supplier2, bank } = network;
    const invoice = {
      seller: taxNumberFor('TAX-supplier'),
      number: 'INV-1',
      total: money('1000000.00'),
      amount: money('1000000.00'),
    };
    const issued = await coreFirm.perform({
      type: 'issue',
      bills: [{ payee: supplier.number, face: money('1000000.00'), due: '2026-06-01', invoices: [invoice] }],
    });
    [bill, parcel] = [issued.makes.bills[0]!, issued.makes.parcels[0]!];
    expect(await stateOfParcels(supplier)).toEqual([['1-100000000', coreFirm.number, 'offered']]);
    await supplier.perform({ type: 'take', parcels: [parcel] });
    const offered = await supplier.perform({
      type: 'offer',
      parcel,
      amount: money('400000.00'),
      to: supplier2.number,
    });
    await supplier2.perform({ type: 'take', parcels: [offered.makes.parcels[0]!] });
    const request = await supplier.ask({ parcel, banks: [bank.number] });
    const quote = await bank.quote({ request, rate: '0.020000' });
    await supplier.perform({ type: 'sell', parcel, quote });

    const day = async (who: Member) =>
      (await who.http.list<Day>('/api/calendar')).map(({ due, pay, receive }) => [due, pay, receive]);
    expect(await day(coreFirm)).toEqual([['2026-06-01', money('1000000.00'), money('0.00')]]);
    expect(await day(bank)).toEqual([['2026-06-01', money('0.00'), money('600000.00')]]);
    await expect(supplier2.distribute(bill)).rejects.toMatchObject({ code: 'NOT_DUE' });

    await network.moveTo(parseLegalDate('2026-06-01'));
    expect((await detail(coreFirm)).status).toBe('matured');
    const inbox = await coreFirm.http.get<{ items: { kind: string; amount: unknown }[] }>('/api/inbox');
    expect(inbox.items).toMatchObject([{ kind: 'payment_due', amount: money('1000000.00') }]);
    await coreFirm.perform({ type: 'fund', bill, amount: money('700000.00') });
    await supplier2.distribute(bill);
    expect((await detail(coreFirm)).status).toBe('part_paid');
    expect((await supplier2.distribute(bill)).tx).toBeNull(); // nothing is owed: nothing is sent
    await coreFirm.perform({ type: 'fund', bill, amount: money('300000.00'), distribute: true });
    expect(await stateOfParcels(coreFirm)).toEqual([
      ['1-60000000', bank.number, 'paid'],
      ['60000001-100000000', supplier2.number, 'paid'],
    ]);
    expect((await detail(coreFirm)).status).toBe('settled');
  });

  it('is found by the number that people read, and says when a digit of it is wrong', async () => {
    const { coreFirm } = network;
    const number = billNumber(BigInt(bill));
    const misread = `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`;
    await expect(coreFirm.http.get(`/api/bills/${number}`)).resolves.toMatchObject({ billNo: bill });
    for (const q of [number, number.replaceAll('-', ' '), number.replaceAll('-', ''), bill]) {
      const { items } = await coreFirm.http.get<Page>('/api/bills', { q });
      expect(
        items.map(({ billNo }) => billNo),
        q,
      ).toEqual([bill]);
    }
    const wrong = { code: 'REQUEST_INVALID', status: 400 };
    await expect(coreFirm.http.get(`/api/bills/${misread}`)).rejects.toMatchObject(wrong);
    await expect(coreFirm.http.get('/api/bills', { q: misread })).rejects.toMatchObject(wrong);
  });

  it('keeps a statement whose balances add up, newest first, page by page', async () => {
    const { supplier, supplier2, bank } = network;
    const of = (who: Member, query = {}) => who.http.list<Entry>('/api/cash/statement', query);
    expect(
      (await of(supplier)).map(({ kind, amount, counterparty }) => [kind, amount, counterparty?.number]),
    ).toEqual([['purchase', money('597000.00'), bank.number]]);
    const paged = await of(supplier2, { limit: 1 });
    expect(paged.map(({ kind, amount, balance }) => [kind, amount, balance])).toEqual([
      ['payout', money('120000.00'), money('400000.00')],
      ['payout', money('280000.00'), money('280000.00')],
    ]);
    const banks = await of(bank);
    expect(banks.map(({ direction, balance }) => [direction, balance])).toEqual([
      ['in', money('10003000.00')],
      ['in', money('9823000.00')],
      ['out', money('9403000.00')],
      ['in', money('10000000.00')],
    ]);
    expect(await of(bank, { to: '2026-03-03' })).toHaveLength(2);
    expect(await of(bank, { from: '2026-06-01' })).toHaveLength(2);
  });

  it('shows the bill as it was, and every state of its line', async () => {
    const { coreFirm, supplier, supplier2, bank } = network;
    const acts = await coreFirm.http.list<{ name: string; block: number; trailAfter: string }>(
      `/api/bills/${bill}/acts`,
    );
    const blockOf = (name: string) => acts.find((act) => act.name === name)!.block;
    expect(await stateOfParcels(coreFirm, { asOf: blockOf('issued') })).toEqual([
      ['1-100000000', coreFirm.number, 'offered'],
    ]);
    expect(await stateOfParcels(coreFirm, { asOf: blockOf('offered') })).toEqual([
      ['1-60000000', supplier.number, 'held'],
      ['60000001-100000000', supplier.number, 'offered'],
    ]);
    // The holder of the second piece sees its own way back to the root, and not who else came and went.
    expect(await stateOfParcels(supplier2, { asOf: blockOf('offered') })).toEqual([
      ['1-60000000', undefined, 'held'],
      ['60000001-100000000', supplier.number, 'offered'],
    ]);
    await expect(detail(coreFirm, { asOf: 1_000_000 })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    const before = detail(coreFirm, { asOf: blockOf('issued') - 1 });
    await expect(before).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const ribbon = await coreFirm.http.get<{ steps: { block: number; pieces: unknown[] }[] }>(
      `/api/bills/${bill}/ribbon`,
    );
    expect(ribbon.steps.map(({ pieces }) => pieces.length)).toEqual([1, 1, 2, 2, 2, 2, 2]);
    const { trail, asOf } = await coreFirm.http.get<{ trail: string; asOf: number }>(`/api/bills/${bill}`);
    expect(acts.at(-1)!.trailAfter).toBe(trail);
    expect(asOf).toBeGreaterThanOrEqual(acts.at(-1)!.block);
    for (const list of ['bills', 'holdings', 'offers']) {
      const page = await coreFirm.http.get<Page & { asOf: number; provedAt: number }>(`/api/${list}`);
      expect(Object.keys(page)).toEqual(['items', 'next', 'provedAt', 'asOf']);
      expect(page.asOf).toBeGreaterThanOrEqual(asOf);
    }
    expect(bank.number).toBeGreaterThan(0);
  });

  it('pages through bills in every order, each once, and takes no cursor of another list', async () => {
    const { coreFirm, supplier, supplier2 } = network;
    const dues = ['2026-07-01', '2026-08-01', '2026-07-01', '2026-09-01', '2026-07-15'];
    await coreFirm.perform({
      type: 'issue',
      bills: dues.map((due, n) => ({
        payee: (n % 2 ? supplier2 : supplier).number,
        face: money(`${n + 1}00.00`),
        due,
      })),
    });
    const all = await coreFirm.http.list<Bill>('/api/bills');
    expect(all).toHaveLength(6);
    for (const sort of ['due', '-due', 'issuedAt', '-issuedAt', 'face', '-face', 'billNo', '-billNo']) {
      const paged = await coreFirm.http.list<Bill>('/api/bills', { sort, limit: 2 });
      expect([sort, new Set(paged.map(({ billNo }) => billNo)).size]).toEqual([sort, 6]);
    }
    const byDue = await coreFirm.http.list<Bill>('/api/bills', { sort: 'due', limit: 2 });
    expect(byDue.map(({ due }) => due)).toEqual(byDue.map(({ due }) => due).sort());
    const settled = await coreFirm.http.list<Bill>('/api/bills', { status: 'settled' });
    expect(settled.map(({ billNo }) => billNo)).toEqual([bill]);
    expect(await coreFirm.http.list('/api/bills', { status: 'offered', dueTo: '2026-07-31' })).toHaveLength(
      3,
    );
    expect(await supplier.http.list('/api/bills', { role: 'offered' })).toHaveLength(3);
    expect(await supplier.http.list('/api/offers', { limit: 1 })).toHaveLength(3);
    expect(await coreFirm.http.list('/api/offers', { direction: 'out', limit: 2 })).toHaveLength(5);
    expect(await coreFirm.http.list('/api/bills', { q: 'supplier2' })).toHaveLength(2);
    expect(await coreFirm.http.list('/api/bills', { q: '100%' })).toHaveLength(0);

    const token = await tokenFor(network.apiUrl, { member: coreFirm.number });
    const get = (path: string) => ask(network.apiUrl, 'GET', path, { token });
    const { next } = (await get('/api/bills?sort=due&limit=2')).body as Page;
    expect((await get(`/api/bills?sort=due&limit=3&cursor=${next}`)).code).toBe('ok');
    for (const path of [
      `/api/bills?sort=face&cursor=${next}`,
      `/api/bills?sort=due&status=active&cursor=${next}`,
      `/api/offers?cursor=${next}`,
      '/api/bills?cursor=nonsense',
      `/api/bills?cursor=${Buffer.from('["x","2026-01-01","1"]').toString('base64url')}`,
      '/api/bills?limit=201',
      '/api/bills?limit=0',
    ]) {
      expect([path, (await get(path)).code]).toEqual([path, 'REQUEST_INVALID']);
    }
    const other = await tokenFor(network.apiUrl, { member: supplier.number });
    const stolen = await ask(network.apiUrl, 'GET', `/api/bills?sort=due&cursor=${next}`, { token: other });
    expect(stolen.code).toBe('REQUEST_INVALID');
  });

  it('clears what was offered and not taken in time', async () => {
    const { coreFirm, supplier, supplier2 } = network;
    const { makes } = await coreFirm.perform({
      type: 'issue',
      bills: [{ payee: supplier.number, face: money('10.00'), due: '2026-06-20' }],
    });
    const [id] = makes.parcels;
    await supplier.perform({ type: 'take', parcels: [id!] });
    await supplier.perform({ type: 'offer', parcel: id!, to: supplier2.number, until: '2026-06-05' });
    const untaken = await coreFirm.perform({
      type: 'issue',
      bills: [{ payee: supplier.number, face: money('20.00'), due: '2026-06-10' }],
    });
    await network.moveTo(parseLegalDate('2026-06-05'));
    const expire = (who: Member, parcelId: string) => who.prepare({ type: 'expire', parcel: parcelId });
    await expect(expire(supplier2, id!)).rejects.toMatchObject({ code: 'REQUEST_INVALID' }); // it may be taken today
    await network.moveTo(parseLegalDate('2026-06-06'));
    await expect(supplier2.prepare({ type: 'take', parcels: [id!] })).rejects.toMatchObject({
      code: 'OFFER_EXPIRED',
    });
    await expect(expire(network.stranger, id!)).rejects.toMatchObject({ code: 'NOT_OFFERED_TO_YOU' });
    await supplier.perform({ type: 'expire', parcel: id! });
    await network.moveTo(parseLegalDate('2026-06-10'));
    const over = await coreFirm.http.list<{ over: boolean; bill: { billNo: string } }>('/api/offers', {
      direction: 'out',
    });
    expect(over.find(({ bill: of }) => of.billNo === untaken.makes.bills[0])).toMatchObject({ over: true });
    await coreFirm.perform({ type: 'expire', parcel: untaken.makes.parcels[0]! });
    const cancelled = await coreFirm.http.get<Bill>(`/api/bills/${untaken.makes.bills[0]}`);
    expect(cancelled.status).toBe('cancelled');
  });
});
