import { sql, type Kysely, type Selectable } from 'kysely';
import type { BillStatus } from '#domain/status.ts';
import type { DB, LedgerBill } from '../types.ts';
import { readAs, seesBill, spansOf, type Viewer } from './access.ts';
import { paged, type Page, type PageOf } from './page.ts';

export type BillRow = Selectable<LedgerBill> & {
  /** Hull of what the viewer is entitled to look into; null: no piece of the line. */
  readonly seen_first: bigint | null;
  readonly seen_end: bigint | null;
};

export type BillSort = 'due' | '-due' | 'issuedAt' | '-issuedAt' | 'face' | '-face' | 'billNo' | '-billNo';

export type BillFilter = {
  readonly status?: BillStatus | undefined;
  readonly acceptor?: number | undefined;
  readonly payee?: number | undefined;
  readonly holder?: number | undefined;
  readonly dueFrom?: string | undefined;
  readonly dueTo?: string | undefined;
  /** Only what is signed for and not paid in full. */
  readonly open?: boolean | undefined;
  readonly role: 'issued' | 'held' | 'offered' | 'all';
  /** A bill number, or part of the name of acceptor or payee. */
  readonly q?: string | undefined;
  readonly sort: BillSort;
};

const SORTS = {
  due: [sql`b.due_on`, 'date', ({ due_on }: BillRow) => due_on],
  issuedAt: [sql`b.issued_at`, 'timestamptz', ({ issued_at }: BillRow) => issued_at.toISOString()],
  face: [sql`b.face_minor`, 'bigint', ({ face_minor }: BillRow) => String(face_minor)],
  billNo: [sql`b.bill_no`, 'bigint', ({ bill_no }: BillRow) => String(bill_no)],
} as const;

/** @param now Instant (seconds) by which the status is told. */
export function listBills(
  db: Kysely<DB>,
  viewer: Viewer,
  filter: BillFilter,
  now: number,
  page: PageOf,
): Promise<Page<BillRow>> {
  const isDown = filter.sort.startsWith('-');
  const [column, type, valueOf] = SORTS[filter.sort.replace('-', '') as keyof typeof SORTS];
  const [value, billNo] = page.after ?? [];
  return readAs(db, viewer, async (trx) => {
    const { rows } = await sql<BillRow>`
      select b.*, null::bigint as seen_first, null::bigint as seen_end from ledger.bill b
      where b.to_block is null and ${relation(viewer, filter.role)}
        ${conditions(viewer, filter, now)}
        ${
          page.after === undefined
            ? sql``
            : sql`and (${column}, b.bill_no) ${sql.raw(isDown ? '<' : '>')}
                (${value}::${sql.raw(type)}, ${billNo}::bigint)`
        }
      order by ${column} ${sql.raw(isDown ? 'desc' : 'asc')}, b.bill_no ${sql.raw(isDown ? 'desc' : 'asc')}
      limit ${page.limit + 1}`.execute(trx);
    const { rows: bills, next } = paged(rows, page.limit, (row) => [valueOf(row), String(row.bill_no)]);
    return { rows: await withSeen(trx, viewer, bills), next };
  });
}

function relation(viewer: Viewer, role: BillFilter['role']) {
  const { member } = viewer;
  if (role === 'issued') return sql`b.acceptor = ${member}`;
  if (role === 'all') return seesBill(viewer, sql`b.bill_no`);
  const column = sql.ref(role === 'held' ? 'p.holder' : 'p.offered_to');
  return sql`b.bill_no in (select p.bill_no from ledger.parcel p where p.to_block is null and ${column} = ${member})
    and b.status ${role === 'held' ? sql`= 'active'` : sql`<> 'cancelled'`}`;
}

