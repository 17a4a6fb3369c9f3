/** Who the operator is: a key in a file, until people are; and how far that is. */
import { sql, type Kysely } from 'kysely';
import { SYSTEM, transact } from '../access/access.ts';
import { toBytes, toHex } from '../wire/bytes.ts';
import type { DB } from '../types.ts';

/** Its number at the access manager; see ACCESS_ROLES in #chain/governance.ts. */
const OPERATOR = 1n;

/** Accounts of people that have the operator's role, newest first: made by our factory, so that we know who signs for them. */
export const operatorAccounts = async (db: Kysely<DB>): Promise<string[]> => {
  const rows = await db
    .selectFrom('ledger.access_role as r')
    .innerJoin('ledger.account as a', (join) =>
      join.onRef('a.account', '=', 'r.account').on('a.to_block', 'is', null),
    )
    .select('r.account')
    .where('r.role', '=', OPERATOR)
    .where('r.to_block', 'is', null)
    .where('a.threshold', 'is not', null)
    .orderBy('r.from_block', 'desc')
    .orderBy('r.account')
    .execute();
  return rows.map(({ account }) => toHex(account));
};

/** How far the handing over to people is: nobody has begun it, it is under way, or it has been done (and may be open again). */
export type Enrolment = 'open' | 'under way' | 'done';

export const enrolment = async (trx: Kysely<DB>): Promise<Enrolment> => {
  const { rows } = await sql<{ state: string }>`
    select distinct state from app.instruction where type = 'enrol' and signed_by = 'operator'`.execute(trx);
  const states = new Set(rows.map(({ state }) => state));
  if (states.has('submitted') || states.has('sent')) return 'under way';
  return states.has('done') ? 'done' : 'open';
};

/** Whether governance has given the key in the file back what it once handed to people: who comes in next takes it over. */
export const isOpenAgain = (db: Kysely<DB>, key: string, enrolmentRole: bigint): Promise<boolean> =>
  transact(db, SYSTEM, async (trx) => {
    if ((await enrolment(trx)) !== 'done') return false;
    const held = await trx
      .selectFrom('ledger.access_role')
      .select('account')
      .where('role', '=', enrolmentRole)
      .where('account', '=', toBytes(key))
      .where('to_block', 'is', null)
      .executeTakeFirst();
    return held !== undefined;
  });
