import { sql, type Kysely, type Selectable } from 'kysely';
import { paged, type Page, type PageOf } from '../read/page.ts';
import { readAs, type Trx, type Viewer } from '../read/access.ts';
import type { AppImport, AppImportRow, DB } from '../types.ts';
import { json } from './json.ts';

export type RowState = 'ok' | 'error' | 'prepared' | 'issued';
export type ImportRow<Given = unknown, Reading = unknown> = Omit<
  Selectable<AppImport>,
  'given' | 'reading'
> & {
  readonly given: Given;
  readonly reading: Reading;
  readonly counts: Record<RowState, number>;
  /** Of all rows that can go or have gone, minor units. */
  readonly total_minor: bigint;
};
export type PayableRow<Payable = unknown, RowError = unknown> = Omit<
  Selectable<AppImportRow>,
  'payable' | 'errors'
> & { readonly payable: Payable | null; readonly errors: readonly RowError[]; readonly state: RowState };

/** A row as it was read: a payable, or why not. */
export type NewRow = {
  readonly row: number;
  readonly payable: unknown;
  readonly amount: bigint | null;
  readonly errors: readonly unknown[];
};

/**
 * A row is issued once. An act that failed, or was never signed and cannot be any more, sets its rows free; one that is
 * under way or done keeps them.
 */
const stateOf = (now: number) => sql<RowState>`case
  when jsonb_array_length(r.errors) > 0 then 'error'
  when a.id is null or a.state = 'failed' or (a.state = 'prepared' and a.valid_until < ${now}) then 'ok'
  when a.state = 'done' then 'issued'
  else 'prepared' end`;

const rowsOf = (trx: Kysely<DB>, now: number) =>
  trx
    .selectFrom('app.import_row as r')
    .leftJoin('app.act as a', 'a.id', 'r.act_id')
    .selectAll('r')
    .select(stateOf(now).as('state'));

export const createImport = (
  db: Kysely<DB>,
  viewer: Viewer,
  {
    id,
    name,
    text,
    given,
    reading,
  }: { id: string; name: string; text: string; given: unknown; reading: unknown },
  rows: readonly NewRow[],
) =>
  readAs(db, viewer, async (trx) => {
    await trx
      .insertInto('app.import')
      .values({ id, member: viewer.member, name, text, given: json(given), reading: json(reading) })
      .execute();
    await putRows(trx, viewer, id, rows);
  });

/** Rows that an act has taken up stay as they are; the others are as they were read now. */
export const rereadImport = (
  db: Kysely<DB>,
  viewer: Viewer,
  { id, given, reading }: { id: string; given: unknown; reading: unknown },
  rows: readonly NewRow[],
  now: number,
) =>
  readAs(db, viewer, async (trx) => {
    await trx
      .updateTable('app.import')
      .set({ given: json(given), reading: json(reading) })
      .where('id', '=', id)
      .where('member', '=', viewer.member)
      .execute();
    await sql`
      delete from app.import_row r where r.import_id = ${id} and not exists (
        select from app.act a where a.id = r.act_id and a.state <> 'failed'
          and (a.state <> 'prepared' or a.valid_until >= ${now}))`.execute(trx);
    await putRows(trx, viewer, id, rows);
  });

