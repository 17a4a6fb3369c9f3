/** Prepared acts, from the API's side: stored, signed, followed. The relayer's side is queue.ts. */
import { sql, type InsertObject, type Kysely, type RawBuilder, type Selectable } from 'kysely';
import { factsOf, plainFacts, type Facts } from '#domain/instructions/facts.ts';
import { Problem, type ProblemCode, type Text } from '#domain/problems.ts';
import { toBytes } from '../wire/bytes.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';
import {
  ask,
  atBranch,
  done,
  SYSTEM,
  transact,
  type Query,
  type Trx,
  type Viewer,
} from '../access/access.ts';
import type { AppInstruction, DB } from '../types.ts';
import { json } from '../wire/json.ts';
import { wakeRelayer, wakingRelayer } from './notices.ts';

export type Call = { readonly target: string; readonly data: string };
export type Makes = { readonly bills: readonly string[]; readonly parcels: readonly string[] };
export type InstructionState = AppInstruction['state'];
export type SignedBy = AppInstruction['signed_by'];

type Row = Selectable<AppInstruction>;
export type InstructionRow = Omit<Row, 'calls' | 'facts' | 'makes' | 'detail' | 'code'> & {
  readonly calls: readonly Call[];
  readonly facts: Facts;
  readonly makes: Makes;
  readonly detail: Text | null;
  readonly code: ProblemCode | null;
};
/** jsonb has no types in the database: what {@link insertInstruction} wrote is what comes back. */
export const typed = (row: Row): InstructionRow =>
  ({ ...row, facts: factsOf(row.facts) }) as unknown as InstructionRow;

export type NewInstruction = {
  readonly id: string;
  readonly signedBy: SignedBy;
  readonly member: number | null;
  readonly type: string;
  readonly input: unknown;
  readonly facts: Facts;
  readonly calls: readonly Call[];
  readonly gasLimit: bigint;
  readonly makes: Makes;
  /** Done at once is what there is nothing to do for. */
  readonly state: 'prepared' | 'submitted' | 'done';
  /** Of the clock that the bills live by; without it the member may have any number of acts open. */
  readonly now?: number;
  /** null: a system, or a visitor of the demonstration. */
  readonly preparedBy?: string | null;
  /** Of the request that hands it in, where that is the same that prepares it. */
  readonly requestId?: string;
  readonly signing?: {
    readonly account: string;
    readonly nonce: bigint;
    readonly validUntil: number;
    readonly digest: string;
  };
};

/** Acts that a member may have open: waiting for signatures that are still of use, or under way. A full file makes 2,020. */
export const MAX_OPEN = 2_500;

/**
 * In its member's name. An act that is submitted at once wakes the relayer. Throws RATE_LIMITED when the member has too
 * many open.
 */
export function insertion(act: NewInstruction): readonly [Query<InstructionRow>, ...Query<void>[]] {
  const { signing, member, now } = act;
  const row: InsertObject<DB, 'app.instruction'> = {
    id: act.id,
    signed_by: act.signedBy,
    member: act.member,
    type: act.type,
    input: json(act.input),
    facts: json(plainFacts(act.facts)),
    calls: json(act.calls),
    gas_limit: act.gasLimit,
    makes: json(act.makes),
    state: act.state,
    prepared_by: act.preparedBy ?? null,
    request_id: act.requestId ?? null,
    submitted_at: act.state === 'prepared' ? null : sql<Date>`clock_timestamp()`,
    account: signing === undefined ? null : toBytes(signing.account),
    nonce: signing?.nonce ?? null,
    valid_until: signing === undefined ? null : BigInt(signing.validUntil),
    digest: signing === undefined ? null : toBytes(signing.digest),
  };
  const hasRoom =
    member === null || now === undefined ? sql`true` : sql`${openInstructions(member, now)} < ${MAX_OPEN}`;
  const statement = sql`
    insert into app.instruction (${sql.join(Object.keys(row).map((name) => sql.ref(name)))})
    select ${sql.join(Object.values(row))} where ${hasRoom} returning *`;
  const insertion: Query<InstructionRow> = {
    statement,
    answer: ([stored]: Row[]) => typed(stored ?? tooMany()),
  };
  return act.state === 'submitted' ? [insertion, done(wakingRelayer(act.signedBy))] : [insertion];
}

