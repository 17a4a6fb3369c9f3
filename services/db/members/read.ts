import { sql, type Kysely, type RawBuilder } from 'kysely';
import { toBytes } from '../wire/bytes.ts';
import type { DB } from '../types.ts';
import { ask, NOBODY, type Query } from '../access/access.ts';
import { paged, type Page, type PageOf } from '../wire/page.ts';

export type MemberRow = {
  readonly number: number;
  readonly name_zh: string | null;
  readonly name_en: string | null;
  readonly tax_id: string | null;
  readonly account: Buffer;
  readonly roles: number;
  readonly suspended: boolean;
  readonly standing: boolean;
  readonly standing_acceptor: number | null;
  readonly standing_counterparty: number | null;
  readonly standing_least: bigint | null;
  readonly standing_until: bigint | null;
  readonly credential_expiry: bigint | null;
};

/** Numbers are int4 in the read model; a larger one is nobody's. */
const MAX_NUMBER = 2 ** 31 - 1;

const members = (db: Kysely<DB>) =>
  db
    .selectFrom('ledger.member as m')
    .leftJoin('app.identity as i', 'i.identity_hash', 'm.identity_hash')
    .where('m.to_block', 'is', null)
    .select([
      'm.number',
      'i.name_zh',
      'i.name_en',
      'i.tax_id',
      'm.account',
      'm.roles',
      'm.suspended',
      'm.standing',
      'm.standing_acceptor',
      'm.standing_counterparty',
      'm.standing_least',
      'm.standing_until',
      'm.credential_expiry',
    ]);

export type MemberFilter = {
  readonly q?: string | undefined;
  readonly role?: number | undefined;
  readonly suspended?: boolean | undefined;
};

/** The directory is open to every member and to the operator. By number. */
export async function listMembers(
  db: Kysely<DB>,
  filter: MemberFilter,
  page: PageOf,
): Promise<Page<MemberRow>> {
  const { q, role, suspended } = filter;
  const rows = await members(db)
    .$if(q !== undefined, (query) => query.where(matches(q ?? '')))
    .$if(role !== undefined, (query) => query.where(sql<boolean>`m.roles & ${role} <> 0`))
    .$if(suspended !== undefined, (query) => query.where('m.suspended', '=', suspended ?? false))
    .$if(page.after !== undefined, (query) => query.where('m.number', '>', Number(page.after?.[0])))
    .orderBy('m.number')
    .limit(page.limit + 1)
    .execute();
  return paged(rows, page.limit, ({ number }) => [String(number)]);
}

const matches = (q: string): RawBuilder<boolean> => {
  const pattern = `%${q.replace(/[\\%_]/g, '\\$&')}%`;
  return sql<boolean>`(i.name_zh ilike ${pattern} or i.name_en ilike ${pattern} or i.tax_id = ${q}
    or m.number::text = ${q})`;
};

const memberQuery = (number: number): Query<MemberRow | undefined> => ({
  statement: sql`
    select m.number, i.name_zh, i.name_en, i.tax_id, m.account, m.roles, m.suspended, m.standing,
      m.standing_acceptor, m.standing_counterparty, m.standing_least, m.standing_until, m.credential_expiry
    from ledger.member m left join app.identity i on i.identity_hash = m.identity_hash
    where m.to_block is null and m.number = ${number}`,
  answer: ([row]: MemberRow[]) => row,
});

export const findMember = async (db: Kysely<DB>, number: number): Promise<MemberRow | undefined> =>
  number > MAX_NUMBER ? undefined : (await ask(db, NOBODY, memberQuery(number)))[0];

export const findMembers = (db: Kysely<DB>, numbers: readonly number[]): Promise<MemberRow[]> =>
  members(db)
    .where(
      sql<boolean>`m.number = any(${sql.val(numbers.filter((number) => number <= MAX_NUMBER))}::integer[])`,
    )
    .execute();

export const memberOfAccount = (db: Kysely<DB>, account: string): Promise<MemberRow | undefined> =>
  members(db).where('m.account', '=', toBytes(account)).executeTakeFirst();

/** For finding a supplier by what a file calls it: everybody with names, tax number and number. */
export const directory = (db: Kysely<DB>): Promise<MemberRow[]> => members(db).orderBy('m.number').execute();
