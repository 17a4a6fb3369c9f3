/** Instructions that wait for signatures: added to, refused, taken back. All of it holds the instruction's row. */
import { sql, type Kysely } from 'kysely';
import { auditInsertion, recordAudit, type AuditEntry } from '../audit/write.ts';
import { toBytes } from '../wire/bytes.ts';
import { ask, atBranch, transact, write, type Query, type Viewer } from '../access/access.ts';
import type { DB } from '../types.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';
import { noticeActs, noticeInbox, noticesOfSubmitted, wakeRelayer } from './notices.ts';
import { typed, type InstructionRow } from './own.ts';
import { addSignatures, insertion, type Collected, type NewSignature } from './signatures.ts';

type Row = Parameters<typeof typed>[0];
type HandedIn = {
  readonly id: string;
  readonly digest: string;
  readonly signatures: readonly NewSignature[];
  readonly audited: AuditEntry;
};

/** Puts an instruction into the queue that needs no more than these. Undefined when it waits no more. */
export const submitAtOnce = async (
  db: Kysely<DB>,
  viewer: Viewer,
  { id, digest, signatures, audited }: HandedIn,
  combined: string,
): Promise<InstructionRow | undefined> => {
  const query: Query<InstructionRow | undefined> = {
    statement: sql`
      with taken as (
        update app.instruction set state = 'submitted', signature = ${toBytes(combined)}, submitted_at = clock_timestamp(),
          request_id = ${audited.requestId ?? null}
        where id = ${id} and member = ${viewer.member} and state = 'prepared' returning *),
      signed as (${insertion(viewer.member, digest, signatures, sql`taken`)}),
      audited as (${auditInsertion([audited], sql`where exists (select from taken)`)})
      select taken.*, ${noticesOfSubmitted({ act: id, state: 'submitted', member: viewer.member })} from taken`,
    answer: ([row]: Row[]) => row && typed(row),
  };
  return (await write(db, viewer, query))[0];
};

/**
 * Adds signatures, and puts the instruction into the queue when `combine` makes one of all that there are. Undefined when it waits
 * no more.
 */
export const addToInstruction = (
  db: Kysely<DB>,
  viewer: Viewer,
  { id, digest, signatures, audited }: HandedIn,
  combine: (all: readonly Collected[]) => string | undefined,
): Promise<{ instruction: InstructionRow; all: Collected[] } | undefined> =>
  transact(db, viewer, async (trx) => {
    const { member } = viewer;
    const waiting = await trx
      .selectFrom('app.instruction')
      .selectAll()
      .where('id', '=', id)
      .where('member', '=', member)
      .where('state', '=', 'prepared')
      .forUpdate()
      .executeTakeFirst();
    if (waiting === undefined) return undefined;
    const all = await addSignatures(trx, member, digest, signatures);
    const combined = combine(all);
    await recordAudit(trx, audited);
    await noticeInbox(trx, [member]);
    if (combined === undefined) {
      await noticeActs(trx, [{ act: id, state: 'prepared', member }]);
      return { instruction: typed(waiting), all };
    }
    const submitted = await trx
      .updateTable('app.instruction')
      .set({
        state: 'submitted',
        signature: toBytes(combined),
        submitted_at: sql<Date>`clock_timestamp()`,
        request_id: audited.requestId ?? null,
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await noticeActs(trx, [{ act: id, state: 'submitted', member }]);
    await wakeRelayer(trx, 'firm');
    return { instruction: typed(submitted), all };
  });

type Closing = {
  readonly state: 'refused' | 'withdrawn';
  readonly by: string | null;
  readonly reason: string | null;
  readonly audited: AuditEntry;
};

/** For good: nobody adds a signature to it here any more. Undefined when it waits no more. */
export const closeInstruction = (
  db: Kysely<DB>,
  viewer: Viewer,
  id: string,
  { state, by, reason, audited }: Closing,
): Promise<InstructionRow | undefined> =>
  transact(db, viewer, async (trx) => {
    const { member } = viewer;
    const closed = await trx
      .updateTable('app.instruction')
      .set({ state, refused_by: by, refused_at: sql<Date>`clock_timestamp()`, reason })
      .where('id', '=', id)
      .where('member', '=', member)
      .where('state', '=', 'prepared')
      .returningAll()
      .executeTakeFirst();
    if (closed === undefined) return undefined;
    await recordAudit(trx, audited);
    await noticeActs(trx, [{ act: id, state, member }]);
    await noticeInbox(trx, [member]);
    return typed(closed);
  });

/**
 * Whether an instruction `a` may still be carried out: it is on its way or done, or waits for signatures, or somebody had signed it
 * before it was refused or taken back: who holds enough signatures can bring it to the chain without us, until it runs out.
 */
export const isAlive = (
  now: number,
) => sql<boolean>`(a.state in ('submitted', 'sent', 'done') or a.valid_until >= ${now}
  and (a.state = 'prepared' or a.state in ('refused', 'withdrawn') and ${wasSigned}))`;
const wasSigned = sql<boolean>`exists (select from app.signature s where s.digest = a.digest)`;

/** 'me': the viewer's person may sign it still. 'others': the person has prepared or signed it, and somebody else has to. */
export type Waiting = 'me' | 'others';

/**
 * Unsigned instructions of a person who looks at them before signing are nobody else's business; so of those that nobody has signed
 * only others' are told. Newest first.
 *
 * @param person null: a system or a visitor of the demonstration.
 */
export const listWaiting = async (
  db: Kysely<DB>,
  viewer: Viewer,
  { waiting, person, now }: { waiting: Waiting; person: string | null; now: number },
  page: PageOf,
): Promise<Page<InstructionRow>> => {
  const isSigned = sql`exists (select from app.signature s where s.digest = i.digest and s.person_id = ${person}::uuid)`;
  const isMine =
    waiting === 'me'
      ? sql`not ${isSigned} and (i.prepared_by is distinct from ${person}::uuid
          or exists (select from app.signature s where s.digest = i.digest))`
      : sql`(i.prepared_by = ${person}::uuid or ${isSigned})`;
  const query: Query<Page<InstructionRow>> = {
    statement: sql`
      select * from app.instruction i where member = ${viewer.member} and ${atBranch(viewer)} and signed_by = 'firm' and state = 'prepared'
        and valid_until >= ${now} and ${isMine}
        ${page.after === undefined ? sql`` : sql`and id < ${page.after[0]}::uuid`}
      order by id desc limit ${oneMore(page)}`,
    answer: (rows: Row[]) => paged(rows.map(typed), page.limit, ({ id }) => [id]),
  };
  return (await ask(db, viewer, query))[0];
};
