import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '#db/wire/connect.ts';
import { rebuild } from '#indexer/rebuild.ts';
import { verify } from '#indexer/verify.ts';
import type { Postgres } from '#embedded/postgres.ts';
import { caughtUp, dump, index, indexAnew, openDatabase, openPostgres, until } from './support/read-model.ts';
import { Story } from './support/story.ts';
import { openWorld, type World } from './support/world.ts';

describe('the read model of a life of bills', () => {
  let postgres: Postgres;
  let world: World;
  let live: string;

  beforeAll(async () => {
    [postgres, world] = await Promise.all([openPostgres(), openWorld()]);
    const database = await openDatabase(postgres);
    live = database.url;
    await database.db.destroy();
    const indexer = await index(world, live);
    const story = new Story(world, 1);
    for (let part = 0; part < 25; part++) {
      await story.live(8);
      await caughtUp(world, indexer, live); // block by block, as on a running chain
    }
    await story.settle();
    await caughtUp(world, indexer, live);
    const head = await world.head();
    await until(() => indexer.status().proved === head || indexer.status().stopped !== undefined);
    expect(indexer.status()).toMatchObject({ stopped: undefined, problem: undefined, proved: head });
    await indexer.close();
  });

  afterAll(async () => {
    await world.close();
    await postgres.close();
  });

  it('equals the chain in every book', async () => {
    const { differences, checked } = await verify({ ...world, databaseUrl: live });
    expect(differences).toEqual([]);
    for (const count of Object.values(checked)) expect(count).toBeGreaterThan(1);
  });

  it('holds acts of every kind', async () => {
    const acts = (await dump(live))['ledger.act']!.map((row) => (JSON.parse(row) as { name: string }).name);
    const kinds = [
      'BillCancelled',
      'BillFunded',
      'BillIssued',
      'BillTaken',
      'OfferExpired',
      'OfferExtended',
      'OfferRefused',
      'OfferWithdrawn',
      'ParcelOffered',
      'ParcelPaid',
      'ParcelPassedOn',
      'ParcelSold',
      'ParcelTaken',
    ];
    expect([...new Set(acts)].sort()).toEqual(kinds);
  });

  it('says what every movement of cash was for', async () => {
    const db = connect(live);
    const sum = async (kind: string) => {
      const { rows } = await sql<{ sum: bigint; unexplained: bigint }>`
        select coalesce(sum(amount_minor), 0) as sum, count(*) filter (where bill_no is null) as unexplained
        from ledger.cash_entry where kind = ${kind}
      `.execute(db);
      return rows[0]!;
    };
    const { rows: bills } = await sql<{ paid_in: bigint; paid_out: bigint }>`
      select sum(paid_in_minor) as paid_in, sum(paid_out_minor) as paid_out from ledger.bill where to_block is null
    `.execute(db);
    const { rows: sales } = await sql<{ price: bigint }>`
      select sum(price_minor) as price from ledger.act where name = 'ParcelSold'
    `.execute(db);
    expect(await sum('funding')).toEqual({ sum: bills[0]!.paid_in, unexplained: 0n });
    expect(await sum('payout')).toEqual({ sum: bills[0]!.paid_out, unexplained: 0n });
    expect(await sum('purchase')).toEqual({ sum: sales[0]!.price, unexplained: 0n });
    const nameless = db
      .selectFrom('ledger.cash_entry')
      .where('kind', 'in', ['deposit', 'redeem'])
      .where('bank', 'is', null);
    expect(await nameless.selectAll().execute()).toEqual([]);
    await db.destroy();
  });

  it('tells an endorsement chain without a gap for every cent', async () => {
    const db = connect(live);
    const moves = await db
      .selectFrom('ledger.act')
      .select(['bill_no', 'first', 'end', 'from_member', 'to_member'])
      .where('to_member', 'is not', null)
      .orderBy('block_number')
      .orderBy('log_index')
      .execute();
    const parcels = await db.selectFrom('ledger.parcel').selectAll().where('to_block', 'is', null).execute();
    for (const { bill_no, first, holder } of parcels) {
      let at = Number(bill_no >> 32n); // the acceptor
      for (const move of moves) {
        if (move.bill_no !== bill_no || first < move.first! || first >= move.end!) continue;
        expect(move.from_member).toBe(at);
        at = move.to_member!;
      }
      expect(at).toBe(holder);
    }
    await db.destroy();
  });

  it('is the same when it is read in bulk', async () => {
    const url = await indexAnew(world, postgres);
    expect(await dump(url)).toEqual(await dump(live));
    for (const table of ['chain.block', 'chain.log'])
      expect((await dump(url, 'chain'))[table]).toEqual((await dump(live, 'chain'))[table]);
  });

  it('is the same when it is rebuilt from the raw logs', async () => {
    const before = await dump(live);
    await rebuild({ ...world, databaseUrl: live });
    expect(await dump(live)).toEqual(before);
    expect((await verify({ ...world, databaseUrl: live })).differences).toEqual([]);
  });

  it('names what differs from the chain', async () => {
    const url = await indexAnew(world, postgres);
    const db = connect(url);
    const bill = await db
      .selectFrom('ledger.bill')
      .select('bill_no')
      .orderBy('bill_no')
      .executeTakeFirstOrThrow();
    await db
      .updateTable('ledger.bill')
      .set(({ eb }) => ({ flags: eb('flags', '+', 1) }))
      .where('bill_no', '=', bill.bill_no)
      .execute();
    await db
      .updateTable('ledger.cash_balance')
      .set(({ eb }) => ({ balance_minor: eb('balance_minor', '+', 1n) }))
      .where('to_block', 'is', null)
      .execute();
    const { differences } = await verify({ ...world, databaseUrl: url });
    expect(differences[0]!.about).toBe(`bill ${bill.bill_no}`);
    expect(differences.map(({ about }) => about)).toContain('cash in all');
    await db.destroy();
  });
});
