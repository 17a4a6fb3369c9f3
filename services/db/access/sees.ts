/**
 * Who may see what of the ledger, as conditions for statements; row-level security stands behind them. A member sees the
 * bills to which it was ever party or to quote for which it was invited; of the line of such a bill it sees
 *
 * 1) all of it if it is the acceptor or sees all (a regulator);
 * 2) else its own pieces and those offered to it, whoever took a piece from its hands directly, and, of earlier times,
 *    the holders of the cents that came to it: the chain back to the root;
 * 3) of everything else range and state, not the holder.
 */
import { sql, type RawBuilder } from 'kysely';
import { eventsThat } from '#domain/acts/acts.ts';
import type { Viewer } from './access.ts';

/** The bills that a viewer may see, as a condition on `billNo`. */
export const seesBill = ({ member, seesAll }: Viewer, billNo: RawBuilder<unknown>): RawBuilder<boolean> =>
  seesAll
    ? sql`true`
    : sql`(exists (select from ledger.bill_party v where v.member = ${member} and v.bill_no = ${billNo})
        or app.was_invited(${member}, ${billNo}))`;

/** Pieces of a line that the viewer holds, held, is offered or may quote for, and since when: (first, "end", since). */
export const spansOf = ({ member }: Viewer, billNo: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select first, "end", from_block as since from ledger.parcel
    where bill_no = ${billNo} and (holder = ${member} or offered_to = ${member} and to_block is null)
  union all
  select first, "end", block_number from app.invitation where bill_no = ${billNo} and bank = ${member})`;

export const NEWEST = sql`9223372036854775807`;

/** The last block in which a version of a parcel `p` was true. */
export const LAST_OF_VERSION = sql`coalesce(p.to_block - 1, ${NEWEST})`;

/** Whether the holder of a parcel version `p` of a bill of `acceptor` is shown, as of a block. Wants `span`. */
export const showsHolder = (
  { member, seesAll }: Viewer,
  acceptor: number,
  block: RawBuilder<unknown>,
): RawBuilder<boolean> =>
  seesAll || acceptor === member
    ? sql`true`
    : sql`(
        p.holder = ${member} or p.offered_to is not distinct from ${member}
        or exists (
          select from span s
          where s.first < p."end" and s."end" > p.first and s.since >= p.from_block)
        or (
          select a.from_member from ledger.act a
          where a.bill_no = p.bill_no and a.to_member is not null
            and a.first <= p.first and a."end" >= p."end" and a.block_number <= ${block}
          order by a.block_number desc, a.log_index desc limit 1) is not distinct from ${member})`;

/** Acts that everybody sees who may see the bill. */
const SEEN_BY_ALL = eventsThat(({ isSeenByAll }) => isSeenByAll);

/** Whether an act `a` is shown. What concerns the bill as a whole is, to all who may see the bill. Wants `span`. */
export const showsAct = ({ member, seesAll }: Viewer, acceptor: number): RawBuilder<boolean> =>
  seesAll || acceptor === member
    ? sql`true`
    : sql`(
        ${member} in (a.actor, a.counterparty, a.from_member, a.to_member)
        or a.name = any(${sql.val(SEEN_BY_ALL)}::text[])
        or (a.to_member is not null and exists (
          select from span s
          where s.first < a."end" and s."end" > a.first and s.since >= a.block_number)))`;
