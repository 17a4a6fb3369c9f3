import { sql, type Kysely, type Selectable } from 'kysely';
import { recordAudit, type AuditEntry } from '../audit/write.ts';
import { toBytes } from '../wire/bytes.ts';
import { paged, type Page, type PageOf } from '../wire/page.ts';
import { transact, type Trx, type Viewer } from '../access/access.ts';
import { isRequestOver } from './open-quotes.ts';
import type { AppFinancingRequest, AppInvitation, AppQuote, DB } from '../types.ts';
import { noticeInbox } from '../instructions/notices.ts';
import { tell } from '../notices/tell.ts';
import { addSignatures, type Collected, type NewSignature } from '../instructions/signatures.ts';

export type RequestState = 'open' | 'accepted' | 'cancelled' | 'closed';
export type Recourse = AppQuote['recourse'];

export type QuoteRow = Selectable<AppQuote> & {
  /** Bought under it so far, minor units. */
  readonly filled_minor: bigint;
  readonly is_cancelled: boolean;
  /** The holder called its request off, sold all of it to others, or has the parcel no longer. */
  readonly is_lost: boolean;
};
export type RequestRow = Selectable<AppFinancingRequest> & {
  readonly state: RequestState;
  /** Sold under it so far, minor units. */
  readonly sold_minor: bigint;
  readonly invitations: (Selectable<AppInvitation> & { readonly has_quoted: boolean })[];
  readonly quotes: QuoteRow[];
};

export type NewRequest = Pick<
  Selectable<AppFinancingRequest>,
  | 'id'
  | 'seller'
  | 'bill_no'
  | 'first'
  | 'end'
  | 'acceptor'
  | 'due_on'
  | 'amount_minor'
  | 'recourse'
  | 'purpose'
  | 'note'
  | 'created_block'
>;

export const createRequest = (
  db: Kysely<DB>,
  viewer: Viewer,
  request: NewRequest,
  banks: readonly number[],
  audited: AuditEntry,
) =>
  transact(db, viewer, async (trx) => {
    await trx.insertInto('app.financing_request').values(request).execute();
    await trx
      .insertInto('app.invitation')
      .values(
        banks.map((bank) => ({
          request_id: request.id,
          bank,
          seller: request.seller,
          bill_no: request.bill_no,
          first: request.first,
          end: request.end,
          block_number: request.created_block,
        })),
      )
      .execute();
    const facts = {
      bill: String(request.bill_no),
      request: request.id,
      other: request.seller,
      amount: String(request.amount_minor),
    };
    await tell(
      trx,
      ...banks.map(
        (bank) =>
          ({
            kind: 'quote_wanted',
            key: `quote_wanted:${request.id}:${bank}`,
            to: { member: bank },
            facts,
          }) as const,
      ),
    );
    await noticeInbox(trx, banks);
    await recordAudit(trx, audited);
  });

/**
 * open: quotes can come and be taken, until all that was asked for is sold. accepted: it is, or a part of it was and the
 * rest went elsewhere. closed: nothing was sold, and the parcel went elsewhere or the bill is due.
 */
const sold = sql<bigint>`(select s.sold_minor from app.request_sold s where s.id = r.id)`;
const stateOf = (now: number) => sql<RequestState>`case
  when r.cancelled_at is not null then 'cancelled'
  when ${sold} >= r.amount_minor then 'accepted'
  when exists (select from ledger.parcel p join ledger.bill b on b.bill_no = p.bill_no and b.to_block is null
    where p.bill_no = r.bill_no and p.first = r.first and p.to_block is null and p.holder = r.seller
      and b.due > ${now}) then 'open'
  when ${sold} > 0 then 'accepted'
  else 'closed' end`;

const requests = (trx: Kysely<DB>, now: number) =>
  trx
    .selectFrom('app.financing_request as r')
    .selectAll('r')
    .select([stateOf(now).as('state'), sold.as('sold_minor')]);

/** The holder and the banks that it invited see a request; a bank sees of the others nothing. */
export const findRequest = (
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  now: number,
): Promise<RequestRow | undefined> =>
  transact(db, viewer, async (trx) => {
    const row = await requests(trx, now).where('r.id', '=', id).where(isParty(viewer)).executeTakeFirst();
    return row && (await withParts(trx, viewer, [row]))[0];
  });

const isParty = ({ member }: Viewer) => sql<boolean>`(r.seller = ${member} or exists (
  select from app.invitation i where i.request_id = r.id and i.bank = ${member}))`;

