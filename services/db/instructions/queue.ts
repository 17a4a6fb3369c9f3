/**
 * The outbox from the relayer's side. A transaction is signed and written down before it is sent, and sent as often as it
 * takes: the same nonce is never used for two acts, so nothing is done twice, and what is written is never lost.
 */
import { eventsThat } from '#domain/acts/acts.ts';
import { sql, type Kysely, type RawBuilder, type Selectable } from 'kysely';
import type { ProblemCode, Text } from '#domain/problems.ts';
import { toBytes, toHex } from '../wire/bytes.ts';
import { ask, done, SYSTEM, transact, write, type Query, type Trx } from '../access/access.ts';
import type { AppTransaction, AppTransactionInstruction, AppTransactionAttempt, DB } from '../types.ts';
import { json } from '../wire/json.ts';
import { noticeActs, noticeOfAct, wakeRelayer } from './notices.ts';
import type { InstructionRow, SignedBy } from './own.ts';

/** As the relayer needs it: what its sentences are made of stays as it is kept. */
export type QueuedInstruction = Omit<InstructionRow, 'facts'>;

export type CarriedAct = Selectable<AppTransactionInstruction> & {
  /** Of the request that handed in the act. */
  readonly request_id: string | null;
};
export type OpenTransaction = Selectable<AppTransaction> & {
  /** By position: what has not ended, and not gone back into the queue. */
  readonly acts: CarriedAct[];
  readonly attempts: Selectable<AppTransactionAttempt>[];
};

/** A call. */
export type Sending = { readonly target: string; readonly data: string; readonly gasLimit: bigint };
/** A call that an act asks for. */
export type Step = Sending & { readonly act: string; readonly step: number };
/** A call that a key of the platform is going to send: a step, or several in one. */
export type Batch = Sending & { readonly steps: readonly Step[] };
export type Attempt = {
  readonly hash: string;
  readonly raw: string;
  readonly maxFee: bigint;
  readonly priorityFee: bigint;
};

const system = <T>(db: Kysely<DB>, run: (trx: Trx) => Promise<T>): Promise<T> => transact(db, SYSTEM, run);

type Taking = {
  readonly signedBy: readonly SignedBy[];
  readonly sender: string;
  readonly firstNonce: () => Promise<bigint>;
  readonly limit: number;
  /** Asked for when there is something to sign. */
  readonly begin: () => Promise<{
    /** What has to be sent for acts. */
    batchesOf(acts: readonly QueuedInstruction[]): readonly Batch[];
    sign(load: Batch, nonce: bigint): Attempt;
  }>;
};
export type Signed = Attempt & { readonly load: Batch; readonly nonce: bigint };

/** Takes at most `limit` acts out of the queue and writes their transactions, all in one. */
export function takeFromQueue(db: Kysely<DB>, taking: Taking): Promise<Signed[]> {
  const { signedBy, sender, firstNonce, limit, begin } = taking;
  return transact(db, SYSTEM, async (trx) => {
    const acts = await submittedInstructions(trx, signedBy, limit);
    if (acts.length === 0) return [];
    const { batchesOf, sign } = await begin();
    const loads = batchesOf(acts);
    const from = await takeNonces(trx, sender, await firstNonce(), loads.length);
    const signed = loads.map((load, n): Signed => {
      const nonce = from + BigInt(n);
      return { load, nonce, ...sign(load, nonce) };
    });
    for (const chunk of chunksOf(signed, 500)) await insertTransactions(trx, sender, chunk);
    await setSent(trx, acts);
    return signed;
  });
}

/** The first act of each member, then the second of each, and so on: whoever hands in many makes none but himself wait. */
async function submittedInstructions(
  trx: Trx,
  signedBy: readonly SignedBy[],
  limit: number,
): Promise<QueuedInstruction[]> {
  const { rows } = await sql<QueuedInstruction>`
    select a.* from app.instruction a join (
      select id, submitted_at, row_number() over (partition by member order by submitted_at, id) as turn
      from app.instruction where state = 'submitted' and signed_by = any(${sql.val([...signedBy])}::text[])
    ) q on q.id = a.id
    where a.state = 'submitted'
    order by q.turn, q.submitted_at, q.id limit ${limit} for update of a skip locked`.execute(trx);
  return rows;
}

