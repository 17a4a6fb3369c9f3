/**
 * The outbox. Who sends something first says for how long nobody else shall (a lease), then sends, then says how it went. So no
 * transaction is open while somebody far away answers, and what a crash leaves behind is sent again, under the same id, when the
 * lease is over: at least once.
 */
import { sql, type Kysely } from 'kysely';
import { SYSTEM, transact } from '../access/access.ts';
import type { Language } from '../people/persons.ts';
import type { DB } from '../types.ts';

/** Longer than any sending may take (ms). */
export const LEASE_MS = 60_000;

export type Told = {
  readonly notice: string;
  readonly kind: string;
  readonly member: number | null;
  readonly facts: unknown;
  readonly at: Date;
};

// --- To systems -------------------------------------------------------------------------------------------------------

export type ToSystem = Told & {
  readonly id: string;
  /** Tries, this one counted. */
  readonly attempts: number;
  readonly webhook: string;
  readonly url: string;
  readonly secret: Buffer;
  /** Undefined when the overlap is over. */
  readonly previous: Buffer | null;
};

/** Of one address so many at a time, so that one that is slow or dead takes no one else's turn. */
const OF_ONE = 4;
const AT_ONCE = 32;

/** What is due now, and ours for the time of the lease. */
export const claimForSystems = (db: Kysely<DB>, now: Date): Promise<ToSystem[]> =>
  transact(db, SYSTEM, async (trx) => {
    const { rows } = await sql<ToSystem>`
      with due as materialized (
        select d.id from app.webhook w cross join lateral (
          select id, next_at from app.delivery
          where webhook_id = w.id and channel = 'webhook' and state = 'waiting' and next_at <= ${now}
          order by next_at, id limit ${sql.lit(OF_ONE)}) d
        where w.disabled_at is null and (w.paused_until is null or w.paused_until <= ${now}) and exists (
          select from app.delivery any_due where any_due.webhook_id = w.id and any_due.channel = 'webhook'
            and any_due.state = 'waiting' and any_due.next_at <= ${now})
        order by d.next_at limit ${sql.lit(AT_ONCE)}),
      mine as (select id from app.delivery where id in (select id from due) and state = 'waiting' and next_at <= ${now}
        for update skip locked)
      update app.delivery d set attempts = d.attempts + 1, next_at = ${after(now, LEASE_MS)}
      from mine, app.webhook w, app.notice n
      where d.id = mine.id and w.id = d.webhook_id and n.id = d.notice_id
      returning d.id, d.attempts, n.id as notice, n.kind, n.member, n.facts, n.at, w.id as webhook, w.url, w.secret,
        case when w.previous_until > ${now} then w.previous_secret end as previous`.execute(trx);
    return rows;
  });

const after = (now: Date, milliseconds: number): Date => new Date(now.getTime() + milliseconds);

/** It was taken. What waits for the same address because an earlier one failed goes now. */
export const sentToSystem = (db: Kysely<DB>, { id, webhook }: ToSystem, status: number, now: Date) =>
  transact(db, SYSTEM, async (trx) => {
    await sql`
      with hook as (
        update app.webhook set paused_until = null where id = ${webhook} and paused_until is not null returning id),
      others as (
        update app.delivery d set next_at = least(next_at, ${now}) from hook
        where d.webhook_id = hook.id and d.state = 'waiting' and d.id <> ${id})
      update app.delivery set state = 'sent', sent_at = ${now}, last_status = ${status}, last_error = null
      where id = ${id}`.execute(trx);
  });

type Failure = { readonly status?: number | undefined; readonly error: string };

/** It was not taken: another try at `next`, before which nothing else goes there. */
export const failedForSystem = (db: Kysely<DB>, { id, webhook }: ToSystem, failure: Failure, next: Date) =>
  transact(db, SYSTEM, async (trx) => {
    await sql`
      with hook as (
        update app.webhook set paused_until = greatest(paused_until, ${next}) where id = ${webhook})
      update app.delivery set next_at = ${next}, last_status = ${failure.status ?? null}, last_error = ${failure.error}
      where id = ${id} and state = 'waiting'`.execute(trx);
  });

/** Nothing goes there any more, until the firm says so. Returns the firm; undefined: it was off already. */
export const disableWebhook = (
  db: Kysely<DB>,
  { id, webhook }: ToSystem,
  why: 'failing' | 'gone',
  failure: Failure,
  now: Date,
  also: (trx: Kysely<DB>, member: number) => Promise<void>,
): Promise<void> =>
  transact(db, SYSTEM, async (trx) => {
    const { rows } = await sql<{ member: number }>`
      with own as (
        update app.delivery set last_status = ${failure.status ?? null}, last_error = ${failure.error} where id = ${id}),
      others as (
        update app.delivery set state = 'failed', last_error = coalesce(last_error, 'the webhook was switched off')
        where webhook_id = ${webhook} and state = 'waiting' and id <> ${id})
      update app.webhook set disabled_at = ${now}, disabled_why = ${why}, paused_until = null
      where id = ${webhook} and disabled_at is null returning member`.execute(trx);
    await sql`update app.delivery set state = 'failed' where id = ${id}`.execute(trx);
    if (rows[0] !== undefined) await also(trx, rows[0].member);
  });

// --- To people --------------------------------------------------------------------------------------------------------

