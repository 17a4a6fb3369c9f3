/** Prepared acts, from the API's side: stored, signed, followed. The relayer's side is queue.ts. */
import { sql, type Kysely, type Selectable } from 'kysely';
import type { ProblemCode, Text } from '#domain/problems.ts';
import { toBytes } from '../bytes.ts';
import { paged, type Page, type PageOf } from '../read/page.ts';
import { readAs, SYSTEM, type Trx, type Viewer } from '../read/access.ts';
import type { AppAct, DB } from '../types.ts';
import { json } from './json.ts';
import { noticeSubmitted, wakeRelayer } from './notices.ts';

export type Call = { readonly target: string; readonly data: string };
export type Makes = { readonly bills: readonly string[]; readonly parcels: readonly string[] };
export type ActState = AppAct['state'];
export type SignedBy = AppAct['signed_by'];

type Row = Selectable<AppAct>;
export type ActRow = Omit<Row, 'calls' | 'meaning' | 'makes' | 'detail' | 'code'> & {
  readonly calls: readonly Call[];
  readonly meaning: Text;
  readonly makes: Makes;
  readonly detail: Text | null;
  readonly code: ProblemCode | null;
};
/** jsonb has no types in the database: what {@link insertAct} wrote is what comes back. */
const typed = (row: Row): ActRow => row as unknown as ActRow;

export type NewAct = {
  readonly id: string;
  readonly signedBy: SignedBy;
  readonly member: number | null;
  readonly type: string;
  readonly input: unknown;
  readonly meaning: Text;
  readonly calls: readonly Call[];
  readonly gasLimit: bigint;
  readonly makes: Makes;
  readonly state: 'prepared' | 'submitted';
  readonly signing?: {
    readonly account: string;
    readonly nonce: bigint;
    readonly validUntil: number;
    readonly digest: string;
  };
};

/** Within a transaction of its member's. An act that is submitted at once wakes the relayer. */
export async function insertAct(trx: Trx, act: NewAct): Promise<ActRow> {
  const { signing } = act;
  const row = await trx
    .insertInto('app.act')
    .values({
      id: act.id,
      signed_by: act.signedBy,
      member: act.member,
      type: act.type,
      input: json(act.input),
      meaning: json(act.meaning),
      calls: json(act.calls),
      gas_limit: act.gasLimit,
      makes: json(act.makes),
      state: act.state,
      submitted_at: act.state === 'submitted' ? sql<Date>`clock_timestamp()` : null,
      account: signing === undefined ? null : toBytes(signing.account),
      nonce: signing?.nonce ?? null,
      valid_until: signing === undefined ? null : BigInt(signing.validUntil),
      digest: signing === undefined ? null : toBytes(signing.digest),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  if (act.state === 'submitted') await wakeRelayer(trx);
  return typed(row);
}

export const findAct = (db: Kysely<DB>, viewer: Viewer, id: string): Promise<ActRow | undefined> =>
  readAs(db, viewer, async (trx) => {
    const row = await trx
      .selectFrom('app.act')
      .selectAll()
      .where('id', '=', id)
      .where((eb) => (viewer.seesAll ? eb.lit(true) : eb('member', '=', viewer.member)))
      .executeTakeFirst();
    return row && typed(row);
  });

/** A member's own acts, newest first. */
export const listActs = (
  db: Kysely<DB>,
  viewer: Viewer,
  filter: { state?: ActState | undefined; type?: string | undefined },
  page: PageOf,
): Promise<Page<ActRow>> =>
  readAs(db, viewer, async (trx) => {
    const rows = await trx
      .selectFrom('app.act')
      .selectAll()
      .where('member', '=', viewer.member)
      .$if(filter.state !== undefined, (query) => query.where('state', '=', filter.state!))
      .$if(filter.type !== undefined, (query) => query.where('type', '=', filter.type!))
      .$if(page.after !== undefined, (query) => query.where('id', '<', page.after![0]!))
      .orderBy('id', 'desc')
      .limit(page.limit + 1)
      .execute();
    return paged(rows.map(typed), page.limit, ({ id }) => [id]);
  });

/** Puts a signed act into the queue. Undefined when it is not (any more) waiting for its signature. */
export const submitAct = (
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  signature: string,
): Promise<ActRow | undefined> =>
  readAs(db, viewer, async (trx) => {
    const row = await trx
      .updateTable('app.act')
      .set({ state: 'submitted', signature: toBytes(signature), submitted_at: sql<Date>`clock_timestamp()` })
      .where('id', '=', id)
      .where('member', '=', viewer.member)
      .where('state', '=', 'prepared')
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return undefined;
    await noticeSubmitted(trx, { act: id, state: 'submitted', member: row.member });
    return typed(row);
  });

/** How many acts are signed and not over yet. For the system. */
export const queueLengths = (db: Kysely<DB>): Promise<Record<'submitted' | 'sent', number>> =>
  readAs(db, SYSTEM, async (trx) => {
    const rows = await trx
      .selectFrom('app.act')
      .select(['state', sql<bigint>`count(*)`.as('count')])
      .where('state', 'in', ['submitted', 'sent'])
      .groupBy('state')
      .execute();
    const count = (state: string) => Number(rows.find((row) => row.state === state)?.count ?? 0n);
    return { submitted: count('submitted'), sent: count('sent') };
  });
