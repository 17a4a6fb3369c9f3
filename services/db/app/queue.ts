/**
 * The outbox from the relayer's side. A transaction is signed and written down before it is sent, and sent as often as it
 * takes: the same nonce is never used for two acts, so nothing is done twice, and what is written is never lost.
 */
import { sql, type Kysely, type Selectable } from 'kysely';
import type { ProblemCode, Text } from '#domain/problems.ts';
import { toBytes, toHex } from '../bytes.ts';
import { readAs, SYSTEM, type Trx } from '../read/access.ts';
import type { AppTransaction, AppTransactionAttempt, DB } from '../types.ts';
import { json } from './json.ts';
import { noticeActs, noticeInbox, wakeRelayer } from './notices.ts';
import type { ActRow, SignedBy } from './acts.ts';

export type OpenTransaction = Selectable<AppTransaction> & {
  readonly attempts: Selectable<AppTransactionAttempt>[];
};

/** A call that a key of the platform is going to send. */
export type Step = {
  readonly act: string;
  readonly step: number;
  readonly target: string;
  readonly data: string;
  readonly gasLimit: bigint;
};
export type Attempt = {
  readonly hash: string;
  readonly raw: string;
  readonly maxFee: bigint;
  readonly priorityFee: bigint;
};

const system = <T>(db: Kysely<DB>, run: (trx: Trx) => Promise<T>): Promise<T> => readAs(db, SYSTEM, run);

/**
 * Takes at most `limit` acts out of the queue and writes their transactions, all in one: `write` gets the acts and says
 * the steps of each; `sign` gets each step with its nonce.
 */
export function takeFromQueue(
  db: Kysely<DB>,
  { signedBy, sender, firstNonce }: { signedBy: readonly SignedBy[]; sender: string; firstNonce: bigint },
  limit: number,
  stepsOf: (act: ActRow) => Step[],
  sign: (step: Step, nonce: bigint) => Attempt,
): Promise<Attempt[]> {
  return system(db, async (trx) => {
    const acts = (await trx
      .selectFrom('app.act')
      .selectAll()
      .where('state', '=', 'submitted')
      .where('signed_by', 'in', [...signedBy])
      .orderBy('submitted_at')
      .orderBy('id')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .execute()) as unknown as ActRow[];
    if (acts.length === 0) return [];
    const steps = acts.flatMap(stepsOf);
    const from = await takeNonces(trx, sender, firstNonce, steps.length);
    const signed = steps.map((step, n) => ({
      step,
      nonce: from + BigInt(n),
      ...sign(step, from + BigInt(n)),
    }));
    for (const chunk of chunksOf(signed, 500)) await write(trx, sender, chunk);
    await trx
      .updateTable('app.act')
      .set({ state: 'sent' })
      .where(sql<boolean>`id = any(${sql.val(acts.map(({ id }) => id))}::uuid[])`)
      .execute();
    await noticeActs(
      trx,
      acts.map(({ id, member }) => ({ act: id, state: 'sent', member })),
    );
    return signed;
  });
}

async function write(
  trx: Trx,
  sender: string,
  signed: readonly (Attempt & { step: Step; nonce: bigint })[],
): Promise<void> {
  const address = toBytes(sender);
  await trx
    .insertInto('app.transaction')
    .values(
      signed.map(({ step, nonce }) => ({
        sender: address,
        nonce,
        act_id: step.act,
        step: step.step,
        target: toBytes(step.target),
        data: toBytes(step.data),
        gas_limit: step.gasLimit,
        state: 'sent' as const,
      })),
    )
    .execute();
  await trx
    .insertInto('app.transaction_attempt')
    .values(signed.map((attempt) => attemptRow(address, attempt.nonce, attempt)))
    .execute();
}

const attemptRow = (sender: Buffer, nonce: bigint, { hash, raw, maxFee, priorityFee }: Attempt) => ({
  hash: toBytes(hash),
  sender,
  nonce,
  raw: toBytes(raw),
  max_fee: maxFee,
  priority_fee: priorityFee,
});

const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));

/** @param firstNonce What the chain counts, for a sender that is new here. */
async function takeNonces(trx: Trx, sender: string, firstNonce: bigint, count: number): Promise<bigint> {
  const { rows } = await sql<{ next: bigint }>`
    insert into app.sender as s (address, next_nonce) values (${toBytes(sender)}, ${firstNonce + BigInt(count)})
    on conflict (address) do update set next_nonce = s.next_nonce + ${count}
    returning next_nonce as next`.execute(trx);
  return rows[0]!.next - BigInt(count);
}

