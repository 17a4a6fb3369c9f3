/** Which link is to be anchored: its hash is handed to the keeper, who writes it on the chain. */
import { sql, type Kysely } from 'kysely';
import { SYSTEM, transact, type Trx } from '../access/access.ts';
import { insertInstruction, type NewInstruction } from '../instructions/own.ts';
import type { DB } from '../types.ts';
import { recordAudit, type Origin } from './write.ts';

/** The number under which PostgreSQL knows the right to say what is anchored next ("anchor"). */
const LOCK = 0x616e63686f72n;

export type Head = { readonly no: bigint; readonly hash: Buffer };
export type Anchoring = { readonly no: bigint; readonly instruction: string };

/**
 * Hands the newest link to the keeper, if a link that is not anchored yet is old enough. Of several that ask at the same time one
 * does it.
 *
 * @param olderThanMs 0: whatever its age.
 * @param write The instruction by which the keeper writes it.
 */
export const anchorHead = (
  db: Kysely<DB>,
  origin: Origin,
  olderThanMs: number,
  write: (head: Head) => NewInstruction,
): Promise<Anchoring | undefined> =>
  transact(db, SYSTEM, async (trx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx);
    const head = await headToAnchor(trx, olderThanMs);
    if (head === undefined) return undefined;
    const { id: instruction } = await insertInstruction(trx, write(head));
    await trx.insertInto('app.audit_anchor').values({ no: head.no, instruction_id: instruction }).execute();
    await recordAudit(trx, {
      ...origin,
      action: 'anchored',
      subject: `link:${head.no}`,
      facts: { instruction, hash: head.hash.toString('hex') },
    });
    return { no: head.no, instruction };
  });

/** What was handed over and failed is not anchored. */
async function headToAnchor(trx: Trx, olderThanMs: number): Promise<Head | undefined> {
  const { rows } = await sql<Head>`
    with anchored as (
      select coalesce(max(a.no), 0) as no from app.audit_anchor a
      join app.instruction i on i.id = a.instruction_id where i.state <> 'failed'),
    oldest as (
      select l.at from app.audit_link l, anchored where l.no > anchored.no order by l.no limit 1)
    select l.no, l.hash from app.audit_link l, oldest
    where oldest.at <= clock_timestamp() - make_interval(secs => ${olderThanMs}::double precision / 1000)
    order by l.no desc limit 1`.execute(trx);
  return rows[0];
}