/** Newest first. */
export const listRequests = (
  db: Kysely<DB>,
  viewer: Viewer,
  filter: { direction: 'mine' | 'invited'; state?: RequestState | undefined },
  now: number,
  page: PageOf,
): Promise<Page<RequestRow>> =>
  transact(db, viewer, async (trx) => {
    const { member } = viewer;
    const side =
      filter.direction === 'mine'
        ? sql<boolean>`r.seller = ${member}`
        : sql<boolean>`exists (select from app.invitation i where i.request_id = r.id and i.bank = ${member})`;
    const rows = await requests(trx, now)
      .where(side)
      .$if(filter.state !== undefined, (query) =>
        query.where(sql<boolean>`${stateOf(now)} = ${filter.state}`),
      )
      .$if(page.after !== undefined, (query) => query.where('r.id', '<', page.after![0]!))
      .orderBy('r.id', 'desc')
      .limit(page.limit + 1)
      .execute();
    const { rows: kept, next } = paged(rows, page.limit, ({ id }) => [id]);
    return { rows: await withParts(trx, viewer, kept), next };
  });

async function withParts(
  trx: Trx,
  { member }: Viewer,
  rows: readonly (Selectable<AppFinancingRequest> & { state: RequestState; sold_minor: bigint })[],
): Promise<RequestRow[]> {
  if (rows.length === 0) return [];
  const ids = sql.val(rows.map(({ id }) => id));
  const invitations = await trx
    .selectFrom('app.invitation as i')
    .selectAll('i')
    .select(
      sql<boolean>`exists (select from app.quote q where q.request_id = i.request_id and q.bank = i.bank
        and q.signature is not null)`.as('has_quoted'),
    )
    .where(sql<boolean>`i.request_id = any(${ids}::uuid[]) and ${member} in (i.bank, i.seller)`)
    .orderBy('i.bank')
    .execute();
  const quotes = await selectQuotes(trx)
    .where(sql<boolean>`q.request_id = any(${ids}::uuid[])`)
    .where(seesQuote(member))
    .where('q.signature', 'is not', null)
    .orderBy('q.id')
    .execute();
  return rows.map((row) => ({
    ...row,
    invitations: invitations.filter(({ request_id }) => request_id === row.id),
    quotes: quotes.filter(({ request_id }) => request_id === row.id),
  }));
}

export const cancelRequest = (db: Kysely<DB>, viewer: Viewer, id: string, audited: AuditEntry) =>
  transact(db, viewer, async (trx) => {
    await recordAudit(trx, audited);
    await trx
      .updateTable('app.financing_request')
      .set({ cancelled_at: sql<Date>`clock_timestamp()` })
      .where('id', '=', id)
      .where('seller', '=', viewer.member)
      .where('cancelled_at', 'is', null)
      .execute();
    const banks = await trx
      .selectFrom('app.invitation')
      .select('bank')
      .where('request_id', '=', id)
      .execute();
    await noticeInbox(
      trx,
      banks.map(({ bank }) => bank),
    );
  });

export const declineInvitation = (db: Kysely<DB>, viewer: Viewer, id: string, audited: AuditEntry) =>
  transact(db, viewer, async (trx) => {
    await recordAudit(trx, audited);
    const row = await trx
      .updateTable('app.invitation')
      .set({ declined_at: sql<Date>`clock_timestamp()` })
      .where('request_id', '=', id)
      .where('bank', '=', viewer.member)
      .where('declined_at', 'is', null)
      .returning('seller')
      .executeTakeFirst();
    if (row !== undefined) await noticeInbox(trx, [row.seller, viewer.member]);
  });

// --- Quotes -----------------------------------------------------------------------------------------------------------

const seesQuote = (member: number) =>
  sql<boolean>`(q.bank = ${member} or (q.seller = ${member} and q.signature is not null))`;

const selectQuotes = (trx: Kysely<DB>) =>
  trx
    .selectFrom('app.quote as q')
    .selectAll('q')
    .select([
      sql<bigint>`coalesce((select sum(f.amount_minor) from ledger.quote_fill f
        where f.bank = q.bank and f.nonce = q.nonce), 0)::numeric`.as('filled_minor'),
      sql<boolean>`coalesce((select true from ledger.quote_cancelled c
        where c.bank = q.bank and c.nonce = q.nonce and c.to_block is null), false)`.as('is_cancelled'),
      sql<boolean>`coalesce((select ${isRequestOver} from app.financing_request r where r.id = q.request_id), false)`.as(
        'is_lost',
      ),
    ]);

export type NewQuote = Omit<
  Selectable<AppQuote>,
  'signature' | 'withdrawn_at' | 'created_at' | 'submitted_at' | 'recourse_terms' | 'digest'
> & { readonly recourse_terms: string; readonly digest: string };

export const insertQuote = (trx: Kysely<DB>, quote: NewQuote) =>
  trx
    .insertInto('app.quote')
    .values({ ...quote, recourse_terms: toBytes(quote.recourse_terms), digest: toBytes(quote.digest) })
    .execute();

export const findQuote = (db: Kysely<DB>, viewer: Viewer, id: string): Promise<QuoteRow | undefined> =>
  transact(db, viewer, (trx) =>
    selectQuotes(trx).where('q.id', '=', id).where(seesQuote(viewer.member)).executeTakeFirst(),
  );

