import { sql, type Kysely, type RawBuilder, type Selectable } from 'kysely';
import { readBillNumber } from '#domain/bills/typed-bill-number.ts';
import type { LegalDate } from '#domain/dates.ts';
import { partsOfBillNo } from '#domain/bills/intervals.ts';
import type { BillStatus } from '#domain/bills/status.ts';
import { withVoucher } from '../imports/vouchers.ts';
import type { DB, LedgerBill } from '../types.ts';
import { asOf as trueAt } from '../ledger/as-of.ts';
import { rowReader, type Columns } from '../wire/row-text.ts';
import { ask, SYSTEM, type Query, type Viewer } from '../access/access.ts';
import { LAST_OF_VERSION, seesBill, showsHolder, spansOf } from '../access/sees.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';

/** What is told of a bill: a column less is a column less to carry for each row of a page. */
const TOLD = {
  bill_no: 'bigint',
  acceptor: 'int',
  payee: 'int',
  guarantor: 'int',
  due: 'bigint',
  due_on: 'word',
  face_minor: 'bigint',
  kind: 'word',
  status: 'word',
  flags: 'int',
  rule_pack: 'int',
  currency: 'int',
  document_hash: 'bytes',
  splits: 'int',
  trail: 'bytes',
  paid_in_minor: 'bigint',
  paid_out_minor: 'bigint',
  issued_at: 'instant',
} as const;
const SEEN = { seen_first: 'bigint', seen_end: 'bigint' } as const;

export type BillRow = Pick<Selectable<LedgerBill>, keyof typeof TOLD> & {
  /** Hull of what the viewer is entitled to look into; null: no piece of the line. */
  readonly seen_first: bigint | null;
  readonly seen_end: bigint | null;
};

const columnsOf = (told: object) =>
  sql.raw(
    Object.keys(told)
      .map((name) => `b.${name}`)
      .join(', '),
  );
const columns = columnsOf(TOLD);

/** A page holds its rows as texts; this reads one. */
export const readBill = rowReader<BillRow>({ ...TOLD, ...SEEN } satisfies Columns<BillRow>);

/** The same beside the columns of a parcel `p`, which has some of these names itself. */
const { bill_no: _billNo, flags, ...BESIDE } = TOLD;
export const columnsBesideParcel = sql`${columnsOf(BESIDE)}, b.flags as bill_flags`;
export const BESIDE_PARCEL = { ...BESIDE, bill_flags: flags, ...SEEN };

export type BillSort = 'due' | '-due' | 'issuedAt' | '-issuedAt' | 'face' | '-face' | 'billNo' | '-billNo';

export type BillFilter = {
  readonly status?: BillStatus | undefined;
  readonly acceptor?: number | undefined;
  readonly payee?: number | undefined;
  readonly holder?: number | undefined;
  /** Who was ever party to it, as far as the viewer may know. */
  readonly member?: number | undefined;
  readonly dueFrom?: string | undefined;
  readonly dueTo?: string | undefined;
  /** Only what is signed for and not paid in full. */
  readonly open?: boolean | undefined;
  /** Only what is not paid in full, or can still be signed for. */
  readonly owed?: boolean | undefined;
  readonly role: 'issued' | 'held' | 'offered' | 'all';
  /**
   * A bill number, part of the name of acceptor or payee, or the start of the number of the viewer's own voucher; for who sees all,
   * also part of the name of any who was ever party.
   */
  readonly q?: string | undefined;
  readonly sort: BillSort;
};

type Sort = {
  readonly column: string;
  readonly type: string;
  /** Where a list that is a viewer's own finds it in its index: see {@link own}. */
  readonly ofParty: string;
  readonly valueOf: (row: BillRow) => string;
};

