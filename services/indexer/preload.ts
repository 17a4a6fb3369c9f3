import { decoders, type EventName } from './decode.ts';
import type { Ledger, RawLog } from '#db/ledger/ledger.ts';

/** Logs of one contract each. */
type Logs = { readonly bills: readonly RawLog[]; readonly cash: readonly RawLog[] };

/**
 * The bills, invoices and balances that logs speak of, read with a few statements instead of one for each. Of a bill that is
 * issued by these logs there is nothing to read.
 */
export async function preload(ledger: Ledger, { bills, cash }: Logs): Promise<void> {
  const issued = new Set(bills.filter(isOneOf('BillIssued')).flatMap(billNoOf));
  const invoices = bills.filter(isOneOf('InvoiceBacked', 'InvoiceFreed'));
  const billNos = [...new Set(bills.flatMap(billNoOf))].filter(
    (bill_no) => !issued.has(bill_no) && !ledger.bills.knows({ bill_no }),
  );
  await ledger.bills.preload('bill_no', billNos);
  await ledger.parcels.preload('bill_no', billNos);
  await ledger.invoiceUses.preload('bill_no', billNos);
  for (const { topics } of invoices)
    if (issued.has(topics.readBigUInt64BE(88)))
      ledger.invoiceUses.assumeNone({
        bill_no: topics.readBigUInt64BE(88),
        invoice_id: topics.subarray(32, 64),
      });
  await ledger.invoices.preload(
    'invoice_id',
    distinct(invoices.map(({ topics }) => topics.subarray(32, 64))).filter(
      (invoice_id) => !ledger.invoices.knows({ invoice_id }),
    ),
  );
  await ledger.balances.preload(
    'account',
    distinct(cash.flatMap(accountsOf)).filter((account) => !ledger.balances.knows({ account })),
  );
}

const isOneOf =
  (...names: readonly EventName<'bills'>[]) =>
  ({ topics }: RawLog): boolean =>
    (names as readonly string[]).includes(decoders.bills.get(topics.toString('latin1', 0, 32))?.name ?? '');

const distinct = (values: readonly Buffer[]): Buffer[] => [
  ...new Map(values.map((value) => [value.toString('latin1'), value])).values(),
];

/** The first argument of every act, where it is a bill's number: not an address, an invoice or a member, which is below. */
function billNoOf({ topics }: RawLog): bigint[] {
  if (topics.length < 64 || topics.subarray(32, 56).some((byte) => byte !== 0)) return [];
  if (topics.readUInt32BE(56) === 0) return [];
  return [topics.readBigUInt64BE(56)];
}

function accountsOf({ topics }: RawLog): Buffer[] {
  return topics.length === 96 ? [topics.subarray(44, 64), topics.subarray(76, 96)] : [];
}
