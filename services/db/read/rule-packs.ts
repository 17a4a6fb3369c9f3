import type { Kysely, Selectable } from 'kysely';
import type { DB, LedgerRulePack } from '../types.ts';

/** Every rule pack that there is, newest first. */
export const listRulePacks = (db: Kysely<DB>): Promise<Selectable<LedgerRulePack>[]> =>
  db
    .selectFrom('ledger.rule_pack')
    .selectAll()
    .where('to_block', 'is', null)
    .orderBy('number', 'desc')
    .execute();
