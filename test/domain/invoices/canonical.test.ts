import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { invoiceHasher } from '#api/imports/invoice-ids.ts';
import { invoiceId } from '#chain/typed-data.ts';
import {
  canonicalInvoice,
  isInvoiceName,
  type InvoiceFault,
  type InvoiceName,
} from '#domain/invoices/canonical.ts';

type Named = { readonly seller: string; readonly code: string; readonly number: string };
const { known, refused } = JSON.parse(
  readFileSync(new URL('../../vectors/invoices.json', import.meta.url), 'utf8'),
) as {
  readonly known: readonly (Named & { readonly canonical: InvoiceName; readonly id: string })[];
  readonly refused: readonly (Named & { readonly fault: InvoiceFault })[];
};
const SELLER = '91320100MA1XY0012Q';

describe('the canonical form of an invoice', () => {
  it.each(known)('$seller $code $number is $canonical.code $canonical.number', (given) => {
    expect(canonicalInvoice(given)).toEqual(given.canonical);
  });

  it.each(refused)('$seller $code $number is refused: $fault', ({ fault, ...given }) => {
    expect(canonicalInvoice(given)).toBe(fault);
  });

  it('is its own canonical form, whatever it was made of', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('', '033002300111', '3300231140'),
        (number, code) => {
          const name = canonicalInvoice({ seller: SELLER, code, number });
          if (isInvoiceName(name)) expect(canonicalInvoice(name)).toEqual(name);
        },
      ),
      { numRuns: 5_000, seed: 20_261_130 },
    );
  });

  it('tells apart what people read as different', () => {
    const different = [
      'QX-88992',
      'QX88992',
      'QX/88992',
      'QX.88992',
      'QX_88992',
      'QY-88992',
      'QX-88993',
      '-QX88992',
    ];
    const names = different.map((number) => canonicalInvoice({ seller: SELLER, number }));
    expect(new Set(names.map((name) => JSON.stringify(name))).size).toBe(different.length);
  });
});

describe('the id of an invoice', () => {
  it('is the hash of its canonical form, the same in every part', async () => {
    const hash = await invoiceHasher();
    for (const { canonical, id } of known) {
      expect(invoiceId(canonical.seller, canonical.number, canonical.code)).toBe(id);
      expect(`0x${hash(canonical).toString('hex')}`).toBe(id);
    }
  });
});
