import { keccak256 } from '#chain/keccak.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asOf } from '#db/ledger/as-of.ts';
import { connect, type Database } from '#db/wire/connect.ts';
import { Ledger } from '#db/ledger/ledger.ts';
import { migrate } from '#db/migrate.ts';
import { createDatabase, startTemporaryPostgres, type Postgres } from '#embedded/postgres.ts';

describe('versions of a row', () => {
  let postgres: Postgres;
  let db: Database;
  let ledger: Ledger;

  beforeAll(async () => {
    postgres = await startTemporaryPostgres();
    const url = await createDatabase(postgres.url);
    await migrate(url);
    db = connect(url);
  });

  beforeEach(async () => {
    ledger = await Ledger.open(db, keccak256);
    await ledger.empty();
  });

  afterAll(async () => {
    await db.destroy();
    await postgres.close();
  });

  /** Each unit of work is one transaction; forgotten, the next one reads what it needs. */
  async function unit(work: () => Promise<void>): Promise<void> {
    await work();
    for (const change of ledger.collect()) await change(db);
    ledger.forget();
  }

  const group = (group_no: bigint, limit_minor: bigint) =>
    ledger.groupLines.set({ bank: 1, group_no, limit_minor, reserved_minor: 0n, used_minor: 0n });
  const inBlock = async (block: bigint, work: () => Promise<void>): Promise<void> => {
    ledger.enterBlock(block);
    await work();
  };
  /** Versions of group 1 as [limit, from, to]. */
  const versions = async () => {
    const rows = await db
      .selectFrom('ledger.group_line')
      .selectAll()
      .where('group_no', '=', 1n)
      .orderBy('from_block')
      .execute();
    return rows.map(({ limit_minor, from_block, to_block }) => [limit_minor, from_block, to_block]);
  };

  const story = [
    () => inBlock(5n, () => group(1n, 10n)),
    () =>
      inBlock(7n, async () => {
        await group(1n, 20n);
        await group(1n, 30n);
      }),
    () => inBlock(9n, () => ledger.groupLines.remove({ bank: 1, group_no: 1n })),
    () => inBlock(12n, () => group(1n, 40n)),
  ];
  const told = [
    [10n, 5n, 7n],
    [30n, 7n, 9n],
    [40n, 12n, null],
  ];

  it('end where the next begin; only the last of a block counts', async () => {
    for (const block of story) await unit(block);
    expect(await versions()).toEqual(told);
  });

  it('are the same when many blocks are one unit of work', async () => {
    await unit(async () => {
      for (const block of story) await block();
    });
    expect(await versions()).toEqual(told);
  });

  it('leave no trace of what began and ended in one block', async () => {
    await unit(() =>
      inBlock(5n, async () => {
        await group(1n, 10n);
        await ledger.groupLines.remove({ bank: 1, group_no: 1n });
      }),
    );
    expect(await versions()).toEqual([]);
  });

  it('tell what was true at any block', async () => {
    for (const block of story) await unit(block);
    const at = async (block?: bigint) =>
      (await db.selectFrom('ledger.group_line').select('limit_minor').where(asOf(block)).execute()).map(
        (row) => row.limit_minor,
      );
    const blocks = [4n, 5n, 6n, 7n, 8n, 9n, 11n, 12n, 99n, undefined];
    const truth = await Promise.all(blocks.map(at));
    expect(truth).toEqual([[], [10n], [10n], [30n], [30n], [], [], [40n], [40n], [40n]]);
  });

  it.each([
    [4n, []],
    [5n, [[10n, 5n, null]]],
    [6n, [[10n, 5n, null]]],
    [7n, [told[0], [30n, 7n, null]]],
    [8n, [told[0], [30n, 7n, null]]],
    [9n, told.slice(0, 2)],
    [11n, told.slice(0, 2)],
    [12n, told],
  ])('go back to what they were after block %i', async (block, expected) => {
    for (const block of story) await unit(block);
    await ledger.rollback(db, block);
    expect(await versions()).toEqual(expected);
  });

  it('notice that somebody else wrote', async () => {
    await unit(() => story[0]!());
    await ledger.groupLines.get({ bank: 1, group_no: 1n });
    await db.updateTable('ledger.group_line').set({ to_block: 6n }).execute();
    ledger.enterBlock(7n);
    await group(1n, 20n);
    const [end] = ledger.collect();
    await expect(end!(db)).rejects.toThrow(/somebody else wrote to ledger.group_line/);
  });
});
