/** The audit trail as people, exports and verification read it. */
import { sql, type Kysely, type Selectable } from 'kysely';
import type { ChainedEntry } from '#domain/audit/chain.ts';
import { ask, SYSTEM, transact, type Query, type Trx, type Viewer, OPERATOR } from '../access/access.ts';
import type { AppAuditEntry, AppAuditLink, DB } from '../types.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';

export type EntryRow = Omit<Selectable<AppAuditEntry>, 'facts'> & {
  readonly facts: Readonly<Record<string, string>>;
};
export type LinkRow = Selectable<AppAuditLink>;

/** As it is hashed and exported. */
export const chained = (row: EntryRow): ChainedEntry => ({
  id: String(row.id),
  at: row.at.toISOString(),
  person: row.person,
  member: row.member,
  isOperator: row.is_operator,
  forOperator: row.for_operator,
  action: row.action,
  route: row.route,
  subject: row.subject,
  requestId: row.request_id,
  ip: row.ip,
  facts: row.facts,
  salt: row.salt,
});

export type EntryFilter = {
  readonly action?: string | undefined;
  readonly member?: number | undefined;
  readonly person?: string | undefined;
  readonly subject?: string | undefined;
  /** Instants (seconds), `to` exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
};

/** What a viewer may read: all, the operator's, its own. Row-level security says the same again. */
const seen = ({ member, seesAll }: Viewer) =>
  seesAll ? sql`true` : member === OPERATOR.member ? sql`e.for_operator` : sql`e.member = ${member}`;

/** Newest first. */
export async function listEntries(
  db: Kysely<DB>,
  viewer: Viewer,
  { action, member, person, subject, from, to }: EntryFilter,
  page: PageOf,
): Promise<Page<EntryRow>> {
  const query: Query<Page<EntryRow>> = {
    statement: sql`
      select * from app.audit_entry e where ${seen(viewer)}
        ${action === undefined ? sql`` : sql`and e.action = ${action}`}
        ${member === undefined ? sql`` : sql`and e.member = ${member}`}
        ${person === undefined ? sql`` : sql`and e.person = ${person}::uuid`}
        ${subject === undefined ? sql`` : sql`and e.subject = ${subject}`}
        ${from === undefined ? sql`` : sql`and e.at >= to_timestamp(${from})`}
        ${to === undefined ? sql`` : sql`and e.at < to_timestamp(${to})`}
        ${page.after === undefined ? sql`` : sql`and e.id < ${page.after[0]}::bigint`}
      order by e.id desc limit ${oneMore(page)}`,
    answer: (rows: EntryRow[]) => paged(rows, page.limit, ({ id }) => [String(id)]),
  };
  return (await ask(db, viewer, query))[0];
}

export type AnchorRow = {
  readonly no: bigint;
  readonly at: Date;
  readonly state: 'submitted' | 'sent' | 'done' | 'failed';
  readonly tx_hash: Buffer | null;
  readonly block_number: bigint | null;
};
export type TrailState = {
  readonly head: Pick<LinkRow, 'no' | 'at' | 'hash'> | undefined;
  readonly waiting: number;
  /** Newest first. */
  readonly anchors: readonly AnchorRow[];
};

/** How far the trail is sealed and anchored: hashes, which are no secret. */
export async function readTrailState(db: Kysely<DB>, anchors: number): Promise<TrailState> {
  const [head, waiting, rows] = await ask(
    db,
    SYSTEM,
    {
      statement: sql`select no, at, hash from app.audit_link order by no desc limit 1`,
      answer: ([row]: LinkRow[]) => row,
    },
    {
      statement: sql`select count(*) from app.audit_waiting`,
      answer: ([row]: { count: bigint }[]) => Number(row!.count),
    },
    {
      statement: sql`
        select a.no, a.at, i.state, i.tx_hash, i.block_number from app.audit_anchor a
        join app.instruction i on i.id = a.instruction_id order by a.no desc limit ${anchors}`,
      answer: (found: AnchorRow[]) => found,
    },
  );
  return { head, waiting, anchors: rows };
}

/** Links from a number on, in order, each with those of its entries that the viewer may read. */
export type LinkWithEntries = { readonly link: LinkRow; readonly entries: ReadonlyMap<string, EntryRow> };

export async function readLinks(
  trx: Trx,
  viewer: Viewer,
  after: bigint,
  limit: number,
): Promise<LinkWithEntries[]> {
  const { rows: links } = await sql<LinkRow>`
    select * from app.audit_link where no > ${after} order by no limit ${limit}`.execute(trx);
  const ids = links.flatMap(({ entries }) => entries);
  const { rows } = await sql<EntryRow>`
    select * from app.audit_entry e where e.id = any(${sql.val(ids)}::bigint[]) and ${seen(viewer)}`.execute(
    trx,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return links.map((link) => ({
    link,
    entries: new Map(
      link.entries
        .map((id) => [String(id), byId.get(id)] as const)
        .filter((each): each is readonly [string, EntryRow] => each[1] !== undefined),
    ),
  }));
}

/** Links that one portion holds: each has as many entries as a second brought. */
export const PORTION = 200;

/** Entries that stand in no link and wait for none, the first of them. */
export async function unlinkedEntries(db: Kysely<DB>, limit: number): Promise<bigint[]> {
  return transact(db, SYSTEM, async (trx) => {
    const { rows } = await sql<{ id: bigint }>`
      select e.id from app.audit_entry e
      where not exists (select from app.audit_waiting w where w.entry = e.id)
        and e.id not in (select unnest(entries) from app.audit_link)
      order by e.id limit ${limit}`.execute(trx);
    return rows.map(({ id }) => id);
  });
}