async function putRows(trx: Trx, { member }: Viewer, id: string, rows: readonly NewRow[]) {
  const text = JSON.stringify(
    rows.map(({ row, payable, amount, errors }) => ({ row, payable: payable ?? null, amount, errors })),
    (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
  );
  await sql`
    insert into app.import_row (import_id, row, member, payable, amount_minor, errors)
    select ${id}, (e ->> 'row')::integer, ${member}, nullif(e -> 'payable', 'null'::jsonb), (e ->> 'amount')::bigint,
      e -> 'errors'
    from jsonb_array_elements(${text}::jsonb) e
    on conflict (import_id, row) do nothing`.execute(trx);
}

const imports = (trx: Kysely<DB>, now: number) =>
  trx
    .selectFrom('app.import as i')
    .selectAll('i')
    .select([
      sql<Record<RowState, number>>`(
        select jsonb_build_object('ok', count(*) filter (where s = 'ok'), 'error', count(*) filter (where s = 'error'),
          'prepared', count(*) filter (where s = 'prepared'), 'issued', count(*) filter (where s = 'issued'))
        from (select ${stateOf(now)} as s from app.import_row r left join app.act a on a.id = r.act_id
          where r.import_id = i.id) states)`.as('counts'),
      sql<bigint>`coalesce((select sum(amount_minor) from app.import_row r where r.import_id = i.id), 0)::numeric`.as(
        'total_minor',
      ),
    ]);

export const findImport = <Given, Reading>(
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  now: number,
): Promise<ImportRow<Given, Reading> | undefined> =>
  readAs(db, viewer, async (trx) => {
    const row = await imports(trx, now)
      .where('i.id', '=', id)
      .where('i.member', '=', viewer.member)
      .executeTakeFirst();
    return row as unknown as ImportRow<Given, Reading> | undefined;
  });

/** Newest first. */
export const listImports = <Given, Reading>(
  db: Kysely<DB>,
  viewer: Viewer,
  now: number,
  page: PageOf,
): Promise<Page<ImportRow<Given, Reading>>> =>
  readAs(db, viewer, async (trx) => {
    const rows = await imports(trx, now)
      .where('i.member', '=', viewer.member)
      .$if(page.after !== undefined, (query) => query.where('i.id', '<', page.after![0]!))
      .orderBy('i.id', 'desc')
      .limit(page.limit + 1)
      .execute();
    return paged(rows as unknown as ImportRow<Given, Reading>[], page.limit, ({ id }) => [id]);
  });

export const listImportRows = <Payable, RowError>(
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  state: RowState | undefined,
  now: number,
  page: PageOf,
): Promise<Page<PayableRow<Payable, RowError>>> =>
  readAs(db, viewer, async (trx) => {
    const rows = await rowsOf(trx, now)
      .where('r.import_id', '=', id)
      .where('r.member', '=', viewer.member)
      .where('r.row', '>', Number(page.after?.[0] ?? 0))
      .$if(state !== undefined, (query) => query.where(sql<boolean>`${stateOf(now)} = ${state}`))
      .orderBy('r.row')
      .limit(page.limit + 1)
      .execute();
    return paged(rows as unknown as PayableRow<Payable, RowError>[], page.limit, ({ row }) => [String(row)]);
  });

/** Locks rows that can go, in order; all of them if none are named. Wants a transaction of the member's. */
export async function lockFreeRows<Payable, RowError>(
  trx: Trx,
  id: string,
  wanted: readonly number[] | 'all',
  now: number,
): Promise<PayableRow<Payable, RowError>[]> {
  const rows = await rowsOf(trx, now)
    .where('r.import_id', '=', id)
    .where(sql<boolean>`${stateOf(now)} = 'ok'`)
    .$if(wanted !== 'all', (query) => query.where(sql<boolean>`r.row = any(${sql.val(wanted)}::integer[])`))
    .orderBy('r.row')
    .forUpdate('r')
    .execute();
  return rows as unknown as PayableRow<Payable, RowError>[];
}

/** From now on these rows belong to the act that issues them. */
export async function bindRows(
  trx: Trx,
  id: string,
  act: string,
  bills: readonly { readonly row: number; readonly billNo: bigint }[],
): Promise<void> {
  await sql`
    update app.import_row r set act_id = ${act}, bill_no = b.bill_no
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
  readAs(db, viewer, async (trx) => {
    for (const { row, error } of refused) {
      await trx
        .updateTable('app.import_row')
        .set({ errors: json([error]) })
        .where('import_id', '=', id)
        .where('member', '=', viewer.member)
        .where('row', '=', row)
        .execute();
    }
  });
