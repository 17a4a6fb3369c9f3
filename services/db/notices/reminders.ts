/** What runs out soon, or has run out without anybody's doing. Asked again and again: what was told is told once, by its key. */
import { sql, type Kysely } from 'kysely';
import type { Notice } from '#domain/notices/notices.ts';
import { SYSTEM, transact, type Trx } from '../access/access.ts';
import type { DB } from '../types.ts';
import { tell } from './tell.ts';

export type OfferRow = {
  readonly bill_no: bigint;
  readonly first: bigint;
  readonly holder: number;
  readonly offered_to: number;
  readonly amount_minor: bigint;
  readonly due_on: string;
  readonly offer_until: bigint | null;
};
export type QuoteRow = {
  readonly quote: string;
  readonly request: string;
  readonly bank: number;
  readonly seller: number;
  readonly bill_no: bigint;
  readonly amount_minor: bigint;
  readonly valid_until: bigint;
};
export type UnsignedRow = {
  readonly instruction: string;
  readonly member: number;
  readonly type: string;
  /** At which it was prepared (hex); null: at the head office. */
  readonly branch: string | null;
  readonly valid_until: bigint;
};
export type DueRow = {
  readonly member: number;
  /** Of what its holder is owed: by whom. */
  readonly other: number | null;
  readonly due_on: string;
  readonly bills: bigint;
  readonly amount_minor: bigint;
};
export type CredentialRow = { readonly member: number; readonly expiry: bigint };

export type RunningOut = {
  readonly ending: readonly OfferRow[];
  readonly expired: readonly OfferRow[];
  readonly quotes: readonly QuoteRow[];
  readonly unsigned: readonly UnsignedRow[];
  readonly due: readonly DueRow[];
  readonly overdue: readonly DueRow[];
  readonly overdueHeld: readonly DueRow[];
  readonly credentials: readonly CredentialRow[];
};

/** How far ahead each is looked for. Instants in seconds, dates as legal dates. */
export type Horizons = {
  readonly now: number;
  readonly offers: number;
  readonly quotes: number;
  readonly credentials: number;
  readonly today: string;
  readonly dueUntil: string;
  readonly overdueSince: string;
  /** An instruction that was made before this (by the machine's clock) waits for somebody else's signature. */
  readonly preparedBefore: Date;
};

/** One notifier at a time; another does not wait for it. */
export const remind = (
  db: Kysely<DB>,
  horizons: Horizons,
  noticesOf: (found: RunningOut) => readonly Notice[],
): Promise<void> =>
  transact(db, SYSTEM, async (trx) => {
    const { rows } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('reminders')) and not exists (select from chain.put_off) as mine`.execute(
      trx,
    );
    if (!rows[0]!.mine) return;
    await tell(trx, ...noticesOf(await findRunningOut(trx, horizons)));
  });

async function findRunningOut(trx: Trx, h: Horizons): Promise<RunningOut> {
  const offers = (when: ReturnType<typeof sql>) =>
    sql<OfferRow>`
    select p.bill_no, p.first, p.holder, p.offered_to, (p."end" - p.first) as amount_minor, p.due_on, p.offer_until
    from ledger.parcel p join ledger.bill b on b.bill_no = p.bill_no and b.to_block is null
    where p.to_block is null and p.offered_to is not null and b.status <> 'cancelled' and ${when}`.execute(
      trx,
    );
  const { rows: ending } = await offers(
    sql`p.offer_until > ${h.now} and p.offer_until <= ${h.offers} and p.due_on > ${h.today}::date`,
  );
  const { rows: expired } = await offers(
    sql`(p.offer_until <= ${h.now} or p.due_on <= ${h.today}::date and p.due_on >= ${h.overdueSince}::date)`,
  );
  const { rows: quotes } = await sql<QuoteRow>`
    select q.id as quote, r.id as request, q.bank, q.seller, q.bill_no, q.amount_minor, q.valid_until
    from app.quote q join app.financing_request r on r.id = q.request_id
    where q.signature is not null and q.withdrawn_at is null and q.valid_until > ${h.now} and q.valid_until <= ${h.quotes}
      and r.cancelled_at is null and r.due_on > ${h.today}::date
      and (select s.sold_minor from app.request_sold s where s.id = r.id) < r.amount_minor
      and not exists (select from ledger.quote_cancelled c where c.bank = q.bank and c.nonce = q.nonce and c.to_block is null)
      and exists (select from ledger.parcel p
        where p.bill_no = r.bill_no and p.first = r.first and p.to_block is null and p.holder = r.seller)`.execute(
    trx,
  );
  const { rows: unsigned } = await sql<UnsignedRow>`
    select id as instruction, member, type, '0x' || encode(branch, 'hex') as branch, valid_until from app.instruction
    where state = 'prepared' and signed_by = 'firm' and valid_until > ${h.now} and created_at < ${h.preparedBefore}`.execute(
    trx,
  );
  const unpaid = sql`b.to_block is null and b.status = 'active' and b.paid_in_minor < b.face_minor`;
  const owed = (when: ReturnType<typeof sql>) =>
    sql<DueRow>`
    select b.acceptor as member, null::integer as other, b.due_on, count(*) as bills,
      sum(b.face_minor - b.paid_in_minor) as amount_minor
    from ledger.bill b where ${unpaid} and ${when} group by b.acceptor, b.due_on`.execute(trx);
  const { rows: due } = await owed(sql`b.due_on >= ${h.today}::date and b.due_on <= ${h.dueUntil}::date`);
  const isOverdue = sql`b.due_on < ${h.today}::date and b.due_on >= ${h.overdueSince}::date`;
  const { rows: overdue } = await owed(isOverdue);
  const { rows: overdueHeld } = await sql<DueRow>`
    select p.holder as member, b.acceptor as other, b.due_on, count(distinct b.bill_no) as bills,
      sum(p."end" - p.first) as amount_minor
    from ledger.bill b join ledger.parcel p on p.bill_no = b.bill_no and p.to_block is null
    where ${unpaid} and ${isOverdue} and p.holder <> b.acceptor and p.paid_up_to_minor < b.face_minor
    group by p.holder, b.acceptor, b.due_on`.execute(trx);
  const { rows: credentials } = await sql<CredentialRow>`
    select number as member, credential_expiry as expiry from ledger.member
    where to_block is null and credential_expiry > ${h.now} and credential_expiry <= ${h.credentials}`.execute(
    trx,
  );
  return { ending, expired, quotes, unsigned, due, overdue, overdueHeld, credentials };
}
