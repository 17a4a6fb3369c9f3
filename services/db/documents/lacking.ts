/** Members whose key is a new one, so that what was wrapped for the one before is lost to them. */
import { sql, type Kysely } from 'kysely';
import { ask, type Trx, type Viewer } from '../access/access.ts';
import type { DB } from '../types.ts';

/** With whom the member shares keys of bills: whom it wrapped one for, and who wrapped one for it; with a bill of each, its latest. */
export const sharersOf = async (trx: Trx, member: number): Promise<{ member: number; bill: bigint }[]> => {
  const { rows } = await sql<{ member: number; bill: bigint }>`
    select case w.member when ${member} then w.wrapped_by else w.member end as member, max(k.bill_no) as bill
    from app.bill_key_wrap w join app.bill_key k on k.id = w.bill_key_id
    where ${member} in (w.member, w.wrapped_by) and w.member <> w.wrapped_by
    group by 1 order by 1`.execute(trx);
  return rows;
};

/** Of bills that lack many readers the oldest are told first. */
const MOST = 500;

/** Bills whose key the viewer's firm opens, and of which a member with whom it shared it has a new key for which it has not wrapped it. */
export const billsToWrap = async (db: Kysely<DB>, viewer: Viewer): Promise<bigint[]> =>
  (
    await ask(db, viewer, {
      statement: sql`
        select distinct k.bill_no from app.bill_key k
        join app.bill_key_wrap w on w.bill_key_id = k.id
        join app.document_key o on o.member = ${viewer.member} and o.replaced_at is null
        join app.document_key c on c.replaced_at is null and c.member <> o.member
          and c.member = case w.member when o.member then w.wrapped_by else w.member end
        where o.member in (w.member, w.wrapped_by)
          and exists (select from app.bill_key_wrap h where h.bill_key_id = k.id and h.document_key_id = o.id)
          and not exists (
            select from app.bill_key_wrap d where d.bill_key_id = k.id and d.document_key_id = c.id and d.wrapped_by = o.member)
        order by 1 limit ${MOST}`,
      answer: (rows: { bill_no: bigint }[]) => rows.map(({ bill_no }) => bill_no),
    })
  )[0];