const setSent = (trx: Trx, acts: readonly QueuedInstruction[]): Promise<unknown> =>
  sql`
    with sent as (
      update app.instruction set state = 'sent' where id = any(${sql.val(acts.map(({ id }) => id))}::uuid[])
      returning id, state, member)
    select ${noticeOfAct} from sent`.execute(trx);

/** What they carry and their signed forms go in the same statement. */
async function insertTransactions(trx: Trx, sender: string, signed: readonly Signed[]): Promise<void> {
  const address = toBytes(sender);
  const transactions = signed.map(({ load: { target, data, gasLimit }, nonce }) => ({
    sender: address,
    nonce,
    target: toBytes(target),
    data: toBytes(data),
    gas_limit: gasLimit,
    state: 'sent' as const,
  }));
  const acts = signed.flatMap(({ load: { steps }, nonce }) =>
    steps.map(({ act, step }, position) => ({
      sender: address,
      nonce,
      position,
      instruction_id: act,
      step,
      state: 'sent' as const,
    })),
  );
  const attempts = signed.map((attempt) => attemptRow(address, attempt.nonce, attempt));
  await trx
    .with('carried', (query) => query.insertInto('app.transaction_instruction').values(acts))
    .with('attempted', (query) => query.insertInto('app.transaction_attempt').values(attempts))
    .insertInto('app.transaction')
    .values(transactions)
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
  const open = sql`
    select * from app.transaction where sender = ${toBytes(sender)} and state = 'sent'
      ${below === undefined ? sql`` : sql`and nonce < ${below}`} order by nonce limit ${limit}`;
  const [rows, acts, attempts] = await ask(
    db,
    SYSTEM,
    { statement: open, answer: (found: Selectable<AppTransaction>[]) => found },
    {
      statement: sql`
        select c.*, a.request_id from app.transaction_instruction c
        join (${open}) t on t.sender = c.sender and t.nonce = c.nonce join app.instruction a on a.id = c.instruction_id
        where c.state = 'sent' order by c.position`,
      answer: (found: CarriedAct[]) => Map.groupBy(found, ({ nonce }) => nonce),
    },
    {
      statement: sql`
        select a.* from app.transaction_attempt a join (${open}) t on t.sender = a.sender and t.nonce = a.nonce
        order by a.signed_at`,
      answer: (found: Selectable<AppTransactionAttempt>[]) => Map.groupBy(found, ({ nonce }) => nonce),
    },
  );
  return rows.map((row) => ({
    ...row,
    acts: acts.get(row.nonce) ?? [],
    attempts: attempts.get(row.nonce) ?? [],
  }));
}

/** How an act ended that a transaction carried. */
export type ActOutcome = {
  readonly act: string;
  readonly position: number;
  /** Of the transaction that carried it out, ours or another's; with a problem always of ours. */
  readonly hash: string;
  readonly block: bigint;
  /** The act's own logs, where the transaction has others. */
  readonly logs?: { readonly first: number; readonly last: number } | undefined;
  readonly problem?: { readonly code: ProblemCode; readonly detail: Text };
};

/** How a transaction ended. */
export type Outcome = {
  readonly sender: string;
  readonly nonce: bigint;
  readonly hash: string;
  readonly block: bigint;
  readonly blockHash: string;
  readonly isFailed: boolean;
  /** An act that it carries and that is not named here was not begun: it goes back into the queue, to be sent alone. */
  readonly acts: readonly ActOutcome[];
};

/** The hashes of blocks with these numbers, as far as the read model has them. */
export async function indexedOf(db: Kysely<DB>, blocks: readonly bigint[]): Promise<Set<string>> {
  if (blocks.length === 0) return new Set();
  const { rows } = await sql<{ hash: Buffer }>`
    select hash from chain.block where number = any(${sql.val([...blocks])}::bigint[])
    `.execute(db);
  return new Set(rows.map(({ hash }) => toHex(hash)));
}

/**
 * Writes how transactions ended. An act is done when all its steps are, and has failed when one has; what it made is then
 * read from the ledger, which alone knows.
 */