export type Waiting = Told & {
  readonly id: string;
  readonly attempts: number;
  /** The message that carried it at an earlier try. */
  readonly batch: string | null;
  readonly address: string;
};
export type Person = {
  readonly id: string;
  readonly name: string;
  readonly language: Language;
  readonly wantsDetails: boolean;
};
/** Times of the messages that the person got within the hour before, oldest first. */
export type Plan = (
  waiting: readonly Waiting[],
  sent: readonly Date[],
) => {
  readonly messages: readonly { readonly id: string; readonly deliveries: readonly Waiting[] }[];
  /** What has to wait, and until when. */
  readonly later: { readonly ids: readonly string[]; readonly until: Date } | undefined;
};
export type ToPerson = {
  readonly id: string;
  readonly person: Person;
  readonly deliveries: readonly Waiting[];
};

const HOUR_MS = 3_600_000;
/** Notices that one message takes together. */
const MOST_TOGETHER = 200;

/** Who has something due on this channel. */
export async function peopleDue(
  db: Kysely<DB>,
  channel: string,
  now: Date,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    select distinct person_id from (
      select person_id from app.delivery where channel = ${channel} and state = 'waiting' and next_at <= ${now}
      order by next_at limit 1000) due limit ${sql.lit(limit)}`.execute(db);
  return rows.map(({ person_id }) => person_id);
}

/**
 * What is due for a person, made into messages. One at a time looks at a person, so that two senders neither send twice nor
 * more an hour than one. What is not for this reader any more is dropped: another address, a seat that was taken away.
 */
export const claimForPerson = (
  db: Kysely<DB>,
  channel: string,
  person: string,
  now: Date,
  plan: Plan,
): Promise<ToPerson[]> =>
  transact(db, SYSTEM, async (trx) => {
    const { rows: found } = await sql<Person>`
      select id, name, language, mail_details as "wantsDetails" from app.person where id = ${person}
      for no key update skip locked`.execute(trx);
    if (found[0] === undefined) return [];
    await sql`
      update app.delivery d set state = 'dropped', last_error = 'no longer for this reader'
      from app.notice n, app.person p
      where d.person_id = ${person} and d.channel = ${channel} and d.state = 'waiting' and n.id = d.notice_id
        and p.id = d.person_id and not (
          case n.kind when 'email_changed' then true
            when 'email_check' then p.email is not distinct from d.address
            else d.channel <> 'mail' or p.email_verified_at is not null and p.email is not distinct from d.address end
          and (n.person_id is not null or exists (
            select from app.seat s where s.person_id = p.id and s.member is not distinct from n.member
              and (n.branch is null or s.branch is null or s.branch = n.branch))))`.execute(trx);
    const { rows: waiting } = await sql<Waiting>`
      select d.id, d.attempts, d.batch, d.address, n.id as notice, n.kind, n.member, n.facts, n.at
      from app.delivery d join app.notice n on n.id = d.notice_id
      where d.person_id = ${person} and d.channel = ${channel} and d.state = 'waiting' and d.next_at <= ${now}
      order by d.id limit ${sql.lit(MOST_TOGETHER)}`.execute(trx);
    if (waiting.length === 0) return [];
    const { rows: sent } = await sql<{ at: Date }>`
      select max(sent_at) as at from app.delivery
      where person_id = ${person} and channel = ${channel} and state = 'sent' and sent_at > ${after(now, -HOUR_MS)}
      group by batch order by 1`.execute(trx);
    const { messages, later } = plan(
      waiting,
      sent.map(({ at }) => at),
    );
    if (later !== undefined)
      await sql`update app.delivery set next_at = ${later.until}
        where id = any(${sql.val(later.ids)}::uuid[])`.execute(trx);
    const taken = messages.flatMap(({ id, deliveries }) =>
      deliveries.map((each) => ({ id: each.id, batch: id })),
    );
    await sql`
      update app.delivery d set batch = t.batch, attempts = d.attempts + 1, next_at = ${after(now, LEASE_MS)}
      from jsonb_to_recordset(${JSON.stringify(taken)}::jsonb) as t (id uuid, batch uuid) where d.id = t.id`.execute(
      trx,
    );
    return messages.map(({ id, deliveries }) => ({ id, person: found[0]!, deliveries }));
  });

export const sentToPerson = async (db: Kysely<DB>, { id, person }: ToPerson, now: Date) => {
  await sql`
    update app.delivery set state = 'sent', sent_at = ${now}, last_error = null
    where person_id = ${person.id} and batch = ${id} and state = 'waiting'`.execute(db);
};

/** @param next undefined: it is given up. */
export const failedForPerson = async (
  db: Kysely<DB>,
  { id, person }: ToPerson,
  error: string,
  next: Date | undefined,
) => {
  await sql`
    update app.delivery set last_error = ${error}, ${
      next === undefined ? sql`state = 'failed'` : sql`next_at = ${next}`
    }
    where person_id = ${person.id} and batch = ${id} and state = 'waiting'`.execute(db);
};

/** When the next thing is due that nobody holds back; undefined: nothing waits. */
export async function nextDue(db: Kysely<DB>): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select least((select min(next_at) from app.delivery where state = 'waiting' and channel <> 'webhook'),
      (select min(greatest(d.next_at, w.paused_until)) from app.delivery d join app.webhook w on w.id = d.webhook_id
       where d.state = 'waiting' and d.channel = 'webhook' and w.disabled_at is null)) as at`.execute(db);
  return rows[0]?.at ?? undefined;
}
