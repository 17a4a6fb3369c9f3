import { sql, type Kysely } from 'kysely';
import type { DB } from '../types.ts';

export type ReadModelStatus = {
  readonly indexed: bigint;
  readonly proved: bigint | null;
  readonly stopped: string | null;
};

type Cursor = {
  readonly block_number: bigint | null;
  readonly proved_block: bigint | null;
  readonly stopped_reason: string | null;
};

const status = sql<Cursor>`select block_number, proved_block, stopped_reason from chain.cursor`;

/** Undefined before the indexer has begun. */
export const statusQuery = {
  statement: status,
  answer: ([row]: Cursor[]): ReadModelStatus | undefined =>
    row?.block_number == null
      ? undefined
      : { indexed: row.block_number, proved: row.proved_block, stopped: row.stopped_reason },
};

export const readModelStatus = async (db: Kysely<DB>): Promise<ReadModelStatus | undefined> =>
  statusQuery.answer((await status.execute(db)).rows);

export type RulePackInForce = {
  readonly number: number;
  readonly tenorMonths: number;
  readonly basis: number;
};

/** The pack of a kind that is in force at an instant (seconds). */
export async function rulePackAt(
  db: Kysely<DB>,
  kind: DB['ledger.rule_pack']['kind'],
  now: number,
): Promise<RulePackInForce | undefined> {
  const row = await db
    .selectFrom('ledger.rule_pack')
    .select(['number', 'tenor_months', 'basis'])
    .where('kind', '=', kind)
    .where('to_block', 'is', null)
    .where('effective_from', '<=', BigInt(now))
    .where((eb) => eb.or([eb('effective_to', 'is', null), eb('effective_to', '>', BigInt(now))]))
    .orderBy('number', 'desc')
    .executeTakeFirst();
  return row && { number: row.number, tenorMonths: row.tenor_months, basis: row.basis };
}

/** When a block was made (seconds), or the newest known before it. */
export async function timeOfBlock(db: Kysely<DB>, block: bigint): Promise<bigint | undefined> {
  const row = await db
    .selectFrom('chain.block')
    .select('timestamp')
    .where('number', '<=', block)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.timestamp;
}