const SORTS: Readonly<Record<string, Sort>> = {
  due: { column: 'b.due_on', type: 'date', ofParty: 'v.due_on', valueOf: ({ due_on }) => due_on },
  issuedAt: {
    column: 'b.issued_at',
    type: 'timestamptz',
    ofParty: 'v.issued_at',
    valueOf: ({ issued_at }) => issued_at.toISOString(),
  },
  face: {
    column: 'b.face_minor',
    type: 'bigint',
    ofParty: 'b.face_minor',
    valueOf: ({ face_minor }) => String(face_minor),
  },
  billNo: {
    column: 'b.bill_no',
    type: 'bigint',
    ofParty: 'v.bill_no',
    valueOf: ({ bill_no }) => String(bill_no),
  },
};

/** @param now Instant (seconds) by which the status is told. */
export function billsQuery(
  viewer: Viewer,
  filter: BillFilter,
  now: number,
  page: PageOf,
): Query<Page<string>> {
  const isDown = filter.sort.startsWith('-');
  const sort = SORTS[filter.sort.replace('-', '')]!;
  const direction = sql.raw(isDown ? 'desc' : 'asc');
  const [value, billNo] = page.after ?? [];
  const where = conditions(viewer, filter, now);
  /** The part of a list from where the page before ended, in the order of a column. */
  const part = (column: string, number: string) => {
    const [key, bill] = [sql.raw(column), sql.raw(number)];
    const after = sql`and (${key}, ${bill}) ${sql.raw(isDown ? '<' : '>')}
      (${value}::${sql.raw(sort.type)}, ${billNo}::bigint)`;
    return sql`${where} ${page.after === undefined ? sql`` : after}
      order by ${key} ${direction}, ${bill} ${direction} limit ${oneMore(page)}`;
  };
  const { member, seesAll } = viewer;
  const isOwn = filter.role === 'all' && !seesAll;
  const bills = isOwn
    ? own(member, part(sort.ofParty, 'v.bill_no'), part(sort.column, 'b.bill_no'))
    : filter.role === 'all' && filter.member !== undefined
      ? ofParty(filter.member, part(sort.ofParty, 'v.bill_no'))
      : sql`select ${columns} from ledger.bill b
        where b.to_block is null and ${relation(viewer, filter.role)} ${part(sort.column, 'b.bill_no')}`;
  const column = sql.raw(sort.column.replace('b.', 'page.'));
  return {
    statement: sql`${withSeen(viewer, bills, asText)}
      order by ${column} ${direction}, page.bill_no ${direction} limit ${oneMore(page)}`,
    answer: (rows: { text: string }[]) =>
      paged(textsOf(rows), page.limit, (text) => {
        const row = readBill(text);
        return [sort.valueOf(row), String(row.bill_no)];
      }),
  };
}

export const listBills = async (
  db: Kysely<DB>,
  viewer: Viewer,
  filter: BillFilter,
  now: number,
  page: PageOf,
): Promise<Page<string>> => (await ask(db, viewer, billsQuery(viewer, filter, now, page)))[0];

/**
 * What a member was ever party to, and what it was only invited to quote for: each in order, and as much as one page. Most
 * are never invited, and then nothing of that is asked.
 */
const own = (member: number, party: RawBuilder<unknown>, invited: RawBuilder<unknown>) => sql`
  (${ofParty(member, party)})
  union all
  (select ${columns} from (select distinct bill_no from app.invitation where bank = ${member}) i
    join ledger.bill b on b.bill_no = i.bill_no and b.to_block is null
    where ${isInvited(member)} and not exists (select from ledger.bill_party v where v.member = ${member} and v.bill_no = i.bill_no) ${invited})`;

const ofParty = (member: number, party: RawBuilder<unknown>) => sql`
  select ${columns} from ledger.bill_party v join ledger.bill b on b.bill_no = v.bill_no and b.to_block is null
    where v.member = ${member}::bigint ${party}`;

type Told = (...seen: RawBuilder<unknown>[]) => RawBuilder<unknown>;
const asColumns: Told = (first, end) => sql`page.*, ${first} as seen_first, ${end} as seen_end`;
export const asText: Told = (first, end) => sql`row(page.*, ${first}, ${end})::text as text`;
export const textsOf = (rows: readonly { text: string }[]): string[] => rows.map(({ text }) => text);

