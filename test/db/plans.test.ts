/** Every list, on its index: PostgreSQL itself says how it went about it, over a ledger with the statistics of a large one. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listInstructions } from '#db/instructions/own.ts';
import { listQuotes, listRequests } from '#db/sales/own.ts';
import { listQueuedInstructions } from '#db/instructions/relayer-view.ts';
import { connect, createPool, poolOf, readersOf, type Database } from '#db/wire/connect.ts';
import { migrate } from '#db/migrate.ts';
import { acceptorRecordQuery } from '#db/members/acceptor-record.ts';
import { actsQuery, handsQuery } from '#db/bills/acts.ts';
import { billQuery, listBills, type BillSort } from '#db/bills/read.ts';
import { listCalendar } from '#db/home/calendar.ts';
import { balanceQuery, cashStatement } from '#db/cash/read.ts';
import { listDeals } from '#db/sales/deals.ts';
import { holdingsQuery, offersQuery } from '#db/holdings/read.ts';
import { readInbox } from '#db/home/inbox.ts';
import { billsOfInvoice } from '#db/invoices/bills.ts';
import { listLines } from '#db/lines/read.ts';
import { parcelQuery, parcelsQuery, versionsQuery } from '#db/bills/parcels.ts';
import { readPortfolio } from '#db/holdings/portfolio.ts';
import { ask } from '#db/access/access.ts';
import { startTemporaryPostgres, type Postgres } from '#embedded/postgres.ts';
import { CAST, fill } from '#scripts/bench/api-fill.ts';

const BILLS = 6_000;
const NOW = 1_780_000_000;
const viewerOf = (member: number, seesAll = false) => ({ member, seesAll });
const core = viewerOf(CAST.core);
const supplier = viewerOf(CAST.supplier + 1);
const bank = viewerOf(CAST.bank + 1);
const stranger = viewerOf(CAST.settlementBank);
const regulator = viewerOf(CAST.regulator, true);
const FIRST = { limit: 50 };

/** As many as there are firms or packs or processes, not as there are bills. */
const SMALL = ['cursor', 'rule_pack', 'member', 'identity', 'line', 'group_line', 'sender', 'cash_balance'];

let postgres: Postgres;
let db: Database;
let plans: string[] = [];
let billNo: bigint;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  await migrate(postgres.url);
  await fill(postgres.url, BILLS);
  const owner = createPool(postgres.url, { max: 1 });
  await owner.query(`
    insert into app.bill_voucher (bill_no, member, voucher, key)
      select bill_no, acceptor, '记-' || bill_no, '记-' || bill_no from ledger.bill where to_block is null`);
  await owner.query('analyze app.bill_voucher');
  await owner.query(`alter database tallystick set session_preload_libraries = 'auto_explain'`);
  const { rows } = await owner.query<{ bill_no: bigint }>(
    'select bill_no from ledger.parcel where holder = $1 and to_block is null limit 1',
    [supplier.member],
  );
  billNo = rows[0]!.bill_no;
  await owner.query(`alter role tallystick set auto_explain.log_min_duration = 0`);
  await owner.query(`alter role tallystick set auto_explain.log_level = 'notice'`);
  await owner.query(`alter role tallystick set auto_explain.log_nested_statements = on`);
  await owner.end();
  db = connect(postgres.url, { role: 'tallystick_api', max: 1 });
  for (const pool of [poolOf(db), readersOf(db)]) {
    pool.on('connect', (client) => client.on('notice', ({ message = '' }) => plans.push(message)));
  }
}, 240_000);
afterAll(async () => {
  await db?.destroy();
  await postgres?.close();
});

const sorts: BillSort[] = ['-issuedAt', 'issuedAt', 'due', '-due', 'billNo'];
const viewers = { core, supplier, bank };
const after = {
  issuedAt: ['2026-02-01T00:00:00.000Z', '4294970000'],
  due: ['2026-08-01', '4294970000'],
  billNo: ['4294970000', '4294970000'],
};
const keyOf = (sort: BillSort) => after[sort.replace('-', '') as keyof typeof after];

