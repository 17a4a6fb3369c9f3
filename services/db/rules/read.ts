import type { Kysely, Selectable } from 'kysely';
import type { DB, LedgerRulePack } from '../types.ts';

export type RulePackRow = Selectable<LedgerRulePack>;

/** Every rule pack that there is, newest first. */
export const listRulePacks = (db: Kysely<DB>): Promise<RulePackRow[]> =>
  db
    .selectFrom('ledger.rule_pack')
    .selectAll()
    .where('to_block', 'is', null)
    .orderBy('number', 'desc')
    .execute();