/** A new signed form of a transaction, with a higher fee. */
export const addAttempt = (db: Kysely<DB>, sender: string, nonce: bigint, attempt: Attempt) =>
  db
    .insertInto('app.transaction_attempt')
    .values(attemptRow(toBytes(sender), nonce, attempt))
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();

/** Transactions whose end is not known yet, by nonce, at most `limit`, with the signed forms that each has had. */
export async function openTransactions(
  db: Kysely<DB>,
  sender: string,
  { below, limit }: { below?: bigint | undefined; limit: number },
): Promise<OpenTransaction[]> {
  const address = toBytes(sender);
  const rows = await db
    .selectFrom('app.transaction')
    .selectAll()
    .where('sender', '=', address)
    .where('state', '=', 'sent')
    .$if(below !== undefined, (query) => query.where('nonce', '<', below!))
    .orderBy('nonce')
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const attempts = await db
    .selectFrom('app.transaction_attempt')
    .selectAll()
    .where('sender', '=', address)
    .where('nonce', '>=', rows[0]!.nonce)
    .where('nonce', '<=', rows.at(-1)!.nonce)
    .orderBy('signed_at')
    .execute();
  const byNonce = Map.groupBy(attempts, ({ nonce }) => nonce);
  return rows.map((row) => ({ ...row, attempts: byNonce.get(row.nonce) ?? [] }));
}

export type Outcome = {
  readonly sender: string;
  readonly nonce: bigint;
  readonly hash: string;
  readonly block: bigint;
  readonly blockHash: string;
  readonly problem?: { readonly code: ProblemCode; readonly detail: Text };
};

/** Of some blocks, by number and hash, those that the read model has. */
export async function indexedOf(
  db: Kysely<DB>,
  blocks: readonly { readonly block: bigint; readonly blockHash: string }[],
): Promise<Set<string>> {
  if (blocks.length === 0) return new Set();
  const { rows } = await sql<{ hash: Buffer }>`
    select hash from chain.block where number = any(${sql.val(blocks.map(({ block }) => block))}::bigint[])
    `.execute(db);
  return new Set(rows.map(({ hash }) => toHex(hash)));
}

/**
 * Writes how transactions ended. An act is done when all its transactions are, and has failed when one has; what it made
 * is then read from the ledger, which alone knows.
 */
export function settle(db: Kysely<DB>, outcomes: readonly Outcome[]): Promise<void> {
  return system(db, async (trx) => {
    const acts = await closeTransactions(trx, outcomes);
    const failed = outcomes.filter(({ problem }) => problem !== undefined);
    const ended = [
      ...(await finishActs(trx, acts)),
      ...(failed.length === 0 ? [] : await failActs(trx, failed)),
    ];
    if (ended.length === 0) return;
    await noticeActs(
      trx,
      ended.map(({ id, state, member }) => ({ act: id, state, member })),
    );
    const members = ended.flatMap(({ member }) => (member === null ? [] : [member]));
    await noticeInbox(trx, [...new Set(members)]);
  });
}

/** Returns the acts of the transactions. */
async function closeTransactions(trx: Trx, outcomes: readonly Outcome[]): Promise<string[]> {
  const { rows } = await sql<{ act_id: string }>`
    update app.transaction t
    set state = o.state, hash = o.hash, block_number = o.block_number, block_hash = o.block_hash
    from unnest(
      ${sql.val(outcomes.map(({ sender }) => toBytes(sender)))}::bytea[],
      ${sql.val(outcomes.map(({ nonce }) => nonce))}::bigint[],
      ${sql.val(outcomes.map(({ problem }) => (problem === undefined ? 'done' : 'failed')))}::text[],
      ${sql.val(outcomes.map(({ hash }) => toBytes(hash)))}::bytea[],
      ${sql.val(outcomes.map(({ block }) => block))}::bigint[],
      ${sql.val(outcomes.map(({ blockHash }) => toBytes(blockHash)))}::bytea[]
    ) as o (sender, nonce, state, hash, block_number, block_hash)
    where t.sender = o.sender and t.nonce = o.nonce and t.state = 'sent'
    returning t.act_id`.execute(trx);
  return [...new Set(rows.map(({ act_id }) => act_id))];
}

type Ended = { readonly id: string; readonly state: string; readonly member: number | null };

