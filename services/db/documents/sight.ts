/** Sight of a bill's documents that a member gives another. */
import { sql, type Kysely, type Selectable } from 'kysely';
import { ask, type Query, type Trx, type Viewer } from '../access/access.ts';
import type { AppDocumentSight, DB } from '../types.ts';

export type SightRow = Selectable<AppDocumentSight>;

/** Those that stand, or wait for signatures, as far as the viewer gives or has them. */
export const sightsQuery = (billNo: bigint): Query<SightRow[]> => ({
  statement: sql`
    select * from app.document_sight where bill_no = ${billNo} and ended_at is null order by created_at, id`,
  answer: (rows) => rows,
});

export const findSight = async (db: Kysely<DB>, viewer: Viewer, id: string): Promise<SightRow | undefined> =>
  (
    await ask(db, viewer, {
      statement: sql`select * from app.document_sight where id = ${id}`,
      answer: ([row]: SightRow[]) => row,
    })
  )[0];

/** Undefined where the giver has given, or prepared to give, it to this reader already. */
export async function insertSight(
  trx: Trx,
  sight: Pick<SightRow, 'id' | 'bill_no' | 'giver' | 'reader' | 'prepared_by'>,
  digestOf: (number: bigint) => Buffer,
): Promise<SightRow | undefined> {
  const { rows } = await sql<{ number: bigint }>`
    select nextval(pg_get_serial_sequence('app.document_sight', 'number')) as number`.execute(trx);
  const { number } = rows[0]!;
  const { rows: added } = await sql<SightRow>`
    insert into app.document_sight (id, bill_no, giver, reader, number, digest, prepared_by)
    overriding system value
    values (${sight.id}, ${sight.bill_no}, ${sight.giver}, ${sight.reader}, ${number}, ${digestOf(number)}, ${sight.prepared_by})
    on conflict (bill_no, giver, reader) where ended_at is null do nothing returning *`.execute(trx);
  return added[0];
}

/** In a transaction: whoever adds a signature is alone at it. */
export const lockSight = (trx: Trx, id: string): Promise<SightRow | undefined> =>
  trx.selectFrom('app.document_sight').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();

export const giveSight = (trx: Trx, id: string) =>
  trx
    .updateTable('app.document_sight')
    .set({ given_at: sql<Date>`now()` })
    .where('id', '=', id)
    .execute();

export const endSight = (trx: Trx, id: string, person: string | undefined) =>
  trx
    .updateTable('app.document_sight')
    .set({ ended_at: sql<Date>`now()`, ended_by: person ?? null })
    .where('id', '=', id)
    .execute();

/** Banks that the member has asked to quote for the bill. */
export const invitedBanks = (seller: number, billNo: bigint): Query<number[]> => ({
  statement: sql`
    select distinct bank from app.invitation where bill_no = ${billNo} and seller = ${seller} order by bank`,
  answer: (rows: { bank: number }[]) => rows.map(({ bank }) => bank),
});

export const invitedBanksOf = async (db: Kysely<DB>, viewer: Viewer, billNo: bigint): Promise<number[]> =>
  (await ask(db, viewer, invitedBanks(viewer.member, billNo)))[0];