const LISTS: [name: string, run: () => Promise<unknown>][] = [
  ...sorts.flatMap((sort) =>
    Object.entries({ ...viewers, regulator }).flatMap(([who, viewer]): [string, () => Promise<unknown>][] => [
      [`all bills of ${who} by ${sort}`, () => listBills(db, viewer, { role: 'all', sort }, NOW, FIRST)],
      [
        `all bills of ${who} by ${sort}, far down`,
        () => listBills(db, viewer, { role: 'all', sort }, NOW, { ...FIRST, after: keyOf(sort) }),
      ],
    ]),
  ),
  ...(['-issuedAt', 'due'] as const).map((sort): [string, () => Promise<unknown>] => [
    `bills issued by ${sort}`,
    () => listBills(db, core, { role: 'issued', sort, open: true }, NOW, FIRST),
  ]),
  ...sorts.map((sort): [string, () => Promise<unknown>] => [
    `bills that a member holds or held, by ${sort}`,
    () => listBills(db, regulator, { role: 'all', sort, member: bank.member }, NOW, FIRST),
  ]),
  [
    'bills of a core enterprise that a member holds or held',
    () => listBills(db, core, { role: 'all', sort: 'due', member: bank.member }, NOW, FIRST),
  ],
  [
    'bills of a supplier that another holds or held',
    () => listBills(db, supplier, { role: 'all', sort: 'due', member: bank.member }, NOW, FIRST),
  ],
  ['bills owed', () => listBills(db, core, { role: 'issued', sort: 'due', owed: true }, NOW, FIRST)],
  [
    'bills by a voucher',
    () => listBills(db, core, { role: 'all', sort: '-issuedAt', q: '记-01' }, NOW, FIRST),
  ],
  ['bills held', () => listBills(db, supplier, { role: 'held', sort: 'due' }, NOW, FIRST)],
  ['bills offered', () => listBills(db, supplier, { role: 'offered', sort: 'due' }, NOW, FIRST)],
  ...Object.entries(viewers).flatMap(([who, viewer]): [string, () => Promise<unknown>][] => [
    [`holdings of ${who}`, () => ask(db, viewer, holdingsQuery(viewer, { sort: 'due' }, FIRST))],
    [
      `holdings of ${who}, far down`,
      () =>
        ask(
          db,
          viewer,
          holdingsQuery(viewer, { sort: '-due' }, { ...FIRST, after: ['2026-08-01', '1', '0'] }),
        ),
    ],
    [`offers to ${who}`, () => ask(db, viewer, offersQuery(viewer, 'in', FIRST))],
    [`offers by ${who}`, () => ask(db, viewer, offersQuery(viewer, 'out', FIRST))],
    [`acts of ${who} that were signed`, () => listInstructions(db, viewer, { signed: true, now: 0 }, FIRST)],
    [`acts of ${who}`, () => listInstructions(db, viewer, { now: 0 }, FIRST)],
    [`statement of ${who}`, () => cashStatement(db, viewer.member, {}, FIRST)],
    [`cash of ${who}`, () => ask(db, viewer, balanceQuery(viewer.member))],
    [`quotes given by ${who}`, () => listQuotes(db, viewer, { direction: 'given', signed: true }, FIRST)],
    [
      `quotes received by ${who}`,
      () => listQuotes(db, viewer, { direction: 'received', signed: false }, FIRST),
    ],
    [`requests of ${who}`, () => listRequests(db, viewer, { direction: 'mine' }, NOW, FIRST)],
    [`requests to ${who}`, () => listRequests(db, viewer, { direction: 'invited' }, NOW, FIRST)],
    [`lines of ${who}`, () => listLines(db, viewer, {}, NOW, FIRST)],
  ]),
  ['deals sold', () => listDeals(db, supplier, 'sold', FIRST)],
  ['deals bought', () => listDeals(db, bank, 'bought', FIRST)],
  ['a bill', () => ask(db, supplier, billQuery(supplier, billNo))],
  ['a bill of others', () => ask(db, stranger, billQuery(stranger, billNo))],
  ['a bill of the past', () => ask(db, supplier, billQuery(supplier, billNo, 50n))],
  ['parcels', () => ask(db, supplier, parcelsQuery(supplier, billNo, undefined, FIRST))],
  ['a parcel', () => ask(db, supplier, parcelQuery(supplier, billNo, 0n))],
  ['versions', () => ask(db, supplier, versionsQuery(supplier, billNo, 5_000))],
  ['acts on a bill', () => ask(db, supplier, actsQuery(supplier, billNo, { endorsements: true }, FIRST))],
  ['bills of an invoice', () => billsOfInvoice(db, supplier, 'INV-77')],
  ['acts handed in', () => listQueuedInstructions(db, undefined, FIRST)],
  ['acts that failed', () => listQueuedInstructions(db, 'failed', FIRST)],
  ['calendar', () => listCalendar(db, supplier, { today: '2026-05-01' }, FIRST)],
  ['record of an acceptor', () => ask(db, bank, acceptorRecordQuery(CAST.core, '2026-05-01', 0))],
  [
    'record of an acceptor that the viewer has nothing of',
    () => ask(db, stranger, acceptorRecordQuery(CAST.core, '2026-05-01', 0)),
  ],
  ['hands of a piece', () => ask(db, bank, handsQuery(bank, billNo, { first: 0n, end: 1n }, 10n ** 9n))],
  ['portfolio', () => readPortfolio(db, supplier)],
  ['portfolio of a bank', () => readPortfolio(db, bank)],
  ['inbox', () => readInbox(db, supplier, { now: NOW, payUntil: '2026-06-01' }, 100)],
  ['calendar of a core enterprise', () => listCalendar(db, core, { today: '2026-05-01' }, FIRST)],
  ['inbox of a core enterprise', () => readInbox(db, core, { now: NOW, payUntil: '2026-06-01' }, 100)],
  ['inbox of a bank', () => readInbox(db, bank, { now: NOW, payUntil: '2026-06-01' }, 100)],
];

it.each(LISTS)('%s: no table that grows is read from end to end', async (_, run) => {
  plans = [];
  await run();
  expect(plans.length).toBeGreaterThan(0);
  const scanned = plans.join('\n').matchAll(/Seq Scan on (\w+)/g);
  const growing = [...scanned].map(([, table]) => table!).filter((table) => !SMALL.includes(table));
  expect(growing, plans.filter((plan) => plan.includes('Seq Scan')).join('\n')).toEqual([]);
});
