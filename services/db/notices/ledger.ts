/** What the ledger has to tell since it was asked last: from its acts and versions, up to the block that was proved. */
import { sql, type Kysely } from 'kysely';
import type { Notice } from '#domain/notices/notices.ts';
import { PLATFORM_NUMBER, SYSTEM, transact, type Trx } from '../access/access.ts';
import { newId } from '../wire/ids.ts';
import type { DB } from '../types.ts';
import { tell, tellOfLedger } from './tell.ts';

type At = { readonly at: Date; readonly number: bigint; readonly hash: Buffer };

export type ActRow = At & {
  readonly name: string;
  readonly bill_no: bigint;
  readonly acceptor: number;
  readonly payee: number;
  readonly due_on: string;
  readonly actor: number | null;
  readonly counterparty: number | null;
  readonly to_member: number | null;
  readonly first: bigint | null;
  readonly amount_minor: bigint | null;
  readonly tx: string;
  /** Hash over all acts of the bill up to this one: what it is called, in whichever block it stands. */
  readonly trail: string;
  /** Of an offer that ended here by itself. */
  readonly offered_to: number | null;
  readonly offer_until: bigint | null;
};
export type LostRow = At & {
  readonly quote: string;
  readonly request: string;
  readonly bank: number;
  readonly seller: number;
  readonly bill_no: bigint;
  readonly amount_minor: bigint;
};
export type RedemptionRow = At & {
  readonly redemption: bigint;
  readonly bank: number;
  readonly member: number;
  readonly amount_minor: bigint;
  readonly state: 'requested' | 'confirmed' | 'refused';
};
export type MemberChange = At & {
  readonly member: number;
  readonly what: 'admitted' | 'suspended' | 'restored';
  readonly reason: string | null;
};
export type PolicyNews = At & {
  readonly member: number;
  readonly change: string;
  readonly what: 'announced' | 'vetoed' | 'changed';
  /** Seconds. */
  readonly ready_at: bigint;
};
export type RecoveryNews = At & {
  readonly member: number;
  /** That was proposed last. */
  readonly account: string;
  readonly helper_at: bigint | null;
  readonly operator_at: bigint | null;
  readonly agrees: boolean;
};
export type News = {
  readonly acts: readonly ActRow[];
  readonly lost: readonly LostRow[];
  readonly redemptions: readonly RedemptionRow[];
  readonly members: readonly MemberChange[];
  readonly policies: readonly PolicyNews[];
  readonly recoveries: readonly RecoveryNews[];
};

/** Acts that are taken at a time, with the rest of the last one's block. */
const UNIT = 1_000;

type Cursor = { readonly first_block: bigint; readonly block_number: bigint; readonly block_hash: Buffer };

/**
 * Where the notices are, and one step at a time towards the block that was proved last. One notifier at a time does it, the
 * others go on with what they have:
 * 1) For the first time: what came before is not told.
 * 2) Nothing proved above the cursor: nothing to do.
 * 3) The block of the cursor is not the chain's any more: back to the newest block of which something was told and that the chain
 *    still has, and on from there. What is told again is told once, since keys do not depend on blocks; what is not found again
 *    is retracted, and who was told hears that it does not hold.
 * 4) Otherwise: from the block after the cursor.
 *
 * @returns whether there may be more.
 */
export const followLedger = (
  db: Kysely<DB>,
  names: readonly string[],
  noticesOf: (news: News) => readonly Notice[],
): Promise<boolean> =>
  transact(db, SYSTEM, async (trx) => {
    const { rows: chain } = await sql<{ proved: bigint; hash: Buffer }>`
      select c.proved_block as proved, b.hash from chain.cursor c join chain.block b on b.number = c.proved_block`.execute(
      trx,
    );
    const [proved] = chain;
    if (proved === undefined) return false;
    const cursor = await lockCursor(trx);
    if (cursor === 'taken') return false;
    if (cursor === undefined) {
      await sql`insert into app.notice_cursor (first_block, block_number, block_hash)
        values (${proved.proved}, ${proved.proved}, ${proved.hash}) on conflict do nothing`.execute(trx); // 1
      return false;
    }
    if (proved.proved === cursor.block_number && proved.hash.equals(cursor.block_hash)) return false; // 2
    const isOnChain = await isBlockOfChain(trx, cursor);
    if (isOnChain && proved.proved < cursor.block_number) return false; // 2: proofs are made anew
    const from = isOnChain ? cursor.block_number : await ancestorOf(trx, cursor); // 3
    const upTo = await endOf(trx, from, proved.proved);
    await tellOfLedger(trx, noticesOf(await newsOf(trx, from, upTo, names)));
    if (!isOnChain) await retract(trx, from);
    await sql`
      update app.notice_cursor set (block_number, block_hash) = (
        select number, hash from chain.block where number = ${upTo})`.execute(trx);
    return upTo < proved.proved;
  });

