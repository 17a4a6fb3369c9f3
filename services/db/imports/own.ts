import { sql, type Kysely, type Selectable } from 'kysely';
import { recordAudit, type AuditEntry } from '../audit/write.ts';
import { paged, type Page, type PageOf } from '../wire/page.ts';
import { transact, type Trx, type Viewer } from '../access/access.ts';
import { isAlive } from '../instructions/collect.ts';
import type { AppImport, AppImportRow, DB } from '../types.ts';
import { json } from '../wire/json.ts';

export type RowState = 'ok' | 'error' | 'credit' | 'credited' | 'prepared' | 'held' | 'sent' | 'issued';
export type ImportRow<Given = unknown, Reading = unknown> = Omit<
  Selectable<AppImport>,
  'given' | 'reading' | 'content'
> & {
  readonly given: Given;
  readonly reading: Reading;
  readonly counts: Record<RowState, number>;
};
export type PayableRow<Payable = unknown, RowError = unknown, Credit = unknown, AsRead = unknown> = Omit<
  Selectable<AppImportRow>,
  'payable' | 'errors' | 'credit' | 'as_read'
> & {
  readonly payable: Payable | null;
  readonly as_read: AsRead | null;
  readonly credit: Credit | null;
  readonly errors: readonly RowError[];
  readonly state: RowState;
};

/** A row as it was read: a payable, a credit note, or why neither. `amount` is what would be issued. */
export type NewRow = {
  readonly row: number;
  readonly source?: string | undefined;
  readonly payable: unknown;
  readonly credit: unknown;
  readonly amount: bigint | null;
  readonly errors: readonly unknown[];
  readonly asRead: unknown;
};

/**
 * A row is issued once. An act that can never be done sets its rows free; one that is under way or done keeps them. held: its act
 * was refused or taken back after somebody had signed it, and has not run out.
 */
const stateOf = (now: number) => sql<RowState>`case
  when jsonb_array_length(r.errors) > 0 then 'error'
  when exists (select from app.credit_note c where c.import_id = r.import_id and c.row = r.row) then 'credited'
  when r.credit is not null then 'credit'
  when a.id is null or not ${isAlive(now)} then 'ok'
  when a.state = 'done' then 'issued'
  when a.state in ('submitted', 'sent') then 'sent'
  when a.state = 'prepared' then 'prepared'
  else 'held' end`;

const rowsOf = (trx: Kysely<DB>, now: number) =>
  trx
    .selectFrom('app.import_row as r')
    .leftJoin('app.instruction as a', 'a.id', 'r.instruction_id')
    .selectAll('r')
    .select(stateOf(now).as('state'));

/** Where a file that is being read goes, row by row. Lives as long as its transaction. */
export type ImportWriter = {
  readonly trx: Trx;
  readonly id: string;
  readonly member: number;
  readonly put: (rows: readonly NewRow[]) => Promise<void>;
};

/** Rows of an import whose supplier is nobody whom we know, or one of several. */
export type UnknownSupplier = {
  readonly name: string;
  readonly taxNumber: string | null;
  readonly isAmbiguous: boolean;
  readonly rows: number;
  /** Of those whose amount can be told. */
  readonly total: bigint;
};

type Filling = {
  readonly audited?: AuditEntry;
  readonly given: unknown;
  readonly fill: (writer: ImportWriter) => Promise<unknown>;
};

/** `fill` writes the rows and returns what is to be known of the file: all of it comes to be, or nothing. */
export const createImport = (
  db: Kysely<DB>,
  viewer: Viewer,
  { id, name, content, given, fill, audited }: { id: string; name: string; content: Uint8Array } & Filling,
) =>
  transact(db, viewer, async (trx) => {
    if (audited !== undefined) await recordAudit(trx, audited);
    await trx
      .insertInto('app.import')
      .values({
        id,
        member: viewer.member,
        name,
        content: Buffer.from(content.buffer, content.byteOffset, content.byteLength),
        given: json(given),
        reading: json({}),
      })
      .execute();
    await fillImport(trx, viewer, id, fill);
  });

/** Rows that an act has taken up, and credit notes that count, stay as they are; the others are as they were read now. */
export const rereadImport = (
  db: Kysely<DB>,
  viewer: Viewer,
  {
    id,
    given,
    fill,
    now,
    before,
    audited,
  }: { id: string; now: number; before?: (trx: Trx) => Promise<void> } & Filling,
) =>
  transact(db, viewer, async (trx) => {
    await before?.(trx);
    if (audited !== undefined) await recordAudit(trx, audited);
    await trx
      .updateTable('app.import')
      .set({ given: json(given) })
      .where('id', '=', id)
      .where('member', '=', viewer.member)
      .execute();
    await sql`
      delete from app.import_row r where r.import_id = ${id} and not exists (
        select from app.credit_note c where c.import_id = r.import_id and c.row = r.row) and not exists (
        select from app.instruction a where a.id = r.instruction_id and ${isAlive(now)})`.execute(trx);
    await fillImport(trx, viewer, id, fill);
  });

