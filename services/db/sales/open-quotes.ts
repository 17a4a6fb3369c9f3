/** What a bank has bound itself to buy under quotes that can still be taken: it keeps a part of its lines for it. */
import { sql, type RawBuilder } from 'kysely';

/**
 * Why a signed quote of a request `r` can be taken no more, apart from its own time: the holder called the request off, sold
 * all that it asked for, or has the parcel no longer.
 */
export const isRequestOver = sql<boolean>`(r.cancelled_at is not null
  or (select s.sold_minor from app.request_sold s where s.id = r.id) >= r.amount_minor
  or not exists (select from ledger.parcel p
    where p.bill_no = r.bill_no and p.first = r.first and p.to_block is null and p.holder = r.seller))`;

const filled = sql`coalesce((select sum(f.amount_minor) from ledger.quote_fill f
  where f.bank = q.bank and f.nonce = q.nonce), 0)`;

/**
 * The sum that a line is kept for, minor units; of one parcel never more than there is of it, whoever asked how often.
 * @param line Condition on bank and acceptor of a quote `q`. @param now Instant (seconds). @param but A quote that does not count.
 */
export const quotedOn = (
  line: RawBuilder<unknown>,
  now: number,
  but?: string,
): RawBuilder<bigint> => sql<bigint>`(
  select coalesce(sum(least(quoted, length)), 0)::numeric from (
    select sum(q.amount_minor - ${filled}) as quoted, max(p."end" - p.first) as length
    from app.quote q join app.financing_request r on r.id = q.request_id
    join ledger.parcel p on p.bill_no = q.bill_no and p.first = q.first and p.to_block is null
    where ${line} and q.signature is not null and q.withdrawn_at is null and q.valid_until >= ${now}
      and q.due_on > (to_timestamp(${now}) at time zone 'Asia/Shanghai')::date
      and not exists (select from ledger.quote_cancelled c
        where c.bank = q.bank and c.nonce = q.nonce and c.to_block is null)
      ${but === undefined ? sql`` : sql`and q.id <> ${but}::uuid`}
      and not ${isRequestOver}
    group by q.bill_no, q.first) parcel)`;
