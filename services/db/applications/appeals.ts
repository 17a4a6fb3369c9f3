/** What suspended members have to say, and why they were suspended. */
import { sql, type Kysely } from 'kysely';
import type { Trx } from '../access/access.ts';
import { newId } from '../wire/ids.ts';
import { paged, type Page, type PageOf } from '../wire/page.ts';
import type { DB } from '../types.ts';

export type Suspension = { readonly reason: string | null; readonly since: Date };

/** Undefined for a member that is not suspended. The reason is null where nobody here has the words of its hash. */
export const suspensionOf = async (db: Kysely<DB>, member: number): Promise<Suspension | undefined> => {
  const row = await db
    .selectFrom('ledger.member as m')
    .leftJoin('app.wording as w', 'w.hash', 'm.suspension_hash')
    .select(['w.text as reason', 'm.suspended_at as since'])
    .where('m.number', '=', member)
    .where('m.to_block', 'is', null)
    .where('m.suspended', '=', true)
    .executeTakeFirst();
  return row === undefined || row.since === null ? undefined : { reason: row.reason, since: row.since };
};

export type Appeal = {
  readonly id: string;
  readonly member: number;
  readonly person: string | null;
  readonly text: string;
  readonly at: Date;
};

/** One a day. False where there was one within it. */
export async function addAppeal(
  trx: Trx,
  { member, person, text }: { member: number; person: string | undefined; text: string },
): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtext('appeal'), ${member})`.execute(trx);
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select from app.appeal where member = ${member} and at > now() - interval '1 day') as taken`.execute(
    trx,
  );
  if (rows[0]!.taken) return false;
  await trx
    .insertInto('app.appeal')
    .values({ id: newId(), member, person_id: person ?? null, text })
    .execute();
  return true;
}

const appeals = (db: Kysely<DB>) =>
  db
    .selectFrom('app.appeal as a')
    .leftJoin('app.person as p', 'p.id', 'a.person_id')
    .select(['a.id', 'a.member', 'p.name as person', 'a.text', 'a.at']);

/** Newest first. */
export const listAppeals = async (db: Kysely<DB>, page: PageOf): Promise<Page<Appeal>> => {
  const rows = await appeals(db)
    .$if(page.after !== undefined, (query) => query.where('a.id', '<', page.after![0]!))
    .orderBy('a.id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return paged(rows, page.limit, ({ id }) => [id]);
};

export const appealsOf = (db: Kysely<DB>, member: number): Promise<Appeal[]> =>
  appeals(db).where('a.member', '=', member).orderBy('a.id', 'desc').limit(20).execute();
