/** What a firm takes away of its bills, as of a block: those to which it is or was party, and the acts as the ledger wrote them. */
import { sql, type Kysely, type Selectable } from 'kysely';
import { asOf } from '../ledger/as-of.ts';
import { ask, type Query, type Viewer } from '../access/access.ts';
import type { ActRow } from '../bills/acts.ts';
import type { DB, LedgerBill } from '../types.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';

export type PartyBill = Selectable<LedgerBill> & {
  /** What its acceptor confirmed; null: it was issued without us. */
  readonly document: string | null;
};

/** By number. What a firm was only invited to look at is not its own. */
export async function listPartyBills(
  db: Kysely<DB>,
  viewer: Viewer,
  block: bigint,
  page: PageOf,
): Promise<Page<PartyBill>> {
  const query: Query<Page<PartyBill>> = {
    statement: sql`
      select b.*, b.due_on::text as due_on, d.canonical as document
      from ledger.bill_party v join ledger.bill b on b.bill_no = v.bill_no and ${asOf(block, 'b')}
        left join app.bill_document d on d.bill_no = b.bill_no and d.document_hash = b.document_hash
      where v.member = ${viewer.member} and v.block_number <= ${block}
        ${page.after === undefined ? sql`` : sql`and v.bill_no > ${page.after[0]}::bigint`}
      order by v.bill_no limit ${oneMore(page)}`,
    answer: (rows: PartyBill[]) => paged(rows, page.limit, ({ bill_no }) => [String(bill_no)]),
  };
  return (await ask(db, viewer, query))[0];
}

/** `topics ‖ data` of acts of one bill, in their order. The caller says which of them its viewer may read. */
export async function actBytes(
  db: Kysely<DB>,
  viewer: Viewer,
  acts: readonly Pick<ActRow, 'block_number' | 'log_index'>[],
): Promise<Buffer[]> {
  if (acts.length === 0) return [];
  type Log = { readonly topics: Buffer; readonly data: Buffer };
  const query: Query<Log[]> = {
    statement: sql`
      select l.topics, l.data from unnest(
        ${sql.val(acts.map(({ block_number }) => block_number))}::bigint[],
        ${sql.val(acts.map(({ log_index }) => log_index))}::integer[]) with ordinality as a (block, index, place)
        join chain.log l on l.block_number = a.block and l.log_index = a.index order by a.place`,
    answer: (rows: Log[]) => rows,
  };
  const [logs] = await ask(db, viewer, query);
  if (logs.length !== acts.length) throw new Error('the logs of some acts are not kept');
  return logs.map(({ topics, data }) => Buffer.concat([topics, data]));
}