/** How many a member has open, counted no further than the bound. */
const openInstructions = (member: number, now: number) => sql`(select count(*) from (
  select from app.instruction where member = ${member} and state in ('submitted', 'sent')
  union all
  select from app.instruction where member = ${member} and state = 'prepared' and valid_until >= ${now}
  limit ${MAX_OPEN}) open)`;

function tooMany(): never {
  throw new Problem('RATE_LIMITED', {
    zh: `尚未签名或尚未完成的办理已达 ${MAX_OPEN} 笔，请先签名、等待完成或等其过期`,
    en: `${MAX_OPEN} acts wait for signatures or are under way: sign them, wait for their end, or let them expire`,
  });
}

/** Within a transaction that does more. */
export async function insertInstruction(trx: Trx, act: NewInstruction): Promise<InstructionRow> {
  const [{ statement, answer }, ...rest] = insertion(act);
  const { rows } = await trx.executeQuery<Row>((statement as RawBuilder<Row>).compile(trx));
  if (rest.length > 0) await wakeRelayer(trx, act.signedBy);
  return answer(rows as never[]);
}

export const findInstruction = async (
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
): Promise<InstructionRow | undefined> => {
  const query: Query<InstructionRow | undefined> = {
    statement: sql`select * from app.instruction
      where id = ${id} ${viewer.seesAll ? sql`` : sql`and member = ${viewer.member} and ${atBranch(viewer)}`}`,
    answer: ([row]: Row[]) => row && typed(row),
  };
  return (await ask(db, viewer, query))[0];
};

/** What was prepared or handed in for an account under this nonce. */
export async function findByNonce(
  db: Kysely<DB>,
  account: string,
  nonce: bigint,
): Promise<InstructionRow | undefined> {
  const query: Query<InstructionRow | undefined> = {
    statement: sql`select * from app.instruction where account = ${toBytes(account)} and nonce = ${nonce}`,
    answer: ([row]: Row[]) => row && typed(row),
  };
  return (await ask(db, SYSTEM, query))[0];
}

type Filter = {
  /** expired: it was prepared, and its time is over. */
  readonly state?: InstructionState | 'expired' | undefined;
  readonly type?: string | undefined;
  readonly signed?: boolean | undefined;
  readonly now: number;
};
const isInState = ({ state, now }: Filter) =>
  state === 'expired'
    ? sql`and state = 'prepared' and valid_until < ${now}`
    : state === 'prepared'
      ? sql`and state = 'prepared' and valid_until >= ${now}`
      : state === undefined
        ? sql``
        : sql`and state = ${state}`;
/** What was taken back before anybody had signed it was only looked at. */
const wasMoreThanLookedAt = sql`and state <> 'prepared' and (state <> 'withdrawn'
  or exists (select from app.signature s where s.digest = app.instruction.digest offset 0))`;

/** A member's own acts, newest first. */
export const listInstructions = async (
  db: Kysely<DB>,
  viewer: Viewer,
  filter: Filter,
  page: PageOf,
): Promise<Page<InstructionRow>> => {
  const query: Query<Page<InstructionRow>> = {
    statement: sql`
      select * from app.instruction where member = ${viewer.member} and ${atBranch(viewer)}
        ${isInState(filter)}
        ${filter.signed === true ? wasMoreThanLookedAt : sql``}
        ${filter.type === undefined ? sql`` : sql`and type = ${filter.type}`}
        ${page.after === undefined ? sql`` : sql`and id < ${page.after[0]}::uuid`}
      order by id desc limit ${oneMore(page)}`,
    answer: (rows: Row[]) => paged(rows.map(typed), page.limit, ({ id }) => [id]),
  };
  return (await ask(db, viewer, query))[0];
};

/** How many acts are signed and not over yet. For the system. */
export const queueLengths = (db: Kysely<DB>): Promise<Record<'submitted' | 'sent', number>> =>
  transact(db, SYSTEM, async (trx) => {
    const rows = await trx
      .selectFrom('app.instruction')
      .select(['state', sql<bigint>`count(*)`.as('count')])
      .where('state', 'in', ['submitted', 'sent'])
      .groupBy('state')
      .execute();
    const count = (state: string) => Number(rows.find((row) => row.state === state)?.count ?? 0n);
    return { submitted: count('submitted'), sent: count('sent') };
  });
