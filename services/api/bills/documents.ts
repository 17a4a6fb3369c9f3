/** The document of a bill, read again: what its acceptor confirmed. */
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { invoiceId } from '#chain/typed-data.ts';
import type { Backing } from '#chain/calls.ts';
import { parseAmount, type Currency } from '#domain/money.ts';
import type { Invoice } from './schema.ts';

/** Terms and documents of a bill: what an acceptor confirms, word for word. Its hash is on chain. */
const Document = Type.Object({
  currency: Type.String(),
  named: Type.Array(Type.Integer()),
  invoices: Type.Array(
    Type.Object({
      seller: Type.String(),
      code: Type.String(),
      number: Type.String(),
      total: Type.String(),
      amount: Type.String(),
    }),
  ),
  note: Type.Union([Type.String(), Type.Null()]),
});

function read(canonical: string): Static<typeof Document> {
  const document: unknown = JSON.parse(canonical);
  if (!Value.Check(Document, document)) throw new Error('a stored document of a bill is damaged');
  return document;
}

export function documentView(canonical: string): {
  invoices: Pick<Static<typeof Invoice>, 'invoiceId' | 'seller' | 'code' | 'number' | 'total' | 'amount'>[];
  note: string | null;
} {
  const { currency, invoices, note } = read(canonical);
  return {
    note,
    invoices: invoices.map(({ seller, code, number, total, amount }) => ({
      invoiceId: invoiceId(seller, number, code),
      seller,
      code: code === '' ? null : code,
      number,
      total: { amount: total, currency },
      amount: { amount, currency },
    })),
  };
}

/** What of a face no invoice backs. */
export function unbacked(face: bigint, invoices: readonly { readonly amount: bigint }[]): bigint {
  const backed = invoices.reduce((sum, { amount }) => sum + amount, 0n);
  return backed < face ? face - backed : 0n;
}

/** What an issue was backed by, as the ledger wants it shown again. */
export function backingOf(documentHash: string, canonical: string): Backing {
  const { currency, invoices, named } = read(canonical);
  return {
    documentHash,
    named,
    invoices: invoices.map(({ seller, code, number, total, amount }) => ({
      invoiceId: invoiceId(seller, number, code),
      total: parseAmount(total, currency as Currency),
      amount: parseAmount(amount, currency as Currency),
    })),
  };
}
