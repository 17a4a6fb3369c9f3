import { sql, type Kysely, type Transaction } from 'kysely';
import type { DB } from '../types.ts';

/** A member by number, or 'all' for the regulator and for the system itself. */
export type Viewer = number | 'all';

/**
 * Runs reads as a viewer, in one transaction: row-level security then shows that viewer's bills only. Outside of it the
 * role tallystick_api sees no bill at all. Nothing may leave `run` as an unfinished query.
 */
export function asViewer<T>(
  db: Kysely<DB>,
  viewer: Viewer,
  run: (trx: Transaction<DB>) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await setViewer(trx, viewer);
    return run(trx);
  });
}

/** For the rest of the transaction. */
export async function setViewer(trx: Transaction<DB>, viewer: Viewer): Promise<void> {
  const value = viewer === 'all' ? '*' : String(viewer);
  await sql`select set_config('tallystick.viewer', ${value}, true)`.execute(trx);
}
