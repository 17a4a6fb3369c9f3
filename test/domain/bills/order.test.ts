import { describe, expect, it } from 'vitest';
import { limitsOf, mergeInvoices } from '#domain/bills/order.ts';

describe('limitsOf', () => {
  it('forbids what was asked for, and names the holders', () => {
    expect(limitsOf({})).toEqual({ restrictions: [], named: [] });
    expect(limitsOf({ passOn: false, finance: false, members: [3, 4] })).toEqual({
      restrictions: ['not_to_be_passed_on', 'not_to_be_financed', 'named_members_only'],
      named: [3, 4],
    });
  });
});

describe('mergeInvoices', () => {
  const invoice = { seller: '91320100MA3LL5AA63', code: '', number: 'A-1', total: 500n, amount: 200n };

  it('uses an invoice that is named twice once, by the sum', () => {
    const other = { ...invoice, number: 'A-2' };
    expect(mergeInvoices([invoice, other, { ...invoice, amount: 100n }])).toEqual([
      { ...invoice, amount: 300n },
      other,
    ]);
  });

  it('leaves an invoice with two totals for the chain to refuse', () => {
    const twice = [invoice, { ...invoice, total: 600n }];
    expect(mergeInvoices(twice)).toEqual(twice);
  });

  it('tells code and number apart', () => {
    const twice = [
      { ...invoice, code: '1', number: '23' },
      { ...invoice, code: '12', number: '3' },
    ];
    expect(mergeInvoices(twice)).toEqual(twice);
  });
});
