/** A page from memory is the page as it would be written without it, whoever asks and whatever has happened since. */
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { writerOf } from '#api/plugins/app/serialization.ts';
import { Bill } from '#api/bills/schema.ts';
import { billView, membersIn } from '#api/bills/views.ts';
import { Names } from '#api/members/names.ts';
import { remembered } from '#api/lists/remembered.ts';
import { connect, createPool, type Database } from '#db/wire/connect.ts';
import { migrate } from '#db/migrate.ts';
import { ask, type Viewer } from '#db/access/access.ts';
import { billsQuery, findBill, readBill } from '#db/bills/read.ts';
import { holdingsQuery, readParcelOfBill } from '#db/holdings/read.ts';
import { parcelQuery } from '#db/bills/parcels.ts';
import { CAST, fill } from '#scripts/bench/api-fill.ts';
import { startTemporaryPostgres, type Postgres } from '#embedded/postgres.ts';

const BILLS = 400;
const PAGE = { limit: 100 };
const NOW = Date.UTC(2026, 5, 1) / 1_000;
const [core, supplier, bank, regulator] = [
  { member: CAST.core, seesAll: false },
  { member: CAST.supplier + 1, seesAll: false },
  { member: CAST.bank + 1, seesAll: false },
  { member: CAST.regulator, seesAll: true },
] as const;

/** No name is erased here. */
const SILENT = { subscribe: () => () => {} };

let postgres: Postgres;
let db: Database;
let owner: pg.Pool;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  await migrate(postgres.url);
  await fill(postgres.url, BILLS);
  db = connect(postgres.url, { role: 'tallystick_api', max: 2 });
  owner = createPool(postgres.url, { max: 1 });
}, 120_000);
afterAll(async () => {
  await db?.destroy();
  await owner?.end();
  await postgres?.close();
});

const textsFor = async (viewer: Viewer): Promise<string[]> => {
  const filter = { role: 'all', sort: '-issuedAt' } as const;
  return (await ask(db, viewer, billsQuery(viewer, filter, NOW, PAGE)))[0].rows;
};

let count: number;
let write: ReturnType<typeof remembered>;
beforeEach(() => {
  count = 0;
  write = remembered(new Names(db, SILENT), {
    item: Bill,
    read: readBill,
    members: (bill) => membersIn(bill),
    turns: ({ due }) => [due],
    view: (...given) => {
      count++;
      return billView(...given);
    },
  });
});

/** The page as it comes, and how many of its bills had to be written for it. */
async function written(viewer: Viewer, now = NOW): Promise<[page: string, count: number]> {
  count = 0;
  const page = Buffer.from(await write(await textsFor(viewer), now), 'latin1').toString();
  return [page, count];
}

async function asItIs(viewer: Viewer, now = NOW): Promise<string> {
  const rows = (await textsFor(viewer)).map(readBill);
  const ref = await new Names(db, SILENT).of(rows.flatMap((row) => membersIn(row)));
  return rows.map((row) => writerOf(Bill)(billView(row, ref, now))).join();
}

it('writes a bill once', async () => {
  for (const viewer of [core, supplier, bank]) {
    const [first, many] = await written(viewer);
    expect(many).toBeGreaterThan(5);
    expect(first).toBe(await asItIs(viewer));
    expect(await written(viewer)).toEqual([first, 0]);
    expect(await written(viewer, NOW + 1)).toEqual([await asItIs(viewer, NOW + 1), 0]);
  }
});

it('tells two members who see different parts of a bill different things', async () => {
  await written(regulator);
  for (const viewer of [supplier, bank, core]) {
    expect((await written(viewer))[0]).toBe(await asItIs(viewer));
  }
});

it('writes anew what has changed, and only that', async () => {
  await written(core);
  const { bill_no } = (await textsFor(core)).map(readBill).find(({ status }) => status === 'active')!;
  const change = 'update ledger.bill set splits = splits + 1 where bill_no = $1 and to_block is null';
  await owner.query(change, [bill_no]);
  expect(await written(core)).toEqual([await asItIs(core), 1]);
});

it('writes anew what falls due, in both directions of the clock', async () => {
  await written(supplier);
  const dues = (await textsFor(supplier)).map((text) => Number(readBill(text).due));
  const next = Math.min(...dues.filter((due) => due > NOW));
  const many = dues.filter((due) => due === next).length;
  for (const [now, fresh] of [
    [next - 1, 0],
    [next, many],
    [next - 1, many],
  ] as const) {
    expect(await written(supplier, now)).toEqual([await asItIs(supplier, now), fresh]);
  }
});

it('does not remember who had no name yet', async () => {
  const [payee] = (await textsFor(core)).map((text) => readBill(text).payee);
  const identity =
    'identity_hash = (select identity_hash from ledger.member where number = $1 and to_block is null)';
  const { rows } = await owner.query(`delete from app.identity where ${identity} returning *`, [payee]);
  expect((await written(core))[0]).toContain(`"成员 ${payee}"`);
  const names = Object.keys(rows[0] as object);
  await owner.query(
    `insert into app.identity (${names.join()}) values (${names.map((_, n) => `$${n + 1}`).join()})`,
    Object.values(rows[0] as object),
  );
  const [page] = await written(core);
  expect(page).not.toContain(`"成员 ${payee}"`);
  expect(page).toBe(await asItIs(core));
});

it('reads the text of a row as the database gives its columns', async () => {
  for (const viewer of [core, supplier, bank, regulator]) {
    for (const text of (await textsFor(viewer)).slice(0, 5)) {
      const row = readBill(text);
      expect(await findBill(db, viewer, row.bill_no)).toMatchObject({ ...row });
    }
  }
  const [holdings] = await ask(db, supplier, holdingsQuery(supplier, { sort: 'due' }, PAGE));
  for (const { parcel, bill } of holdings.rows.slice(0, 5).map(readParcelOfBill)) {
    const [found] = await ask(db, supplier, parcelQuery(supplier, parcel.bill_no, parcel.first));
    expect(parcel).toMatchObject({ ...found });
    const { is_party: _, ...same } = (await findBill(db, supplier, parcel.bill_no))!;
    expect(bill).toMatchObject(same);
  }
});
