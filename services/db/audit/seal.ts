/**
 * Seals entries that wait into the next link. Numbers of entries are given before their transactions end, in any order; so what waits
 * is kept by name in a queue, and a link names its entries.
 */
import { sql, type Kysely } from 'kysely';
import { digestOf, linkHash, NO_LINK, rootOf } from '#domain/audit/chain.ts';
import { SYSTEM, transact, type Trx } from '../access/access.ts';
import type { DB } from '../types.ts';
import { chained, type EntryRow, type LinkRow } from './read.ts';

/** The number under which PostgreSQL knows the right to seal ("audit"). */
const LOCK = 0x6175646974n;
/** Entries of one link at most. */
const MOST_ENTRIES = 1_000;

/**
 * Makes one link of what waits. Only one process seals at a time, another leaves it to that one. Returns whether there may be more.
 *
 * @param isPatient Waits for who seals now, and then seals what is left.
 */
export const sealNext = (
  db: Kysely<DB>,
  { isPatient = false }: { isPatient?: boolean } = {},
): Promise<boolean> =>
  transact(db, SYSTEM, async (trx) => {
    if (isPatient) await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx);
    else {
      const { rows } = await sql<{ got: boolean }>`
        select pg_try_advisory_xact_lock(${LOCK}) as got`.execute(trx);
      if (!rows[0]!.got) return false;
    }
    const { rows: entries } = await sql<EntryRow>`
      select e.* from app.audit_waiting w join app.audit_entry e on e.id = w.entry
      order by w.entry limit ${MOST_ENTRIES}`.execute(trx);
    if (entries.length === 0) return false;
    await insertLink(trx, entries);
    return entries.length === MOST_ENTRIES;
  });

/** All that waits. */
export async function sealAll(db: Kysely<DB>): Promise<void> {
  while (await sealNext(db, { isPatient: true }));
}

async function insertLink(trx: Trx, entries: readonly EntryRow[]): Promise<void> {
  const { rows } = await sql<Pick<LinkRow, 'no' | 'hash'> & { now: Date }>`
    select coalesce(l.no, 0)::bigint as no, l.hash, date_trunc('milliseconds', clock_timestamp()) as now
    from (select 1) one left join (select no, hash from app.audit_link order by no desc limit 1) l on true`.execute(
    trx,
  );
  const { no: last, hash, now } = rows[0]!;
  const [no, at] = [last + 1n, now.toISOString()];
  const previous = (hash as Buffer | null)?.toString('hex') ?? NO_LINK;
  const digests = entries.map((entry) => digestOf(chained(entry)));
  const sealed = linkHash(previous, { no: String(no), at, root: rootOf(digests) });
  const ids = sql.val(entries.map(({ id }) => id));
  await sql`
    insert into app.audit_link (no, at, entries, digests, previous, hash)
    values (${no}, ${at}::timestamptz, ${ids}::bigint[], ${Buffer.from(digests.join(''), 'hex')},
      ${Buffer.from(previous, 'hex')}, ${Buffer.from(sealed, 'hex')})`.execute(trx);
  await sql`delete from app.audit_waiting where entry = any(${ids}::bigint[])`.execute(trx);
}

/** Whether there is anything to seal. */
export async function isWaiting(db: Kysely<DB>): Promise<boolean> {
  const { rows } = await sql`select from app.audit_waiting limit 1`.execute(db);
  return rows.length > 0;
}
