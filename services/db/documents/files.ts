/** Documents of bills as ciphertext, and the keys of bills, wrapped. */
import { sql, type Kysely, type Selectable } from 'kysely';
import { ROLE_BITS } from '#domain/codes.ts';
import { ask, type Query, type Trx, type Viewer } from '../access/access.ts';
import type { AppBillFile, AppBillKey, AppBillKeyWrap, DB } from '../types.ts';

export type FileRow = Omit<Selectable<AppBillFile>, 'content'>;
export type BillKeyRow = Selectable<AppBillKey>;
export type WrapRow = Omit<Selectable<AppBillKeyWrap>, 'created_at'>;

/** What one member may keep here, all in all (bytes), and attach to one bill. */
export const MAX_BYTES_OF_MEMBER = 512 * 1024 ** 2;
export const MAX_FILES_OF_BILL = 50;
/** Each that sight was taken back from makes room for a further one. */
export const MAX_KEYS_OF_BILL = 200;

const FILE = sql`id, bill_no, bill_key_id, member, person_id, facts, size, content_hash, created_at, removed_at, removed_by`;

export const filesQuery = (billNo: bigint): Query<FileRow[]> => ({
  statement: sql`select ${FILE} from app.bill_file where bill_no = ${billNo} order by created_at, id`,
  answer: (rows) => rows,
});

export const billKeysQuery = (billNo: bigint): Query<BillKeyRow[]> => ({
  statement: sql`select * from app.bill_key where bill_no = ${billNo} order by created_at, id`,
  answer: (rows) => rows,
});

/** Those for the member and those that it made. */
export const wrapsQuery = (member: number, billNo: bigint): Query<WrapRow[]> => ({
  statement: sql`
    select w.bill_key_id, w.document_key_id, w.sender_key_id, w.member, w.wrapped_by, w.wrapped
    from app.bill_key_wrap w join app.bill_key k on k.id = w.bill_key_id
    where k.bill_no = ${billNo} and ${member} in (w.member, w.wrapped_by) order by w.created_at`,
  answer: (rows) => rows,
});

export const findFile = async (
  trx: Trx,
  billNo: bigint,
  id: string,
): Promise<Selectable<AppBillFile> | undefined> =>
  trx
    .selectFrom('app.bill_file')
    .selectAll()
    .where('bill_no', '=', billNo)
    .where('id', '=', id)
    .executeTakeFirst();

export type NewWrap = Pick<WrapRow, 'bill_key_id' | 'document_key_id' | 'member' | 'wrapped'>;