/**
 * The rows of `bills`, each with the hull of what the viewer may look into: once for a page, not once for a bill. Whoever
 * sees all of a bill is not asked about.
 */
export const withSeen = (
  { member, seesAll }: Viewer,
  bills: RawBuilder<unknown>,
  told: Told = asColumns,
): RawBuilder<unknown> =>
  seesAll
    ? sql`select ${told(sql`0::bigint`, sql`page.face_minor`)} from (${bills}) page`
    : sql`
      with page as materialized (${bills}), seen as (
        select bill_no, min(first) as first, max("end") as "end" from (
          select p.bill_no, p.first, p."end" from page join ledger.parcel p on p.bill_no = page.bill_no
            where page.acceptor <> ${member} and (p.holder = ${member} or p.offered_to = ${member} and p.to_block is null)
          union all
          select i.bill_no, i.first, i."end" from page join app.invitation i on i.bill_no = page.bill_no
            where ${isInvited(member)} and i.bank = ${member}) span
        group by bill_no)
      select ${told(
        sql`case when page.acceptor = ${member} then 0 else seen.first end`,
        sql`case when page.acceptor = ${member} then page.face_minor else seen."end" end`,
      )} from page left join seen on seen.bill_no = page.bill_no`;

/** Most are never invited to quote, and are then not asked about bill by bill. */
const isInvited = (member: number) =>
  sql`(select true from app.invitation where bank = ${member} order by bank, request_id limit 1)`;

function relation(viewer: Viewer, role: BillFilter['role']) {
  const { member } = viewer;
  if (role === 'issued') return sql`b.acceptor = ${member}`;
  if (role === 'all') return sql`true`;
  const column = sql.ref(role === 'held' ? 'p.holder' : 'p.offered_to');
  return sql`b.bill_no in (select p.bill_no from ledger.parcel p where p.to_block is null and ${column} = ${member})
    and b.status ${role === 'held' ? sql`= 'active'` : sql`<> 'cancelled'`}`;
}

function conditions(viewer: Viewer, filter: BillFilter, now: number) {
  const { status, acceptor, payee, holder, member, dueFrom, dueTo, open, owed, q } = filter;
  return sql.join(
    [
      ...(status === undefined ? [] : [sql`and ${statusIs(status, now)}`]),
      ...(open === true ? [sql`and b.status = 'active' and b.paid_in_minor < b.face_minor`] : []),
      ...(owed === true ? [isOwed(now)] : []),
      ...(acceptor === undefined ? [] : [sql`and b.acceptor::bigint = ${acceptor}`]),
      ...(payee === undefined ? [] : [sql`and b.payee::bigint = ${payee}`]),
      ...(member === undefined ? [] : [sql`and ${wasPartyTo(viewer, member)}`]),
      ...(dueFrom === undefined ? [] : [sql`and b.due_on >= ${dueFrom}::date`]),
      ...(dueTo === undefined ? [] : [sql`and b.due_on <= ${dueTo}::date`]),
      ...(holder === undefined ? [] : [sql`and ${isHeldBy(viewer, holder)}`]),
      ...(q === undefined ? [] : [sql`and ${answersTo(viewer, q)}`]),
    ],
    sql` `,
  );
}

/** Who holds a bill of another's is not to be found out by asking: only the viewer itself, unless it may know. */
const isHeldBy = ({ member, seesAll }: Viewer, holder: number) => sql`
  (${seesAll || holder === member} or b.acceptor = ${member}) and exists (
    select from ledger.parcel p
    where p.bill_no = b.bill_no and p.to_block is null and p.holder::bigint = ${holder})`;

const isOwed = (now: number) => sql`
  and (b.status = 'active' and b.paid_in_minor < b.face_minor or b.status = 'offered' and b.due > ${now})`;

