/** Addresses of firms' systems, as the firm keeps them. */
import { randomBytes } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import type { Kind } from '#domain/notices/notices.ts';
import { SYSTEM, transact, type Viewer } from '../access/access.ts';
import { paged, type Page, type PageOf } from '../wire/page.ts';
import { newId } from '../wire/ids.ts';
import type { DB } from '../types.ts';
import { seal } from './sealed.ts';

export type Webhook = {
  readonly id: string;
  readonly url: string;
  readonly kinds: readonly string[];
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
  /** By its firm; three days of failing; or it said itself that it takes no more (410). */
  readonly disabledWhy: string | null;
  readonly previousUntil: Date | null;
  readonly pausedUntil: Date | null;
};

export const MOST_WEBHOOKS = 10;
/** For so long the secret before signs beside a new one (ms). */
export const OVERLAP_MS = 24 * 3_600_000;

const COLUMNS = [
  'id',
  'url',
  'kinds',
  'created_at as createdAt',
  'disabled_at as disabledAt',
  'disabled_why as disabledWhy',
  'previous_until as previousUntil',
  'paused_until as pausedUntil',
] as const;

/** In the form of Standard Webhooks. */
const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

const firm = (member: number): Viewer => ({ member, seesAll: false });

export const webhooksOf = (db: Kysely<DB>, member: number): Promise<Webhook[]> =>
  transact(db, firm(member), (trx) =>
    trx.selectFrom('app.webhook').select(COLUMNS).where('member', '=', member).orderBy('id').execute(),
  );

/** Undefined: the firm has as many as it may. The secret is shown once. */
export const makeWebhook = (
  db: Kysely<DB>,
  key: Buffer,
  member: number,
  madeBy: string | null,
  { url, kinds }: { readonly url: string; readonly kinds: readonly Kind[] },
): Promise<{ secret: string; webhook: Webhook } | undefined> =>
  transact(db, firm(member), async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext('webhooks'), ${member})`.execute(trx);
    const { count } = await trx
      .selectFrom('app.webhook')
      .select(({ fn }) => fn.countAll<bigint>().as('count'))
      .where('member', '=', member)
      .executeTakeFirstOrThrow();
    if (count >= MOST_WEBHOOKS) return undefined;
    const [id, secret] = [newId(), newWebhookSecret()];
    const webhook = await trx
      .insertInto('app.webhook')
      .values({ id, member, url, kinds: [...kinds], secret: seal(key, id, secret), made_by: madeBy })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    return { secret, webhook };
  });

type Change = {
  readonly url?: string | undefined;
  readonly kinds?: readonly Kind[] | undefined;
  readonly isOn?: boolean | undefined;
};

/** Undefined where the firm has no such one. What failed is tried again at once. */
export const changeWebhook = (
  db: Kysely<DB>,
  member: number,
  id: string,
  { url, kinds, isOn }: Change,
  now: Date,
): Promise<Webhook | undefined> =>
  transact(db, firm(member), (trx) =>
    trx
      .updateTable('app.webhook')
      .set({
        ...(url === undefined ? {} : { url }),
        ...(kinds === undefined ? {} : { kinds: [...kinds] }),
        ...(isOn === undefined
          ? {}
          : isOn
            ? { disabled_at: null, disabled_why: null }
            : { disabled_at: now, disabled_why: 'owner' }),
        paused_until: null,
      })
      .where('id', '=', id)
      .where('member', '=', member)
      .returning(COLUMNS)
      .executeTakeFirst(),
  );

/** With the log of what was sent there. */
export const deleteWebhook = (db: Kysely<DB>, member: number, id: string): Promise<boolean> =>
  transact(db, firm(member), async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('app.webhook')
      .where('id', '=', id)
      .where('member', '=', member)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  });

/** Both secrets sign until the overlap is over. Undefined where the firm has no such one. */
export const rotateWebhook = (
  db: Kysely<DB>,
  key: Buffer,
  member: number,
  id: string,
  now: Date,
): Promise<{ secret: string; webhook: Webhook } | undefined> =>
  transact(db, firm(member), async (trx) => {
    const secret = newWebhookSecret();
    const webhook = await trx
      .updateTable('app.webhook')
      .set(({ ref }) => ({
        previous_secret: ref('secret'),
        previous_until: new Date(now.getTime() + OVERLAP_MS),
        secret: seal(key, id, secret),
      }))
      .where('id', '=', id)
      .where('member', '=', member)
      .returning(COLUMNS)
      .executeTakeFirst();
    return webhook && { secret, webhook };
  });

/** Something to see whether it works; to this address alone. False where the firm has no such one, or has switched it off. */
export const testWebhook = (db: Kysely<DB>, member: number, id: string, now: Date): Promise<boolean> =>
  transact(db, firm(member), async (trx) => {
    const notice = newId();
    const { rows } = await sql`
      with hook as (
        update app.webhook set paused_until = null where id = ${id} and member = ${member} and disabled_at is null
        returning id),
      notice as (
        insert into app.notice (id, key, kind, member, facts, at, dispatched_at)
        select ${notice}::uuid, ${`webhook_test:${notice}`}, 'webhook_test', ${member}::integer, '{}', ${now}::timestamptz,
          ${now}::timestamptz from hook returning id)
      insert into app.delivery (id, notice_id, channel, webhook_id, next_at, created_at)
      select ${newId()}::uuid, notice.id, 'webhook', hook.id, ${now}::timestamptz, ${now}::timestamptz from hook, notice
      returning pg_notify('notices', 'null')`.execute(trx);
    return rows.length > 0;
  });

export type DeliveryRow = {
  readonly id: string;
  readonly notice_id: string;
  readonly kind: string;
  readonly state: 'waiting' | 'sent' | 'failed' | 'dropped';
  readonly attempts: number;
  readonly next_at: Date;
  readonly sent_at: Date | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly created_at: Date;
};

/** The log of what was sent there, newest first. Undefined where the firm has no such one. */
export const deliveriesOf = (
  db: Kysely<DB>,
  member: number,
  id: string,
  page: PageOf,
): Promise<Page<DeliveryRow> | undefined> =>
  transact(db, SYSTEM, async (trx) => {
    const own = await trx
      .selectFrom('app.webhook')
      .select('id')
      .where('id', '=', id)
      .where('member', '=', member)
      .executeTakeFirst();
    if (own === undefined) return undefined;
    const rows = await trx
      .selectFrom('app.delivery as d')
      .innerJoin('app.notice as n', 'n.id', 'd.notice_id')
      .select([
        'd.id',
        'd.notice_id',
        'n.kind',
        'd.state',
        'd.attempts',
        'd.next_at',
        'd.sent_at',
        'd.last_status',
        'd.last_error',
        'd.created_at',
      ])
      .where('d.webhook_id', '=', id)
      .$if(page.after !== undefined, (query) => query.where('d.id', '<', page.after![0]!))
      .orderBy('d.id', 'desc')
      .limit(page.limit + 1)
      .execute();
    return paged(rows, page.limit, (row) => [row.id]);
  });