/** By a member under its key in force. What it wrapped for the same key before stays. */
export async function addWraps(
  trx: Trx,
  by: { readonly member: number; readonly key: string },
  wraps: readonly NewWrap[],
): Promise<void> {
  if (wraps.length === 0) return;
  await trx
    .insertInto('app.bill_key_wrap')
    .values(wraps.map((wrap) => ({ ...wrap, wrapped_by: by.member, sender_key_id: by.key })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** 'many' where the bill has enough of them. */
export async function addBillKey(
  trx: Trx,
  key: Pick<BillKeyRow, 'id' | 'bill_no' | 'commitment' | 'made_by'>,
): Promise<'added' | 'known' | 'many'> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::integer as n from app.bill_key where bill_no = ${key.bill_no}`.execute(trx);
  if (rows[0]!.n >= MAX_KEYS_OF_BILL) return 'many';
  const { numInsertedOrUpdatedRows: added } = await trx
    .insertInto('app.bill_key')
    .values(key)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return added === 1n ? 'added' : 'known';
}

export const keyIdsOf = async (trx: Trx, billNo: bigint): Promise<ReadonlySet<string>> => {
  const rows = await trx.selectFrom('app.bill_key').select('id').where('bill_no', '=', billNo).execute();
  return new Set(rows.map(({ id }) => id));
};

/** Under which of the bill's keys something new may be encrypted. */
export const isKeyInForce = async (trx: Trx, billNo: bigint, id: string): Promise<boolean> =>
  (await trx
    .selectFrom('app.bill_key')
    .select('id')
    .where('bill_no', '=', billNo)
    .where('id', '=', id)
    .where('retired_at', 'is', null)
    .executeTakeFirst()) !== undefined;

export type NewFile = Omit<Selectable<AppBillFile>, 'created_at' | 'removed_at' | 'removed_by'>;

/** 'full' where the member keeps enough, 'many' where it has attached enough to the bill, 'known' for an id that was used. */
export async function addFile(trx: Trx, file: NewFile): Promise<'added' | 'full' | 'many' | 'known'> {
  const { member, bill_no: bill } = file;
  await sql`select pg_advisory_xact_lock(hashtext('app.bill_file'), ${member})`.execute(trx);
  const { rows } = await sql<{ bytes: bigint; here: number }>`
    select coalesce(sum(size) filter (where removed_at is null), 0)::bigint as bytes, (count(*) filter (where bill_no = ${bill}))::integer as here
    from app.bill_file where member = ${member}`.execute(trx);
  const { bytes, here } = rows[0]!;
  if (here >= MAX_FILES_OF_BILL) return 'many';
  if (bytes + BigInt(file.size) > BigInt(MAX_BYTES_OF_MEMBER)) return 'full';
  const { numInsertedOrUpdatedRows: added } = await trx
    .insertInto('app.bill_file')
    .values(file)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return added === 1n ? 'added' : 'known';
}

/** Who has its key and is entitled to it: for the system, because no member knows of all of them. */
export const openersOf = async (trx: Trx, billNo: bigint, id: string): Promise<number[]> => {
  const { rows } = await sql<{ member: number }>`
    select distinct w.member from app.bill_file f join app.bill_key_wrap w on w.bill_key_id = f.bill_key_id
    where f.id = ${id} and f.bill_no = ${billNo} and (
      exists (select from ledger.bill b where b.bill_no = f.bill_no and b.to_block is null and w.member in (b.acceptor, b.payee))
      or exists (select from ledger.parcel p where p.bill_no = f.bill_no and (p.holder = w.member
        or (p.to_block is null and w.member in (p.offered_to, p.pledgee))))
      or exists (select from app.document_sight s
        where s.bill_no = f.bill_no and s.reader = w.member and s.given_at is not null and s.ended_at is null)
      or exists (select from ledger.member m
        where m.number = w.member and m.to_block is null and m.roles & ${ROLE_BITS.regulator} <> 0))
    order by 1`.execute(trx);
  return rows.map(({ member }) => member);
};

/** Its ciphertext and what was said of it are gone. Row-level security lets it be who attached it. False where there is none to remove. */
export const removeFile = async (
  trx: Trx,
  { billNo, id, member, person }: { billNo: bigint; id: string; member: number; person: string | undefined },
): Promise<boolean> => {
  const { numUpdatedRows } = await trx
    .updateTable('app.bill_file')
    .set({ content: null, facts: null, removed_at: sql<Date>`now()`, removed_by: person ?? null })
    .where('bill_no', '=', billNo)
    .where('id', '=', id)
    .where('member', '=', member)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};

/** Nothing new is encrypted under the keys that somebody has from whom sight was taken. */
export const retireKeys = (trx: Trx, billNo: bigint) =>
  trx
    .updateTable('app.bill_key')
    .set({ retired_at: sql<Date>`now()` })
    .where('bill_no', '=', billNo)
    .where('retired_at', 'is', null)
    .execute();

export type KeptDocuments = {
  readonly files: readonly FileRow[];
  readonly keys: readonly BillKeyRow[];
  /** Of the bill's keys for the member, also for a key of its own that was replaced; each with the public key of who wrapped it. */
  readonly wraps: readonly (Pick<WrapRow, 'bill_key_id' | 'document_key_id' | 'wrapped' | 'wrapped_by'> & {
    readonly sender: Buffer;
  })[];
};

/** What of a bill's documents a member takes along when it leaves, without their content. */
export async function documentsOf(db: Kysely<DB>, viewer: Viewer, billNo: bigint): Promise<KeptDocuments> {
  const [files, keys, wraps] = await ask(db, viewer, filesQuery(billNo), billKeysQuery(billNo), {
    statement: sql`
      select w.bill_key_id, w.document_key_id, w.wrapped, w.wrapped_by, s.public_key as sender
      from app.bill_key_wrap w join app.bill_key k on k.id = w.bill_key_id join app.document_key s on s.id = w.sender_key_id
      where k.bill_no = ${billNo} and w.member = ${viewer.member} order by w.created_at, w.wrapped_by`,
    answer: (rows: KeptDocuments['wraps'][number][]) => rows,
  });
  return { files, keys, wraps };
}

/** The ciphertext; undefined for one that was removed meanwhile. */
export const contentOf = async (db: Kysely<DB>, viewer: Viewer, id: string): Promise<Buffer | undefined> =>
  (
    await ask(db, viewer, {
      statement: sql`select content from app.bill_file where id = ${id}`,
      answer: ([row]: { content: Buffer | null }[]) => row?.content ?? undefined,
    })
  )[0];
