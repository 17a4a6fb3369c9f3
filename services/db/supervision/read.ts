/** What a supervisor watches: sums over all bills that are not settled. Only for viewers who see all. */
import { PARCEL_BITS } from '#domain/codes.ts';
import { sql, type Kysely } from 'kysely';
import type { DB } from '../types.ts';
import { transact, type Viewer } from '../access/access.ts';
import { leftOfParcel } from '../home/calendar.ts';

export type Totals = {
  readonly bills: bigint;
  readonly offered: bigint;
  readonly face: bigint;
  readonly open: bigint;
  readonly overdue: bigint;
  readonly overdue_bills: bigint;
  readonly financed: bigint;
  readonly settled: bigint;
};
export type Share = {
  readonly member: number;
  readonly amount: bigint;
  readonly overdue: bigint;
  readonly entries: bigint;
};
export type Layer = { readonly layer: number; readonly amount: bigint; readonly parcels: bigint };
/** A bill whose line was cut more often than its rules expect (77号文: abnormal splitting). */
export type Crowded = {
  readonly bill_no: bigint;
  readonly acceptor: number;
  readonly splits: number;
  readonly max_splits: number;
};
export type Supervision = {
  readonly totals: Totals;
  readonly obligors: Share[];
  readonly holders: Share[];
  readonly layers: Layer[];
  readonly crowded: Crowded[];
};

/** So many obligors, holders and bills are named: those with the most. */
const MAX_ENTRIES = 50;

const openBill = sql`b.to_block is null and b.status = 'active' and b.paid_in_minor < b.face_minor`;
const openParcel = sql`ledger.parcel p join ledger.bill b on b.bill_no = p.bill_no and ${openBill}
  where p.to_block is null and p.paid_up_to_minor < b.face_minor`;

/** @param now Instant (seconds) by which something is overdue. */
export function readSupervision(db: Kysely<DB>, viewer: Viewer, now: number): Promise<Supervision> {
  return transact(db, viewer, async (trx) => {
    const owed = sql`(b.face_minor - b.paid_in_minor)`;
    const isLate = sql`b.due + 86400 <= ${now}`;
    const totals = await sql<Totals>`
      select count(*) filter (where ${openBill})::bigint as bills,
        count(*) filter (where b.status = 'offered')::bigint as offered,
        coalesce(sum(b.face_minor) filter (where ${openBill}), 0)::numeric as face,
        coalesce(sum(${owed}) filter (where ${openBill}), 0)::numeric as open,
        coalesce(sum(${owed}) filter (where ${openBill} and ${isLate}), 0)::numeric as overdue,
        count(*) filter (where ${openBill} and ${isLate})::bigint as overdue_bills,
        count(*) filter (where b.status = 'active' and b.paid_in_minor = b.face_minor)::bigint as settled,
        (select coalesce(sum(${leftOfParcel}), 0) from ${openParcel} and p.flags & ${sql.lit(PARCEL_BITS.financed)} <> 0)::numeric as financed
      from ledger.bill b where b.to_block is null`.execute(trx);
    const obligors = await sql<Share>`
      select b.acceptor as member, sum(${owed})::numeric as amount,
        coalesce(sum(${owed}) filter (where ${isLate}), 0)::numeric as overdue, count(*)::bigint as entries
      from ledger.bill b where ${openBill} group by 1 order by 2 desc, 1 limit ${MAX_ENTRIES}`.execute(trx);
    const holders = await sql<Share>`
      select p.holder as member, sum(${leftOfParcel})::numeric as amount,
        coalesce(sum(${leftOfParcel}) filter (where ${isLate}), 0)::numeric as overdue, count(*)::bigint as entries
      from ${openParcel} group by 1 order by 2 desc, 1 limit ${MAX_ENTRIES}`.execute(trx);
    // The first endorsement is the payee's; each further hand is one layer more.
    const layers = await sql<Layer>`
      select hands::integer as layer, sum(amount)::numeric as amount, count(*)::bigint as parcels from (
        select ${leftOfParcel} as amount, (
          select count(*) from ledger.act a
          where a.bill_no = p.bill_no and a.to_member is not null and a.first <= p.first and a."end" >= p."end") as hands
        from ${openParcel}) piece
      group by 1 order by 1`.execute(trx);
    const crowded = await sql<Crowded>`
      select b.bill_no, b.acceptor, b.splits, r.max_splits
      from ledger.bill b join ledger.rule_pack r on r.number = b.rule_pack and r.to_block is null
      where ${openBill} and b.splits > r.max_splits order by b.splits desc, b.bill_no limit ${MAX_ENTRIES}`.execute(
      trx,
    );
    return {
      totals: totals.rows[0]!,
      obligors: obligors.rows,
      holders: holders.rows,
      layers: layers.rows,
      crowded: crowded.rows,
    };
  });
}
