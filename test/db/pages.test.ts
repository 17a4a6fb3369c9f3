/** A list in small pages is the list in one: nothing twice, nothing lost, positions counted on. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type Database } from '#db/wire/connect.ts';
import { migrate } from '#db/migrate.ts';
import { actsQuery } from '#db/bills/acts.ts';
import { billsQuery } from '#db/bills/read.ts';
import { holdingsQuery, offersQuery } from '#db/holdings/read.ts';
import type { Page, PageOf } from '#db/wire/page.ts';
import { ask, type Query } from '#db/access/access.ts';
import { CAST, fill } from '#scripts/bench/api-fill.ts';
import { startTemporaryPostgres, type Postgres } from '#embedded/postgres.ts';

const BILLS = 2_000;
const NOW = 1_780_000_000;
const viewerOf = (member: number, seesAll = false) => ({ member, seesAll });
const [core, supplier, bank] = [CAST.core, CAST.supplier + 1, CAST.bank + 1].map((member) =>
  viewerOf(member),
);
const payee = viewerOf(CAST.supplier);
const regulator = viewerOf(CAST.regulator, true);

let postgres: Postgres;
let db: Database;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  await migrate(postgres.url);
  await fill(postgres.url, BILLS);
  db = connect(postgres.url, { role: 'tallystick_api', max: 2 });
}, 120_000);
afterAll(async () => {
  await db?.destroy();
  await postgres?.close();
});

type Viewer = ReturnType<typeof viewerOf>;
type List = (viewer: Viewer, page: PageOf) => Query<Page<unknown>>;

const bills =
  (sort: Parameters<typeof billsQuery>[1]['sort'], role: 'all' | 'issued' | 'held'): List =>
  (viewer, page) =>
    billsQuery(viewer, { role, sort }, NOW, page);
/** A bill whose second piece was passed on: five acts, of which the supplier may see some. */
const BILL = (BigInt(CAST.core) << 32n) | 1n;
const actsOf =
  (endorsements: boolean): List =>
  (viewer, page) =>
    actsQuery(viewer, BILL, { endorsements }, page);

const LISTS: [name: string, viewer: Viewer, list: List, pageSize: number][] = [
  ['bills of a supplier', supplier!, bills('-issuedAt', 'all'), 7],
  ['bills of a supplier by due date', supplier!, bills('due', 'all'), 7],
  ['bills of a bank, of which some only invited it', bank!, bills('-due', 'all'), 7],
  ['bills held', supplier!, bills('-face', 'held'), 3],
  ['bills issued', core!, bills('issuedAt', 'issued'), 31],
  ['all bills', regulator, bills('billNo', 'all'), 63],
  ['holdings', supplier!, (viewer, page) => holdingsQuery(viewer, { sort: 'due' }, page), 3],
  ['holdings by amount', bank!, (viewer, page) => holdingsQuery(viewer, { sort: '-amount' }, page), 3],
  ['offers', payee, (viewer, page) => offersQuery(viewer, 'in', page), 3],
  ['acts', supplier!, actsOf(false), 2],
  ['acts, for the acceptor', core!, actsOf(false), 2],
  ['endorsements', core!, actsOf(true), 1],
];

it.each(LISTS)('%s', async (_, viewer, list, pageSize) => {
  const [whole] = await ask(db, viewer, list(viewer, { limit: 10_000 }));
  expect(whole.next).toBeNull();
  expect(whole.rows.length).toBeGreaterThan(pageSize);
  const rows: unknown[] = [];
  for (let after: readonly string[] | undefined, more = true; more;) {
    const [page] = await ask(db, viewer, list(viewer, { limit: pageSize, ...(after && { after }) }));
    rows.push(...page.rows);
    more = page.next !== null;
    after = page.next ?? undefined;
  }
  expect(rows).toEqual(whole.rows);
});

it('counts the acts of a bill from 1, whichever of them are shown', async () => {
  const [{ rows }] = await ask(db, core!, actsQuery(core!, BILL, { endorsements: false }, { limit: 50 }));
  expect(rows.map(({ position }) => position)).toEqual([1n, 2n, 3n, 4n, 5n]);
  const [moved] = await ask(db, core!, actsQuery(core!, BILL, { endorsements: true }, { limit: 50 }));
  expect(moved.rows.map(({ position }) => position)).toEqual([3n, 4n, 5n]);
});
