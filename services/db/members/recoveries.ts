/** Recoveries that are proposed, with what decides whether they count. */
import { sql, type Kysely, type RawBuilder } from 'kysely';
import type { Helpers, Proposals } from '#domain/members/recovery.ts';
import { ask, NOBODY, type Query } from '../access/access.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';
import type { DB } from '../types.ts';

export type RecoveryRow = Proposals & {
  readonly member: number;
  /** Of the member today. */
  readonly account: Buffer;
  readonly by_helper: Buffer | null;
  readonly by_operator: Buffer | null;
  /** The member's helper as it is named. */
  readonly named: Helpers;
  /** When the helper that proposed was last suspended or moved. */
  readonly unsettled_at: bigint | null;
};

type Found = Omit<RecoveryRow, 'named'> & {
  readonly present: number | null;
  readonly next_helper: number | null;
  readonly next_helper_from: bigint | null;
};

const recoveries = sql`
  select r.member, m.account, r.helper, r.by_helper, r.helper_at, r.by_operator, r.operator_at,
    m.helper as present, m.next_helper, m.next_helper_from, h.unsettled_at
  from ledger.recovery r
  join ledger.member m on m.number = r.member and m.to_block is null
  left join ledger.member h on h.number = r.helper and h.to_block is null
  where r.to_block is null`;

const rowOf = ({ present, next_helper, next_helper_from, ...row }: Found): RecoveryRow => ({
  ...row,
  named: { helper: present, next_helper, next_helper_from },
});

/** Those that concern a member, its own and those of whom it is or becomes the helper; without a member all. */
export async function listRecoveries(
  db: Kysely<DB>,
  member: number | undefined,
  page: PageOf,
): Promise<Page<RecoveryRow>> {
  const concerned: RawBuilder<unknown> =
    member === undefined ? sql`` : sql`and ${member} in (r.member, r.helper, m.helper, m.next_helper)`;
  const query: Query<Page<RecoveryRow>> = {
    statement: sql`${recoveries} ${concerned}
      ${page.after === undefined ? sql`` : sql`and r.member > ${Number(page.after[0])}`}
      order by r.member limit ${oneMore(page)}`,
    answer: (rows: Found[]) => paged(rows.map(rowOf), page.limit, (row) => [String(row.member)]),
  };
  return (await ask(db, NOBODY, query))[0];
}

export async function findRecovery(db: Kysely<DB>, member: number): Promise<RecoveryRow | undefined> {
  const query: Query<RecoveryRow | undefined> = {
    statement: sql`${recoveries} and r.member = ${member}`,
    answer: ([row]: Found[]) => row && rowOf(row),
  };
  return (await ask(db, NOBODY, query))[0];
}

/** Undefined for a member that there is not. */
export async function findHelpers(db: Kysely<DB>, member: number): Promise<Helpers | undefined> {
  const query: Query<Helpers | undefined> = {
    statement: sql`select helper, next_helper, next_helper_from from ledger.member
      where to_block is null and number = ${member}`,
    answer: ([row]: Helpers[]) => row,
  };
  return (await ask(db, NOBODY, query))[0];
}
