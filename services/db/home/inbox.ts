import { sql, type Kysely, type RawBuilder } from 'kysely';
import { legalDateOf } from '#domain/dates.ts';
import type { DB } from '../types.ts';
import { ask, type Query, type Viewer } from '../access/access.ts';
import { leftOfParcel } from './calendar.ts';

export const INBOX_KINDS = [
  'sign_for_bill',
  'take_parcel',
  'quote_request',
  'choose_quote',
  'quote_lost',
  'payment_due',
  'offer_over',
  'distribution_due',
] as const;
export type InboxKind = (typeof INBOX_KINDS)[number];

export type InboxRow = {
  readonly kind: InboxKind;
  readonly at: Date | null;
  readonly due_on: string;
  readonly bill_no: bigint;
  readonly first: bigint | null;
  readonly request_id: string | null;
  readonly from_member: number | null;
  readonly amount: bigint;
  readonly entries: bigint;
};

export type Inbox = { readonly rows: InboxRow[]; readonly counts: Record<InboxKind, number> };

type When = { readonly now: number; readonly payUntil: string };

const parcelOf = sql`from ledger.parcel p
  join ledger.bill b on b.bill_no = p.bill_no and b.to_block is null where p.to_block is null`;
const length = sql`(p."end" - p.first)::numeric`;

const isPaymentDue = (member: number, payUntil: string) => sql`
  b.to_block is null and b.acceptor = ${member} and b.status = 'active' and b.paid_in_minor < b.face_minor
  and b.due_on <= ${payUntil}::date`;

/** What is asked at once: offers of both kinds are found in one list. */
type Source = 'offered' | Exclude<InboxKind, 'sign_for_bill' | 'take_parcel'>;

/**
 * One select for each source: kind, at, due_on, bill_no, first, request_id, from_member, amount, entries. Whether a bill is due
 * is told by the date beside its parcels and requests.
 */
function sources({ member }: Viewer, { now, payUntil }: When): Record<Source, RawBuilder<unknown>> {
  const today = legalDateOf(now);
  const isOver = sql`(p.due_on <= ${today}::date or p.offer_until <= ${now})`;
  const isHeldBy = (holder: RawBuilder<unknown>) => sql`r.due_on > ${today}::date and exists (
    select from ledger.parcel p
    where p.bill_no = r.bill_no and p.first = r.first and p.to_block is null and p.holder = ${holder})`;
  return {
    offered: sql`
      select case b.status when 'offered' then 'sign_for_bill' else 'take_parcel' end,
        case b.status when 'offered' then b.issued_at end, b.due_on, b.bill_no, p.first, null::uuid, p.holder, ${length}, 1
      ${parcelOf} and p.offered_to = ${member} and p.due_on > ${today}::date
        and (b.status = 'offered' or b.status = 'active' and not coalesce(p.offer_until <= ${now}, false))`,
    quote_request: sql`
      select 'quote_request', i.created_at, r.due_on, r.bill_no, r.first, r.id, r.seller, r.amount_minor::numeric, 1
      from app.invitation i join app.financing_request r on r.id = i.request_id
      where i.bank = ${member} and i.declined_at is null and r.cancelled_at is null
        and not exists (select from app.quote q where q.request_id = r.id and q.bank = ${member}
          and q.signature is not null)
        and ${isHeldBy(sql`r.seller`)}`,
    choose_quote: sql`
      select 'choose_quote', max(q.submitted_at), r.due_on, r.bill_no, r.first, r.id, null::integer, r.amount_minor::numeric,
        count(*)::integer
      from app.financing_request r join app.quote q on q.request_id = r.id
      where r.seller = ${member} and q.seller = ${member} and r.cancelled_at is null and q.signature is not null and q.withdrawn_at is null
        and q.valid_until >= ${now}
        and (select s.sold_minor from app.request_sold s where s.id = r.id) < r.amount_minor
        and ${isHeldBy(sql`${member}`)}
      group by r.id`,
    // Until it would have ended by itself.
    quote_lost: sql`
      select 'quote_lost', max(q.submitted_at), r.due_on, r.bill_no, r.first, r.id, r.seller, r.amount_minor::numeric,
        count(*)::integer
      from app.quote q join app.financing_request r on r.id = q.request_id
      where q.bank = ${member} and q.signature is not null and q.withdrawn_at is null and q.valid_until >= ${now}
        and not exists (select from ledger.quote_fill f where f.bank = q.bank and f.nonce = q.nonce)
        and (select s.sold_minor from app.request_sold s where s.id = r.id) >= r.amount_minor
      group by r.id`,
    payment_due: sql`
      select 'payment_due', null::timestamptz, b.due_on, b.bill_no, null::bigint, null::uuid, null::integer,
        (b.face_minor - b.paid_in_minor)::numeric, 1
      from ledger.bill b where ${isPaymentDue(member, payUntil)}`,
    offer_over: sql`
      select 'offer_over', null::timestamptz, b.due_on, b.bill_no, p.first, null::uuid, p.offered_to, ${length}, 1
      ${parcelOf} and p.holder = ${member} and p.offered_to is not null and b.status <> 'cancelled' and ${isOver}`,
    distribution_due: sql`
      select 'distribution_due', null::timestamptz, b.due_on, b.bill_no, p.first, null::uuid, b.acceptor, ${leftOfParcel}, 1
      from ledger.bill b cross join lateral (
        select * from ledger.parcel p
        where p.bill_no = b.bill_no and p.to_block is null and p.holder = ${member} offset 0) p
      where b.to_block is null and b.status = 'active' and b.due <= ${now}
        and p.paid_up_to_minor < b.paid_in_minor and b.paid_out_minor < b.paid_in_minor`,
  };
}

