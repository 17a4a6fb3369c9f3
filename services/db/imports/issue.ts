/** Rows of an import on their way to becoming bills. */
import { sql, type Kysely } from 'kysely';
import { recordAudit, type AuditEntry } from '../audit/write.ts';
import { transact, type Trx, type Viewer } from '../access/access.ts';
import type { AppInstruction, DB } from '../types.ts';
import { isAlive } from '../instructions/collect.ts';
import { noticeActs } from '../instructions/notices.ts';
import { typed, type InstructionRow } from '../instructions/own.ts';
import type { Selectable } from 'kysely';

/** A row that no act holds: never taken up, or by one that can never be done. */
const isFree = (now: number) => sql<boolean>`jsonb_array_length(r.errors) = 0 and r.payable is not null
  and not exists (select from app.instruction a where a.id = r.instruction_id and ${isAlive(now)})`;

export type FreeRow<Payable> = { readonly row: number; readonly payable: Payable };

export type Wanted = {
  readonly rows: readonly number[] | 'all';
  readonly except: readonly number[];
  /** Only rows below this one. */
  readonly after: number;
  readonly limit: number;
};

/** Rows that can go, in order. */
export const listFreeRows = <Payable>(
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  now: number,
  { rows, except, after, limit }: Wanted,
): Promise<FreeRow<Payable>[]> =>
  transact(db, viewer, async (trx) => {
    const found = await trx
      .selectFrom('app.import_row as r')
      .select(['r.row', 'r.payable'])
      .where('r.import_id', '=', id)
      .where('r.member', '=', viewer.member)
      .where('r.row', '>', after)
      .where(isFree(now))
      .$if(rows !== 'all', (query) => query.where(sql<boolean>`r.row = any(${sql.val(rows)}::integer[])`))
      .$if(except.length > 0, (query) =>
        query.where(sql<boolean>`r.row <> all(${sql.val(except)}::integer[])`),
      )
      .orderBy('r.row')
      .limit(limit)
      .execute();
    return found as unknown as FreeRow<Payable>[];
  });

export type Whole = {
  readonly bills: number;
  readonly suppliers: number;
  readonly amount: bigint;
  readonly firstDue: string | null;
  readonly lastDue: string | null;
};

/** What would be issued if all of it went: rows that can go and those that wait for their signature. */
export const wholeOf = (
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  now: number,
  { rows, except }: Pick<Wanted, 'rows' | 'except'>,
): Promise<Whole> =>
  transact(db, viewer, async (trx) => {
    const found = await sql<Whole>`
      select count(*)::integer as bills, count(distinct r.payable ->> 'supplier')::integer as suppliers,
        coalesce(sum(r.amount_minor), 0)::numeric as amount,
        min(r.payable ->> 'dueDate') as "firstDue", max(r.payable ->> 'dueDate') as "lastDue"
      from app.import_row r left join app.instruction a on a.id = r.instruction_id
      where r.import_id = ${id} and r.member = ${viewer.member} and r.payable is not null
        and jsonb_array_length(r.errors) = 0
        and ((a.state = 'prepared' and a.valid_until >= ${now}) or (${isFree(now)}
          and (${rows === 'all'} or r.row = any(${sql.val(rows === 'all' ? [] : rows)}::integer[]))
          and r.row <> all(${sql.val(except)}::integer[])))`.execute(trx);
    return found.rows[0]!;
  });

/** Locks rows that can go, in order. Wants a transaction of the member's. */
export async function lockFreeRows(
  trx: Trx,
  id: string,
  wanted: readonly number[],
  now: number,
): Promise<number[]> {
  const rows = await trx
    .selectFrom('app.import_row as r')
    .select('r.row')
    .where('r.import_id', '=', id)
    .where(isFree(now))
    .where(sql<boolean>`r.row = any(${sql.val(wanted)}::integer[])`)
    .orderBy('r.row')
    .forUpdate('r')
    .execute();
  return rows.map(({ row }) => row);
}

/** Whether rows of an import belong to an act. */
export const isOfImport = (db: Kysely<DB>, viewer: Viewer, act: string): Promise<boolean> =>
  transact(db, viewer, async (trx) => {
    const row = await trx
      .selectFrom('app.import_row')
      .select('row')
      .where('instruction_id', '=', act)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  });

/** From now on these rows belong to the act that issues them. */
export async function bindRows(
  trx: Trx,
  id: string,
  act: string,
  bills: readonly { readonly row: number; readonly billNo: bigint }[],
): Promise<void> {
  await sql`
    update app.import_row r set instruction_id = ${act}, bill_no = b.bill_no
    from unnest(${sql.val(bills.map(({ row }) => row))}::integer[],
      ${sql.val(bills.map(({ billNo }) => billNo))}::bigint[]) as b (row, bill_no)
    where r.import_id = ${id} and r.row = b.row`.execute(trx);
}

/** Rows that turned out not to go: they keep the reason until the file is read again. */
export const refuseRows = (
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  refused: readonly { readonly row: number; readonly error: unknown }[],
): Promise<void> =>
  transact(db, viewer, async (trx) => {
    const errors = refused.map(({ error }) => JSON.stringify([error]));
    const { numAffectedRows = 0n } = await sql`
      update app.import_row r set errors = e.errors::jsonb
      from unnest(${sql.val(refused.map(({ row }) => row))}::integer[], ${sql.val(errors)}::text[]) as e (row, errors)
      where r.import_id = ${id} and r.member = ${viewer.member} and r.row = e.row
        and jsonb_array_length(r.errors) = 0`.execute(trx);
    await sql`update app.import set error_count = error_count + ${numAffectedRows} where id = ${id}`.execute(
      trx,
    );
  });

const openInstructions = (trx: Kysely<DB>, { member }: Viewer, id: string, now: number) =>
  trx
    .selectFrom('app.instruction as a')
    .where('a.member', '=', member)
    .where('a.state', '=', 'prepared')
    .where('a.valid_until', '>=', BigInt(now))
    .where(
      sql<boolean>`exists (select from app.import_row r where r.import_id = ${id} and r.instruction_id = a.id)`,
    );

/** Acts of an import that wait for their signature, the oldest first. */
export const listOpenInstructions = (
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  now: number,
  limit: number,
): Promise<InstructionRow[]> =>
  transact(db, viewer, async (trx) => {
    const rows: Selectable<AppInstruction>[] = await openInstructions(trx, viewer, id, now)
      .selectAll('a')
      .orderBy('a.id')
      .limit(limit)
      .execute();
    return rows.map(typed);
  });

/**
 * Takes back acts that wait for signatures: nobody signs them here any more. Rows of those that nobody has signed can go again;
 * of the others when they have run out. (A signature that the firm made and kept could still be brought to the chain by the firm
 * itself; the invoice backs one bill all the same.)
 */
export const releaseOpenActs = (
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  now: number,
  by: string | null,
  audited: (count: number) => AuditEntry,
): Promise<number> =>
  transact(db, viewer, async (trx) => {
    const open = await openInstructions(trx, viewer, id, now).select('a.id').forUpdate('a').execute();
    const released = await trx
      .updateTable('app.instruction')
      .set({ state: 'withdrawn', refused_by: by, refused_at: sql<Date>`clock_timestamp()` })
      .where(sql<boolean>`id = any(${sql.val(open.map(({ id }) => id))}::uuid[])`)
      .where('state', '=', 'prepared')
      .returning(['id', 'state', 'member'])
      .execute();
    await noticeActs(
      trx,
      released.map(({ id: act, state, member }) => ({ act, state, member })),
    );
    if (released.length > 0) await recordAudit(trx, audited(released.length));
    return released.length;
  });
