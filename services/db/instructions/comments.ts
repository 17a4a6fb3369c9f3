/** What a firm's people say to each other of an instruction. */
import type { Kysely } from 'kysely';
import { transact, type Viewer } from '../access/access.ts';
import { recordAudit, type AuditEntry } from '../audit/write.ts';
import { newId } from '../wire/ids.ts';
import type { DB } from '../types.ts';
import { noticeActs } from './notices.ts';
import type { InstructionRow } from './own.ts';

export type Comment = {
  readonly id: string;
  readonly person: string | null;
  readonly personName: string | null;
  readonly text: string;
  readonly at: Date;
};

export const addComment = (
  db: Kysely<DB>,
  viewer: Viewer,
  { id: instruction, state }: Pick<InstructionRow, 'id' | 'state'>,
  { person, text }: Pick<Comment, 'person' | 'text'>,
  audited: AuditEntry,
): Promise<void> =>
  transact(db, viewer, async (trx) => {
    const { member } = viewer;
    await trx
      .insertInto('app.instruction_comment')
      .values({ id: newId(), instruction_id: instruction, member, person_id: person, text })
      .execute();
    await recordAudit(trx, audited);
    await noticeActs(trx, [{ act: instruction, state, member }]);
  });

/** Oldest first; the newest of more than so many. */
export const commentsOf = (
  db: Kysely<DB>,
  viewer: Viewer,
  instruction: string,
  limit = 500,
): Promise<Comment[]> =>
  transact(db, viewer, async (trx) => {
    const rows = await trx
      .selectFrom('app.instruction_comment as c')
      .leftJoin('app.person as p', 'p.id', 'c.person_id')
      .select(['c.id', 'c.person_id as person', 'p.name as personName', 'c.text', 'c.at'])
      .where('c.instruction_id', '=', instruction)
      .where('c.member', '=', viewer.member)
      .orderBy('c.id', 'desc')
      .limit(limit)
      .execute();
    return rows.reverse();
  });