/** Who sees all knows every party; others know acceptor and payee, and whom the line of the bill shows them. */
const wasPartyTo = (viewer: Viewer, member: number): RawBuilder<unknown> =>
  viewer.seesAll
    ? sql`exists (select from ledger.bill_party v where v.member = ${member}::bigint and v.bill_no = b.bill_no)`
    : sql`(b.acceptor = ${member}::bigint or b.payee = ${member}::bigint or exists (
        with span as ${spansOf(viewer, sql`b.bill_no`)}
        select from ledger.parcel p
        where p.bill_no = b.bill_no and p.holder = ${member}::bigint
          and (b.acceptor = ${viewer.member} or ${showsHolder(viewer, NOBODY, LAST_OF_VERSION)})))`;

/** No acceptor: for bills of which each has its own. */
const NOBODY = 0;

function answersTo(viewer: Viewer, q: string) {
  const pattern = `%${q.replace(/[\\%_]/g, '\\$&')}%`;
  const named = sql`array(
    select m.number from ledger.member m join app.identity i on i.identity_hash = m.identity_hash
    where m.to_block is null and (i.name_zh ilike ${pattern} or i.name_en ilike ${pattern}))`;
  const billNo = readBillNumber(q);
  const isNumber = typeof billNo === 'bigint' && billNo < 2n ** 63n ? sql`b.bill_no = ${billNo}` : sql`false`;
  const wasParty = sql`exists (
    select from ledger.bill_party v where v.bill_no = b.bill_no and v.member = any(${named}))`;
  return sql`(${isNumber} or b.acceptor = any(${named}) or b.payee = any(${named})
    or b.bill_no = any(array${withVoucher(viewer.member, q)})
    ${viewer.seesAll ? sql`or ${wasParty}` : sql``})`;
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

/** The first date after `today` on which a bill that is not paid falls due, of all bills. */
export async function nextDue(db: Kysely<DB>, today: LegalDate): Promise<LegalDate | undefined> {
  const [due] = await ask(db, SYSTEM, {
    statement: sql`select min(due_on)::text as due from ledger.bill
      where to_block is null and status = 'active' and paid_out_minor < face_minor and due_on > ${today}::date`,
    answer: ([row]: { due: LegalDate | null }[]) => row?.due ?? undefined,
  });
  return due;
}

/** The hull of what the viewer may look into of one bill, and from where. */
const hullOf = (viewer: Viewer, billNo: bigint): RawBuilder<unknown> =>
  viewer.seesAll || partsOfBillNo(billNo).acceptor === viewer.member
    ? sql`0::bigint as seen_first, b.face_minor as seen_end from ledger.bill b`
    : sql`seen_first, seen_end from ledger.bill b cross join (
        select min(first) as seen_first, max("end") as seen_end from ${spansOf(viewer, sql`${billNo}`)} span) seen`;

/** A bill beside whether its viewer was ever party to it: who was not looks at what is others'. */
export type BillSeen = BillRow & { readonly is_party: boolean };

/** @param asOf Block; the newest if left out. Undefined when there is no such bill for this viewer. */
export const billQuery = (viewer: Viewer, billNo: bigint, asOf?: bigint): Query<BillSeen | undefined> => ({
  statement: sql`
    select ${columns}, exists (
      select from ledger.bill_party v where v.member = ${viewer.member} and v.bill_no = ${billNo}) as is_party, ${hullOf(viewer, billNo)}
    where b.bill_no = ${billNo} and ${trueAt(asOf, 'b')} and ${seesBill(viewer, sql`${billNo}`)}`,
  answer: ([row]: BillSeen[]) => row,
});

export const findBill = async (
  db: Kysely<DB>,
  viewer: Viewer,
  billNo: bigint,
  asOf?: bigint,
): Promise<BillSeen | undefined> => (await ask(db, viewer, billQuery(viewer, billNo, asOf)))[0];
