/** A seat may be at a branch: what is prepared there is that branch's and the head office's to see. ADR 35. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(readFileSync(join(import.meta.dirname, '005-branches/tables.sql'), 'utf8')).execute(db);
  const { rows } = await sql`select from pg_roles where rolname = 'tallystick_api'`.execute(db);
  if (rows.length === 0) return;
  for (const [table, seen] of Object.entries(SEEN))
    await sql
      .raw(
        `create policy of_branch on ${table} as restrictive to tallystick_api
          using (case when ${BRANCH} is null then true else nullif(${seen}, false) end is not null)`,
      )
      .execute(db);
}

const BRANCH = '(select app.viewer_branch())';

/** By table: which of the firm's rows are shown at a branch. What is looked up stands in functions, planned when they are asked. */
const SEEN: Readonly<Record<string, string>> = {
  'app.instruction': `branch is not distinct from ${BRANCH}`,
  'app.instruction_comment': 'app.is_instruction_of_branch(instruction_id)',
  'app.signature': 'app.is_signed_at_branch(digest)',
  // What is no branch's is told to all.
  'app.notice': `branch is null or branch = ${BRANCH}`,
};