async function lockCursor(trx: Trx): Promise<Cursor | undefined | 'taken'> {
  const { rows } = await sql<Cursor>`
    select first_block, block_number, block_hash from app.notice_cursor for update skip locked`.execute(trx);
  if (rows[0] !== undefined) return rows[0];
  const { rows: any } = await sql`select from app.notice_cursor`.execute(trx);
  return any.length === 0 ? undefined : 'taken';
}

async function isBlockOfChain(trx: Trx, { block_number, block_hash }: Cursor): Promise<boolean> {
  const { rows } = await sql`
    select from chain.block where number = ${block_number} and hash = ${block_hash}`.execute(trx);
  return rows.length > 0;
}

/** The newest block that was told of and still is one; else where it began, or what is left of the chain before that. */
async function ancestorOf(trx: Trx, { first_block }: Cursor): Promise<bigint> {
  const { rows } = await sql<{ number: bigint | null }>`
    select max(n.block_number) as number from app.notice n join chain.block b on b.number = n.block_number and b.hash = n.block_hash
    where n.retracted_at is null`.execute(trx);
  return rows[0]?.number ?? first_block;
}

/** A block of which much happened is taken whole. */
async function endOf(trx: Trx, from: bigint, proved: bigint): Promise<bigint> {
  const { rows } = await sql<{ number: bigint; count: bigint }>`
    select max(block_number) as number, count(*) as count from (
      select block_number from ledger.act where block_number > ${from} and block_number <= ${proved}
      order by block_number, log_index limit ${sql.lit(UNIT)}) acts`.execute(trx);
  const { number, count } = rows[0]!;
  return count === BigInt(UNIT) ? number : proved;
}