async function fillImport(trx: Trx, { member }: Viewer, id: string, fill: Filling['fill']): Promise<void> {
  const reading = await fill({ trx, id, member, put: (rows) => putRows(trx, member, id, rows) });
  await sql`
    update app.import i set reading = ${json(reading)}, row_count = r.rows, error_count = r.errors,
      credit_count = r.credits, total_minor = r.total
    from (
      select count(*) as rows, count(*) filter (where jsonb_array_length(errors) > 0) as errors,
        count(*) filter (where credit is not null and jsonb_array_length(errors) = 0) as credits,
        coalesce(sum(amount_minor), 0) as total
      from app.import_row where import_id = ${id}) r
    where i.id = ${id}`.execute(trx);
}

async function putRows(trx: Trx, member: number, id: string, rows: readonly NewRow[]): Promise<void> {
  if (rows.length === 0) return;
  const text = JSON.stringify(rows, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  await sql`
    insert into app.import_row (import_id, row, member, source, payable, credit, amount_minor, errors, as_read)
    select ${id}, (e ->> 'row')::integer, ${member}, e ->> 'source', nullif(e -> 'payable', 'null'::jsonb),
      nullif(e -> 'credit', 'null'::jsonb), (e ->> 'amount')::bigint, e -> 'errors', nullif(e -> 'asRead', 'null'::jsonb)
    from jsonb_array_elements(${text}::jsonb) e
    on conflict (import_id, row) do nothing`.execute(trx);
}

const imports = (trx: Kysely<DB>, now: number) =>
  trx
    .selectFrom('app.import as i')
    .select(['i.id', 'i.member', 'i.name', 'i.given', 'i.reading', 'i.created_at'])
    .select(['i.row_count', 'i.error_count', 'i.credit_count', 'i.total_minor'])
    .select(
      sql<Record<'prepared' | 'held' | 'sent' | 'issued', number>>`(
        select jsonb_build_object('prepared', count(*) filter (where s = 'prepared'),
          'held', count(*) filter (where s = 'held'), 'sent', count(*) filter (where s = 'sent'), 'issued', count(*) filter (where s = 'issued'))
        from (select ${stateOf(now)} as s from app.import_row r join app.instruction a on a.id = r.instruction_id
          where r.import_id = i.id and r.instruction_id is not null) states)`.as('taken'),
    )
    .select(
      sql<number>`(select count(*)::integer from app.credit_note c where c.import_id = i.id)`.as('credited'),
    );

type Counted = Awaited<ReturnType<ReturnType<typeof imports>['executeTakeFirstOrThrow']>>;

function counted<Given, Reading>({ taken, credited, ...row }: Counted): ImportRow<Given, Reading> {
  const { row_count: rows, error_count: error, credit_count: credits } = row;
  const ok = rows - error - credits - taken.prepared - taken.held - taken.sent - taken.issued;
  const credit = credits - credited;
  return { ...row, counts: { ok, error, credit, credited, ...taken } } as unknown as ImportRow<
    Given,
    Reading
  >;
}

export const findImport = <Given, Reading>(
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  now: number,
): Promise<ImportRow<Given, Reading> | undefined> =>
  transact(db, viewer, async (trx) => {
    const row = await imports(trx, now)
      .where('i.id', '=', id)
      .where('i.member', '=', viewer.member)
      .executeTakeFirst();
    return row && counted(row);
  });

/** Bytes of a file that are fetched at once: more would keep everybody waiting while they are understood. */
const PIECE = 1024 * 1024;

/** The file as it was uploaded. */
export const findContent = (db: Kysely<DB>, viewer: Viewer, id: string): Promise<Buffer | undefined> =>
  transact(db, viewer, async (trx) => {
    const pieces: Buffer[] = [];
    for (;;) {
      const found = await sql<{ piece: Buffer }>`
        select substring(content from ${pieces.length * PIECE + 1} for ${PIECE}) as piece from app.import
        where id = ${id} and member = ${viewer.member}`.execute(trx);
      const piece = found.rows[0]?.piece;
      if (piece === undefined) return undefined;
      pieces.push(piece);
      if (piece.length < PIECE) return Buffer.concat(pieces);
    }
  });

/** Suppliers that are not known, those of most rows first. */
export const listUnknownSuppliers = (
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  limit: number,
): Promise<UnknownSupplier[]> =>
  transact(db, viewer, async (trx) => {
    const found = await sql<UnknownSupplier>`
      select coalesce(r.as_read ->> 'supplier', r.as_read ->> 'supplierTaxNumber') as name,
        max(r.as_read ->> 'supplierTaxNumber') as "taxNumber",
        bool_or(r.errors @> '[{"code": "SUPPLIER_AMBIGUOUS"}]') as "isAmbiguous",
        count(*)::integer as rows, coalesce(sum((r.as_read ->> 'owed')::bigint), 0)::numeric as total
      from app.import_row r
      where r.import_id = ${id} and r.member = ${viewer.member} and jsonb_array_length(r.errors) > 0
        and (r.errors @> '[{"code": "SUPPLIER_UNKNOWN"}]' or r.errors @> '[{"code": "SUPPLIER_AMBIGUOUS"}]')
        and coalesce(r.as_read ->> 'supplier', r.as_read ->> 'supplierTaxNumber') is not null
      group by 1 order by count(*) desc, 1 limit ${limit}`.execute(trx);
    return found.rows;
  });

/** Which of these rows an act has taken up, or are no rows of the import. */
export const rowsNotOpen = (
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  rows: readonly number[],
  now: number,
): Promise<number[]> =>
  transact(db, viewer, async (trx) => {
    const open = await rowsOf(trx, now)
      .where('r.import_id', '=', id)
      .where('r.member', '=', viewer.member)
      .where(sql<boolean>`r.row = any(${sql.val(rows)}::integer[])`)
      .where(sql<boolean>`${stateOf(now)} in ('ok', 'error', 'credit')`)
      .execute();
    const found = new Set(open.map(({ row }) => row));
    return rows.filter((row) => !found.has(row));
  });

/** False when rows of it have become bills, are on their way or count as credit notes: then it stays. */
export const deleteImport = (
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  now: number,
  audited: AuditEntry,
): Promise<boolean> =>
  transact(db, viewer, async (trx) => {
    // What is being taken up at this moment is waited for.
    await sql`select from app.import_row where import_id = ${id} for update`.execute(trx);
    const bound = await rowsOf(trx, now)
      .where('r.import_id', '=', id)
      .where(sql<boolean>`${stateOf(now)} in ('prepared', 'held', 'sent', 'issued', 'credited')`)
      .limit(1)
      .execute();
    if (bound.length > 0) return false;
    await recordAudit(trx, audited);
    await trx.deleteFrom('app.import_row').where('import_id', '=', id).execute();
    await trx.deleteFrom('app.import').where('id', '=', id).where('member', '=', viewer.member).execute();
    return true;
  });

/** Newest first. */
export const listImports = <Given, Reading>(
  db: Kysely<DB>,
  viewer: Viewer,
  now: number,
  page: PageOf,
): Promise<Page<ImportRow<Given, Reading>>> =>
  transact(db, viewer, async (trx) => {
    const rows = await imports(trx, now)
      .where('i.member', '=', viewer.member)
      .$if(page.after !== undefined, (query) => query.where('i.id', '<', page.after![0]!))
      .orderBy('i.id', 'desc')
      .limit(page.limit + 1)
      .execute();
    return paged(
      rows.map((row) => counted<Given, Reading>(row)),
      page.limit,
      ({ id }) => [id],
    );
  });

export const listImportRows = <Payable, RowError, Credit, AsRead>(
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  state: RowState | undefined,
  now: number,
  page: PageOf,
): Promise<Page<PayableRow<Payable, RowError, Credit, AsRead>>> =>
  transact(db, viewer, async (trx) => {
    const rows = await rowsOf(trx, now)
      .where('r.import_id', '=', id)
      .where('r.member', '=', viewer.member)
      .where('r.row', '>', Number(page.after?.[0] ?? 0))
      .$if(state !== undefined, (query) => query.where(sql<boolean>`${stateOf(now)} = ${state}`))
      // Says the same of bad rows once more, as their index does.
      .$if(state === 'error', (query) => query.where(sql<boolean>`jsonb_array_length(r.errors) > 0`))
      .orderBy('r.row')
      .limit(page.limit + 1)
      .execute();
    return paged(
      rows as unknown as PayableRow<Payable, RowError, Credit, AsRead>[],
      page.limit,
      ({ row }) => [String(row)],
    );
  });
