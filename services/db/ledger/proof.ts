import { sql, type Kysely } from 'kysely';
import { asOf } from './as-of.ts';
import type { DB } from '../types.ts';
import type { Row } from './versions.ts';

export type BillWithParcels = { readonly bill: Row<'ledger.bill'>; readonly parcels: Row<'ledger.parcel'>[] };

/** Numbers of the bills on which something happened in the blocks after `after` up to `upTo`. */
export async function billsChanged(db: Kysely<DB>, after: bigint, upTo: bigint): Promise<bigint[]> {
  const rows = await db
    .selectFrom('ledger.bill')
    .select('bill_no')
    .distinct()
    .where('from_block', '>', after)
    .where('from_block', '<=', upTo)
    .orderBy('bill_no')
    .execute();
  return rows.map(({ bill_no }) => bill_no);
}

/** A bill of at most so many parcels is proved whole whenever it changes. */
const PROVED_WHOLE = 500;

/**
 * Bills of these numbers at the end of a block with their parcels in order; of a bill of many parcels only those that changed
 * after block `since`.
 */
export async function billsAt(
  db: Kysely<DB>,
  billNos: readonly bigint[],
  block: bigint,
  since: bigint,
): Promise<BillWithParcels[]> {
  if (billNos.length === 0) return [];
  const bills = await db
    .selectFrom('ledger.bill')
    .selectAll()
    .where('bill_no', 'in', billNos)
    .where(asOf(block))
    .orderBy('bill_no')
    .execute();
  const { rows } = await sql<{ bill_no: bigint }>`
    select bill_no from unnest(${billNos}::bigint[]) as bill (bill_no) where exists (
      select from ledger.parcel p where p.bill_no = bill.bill_no and ${asOf(block, 'p')} offset ${PROVED_WHOLE})
  `.execute(db);
  const large = rows.map(({ bill_no }) => bill_no);
  const parcels = await db
    .selectFrom('ledger.parcel')
    .selectAll()
    .where('bill_no', 'in', billNos)
    .where(asOf(block))
    .where(sql<boolean>`(from_block > ${since} or bill_no <> all(${large}::bigint[]))`)
    .orderBy('bill_no')
    .orderBy('first')
    .execute();
  const byBill = Map.groupBy(parcels, ({ bill_no }) => bill_no);
  return bills.map((bill) => ({ bill, parcels: byBill.get(bill.bill_no) ?? [] }));
}

/** Everything but the bills that the chain can be asked about, at the end of a block. */
export async function booksAt(db: Kysely<DB>, block: bigint) {
  const [members, recoveries, balances, lines, groupLines, invoices, books, redemptions, desks, quotes] =
    await Promise.all([
      db.selectFrom('ledger.member').selectAll().where(asOf(block)).orderBy('number').execute(),
      db.selectFrom('ledger.recovery').selectAll().where(asOf(block)).orderBy('member').execute(),
      db.selectFrom('ledger.cash_balance').selectAll().where(asOf(block)).orderBy('account').execute(),
      db
        .selectFrom('ledger.line')
        .selectAll()
        .where(asOf(block))
        .orderBy('bank')
        .orderBy('obligor')
        .execute(),
      db
        .selectFrom('ledger.group_line')
        .selectAll()
        .where(asOf(block))
        .orderBy('bank')
        .orderBy('group_no')
        .execute(),
      db
        .selectFrom('ledger.invoice')
        .selectAll()
        .where(asOf(block))
        .orderBy('payee')
        .orderBy('invoice_id')
        .execute(),
      db.selectFrom('ledger.settlement_book').selectAll().where(asOf(block)).orderBy('bank').execute(),
      db.selectFrom('ledger.redemption').selectAll().where(asOf(block)).orderBy('number').execute(),
      db.selectFrom('ledger.desk_allowed').selectAll().where(asOf(block)).orderBy('bank').execute(),
      quotesAt(db, block),
    ]);
  return { members, recoveries, balances, lines, groupLines, invoices, books, redemptions, desks, quotes };
}

/** What was bought under each quote that was ever used or cancelled. */
async function quotesAt(db: Kysely<DB>, block: bigint) {
  const { rows } = await sql<{ bank: number; nonce: bigint; filled_minor: bigint; cancelled: boolean }>`
    select bank, nonce, sum(amount_minor) as filled_minor, bool_or(cancelled) as cancelled
    from (
      select bank, nonce, amount_minor, false as cancelled from ledger.quote_fill where block_number <= ${block}
      union all
      select bank, nonce, 0, true from ledger.quote_cancelled where ${asOf(block)}
    ) quote
    group by bank, nonce order by bank, nonce
  `.execute(db);
  return rows;
}
