import { describe, expect, it } from 'vitest';
import { addDays, daysBetween } from '#domain/dates.ts';
import { livesOf } from '#scripts/replay/lives.ts';
import { readPayables } from '#scripts/replay/payables.ts';

const HEADER = 'countryCode,customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount,SettledDate';
const row = (n: number): string =>
  `39${n % 3},S${n % 7},${n},1/${(n % 28) + 1}/2013,3/${(n % 28) + 1}/2013,${n}.${String(n % 100).padStart(2, '0')},${2 + (n % 3)}/${(n % 28) + 1}/2013`;
const file = [HEADER, ...Array.from({ length: 400 }, (_, n) => row(n + 1))].join('\n');

describe('the payables of a file', () => {
  it('are read month first, to the cent, in the order of their dates', () => {
    const rows = `${HEADER}\n391,A,2,12/2/2013,1/1/2014,61.7,12/31/2013\n406,B,1,1/26/2013,2/25/2013,100,3/3/2013`;
    expect(readPayables(rows)).toEqual([
      {
        core: '406',
        supplier: 'B',
        invoice: '1',
        issued: '2013-01-26',
        due: '2013-02-25',
        settled: '2013-03-03',
        amount: 10000n,
      },
      {
        core: '391',
        supplier: 'A',
        invoice: '2',
        issued: '2013-12-02',
        due: '2014-01-01',
        settled: '2013-12-31',
        amount: 6170n,
      },
    ]);
  });

  it.each([
    ['a column is missing', 'countryCode,customerID\n1,2', /no column invoiceNumber/],
    [
      'a date is none',
      `${HEADER}\n391,A,2,13/2/2013,1/1/2014,61.7,12/31/2013`,
      /row 2: InvoiceDate "13\/2\/2013"/,
    ],
    ['an amount is none', `${HEADER}\n391,A,2,1/2/2013,1/1/2014,61.777,12/31/2013`, /row 2: InvoiceAmount/],
  ])('are refused when %s', (_, text, message) => {
    expect(() => readPayables(text)).toThrow(message);
  });
});

describe('the life of a payable', () => {
  const lives = livesOf(readPayables(file), 7);

  it('is the same for the same seed, and another for another', () => {
    expect(livesOf(readPayables(file), 7)).toEqual(lives);
    expect(livesOf(readPayables(file), 8)).not.toEqual(lives);
  });

  it('pays out exactly what was confirmed', () => {
    for (const { amount, paid } of lives) {
      expect([...paid.values()].reduce((sum, part) => sum + part, 0n)).toBe(amount);
    }
  });

  it('moves parts on different days, before they are paid and before they mature', () => {
    const moving = lives.filter(({ transfers }) => transfers.length > 0);
    expect(moving.length).toBeGreaterThan(100);
    for (const { issued, due, settled, transfers } of moving) {
      const days = transfers.map(({ on }) => on);
      expect(new Set(days).size).toBe(days.length);
      expect(days).toEqual(days.toSorted());
      for (const day of days) {
        expect(daysBetween(issued, day)).toBeGreaterThanOrEqual(0);
        expect(day <= settled && day <= addDays(due, -1)).toBe(true);
      }
    }
  });

  it('sells only what the seller holds, for less than its amount', () => {
    const sales = lives.flatMap(({ transfers }) => transfers).filter((transfer) => transfer.kind === 'sell');
    expect(sales.length).toBeGreaterThan(50);
    for (const { from, to, price, amount } of sales) {
      expect(from).not.toBe(to);
      expect(price <= amount).toBe(true);
    }
  });
});