/** One for each source: at most `limit` of a kind, most urgent first, each with the count of all of its kind. */
export function inboxQueries(viewer: Viewer, when: When, limit: number): Query<Found[]>[] {
  const { offered, payment_due, ...others } = sources(viewer, when);
  return [
    { statement: listedByKind(offered, limit), answer },
    // Payments are many and counted by their index; of the rest there is little that is not shown.
    {
      statement: listed(
        payment_due,
        sql`(select count(*) from ledger.bill b where ${isPaymentDue(viewer.member, when.payUntil)})`,
        limit,
      ),
      answer,
    },
    ...Object.values(others).map((source) => ({
      statement: listed(source, sql`count(*) over ()`, limit),
      answer,
    })),
  ];
}

/** What waits for the viewer, most urgent first, at most `limit` of each kind; the counts are of all. */
export async function readInbox(db: Kysely<DB>, viewer: Viewer, when: When, limit: number): Promise<Inbox> {
  const found = (await ask(db, viewer, ...inboxQueries(viewer, when, limit))).flat();
  const ofKind = INBOX_KINDS.map((kind) => found.filter((row) => row.kind === kind));
  return {
    rows: ofKind.flat(),
    counts: Object.fromEntries(
      INBOX_KINDS.map((kind, n) => [kind, Number(ofKind[n]?.[0]?.total ?? 0n)]),
    ) as Inbox['counts'],
  };
}

type Found = InboxRow & { readonly total: bigint };
const answer = (rows: Found[]) => rows;

const columns = sql`(kind, at, due_on, bill_no, first, request_id, from_member, amount, entries)`;

const listed = (
  source: RawBuilder<unknown>,
  total: RawBuilder<unknown>,
  limit: number,
): RawBuilder<unknown> => sql`
  select found.*, ${total} as total from (${source}) as found ${columns}
  order by due_on, bill_no, first limit ${sql.lit(limit)}`;

const listedByKind = (source: RawBuilder<unknown>, limit: number): RawBuilder<unknown> => sql`
  select * from (
    select found.*, count(*) over (partition by kind) as total,
      row_number() over (partition by kind order by due_on, bill_no, first) as place
    from (${source}) as found ${columns}) placed
  where place <= ${sql.lit(limit)} order by place`;
