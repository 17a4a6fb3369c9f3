/** The inbox: what was told to a person, to the seat that it has taken, or to a seat without a person. */
import { sql, type Kysely, type RawBuilder } from 'kysely';
import { kindsOf, SHOWN_KINDS } from '#domain/notices/notices.ts';
import { isOn, type Switch } from '#domain/notices/channels.ts';
import { GROUP_NAMES } from '#domain/notices/notices.ts';
import { SYSTEM, transact, type Viewer } from '../access/access.ts';
import { paged, type Page, type PageOf } from '../wire/page.ts';
import { toBytes } from '../wire/bytes.ts';
import type { DB } from '../types.ts';

/** Whose inbox. */
export type Reader = {
  /** null: a visitor of the demonstration or a system, who sees what is the seat's. */
  readonly person: string | null;
  /** The seat: a member's number, null for the platform; undefined: none, or one that may not see. */
  readonly place: number | null | undefined;
  /** Account of the branch at which the seat is (hex). */
  readonly branch?: string | undefined;
};

export type NoticeRow = {
  readonly id: string;
  readonly kind: string;
  readonly member: number | null;
  readonly person_id: string | null;
  readonly facts: unknown;
  readonly at: Date;
  readonly is_read: boolean;
  readonly is_retracted: boolean;
};

/** Counted no further. */
export const MOST_UNREAD = 100;

const viewerOf = ({ place, branch }: Reader): Viewer =>
  typeof place === 'number' ? { member: place, seesAll: false, branch } : SYSTEM;

const hasRead = ({ person }: Reader) => sql<boolean>`exists (select from app.notice_read r
  where r.notice_id = n.id and r.person_id is not distinct from ${person}::uuid)`;

const ofBranch = (branch: string | undefined) =>
  branch === undefined ? sql`true` : sql`(n.branch is null or n.branch = ${toBytes(branch)})`;

/** Each part is read along its own index. */
function parts(
  reader: Reader,
  switches: readonly Switch[],
  more: RawBuilder<unknown>,
  limit: number,
): RawBuilder<unknown> {
  const { person, place, branch } = reader;
  const shown = GROUP_NAMES.filter((group) => isOn(switches, group, 'inbox')).flatMap(kindsOf);
  const part = (whose: RawBuilder<unknown>, kinds: readonly string[]) => sql`(
    select n.id, n.kind, n.member, n.person_id, n.facts, n.at, ${hasRead(reader)} as is_read,
      n.retracted_at is not null as is_retracted
    from app.notice n where ${whose} and n.kind = any(${sql.val(kinds)}::text[]) ${more}
    order by n.id desc limit ${sql.lit(limit)})`;
  const own = part(sql`n.person_id = ${person}::uuid`, SHOWN_KINDS);
  if (place === undefined) return own;
  const seat =
    place === null
      ? sql`n.person_id is null and n.member is null`
      : sql`n.person_id is null and n.member = ${place} and ${ofBranch(branch)}`;
  return sql`${own} union all ${part(seat, shown)}`;
}

/** Newest first. */
export const listNotices = (
  db: Kysely<DB>,
  reader: Reader,
  switches: readonly Switch[],
  { unread }: { readonly unread: boolean },
  page: PageOf,
): Promise<Page<NoticeRow>> =>
  transact(db, viewerOf(reader), async (trx) => {
    const more = sql`${page.after === undefined ? sql`` : sql`and n.id < ${page.after[0]}::uuid`}
      ${unread ? sql`and not ${hasRead(reader)} and n.retracted_at is null` : sql``}`;
    const { rows } = await sql<NoticeRow>`
      select * from (${parts(reader, switches, more, page.limit + 1)}) n order by id desc
      limit ${sql.lit(page.limit + 1)}`.execute(trx);
    return paged(rows, page.limit, ({ id }) => [id]);
  });

export const countUnread = (db: Kysely<DB>, reader: Reader, switches: readonly Switch[]): Promise<number> =>
  transact(db, viewerOf(reader), async (trx) => {
    const more = sql`and not ${hasRead(reader)} and n.retracted_at is null`;
    const { rows } = await sql<{ count: bigint }>`
      select count(*) from (${parts(reader, switches, more, MOST_UNREAD)}) n`.execute(trx);
    return Math.min(Number(rows[0]!.count), MOST_UNREAD);
  });

/** One of them, through whichever seat of the person: a link in a mail does not know which is taken. */
export const findNotice = (
  db: Kysely<DB>,
  { person, place, branch }: Reader,
  id: string,
): Promise<NoticeRow | undefined> =>
  transact(db, SYSTEM, async (trx) => {
    const taken =
      place === undefined
        ? sql`false`
        : place === null
          ? sql`n.member is null`
          : sql`n.member = ${place} and ${ofBranch(branch)}`;
    const { rows } = await sql<NoticeRow>`
      select n.id, n.kind, n.member, n.person_id, n.facts, n.at, ${hasRead({ person, place })} as is_read,
        n.retracted_at is not null as is_retracted
      from app.notice n where n.id = ${id} and n.kind = any(${sql.val(SHOWN_KINDS)}::text[])
        and (n.person_id = ${person}::uuid or n.person_id is null and (${taken} or exists (
          select from app.seat s where s.person_id = ${person}::uuid and 'see' = any(s.rights)
            and s.member is not distinct from n.member and (n.branch is null or s.branch is null or s.branch = n.branch))))`.execute(
      trx,
    );
    return rows[0];
  });

/** @param ids What is none of the reader's stays as it is. Undefined: all that it has not read, as far as it is counted. */
export const markRead = (
  db: Kysely<DB>,
  reader: Reader,
  switches: readonly Switch[],
  ids: readonly string[] | undefined,
): Promise<void> =>
  transact(db, viewerOf(reader), async (trx) => {
    const more = sql`and not ${hasRead(reader)}
      ${ids === undefined ? sql`` : sql`and n.id = any(${sql.val(ids)}::uuid[])`}`;
    const most = ids === undefined ? 10_000 : ids.length;
    await sql`
      insert into app.notice_read (notice_id, person_id)
      select n.id, ${reader.person}::uuid from (${parts(reader, switches, more, most)}) n
      on conflict do nothing`.execute(trx);
  });
