/** Invoices with what bills lay claim to them. */
import type { Static } from 'typebox';
import { toHex } from '#db/wire/bytes.ts';
import type { ClaimedInvoice as ClaimedInvoiceRow, Claims } from '#db/invoices/claims.ts';
import { claimsOn } from '#db/invoices/claims.ts';
import { formatId } from '#domain/bills/intervals.ts';
import type { Currency } from '#domain/money.ts';
import type { MemberPerson } from '../app-types.ts';
import type { ClaimedInvoice, Invoice } from '../bills/schema.ts';
import type { Services } from '../services.ts';
import { documentView } from '../bills/documents.ts';
import { money } from '../schemas/money.ts';
import type { Names } from '../members/names.ts';

type Plain = ReturnType<typeof documentView>['invoices'][number];
type Ref = Awaited<ReturnType<Names['of']>>;

/** The invoices of a bill, to somebody who may see it. */
export async function withClaims(
  { db, names, deployment }: Services,
  { viewer }: Pick<MemberPerson, 'viewer'>,
  payee: number,
  invoices: readonly Plain[],
): Promise<Static<typeof Invoice>[]> {
  const ids = invoices.map(({ invoiceId }) => invoiceId);
  const found = await claimsOn(db, viewer, payee, ids);
  const ref = await names.of([...found.values()].flatMap(acceptorsIn));
  return invoices.map((invoice) => ({
    ...invoice,
    ...claimsView(found.get(invoice.invoiceId), deployment.currency, ref),
  }));
}

/** The invoices of a seller, to itself. */
export async function claimedInvoices(
  services: Services,
  by: MemberPerson,
  rows: readonly ClaimedInvoiceRow[],
): Promise<Static<typeof ClaimedInvoice>[]> {
  const invoices = rows.map(({ invoice_id, canonical }) => {
    const id = toHex(invoice_id);
    return documentView(canonical).invoices.find(({ invoiceId }) => invoiceId === id)!;
  });
  const claimed = await withClaims(services, by, by.number, invoices);
  return claimed.map(({ amount: _amount, ...invoice }) => invoice);
}

const acceptorsIn = ({ largest }: Claims): number[] => largest.map(({ acceptor }) => acceptor);

function claimsView(claims: Claims | undefined, currency: Currency, ref: Ref) {
  return {
    used: money(claims?.used ?? 0n, currency),
    bills: claims?.bills ?? 0,
    claims: (claims?.largest ?? []).map(({ bill_no, acceptor, status, amount_minor, seen }) => ({
      acceptor: ref(acceptor),
      billNo: seen ? formatId(bill_no) : null,
      taken: status === 'active',
      amount: money(amount_minor, currency),
    })),
  };
}
