/** Branches by what their firm has signed to open them: the ledger knows accounts, the firm knows their names. */
import { sql } from 'kysely';
import { ask, type Viewer } from '../access/access.ts';
import { factsOf } from '#domain/instructions/facts.ts';
import type { Database } from '../wire/connect.ts';

export type OpenedBranch = {
  /** Address of its account, with check digits. */
  readonly account: string;
  readonly name: string;
  readonly openedAt: Date;
};

/** Newest first; each account once, by its last name. */
export async function openedBranches(
  db: Database,
  { member }: Pick<Viewer, 'member'>,
): Promise<OpenedBranch[]> {
  const [rows] = await ask(
    db,
    { member, seesAll: false },
    {
      statement: sql`
      select facts, coalesce(submitted_at, created_at) as at from app.instruction
      where member = ${member} and type = 'openBranch' and state = 'done' order by created_at desc limit 200`,
      answer: (found: { facts: unknown; at: Date }[]) => found,
    },
  );
  const byAccount = new Map<string, OpenedBranch>();
  for (const { facts, at } of rows) {
    for (const told of factsOf(facts as never).does) {
      if (told.instruction !== 'openBranch' || byAccount.has(told.account)) continue;
      byAccount.set(told.account, { account: told.account, name: told.branch, openedAt: at });
    }
  }
  return [...byAccount.values()];
}