/** Bills and parcels as the ledger has them: a part is cut where the parcel ended when the act was carried out. */
async function finishActs(trx: Trx, acts: readonly string[]): Promise<Ended[]> {
  const { rows } = await sql<Ended>`
    update app.act set state = 'done', tx_hash = t.hash, block_number = t.block_number,
      makes = jsonb_build_object('bills', app.act.makes -> 'bills', 'parcels', coalesce((
        select jsonb_agg((a.bill_no::numeric * 18446744073709551616 + a.first)::text order by a.log_index)
        from ledger.act a
        where a.tx_hash = t.hash and a.name in ('BillIssued', 'ParcelOffered', 'ParcelPassedOn', 'ParcelSold')
      ), app.act.makes -> 'parcels'))
    from (
      select distinct on (act_id) act_id, hash, block_number from app.transaction
      where act_id = any(${sql.val(acts)}::uuid[]) order by act_id, step desc) t
    where app.act.id = t.act_id and app.act.state = 'sent' and not exists (
      select from app.transaction o where o.act_id = t.act_id and o.state <> 'done')
    returning app.act.id, app.act.state, app.act.member`.execute(trx);
  return rows;
}

/** The first transaction that failed says why. */
async function failActs(trx: Trx, failed: readonly Outcome[]): Promise<Ended[]> {
  const ended: Ended[] = [];
  for (const { sender, nonce, hash, block, problem } of failed) {
    const row = await trx
      .updateTable('app.act')
      .set({
        state: 'failed',
        tx_hash: toBytes(hash),
        block_number: block,
        code: problem!.code,
        detail: json(problem!.detail),
      })
      .where('state', '=', 'sent')
      .where('id', '=', ({ selectFrom }) =>
        selectFrom('app.transaction')
          .where('sender', '=', toBytes(sender))
          .where('nonce', '=', nonce)
          .where('state', '=', 'failed')
          .select('act_id'),
      )
      .returning(['id', 'state', 'member'])
      .executeTakeFirst();
    if (row !== undefined) ended.push(row);
  }
  return ended;
}

/**
 * Transactions whose block the chain has taken back (or lost) are under way again, and so are their acts. Returns whether
 * there were any.
 */
export function reopenLost(db: Kysely<DB>, sender: string): Promise<boolean> {
  return system(db, async (trx) => {
    const { rows } = await sql<{ act_id: string }>`
      update app.transaction t set state = 'sent', hash = null, block_number = null, block_hash = null
      where t.sender = ${toBytes(sender)} and t.state in ('done', 'failed')
        and t.block_number >= (select block_number - 1000 from chain.cursor)
        and not exists (select from chain.block b where b.number = t.block_number and b.hash = t.block_hash)
      returning t.act_id`.execute(trx);
    if (rows.length === 0) return false;
    const acts = await trx
      .updateTable('app.act')
      .set({ state: 'sent', tx_hash: null, block_number: null, code: null, detail: null })
      .where(sql<boolean>`id = any(${sql.val(rows.map(({ act_id }) => act_id))}::uuid[])`)
      .returning(['id', 'member'])
      .execute();
    await noticeActs(
      trx,
      acts.map(({ id, member }) => ({ act: id, state: 'sent', member })),
    );
    return true;
  });
}

/** Nonces below what the chain counts are gone, whoever used them. */
export const skipNonces = (db: Kysely<DB>, sender: string, next: bigint) =>
  db
    .updateTable('app.sender')
    .set({ next_nonce: next })
    .where('address', '=', toBytes(sender))
    .where('next_nonce', '<', next)
    .execute();

/** The nonce went to a transaction that is none of ours: the act goes back into the queue. */
export function requeue(db: Kysely<DB>, sender: string, nonce: bigint): Promise<void> {
  return system(db, async (trx) => {
    await trx
      .deleteFrom('app.transaction_attempt')
      .where('sender', '=', toBytes(sender))
      .where('nonce', '=', nonce)
      .execute();
    const gone = await trx
      .deleteFrom('app.transaction')
      .where('sender', '=', toBytes(sender))
      .where('nonce', '=', nonce)
      .where('state', '=', 'sent')
      .returning('act_id')
      .executeTakeFirst();
    if (gone === undefined) return;
    await sql`
      update app.act set state = 'submitted' where id = ${gone.act_id} and state = 'sent'
        and not exists (select from app.transaction t where t.act_id = ${gone.act_id})`.execute(trx);
    await wakeRelayer(trx);
  });
}