export async function settle(db: Kysely<DB>, outcomes: readonly Outcome[]): Promise<void> {
  const acts = outcomes.flatMap(({ sender, nonce, acts }) => acts.map((act) => ({ ...act, sender, nonce })));
  const failed = acts.filter(({ problem }) => problem !== undefined);
  await write(
    db,
    SYSTEM,
    closed(outcomes),
    closedInstructions(acts),
    putBack(outcomes),
    ended(finished([...new Set(acts.map(({ act }) => act))])),
    ...failed.map((outcome) => ended(failure(outcome))),
  );
}

const closed = (outcomes: readonly Outcome[]): Query<void> =>
  done(sql`
    update app.transaction t
    set state = o.state, hash = o.hash, block_number = o.block_number, block_hash = o.block_hash
    from unnest(
      ${sql.val(outcomes.map(({ sender }) => toBytes(sender)))}::bytea[],
      ${sql.val(outcomes.map(({ nonce }) => nonce))}::bigint[],
      ${sql.val(outcomes.map(({ isFailed }) => (isFailed ? 'failed' : 'done')))}::text[],
      ${sql.val(outcomes.map(({ hash }) => toBytes(hash)))}::bytea[],
      ${sql.val(outcomes.map(({ block }) => block))}::bigint[],
      ${sql.val(outcomes.map(({ blockHash }) => toBytes(blockHash)))}::bytea[]
    ) as o (sender, nonce, state, hash, block_number, block_hash)
    where t.sender = o.sender and t.nonce = o.nonce and t.state = 'sent'`);

const closedInstructions = (
  acts: readonly (ActOutcome & { readonly sender: string; readonly nonce: bigint })[],
): Query<void> =>
  done(sql`
    update app.transaction_instruction t
    set state = o.state, hash = o.hash, block_number = o.block_number, first_log = o.first_log, last_log = o.last_log
    from unnest(
      ${sql.val(acts.map(({ sender }) => toBytes(sender)))}::bytea[],
      ${sql.val(acts.map(({ nonce }) => nonce))}::bigint[],
      ${sql.val(acts.map(({ position }) => position))}::integer[],
      ${sql.val(acts.map(({ problem }) => (problem === undefined ? 'done' : 'failed')))}::text[],
      ${sql.val(acts.map(({ hash }) => toBytes(hash)))}::bytea[],
      ${sql.val(acts.map(({ block }) => block))}::bigint[],
      ${sql.val(acts.map(({ logs }) => logs?.first ?? null))}::integer[],
      ${sql.val(acts.map(({ logs }) => logs?.last ?? null))}::integer[]
    ) as o (sender, nonce, position, state, hash, block_number, first_log, last_log)
    where t.sender = o.sender and t.nonce = o.nonce and t.position = o.position and t.state = 'sent'`);

/** What a transaction that has ended did not begin is to be sent again, without company this time. */
const putBack = (outcomes: readonly Outcome[]): Query<void> =>
  done(sql`
    with left_over as (
      delete from app.transaction_instruction c
      using unnest(
        ${sql.val(outcomes.map(({ sender }) => toBytes(sender)))}::bytea[],
        ${sql.val(outcomes.map(({ nonce }) => nonce))}::bigint[]
      ) as o (sender, nonce)
      where c.sender = o.sender and c.nonce = o.nonce and c.state = 'sent'
      returning c.instruction_id),
    waiting as (
      update app.instruction set state = 'submitted', alone = true
      where id in (select instruction_id from left_over) and state = 'sent'
      returning id, state, member)
    select ${noticeOfAct}, pg_notify('queue', '{}') from waiting`);

/** Tells of the acts that an update ends, and their members that what waits for them may have changed. */
const ended = (update: RawBuilder<unknown>): Query<void> =>
  done(sql`
    with ended as (${update} returning app.instruction.id, app.instruction.state, app.instruction.member)
    select ${noticeOfAct} from ended
    union all
    select pg_notify('app', json_build_object('inbox', json_agg(distinct member))::text) from ended
      where member is not null having count(*) > 0`);

const MAKE_A_PARCEL = eventsThat(({ makesParcel }) => makesParcel === true);