async function newsOf(trx: Trx, from: bigint, upTo: bigint, names: readonly string[]): Promise<News> {
  const isNew = (column: string) => sql`${sql.ref(column)} > ${from} and ${sql.ref(column)} <= ${upTo}`;
  const { rows: acts } = await sql<ActRow>`
    select a.name, a.bill_no, b.acceptor, b.payee, b.due_on, a.actor, a.counterparty, a.to_member, a.first, a.amount_minor,
      encode(a.tx_hash, 'hex') as tx, encode(a.trail_after, 'hex') as trail, a.at, c.number, c.hash,
      o.offered_to, o.offer_until
    from ledger.act a join ledger.bill b on b.bill_no = a.bill_no and b.to_block is null
    join chain.block c on c.number = a.block_number
    left join lateral (
      select p.offered_to, p.offer_until from ledger.parcel p
      where a.name = 'OfferExpired' and p.bill_no = a.bill_no and p.first = a.first and p.to_block = a.block_number
      limit 1) o on true
    where ${isNew('a.block_number')} and a.name = any(${sql.val(names)}::text[])
    order by a.block_number, a.log_index`.execute(trx);
  // Of all who quoted for a request that is sold now: those under whose quotes nothing was.
  const { rows: lost } = await sql<LostRow>`
    select distinct on (l.id) l.id as quote, r.id as request, l.bank, r.seller, r.bill_no, r.amount_minor, f.at, c.number, c.hash
    from ledger.quote_fill f join chain.block c on c.number = f.block_number
    join app.quote q on q.bank = f.bank and q.nonce = f.nonce
    join app.financing_request r on r.id = q.request_id
    join app.quote l on l.request_id = r.id and l.bank <> f.bank and l.signature is not null and l.withdrawn_at is null
    where ${isNew('f.block_number')}
      and (select s.sold_minor from app.request_sold s where s.id = r.id) >= r.amount_minor
      and not exists (select from ledger.quote_fill o where o.bank = l.bank and o.nonce = l.nonce)
    order by l.id, f.block_number desc`.execute(trx);
  const { rows: redemptions } = await sql<RedemptionRow>`
    select r.number as redemption, r.bank, r.member, r.amount_minor, r.state, coalesce(r.answered_at, r.requested_at) as at,
      c.number, c.hash
    from ledger.redemption r join chain.block c on c.number = r.from_block where ${isNew('r.from_block')}`.execute(
    trx,
  );
  // The chain has the hash of the reason alone; its words stand in the instruction.
  const { rows: members } = await sql<MemberChange>`
    select m.number as member, change.what, (
        select i.input->>'reason' from app.instruction i
        where (i.member is null or i.member = ${PLATFORM_NUMBER}) and i.state in ('submitted', 'sent', 'done')
          and i.input->>'member' = m.number::text
          and i.type = case change.what when 'suspended' then 'suspend' when 'restored' then 'restore' end
        order by i.id desc limit 1) as reason,
      to_timestamp(c.timestamp) as at, c.number, c.hash
    from ledger.member m join chain.block c on c.number = m.from_block
    left join ledger.member old on old.number = m.number and old.to_block = m.from_block
    cross join lateral (select case when old.number is null then 'admitted'
      when m.suspended and not old.suspended then 'suspended'
      when old.suspended and not m.suspended then 'restored' end as what) change
    where ${isNew('m.from_block')} and change.what is not null`.execute(trx);
  // Announced and carried out in one block: nobody had anything to stop.
  const { rows: policies } = await sql<PolicyNews>`
    select m.number as member, encode(p.change, 'hex') as change, p.ready_at, to_timestamp(c.timestamp) as at, c.number, c.hash,
      case p.state when 'waiting' then 'announced' when 'vetoed' then 'vetoed' else 'changed' end as what
    from ledger.account_change p join chain.block c on c.number = p.from_block
    join ledger.member m on m.account = p.account and m.to_block is null
    where ${isNew('p.from_block')} and p.state <> 'called_off'`.execute(trx);
  const { rows: recoveries } = await sql<RecoveryNews>`
    select r.member, r.helper_at, r.operator_at, to_timestamp(c.timestamp) as at, c.number, c.hash,
      '0x' || encode(case when r.by_operator is null or r.helper_at > r.operator_at then r.by_helper else r.by_operator end, 'hex')
        as account,
      coalesce(r.by_helper = r.by_operator, false) as agrees
    from ledger.recovery r join chain.block c on c.number = r.from_block
    where ${isNew('r.from_block')} and r.to_block is distinct from r.from_block`.execute(trx);
  return { acts, lost, redemptions, members, policies, recoveries };
}

/** What is not sent yet is not sent; who was told already is told that it does not hold. */
async function retract(trx: Trx, above: bigint): Promise<void> {
  const { rows } = await sql<{ id: string; kind: string; member: number | null }>`
    update app.notice n set retracted_at = clock_timestamp(), dispatched_at = coalesce(dispatched_at, clock_timestamp())
    where n.block_number > ${above} and n.retracted_at is null and not exists (
      select from chain.block b where b.number = n.block_number and b.hash = n.block_hash)
    returning n.id, n.kind, n.member`.execute(trx);
  if (rows.length === 0) return;
  await sql`
    update app.delivery set state = 'dropped', last_error = 'its block was rolled back'
    where state = 'waiting' and notice_id = any(${sql.val(rows.map(({ id }) => id))}::uuid[])`.execute(trx);
  await tell(
    trx,
    ...rows.map(
      ({ id, kind, member }) =>
        ({
          kind: 'retracted',
          key: `retracted:${id}:${newId()}`,
          to: { member },
          facts: { notice: id, of: kind },
        }) as const,
    ),
  );
}
