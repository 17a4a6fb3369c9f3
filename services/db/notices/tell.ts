/** Writes what happened, in the transaction that makes it happen: it is told if and only if it is true. */
import { sql, type Kysely } from 'kysely';
import type { Notice } from '#domain/notices/notices.ts';
import type { DB } from '../types.ts';
import { newId } from '../wire/ids.ts';
import { json } from '../wire/json.ts';

/**
 * One statement, however many notices. The same key is told once. To whom it goes, and by which ways, is decided by the
 * notifier, so that whoever tells need not wait for it.
 */
export async function tell(trx: Kysely<DB>, ...notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  await sql`
    with rows as (${rowsOf(notices)}), told as (
      insert into app.notice (id, key, kind, member, person_id, branch, facts, at, block_number, block_hash)
      select * from rows on conflict do nothing)
    ${wake(notices)}`.execute(trx);
}

/** The same for what the ledger says: told again from another block, it is that block's. Only for the system: it reads what is there. */
export async function tellOfLedger(trx: Kysely<DB>, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  await sql`
    with rows as (${rowsOf(notices)}), told as (
      insert into app.notice as n (id, key, kind, member, person_id, branch, facts, at, block_number, block_hash)
      select distinct on (key) * from rows order by key
      on conflict (key) where retracted_at is null do update
        set block_number = excluded.block_number, block_hash = excluded.block_hash
        where n.block_hash is distinct from excluded.block_hash)
    ${wake(notices)}`.execute(trx);
}

/** Ids sort as what they name was told, also within a millisecond. */
const rowsOf = (notices: readonly Notice[], ids = notices.map(newId).sort()) => sql`
  select id, key, kind, member, person_id, decode(branch, 'hex'), facts, at, block_number, decode(block_hash, 'hex') from jsonb_to_recordset(${json(
    notices.map(({ kind, key, to, facts, at = new Date(), block }, n) => ({
      ...{ id: ids[n], kind, key, facts, at },
      member: to.member ?? null,
      person_id: to.person ?? null,
      branch: to.person === undefined ? (to.branch?.slice(2) ?? null) : null,
      block_number: block?.number ?? null,
      block_hash: block?.hash.toString('hex') ?? null,
    })),
  )}) as n (id uuid, key text, kind text, member integer, person_id uuid, branch text, facts jsonb, at timestamptz, block_number bigint,
    block_hash text)`;

/** The notifiers, and live screens of firms; when the transaction is through. */
const wake = (notices: readonly Notice[]) => {
  const inbox = [...new Set(notices.flatMap(({ to }) => to.member ?? []))];
  const screens = inbox.length === 0 ? sql`` : sql`, pg_notify('app', ${JSON.stringify({ inbox })})`;
  return sql`select pg_notify('notices', 'null') ${screens}`;
};
