import { eventsThat } from '#domain/acts/acts.ts';
import { decoders, type EventName } from './decode.ts';
import type { Ledger, RawLog } from '#db/ledger/ledger.ts';

/** Logs of one contract each. */
type Logs = { readonly bills: readonly RawLog[]; readonly cash: readonly RawLog[] };

/**
 * The bills, parcels, invoices and balances that logs speak of, read with a few statements instead of one for each. Of a bill
 * that is issued by these logs there is nothing to read, and of its other parcels nothing is read: there may be any number.
 */
export async function preload(ledger: Ledger, { bills, cash }: Logs): Promise<void> {
  const named = new Set<bigint>();
  const issued = new Set<bigint>();
  const invoices: Buffer[] = [];
  const pieces: [bigint, bigint][] = [];
  for (const log of bills) {
    const name = nameOf(log);
    if (name === 'InvoiceBacked' || name === 'InvoiceFreed') invoices.push(log.topics);
    const billNo = billNoOf(log);
    if (billNo === undefined) continue;
    (name === 'BillIssued' ? issued : named).add(billNo);
    if (name !== undefined && OF_A_PARCEL.has(name)) pieces.push([billNo, firstWord(log)]);
    if (name === 'BillTaken' || name === 'BillCancelled') pieces.push([billNo, 0n]);
  }
  const billNos = [...named].filter((bill_no) => !issued.has(bill_no) && !ledger.bills.knows({ bill_no }));
  await ledger.bills.preload('bill_no', billNos);
  await ledger.parcels.preloadPairs(pieces.filter(([billNo]) => !issued.has(billNo)));
  await ledger.invoiceUses.preload('bill_no', billNos);
  for (const topics of invoices) {
    const bill_no = topics.readBigUInt64BE(88);
    if (issued.has(bill_no)) ledger.invoiceUses.assumeNone({ bill_no, invoice_id: topics.subarray(32, 64) });
  }
  await ledger.invoices.preload('invoice_id', distinct(invoices.map((topics) => topics.subarray(32, 64))));
  await ledger.balances.preload(
    'account',
    distinct(cash.flatMap(accountsOf)).filter((account) => !ledger.balances.knows({ account })),
  );
}

/** Acts whose data begin with the first cent of the parcel that they change. */
const OF_A_PARCEL: ReadonlySet<string> = new Set(eventsThat(({ about }) => about === 'parcel'));

const firstWord = ({ data }: RawLog): bigint => data.readBigUInt64BE(24);

const nameOf = ({ topics }: RawLog): EventName<'bills'> | undefined =>
  decoders.bills.get(topics.toString('latin1', 0, 32))?.name as EventName<'bills'> | undefined;

const distinct = (values: readonly Buffer[]): Buffer[] => [
  ...new Map(values.map((value) => [value.toString('latin1'), value])).values(),
];

/** The first argument of every act, where it is a bill's number: not an address, an invoice or a member, which is below. */
function billNoOf({ topics }: RawLog): bigint | undefined {
  if (topics.length < 64 || topics.readUInt32BE(56) === 0) return undefined;
  for (let at = 32; at < 56; at += 4) if (topics.readUInt32BE(at) !== 0) return undefined;
  return topics.readBigUInt64BE(56);
}

function accountsOf({ topics }: RawLog): Buffer[] {
  return topics.length === 96 ? [topics.subarray(44, 64), topics.subarray(76, 96)] : [];
}