export type QuoteState =
  'prepared' | 'open' | 'expired' | 'withdrawn' | 'cancelled' | 'part_filled' | 'filled' | 'lost';

/** What a quote is worth at an instant (seconds). */
export function quoteState(quote: QuoteRow, now: number): QuoteState {
  if (quote.signature === null) {
    if (quote.withdrawn_at !== null) return 'withdrawn';
    if (quote.is_lost) return 'lost';
    return quote.valid_until < BigInt(now) ? 'expired' : 'prepared';
  }
  if (quote.filled_minor >= quote.amount_minor) return 'filled';
  if (quote.is_cancelled) return 'cancelled';
  if (quote.withdrawn_at !== null) return 'withdrawn';
  if (quote.is_lost) return quote.filled_minor > 0n ? 'filled' : 'lost';
  if (quote.valid_until < BigInt(now)) return 'expired';
  return quote.filled_minor > 0n ? 'part_filled' : 'open';
}

/** Given by a bank, or received by a holder; newest first. */
export const listQuotes = (
  db: Kysely<DB>,
  viewer: Viewer,
  { direction, signed }: { direction: 'given' | 'received'; signed: boolean },
  page: PageOf,
): Promise<Page<QuoteRow>> =>
  transact(db, viewer, async (trx) => {
    const rows = await selectQuotes(trx)
      .where(direction === 'given' ? 'q.bank' : 'q.seller', '=', viewer.member)
      .$if(direction === 'received' || signed, (query) => query.where('q.signature', 'is not', null))
      .$if(page.after !== undefined, (query) => query.where('q.id', '<', page.after![0]!))
      .orderBy('q.id', 'desc')
      .limit(page.limit + 1)
      .execute();
    return paged(rows, page.limit, ({ id }) => [id]);
  });

/** Quotes of a bank that lack signatures and could still be taken, newest first; at most `limit`. */
export const listUnsignedQuotes = (
  db: Kysely<DB>,
  viewer: Viewer,
  now: number,
  limit: number,
): Promise<QuoteRow[]> =>
  transact(db, viewer, async (trx) => {
    const rows = await selectQuotes(trx)
      .where('q.bank', '=', viewer.member)
      .where('q.signature', 'is', null)
      .where('q.withdrawn_at', 'is', null)
      .where('q.valid_until', '>=', BigInt(now))
      .orderBy('q.id', 'desc')
      .limit(limit)
      .execute();
    return rows.filter((quote) => quoteState(quote, now) === 'prepared');
  });

/**
 * Adds signatures. `combine` makes the quote's own of all that there are once they are enough, and looks at the bank's lines and
 * throws: of two quotes that are signed at once the second finds what is kept for the first. Undefined when the quote has its
 * signature already, or was withdrawn.
 */
export const signQuote = (
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  { digest, signatures }: { digest: string; signatures: readonly NewSignature[] },
  combine: (trx: Trx, all: readonly Collected[]) => Promise<string | undefined>,
  audited: AuditEntry,
): Promise<Collected[] | undefined> =>
  transact(db, viewer, async (trx) => {
    const { member } = viewer;
    await sql`select pg_advisory_xact_lock(hashtext('quotes of a bank'), ${member})`.execute(trx);
    const waiting = await trx
      .selectFrom('app.quote')
      .select(['seller', 'bank', 'bill_no', 'request_id', 'amount_minor'])
      .where('id', '=', id)
      .where('bank', '=', member)
      .where('signature', 'is', null)
      .where('withdrawn_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (waiting === undefined) return undefined;
    const all = await addSignatures(trx, member, digest, signatures);
    await recordAudit(trx, audited);
    const signature = await combine(trx, all);
    if (signature === undefined) {
      await noticeInbox(trx, [waiting.bank]);
      return all;
    }
    await trx
      .updateTable('app.quote')
      .set({ signature: toBytes(signature), submitted_at: sql<Date>`clock_timestamp()` })
      .where('id', '=', id)
      .execute();
    await tell(trx, {
      kind: 'quoted',
      key: `quoted:${id}`,
      to: { member: waiting.seller },
      facts: {
        bill: String(waiting.bill_no),
        request: waiting.request_id,
        other: waiting.bank,
        amount: String(waiting.amount_minor),
      },
    });
    await noticeInbox(trx, [waiting.seller, waiting.bank]);
    return all;
  });

export const withdrawQuote = (db: Kysely<DB>, viewer: Viewer, id: string, audited: AuditEntry) =>
  transact(db, viewer, async (trx) => {
    await recordAudit(trx, audited);
    const row = await trx
      .updateTable('app.quote')
      .set({ withdrawn_at: sql<Date>`clock_timestamp()` })
      .where('id', '=', id)
      .where('bank', '=', viewer.member)
      .where('withdrawn_at', 'is', null)
      .returning('seller')
      .executeTakeFirst();
    if (row !== undefined) await noticeInbox(trx, [row.seller, viewer.member]);
  });