/** Bills and parcels as the ledger has them: a part is cut where the parcel ended when the act was carried out. */
const finished = (acts: readonly string[]) => sql`
  update app.instruction set state = 'done', tx_hash = t.hash, block_number = t.block_number,
    makes = jsonb_build_object('bills', app.instruction.makes -> 'bills', 'parcels', coalesce((
      select jsonb_agg((a.bill_no::numeric * 18446744073709551616 + a.first)::text order by a.log_index)
      from ledger.act a
      where a.tx_hash = t.hash and a.name = any(${sql.val(MAKE_A_PARCEL)}::text[])
        and (t.first_log is null or a.log_index between t.first_log and t.last_log)
    ), app.instruction.makes -> 'parcels'))
  from (
    select distinct on (instruction_id) * from app.transaction_instruction
    where instruction_id = any(${sql.val(acts)}::uuid[]) order by instruction_id, step desc) t
  where app.instruction.id = t.instruction_id and app.instruction.state = 'sent' and not exists (
    select from app.transaction_instruction o where o.instruction_id = t.instruction_id and o.state <> 'done')`;

/** The first transaction that failed says why. */
const failure = ({ act, hash, block, problem }: ActOutcome) => sql`
  update app.instruction set state = 'failed', tx_hash = ${toBytes(hash)}, block_number = ${block},
    code = ${problem!.code}, detail = ${json(problem!.detail)}
  where state = 'sent' and id = ${act}`;

/**
 * Transactions whose block the chain has taken back (or lost) are under way again, and so are their acts. Returns whether
 * there were any.
 */
export function reopenLost(db: Kysely<DB>, sender: string): Promise<boolean> {
  return system(db, async (trx) => {
    const { rows: lost } = await sql<{ nonce: bigint }>`
      update app.transaction t set state = 'sent', hash = null, block_number = null, block_hash = null
      where t.sender = ${toBytes(sender)} and t.state in ('done', 'failed')
        and t.block_number >= (select block_number - 1000 from chain.cursor)
        and not exists (select from chain.block b where b.number = t.block_number and b.hash = t.block_hash)
      returning t.nonce`.execute(trx);
    if (lost.length === 0) return false;
    const { rows } = await sql<{ instruction_id: string }>`
      update app.transaction_instruction
      set state = 'sent', hash = null, block_number = null, first_log = null, last_log = null
      where sender = ${toBytes(sender)} and nonce = any(${sql.val(lost.map(({ nonce }) => nonce))}::bigint[])
      returning instruction_id`.execute(trx);
    const acts = await trx
      .updateTable('app.instruction')
      .set({ state: 'sent', tx_hash: null, block_number: null, code: null, detail: null })
      .where(sql<boolean>`id = any(${sql.val(rows.map(({ instruction_id }) => instruction_id))}::uuid[])`)
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

/** The nonce went to a transaction that is none of ours: what was to go with it goes back into the queue. */
export function requeue(db: Kysely<DB>, sender: string, nonce: bigint): Promise<void> {
  const ofNonce = sql`sender = ${toBytes(sender)} and nonce = ${nonce}`;
  return system(db, async (trx) => {
    const { rows } = await sql<{ instruction_id: string }>`
      delete from app.transaction_instruction where ${ofNonce} returning instruction_id`.execute(trx);
    await sql`delete from app.transaction_attempt where ${ofNonce}`.execute(trx);
    await sql`delete from app.transaction where ${ofNonce}`.execute(trx);
    await sql`
      update app.instruction set state = 'submitted'
      where id = any(${sql.val(rows.map(({ instruction_id }) => instruction_id))}::uuid[]) and state = 'sent'
        and not exists (select from app.transaction_instruction c where c.instruction_id = app.instruction.id)`.execute(
      trx,
    );
    await wakeRelayer(trx);
  });
}

/** Where the ledger says that an account has used a nonce. */
export async function useOfNonce(
  db: Kysely<DB>,
  account: string,
  nonce: bigint,
): Promise<{ readonly hash: string; readonly log: number } | undefined> {
  const row = await db
    .selectFrom('ledger.nonce_used')
    .select(['tx_hash', 'log_index'])
    .where('account', '=', toBytes(account))
    .where('nonce', '=', nonce)
    .executeTakeFirst();
  return row && { hash: toHex(row.tx_hash), log: row.log_index };
}