function conditions(viewer: Viewer, filter: BillFilter, now: number) {
  const { status, acceptor, payee, holder, dueFrom, dueTo, open, q } = filter;
  return sql.join(
    [
      ...(status === undefined ? [] : [sql`and ${statusIs(status, now)}`]),
      ...(open === true ? [sql`and b.status = 'active' and b.paid_in_minor < b.face_minor`] : []),
      ...(acceptor === undefined ? [] : [sql`and b.acceptor::bigint = ${acceptor}`]),
      ...(payee === undefined ? [] : [sql`and b.payee::bigint = ${payee}`]),
      ...(dueFrom === undefined ? [] : [sql`and b.due_on >= ${dueFrom}::date`]),
      ...(dueTo === undefined ? [] : [sql`and b.due_on <= ${dueTo}::date`]),
      ...(holder === undefined ? [] : [sql`and ${isHeldBy(viewer, holder)}`]),
      ...(q === undefined ? [] : [sql`and ${answersTo(q)}`]),
    ],
    sql` `,
  );
}

/** Who holds a bill of another's is not to be found out by asking: only the viewer itself, unless it may know. */
const isHeldBy = ({ member, seesAll }: Viewer, holder: number) => sql`
  (${seesAll || holder === member} or b.acceptor = ${member}) and exists (
    select from ledger.parcel p
    where p.bill_no = b.bill_no and p.to_block is null and p.holder::bigint = ${holder})`;

function answersTo(q: string) {
  const pattern = `%${q.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`(b.bill_no::text = ${q} or exists (
    select from ledger.member m join app.identity i on i.identity_hash = m.identity_hash
    where m.to_block is null and m.number in (b.acceptor, b.payee)
      and (i.name_zh ilike ${pattern} or i.name_en ilike ${pattern})))`;
}

/** The twin of billStatus in #domain/status.ts. */
function statusIs(status: BillStatus, now: number) {
  const active = sql`b.status = 'active'`;
  switch (status) {
    case 'offered':
    case 'cancelled':
      return sql`b.status = ${status}`;
    case 'settled':
      return sql`${active} and b.paid_in_minor = b.face_minor`;
    case 'part_paid':
      return sql`${active} and b.paid_in_minor > 0 and b.paid_in_minor < b.face_minor`;
    case 'matured':
      return sql`${active} and b.paid_in_minor = 0 and b.due <= ${now}`;
    case 'active':
      return sql`${active} and b.paid_in_minor = 0 and b.due > ${now}`;
    case 'dishonoured':
      return sql`false`;
  }
}

/** @param asOf Block; the newest if left out. Undefined when there is no such bill for this viewer. */
export function findBill(
  db: Kysely<DB>,
  viewer: Viewer,
  billNo: bigint,
  asOf?: bigint,
): Promise<BillRow | undefined> {
  return readAs(db, viewer, async (trx) => {
    const { rows } = await sql<BillRow>`
      select b.*, null::bigint as seen_first, null::bigint as seen_end from ledger.bill b
      where b.bill_no = ${billNo} and ${seesBill(viewer, sql`b.bill_no`)} and ${versionAt(asOf)}`.execute(
      trx,
    );
    const [bill] = await withSeen(trx, viewer, rows);
    return bill;
  });
}

const versionAt = (asOf: bigint | undefined) =>
  asOf === undefined
    ? sql`b.to_block is null`
    : sql`b.from_block <= ${asOf} and (b.to_block is null or b.to_block > ${asOf})`;

export async function withSeen(
  trx: Kysely<DB>,
  viewer: Viewer,
  bills: readonly BillRow[],
): Promise<BillRow[]> {
  const seesWhole = (bill: BillRow): boolean => viewer.seesAll || bill.acceptor === viewer.member;
  const others = bills.filter((bill) => !seesWhole(bill)).map(({ bill_no }) => bill_no);
  const { rows } =
    others.length === 0
      ? { rows: [] }
      : await sql<{ bill_no: bigint; first: bigint; end: bigint }>`
          select bill_no, min(first) as first, max("end") as "end" from ${spansOf(viewer, others)} s
          group by bill_no`.execute(trx);
  const spans = new Map(rows.map((row) => [row.bill_no, row]));
  return bills.map((bill) => {
    if (seesWhole(bill)) return { ...bill, seen_first: 0n, seen_end: bill.face_minor };
    const span = spans.get(bill.bill_no);
    return { ...bill, seen_first: span?.first ?? null, seen_end: span?.end ?? null };
  });
}
