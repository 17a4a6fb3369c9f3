/**
 * Numbers that are given out once, whatever becomes of what they were given for. Never one that the ledger knows already:
 * a database that was restored may be older than its chain.
 */
import { sql, type Kysely } from 'kysely';
import { billNo } from '#domain/bills/intervals.ts';
import { toBytes } from '../wire/bytes.ts';
import type { DB } from '../types.ts';

/** Serials for `count` bills of an acceptor; the first of them. Above all that the ledger knows. */
export async function takeSerials(db: Kysely<DB>, acceptor: number, count: number): Promise<number> {
  const [first, last] = [billNo(acceptor, 0), billNo(acceptor, 0xffff_ffff)];
  const { rows } = await sql<{ next: bigint }>`
    insert into app.bill_serial as s (acceptor, next_serial)
    values (${acceptor}, ${count} + 1 + coalesce(
      (select bill_no - ${first} from ledger.bill
        where bill_no >= ${first} and bill_no <= ${last} order by bill_no desc limit 1), 0))
    on conflict (acceptor) do update set next_serial = greatest(s.next_serial + ${count}, excluded.next_serial)
    returning next_serial as next`.execute(db);
  return Number(rows[0]!.next) - count;
}

/** A nonce that no batch of this account has been prepared under. */
export async function takeAccountNonce(db: Kysely<DB>, account: string): Promise<bigint> {
  const bytes = toBytes(account);
  const { rows } = await sql<{ next: bigint }>`
    insert into app.account_nonce as n (account, next_nonce)
    values (${bytes}, 1 + coalesce((select max(nonce) + 1 from ledger.nonce_used where account = ${bytes}), 0))
    on conflict (account) do update set next_nonce = greatest(n.next_nonce + 1, excluded.next_nonce)
    returning next_nonce as next`.execute(db);
  return rows[0]!.next - 1n;
}

/** A number for a bank's quote; the desk books fills and cancellation under it. */
export async function takeQuoteNonce(db: Kysely<DB>, bank: number): Promise<bigint> {
  const { rows } = await sql<{ next: bigint }>`
    insert into app.quote_nonce as n (bank, next_nonce)
    values (${bank}, 1 + greatest(
      coalesce((select max(nonce) + 1 from ledger.quote_fill where bank = ${bank}), 0),
      coalesce((select max(nonce) + 1 from ledger.quote_cancelled where bank = ${bank}), 0)))
    on conflict (bank) do update set next_nonce = greatest(n.next_nonce + 1, excluded.next_nonce)
    returning next_nonce as next`.execute(db);
  return rows[0]!.next - 1n;
}
