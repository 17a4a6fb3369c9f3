import { keccak256 } from '#chain/keccak.ts';
import { registeredInvoices } from '#db/invoices/registered.ts';
import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Database } from '#db/wire/connect.ts';
import { isBackFilling } from '#db/chain/store.ts';
import { kindsOf, readColumns } from '#db/ledger/columns.ts';
import { Ledger } from '#db/ledger/ledger.ts';
import { migrate } from '#db/migrate.ts';
import { schemaText } from '#db/schema.ts';
import { SYSTEM, transact, type Viewer } from '#db/access/access.ts';
import { dbTypes, schemaFile, typesFile } from '#scripts/build-db-types.ts';
import { createDatabase, startTemporaryPostgres, type Postgres } from '#embedded/postgres.ts';

let postgres: Postgres;
let url: string;
let db: Database;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
});

beforeEach(async () => {
  url = await createDatabase(postgres.url);
  await migrate(url);
  db = connect(url);
});

afterEach(() => db.destroy());

afterAll(() => postgres.close());

const insertParcel = (
  bill_no: bigint,
  [first, end]: [bigint, bigint],
  [from_block, to_block]: [bigint, bigint | null],
) =>
  db
    .insertInto('ledger.parcel')
    .values({
      bill_no,
      first,
      end,
      from_block,
      to_block,
      holder: 1,
      offered_to: null,
      pledgee: null,
      paid_up_to_minor: 0n,
      offer_until: null,
      flags: 0,
      due_on: '2026-06-01',
    })
    .execute();

const viewerOf = (viewer: number | 'all'): Viewer =>
  viewer === 'all' ? SYSTEM : { member: viewer, seesAll: false };

const partyRow = (bill_no: bigint, member: number) => ({
  bill_no,
  member,
  block_number: 1n,
  issued_at: new Date(0),
  due_on: '2026-06-01',
});

describe('the schema', () => {
  it('is what services/db/types.ts says', async () => {
    expect(await dbTypes(url), 'run node scripts/build-db-types.ts').toBe(readFileSync(typesFile, 'utf8'));
  });

  it('is what services/db/schema.sql says', async () => {
    const written = readFileSync(schemaFile, 'utf8');
    expect(await schemaText(db), 'run node scripts/build-db-types.ts').toBe(written);
  });

  it('is the same after a second migration', async () => {
    await migrate(url);
    expect(await schemaText(db)).toBe(readFileSync(schemaFile, 'utf8'));
  });

  it.each([
    ['001-chain', /before the first release.+empty database/],
    ['999-later', /a newer version/],
  ])('is not touched where the migrations are others: %s', async (name, message) => {
    const before = await schemaText(db);
    await sql`truncate migration.kysely_migration`.execute(db);
    await sql`insert into migration.kysely_migration values (${name}, now()::text)`.execute(db);
    await expect(migrate(url)).rejects.toThrow(message);
    expect(await schemaText(db)).toBe(before);
  });

  it('has ranges of blocks or one block in every table of the read model, so that a rollback misses none', async () => {
    const columns = await readColumns(db);
    const { versioned, facts } = kindsOf(columns);
    expect([...versioned, ...facts].sort()).toEqual([...columns.keys()].sort());
    expect(versioned.filter((table) => facts.includes(table))).toEqual([]);
  });

  it('gives bigint for whole numbers, text for dates, and nothing as a float', async () => {
    const { rows } = await sql`
      select 9007199254740993::int8 as int8, 18446744073709551615::numeric as numeric, '2026-03-03'::date as date,
        array[9007199254740993::int8, null] as int8s
    `.execute(db);
    expect(rows).toEqual([
      {
        int8: 9007199254740993n,
        numeric: 18446744073709551615n,
        date: '2026-03-03',
        int8s: [9007199254740993n, null],
      },
    ]);
  });
});

describe('the book of invoices', () => {
  it('is asked by payee, so that a bill to somebody else occupies nothing of the seller’s', async () => {
    const id = Buffer.alloc(32, 1);
    const row = { invoice_id: id, total_minor: 100n, from_block: 1n };
    await db
      .insertInto('ledger.invoice')
      .values([
        { ...row, payee: 71, used_minor: 100n },
        { ...row, payee: 72, used_minor: 40n },
      ])
      .execute();
    const asked = [70, 72, 71].map((payee) => ({ payee, id }));
    expect(await registeredInvoices(db, asked)).toEqual([
      undefined,
      { total: 100n, used: 40n },
      { total: 100n, used: 100n },
    ]);
  });
});

describe('parcels', () => {
  it('of one bill may not overlap while they are open', async () => {
    await insertParcel(1n, [0n, 100n], [5n, null]);
    for (const range of [
      [50n, 60n],
      [99n, 200n],
      [0n, 100n],
    ] as [bigint, bigint][])
      await expect(insertParcel(1n, range, [7n, null])).rejects.toThrow(
        /parcel_one_holder_a_cent|parcel_open/,
      );
  });

  it('of one bill may not have overlapped, says the end of a back-fill', async () => {
    await insertParcel(1n, [0n, 100n], [5n, null]);
    await sql`select chain.begin_back_fill()`.execute(db);
    await insertParcel(1n, [50n, 60n], [1n, 6n]);
    const end = () => sql`select chain.end_back_fill()`.execute(db);
    await expect(end()).rejects.toThrow(/parcel_one_holder_a_cent/);
    await db.updateTable('ledger.parcel').set({ to_block: 5n }).where('to_block', '=', 6n).execute();
    await end();
    expect(await isBackFilling(db)).toBe(false);
  });

  it('may touch, follow one another in time, or belong to different bills', async () => {
    await insertParcel(1n, [0n, 100n], [5n, 9n]);
    await insertParcel(1n, [100n, 200n], [5n, null]);
    await insertParcel(1n, [0n, 50n], [9n, null]);
    await insertParcel(1n, [50n, 100n], [9n, null]);
    await insertParcel(2n, [0n, 100n], [5n, null]);
    expect(await db.selectFrom('ledger.parcel').selectAll().execute()).toHaveLength(5);
  });

  it('are never empty, and their versions neither', async () => {
    await expect(insertParcel(1n, [5n, 5n], [1n, null])).rejects.toThrow(/check constraint/);
    await expect(insertParcel(1n, [0n, 5n], [4n, 4n])).rejects.toThrow(/check constraint/);
  });
});

describe('roles', () => {
  const as = async <T>(
    role: 'tallystick_api' | 'tallystick_indexer',
    run: (db: Database) => Promise<T>,
  ): Promise<T> => {
    const limited = connect(url, { role, max: 1 });
    try {
      return await run(limited);
    } finally {
      await limited.destroy();
    }
  };
  const party = (bill_no: bigint, member: number) =>
    db.insertInto('ledger.bill_party').values(partyRow(bill_no, member)).execute();
  const seen = (viewer: number | 'all') =>
    as('tallystick_api', (api) =>
      transact(api, viewerOf(viewer), async (trx) => {
        const rows = await trx.selectFrom('ledger.parcel').select('bill_no').orderBy('bill_no').execute();
        return rows.map(({ bill_no }) => bill_no);
      }),
    );

  beforeEach(async () => {
    for (const bill of [1n, 2n, 3n]) await insertParcel(bill, [0n, 10n], [1n, null]);
    await party(1n, 7);
    await party(2n, 7);
    await party(2n, 8);
  });

  it('let the API see the bills of its viewer only', async () => {
    expect(await seen(7)).toEqual([1n, 2n]);
    expect(await seen(8)).toEqual([2n]);
    expect(await seen(9)).toEqual([]);
    expect(await seen('all')).toEqual([1n, 2n, 3n]);
  });

  it('show the API nothing without a viewer, and forget the viewer with the transaction', async () => {
    const counts = await as('tallystick_api', async (api) => {
      const count = () => api.selectFrom('ledger.parcel').selectAll().execute();
      const before = await count();
      await transact(api, viewerOf(7), () => Promise.resolve());
      return [before.length, (await count()).length];
    });
    expect(counts).toEqual([0, 0]);
  });

  it('let the API see the claims on an invoice only of its seller’s, or one that backs a bill of the viewer’s', async () => {
    const [seller, other] = [70, 71];
    const bill = (bill_no: bigint, acceptor: number, payee: number) =>
      sql`
      insert into ledger.bill (bill_no, acceptor, payee, due, due_on, face_minor, kind, status, flags, rule_pack, currency,
        document_hash, invoices_hash, splits, trail, paid_in_minor, paid_out_minor, issued_at, issue_tx, from_block)
      values (${bill_no}, ${acceptor}, ${payee}, 0, '2026-06-01', 100, 'CERTIFICATE', 'offered', 0, 1, 156, '', '', 0,
        decode(repeat('00', 32), 'hex'), 0, 0, now(), '', 1)`.execute(db);
    const use = (bill_no: bigint, freed: boolean) =>
      sql`
      insert into ledger.invoice_use (invoice_id, bill_no, amount_minor, freed, from_block)
      values (decode(repeat('01', 32), 'hex'), ${bill_no}, 10, ${freed}, 1)`.execute(db);
    const claims = (viewer: number | 'all') =>
      as('tallystick_api', (api) =>
        transact(api, viewerOf(viewer), async (trx) => {
          const rows = await trx
            .selectFrom('ledger.invoice_claim')
            .select('bill_no')
            .orderBy('bill_no')
            .execute();
          return rows.map(({ bill_no }) => bill_no);
        }),
      );
    await bill(1n, 50, seller);
    await bill(2n, 51, seller);
    await bill(3n, 52, other); // The same id on behalf of another payee is another invoice.
    await bill(4n, 53, seller);
    for (const [billNo, freed] of [
      [1n, false],
      [2n, false],
      [3n, false],
      [4n, true],
    ] as const)
      await use(billNo, freed);
    expect(await claims(seller)).toEqual([1n, 2n]);
    expect(await claims(50)).toEqual([1n, 2n]);
    expect(await claims(8), 'party to bill 2').toEqual([1n, 2n]);
    expect(await claims(52)).toEqual([3n]);
    expect(await claims(53), 'whose bill came to nothing').toEqual([]);
    expect(await claims(9), 'a stranger').toEqual([]);
    expect(await claims('all')).toEqual([1n, 2n, 3n]);
  });

  it('do not let the API write the read model or the chain', async () => {
    await expect(as('tallystick_api', (api) => api.deleteFrom('ledger.parcel').execute())).rejects.toThrow(
      /permission denied/,
    );
    await expect(as('tallystick_api', (api) => api.deleteFrom('chain.block').execute())).rejects.toThrow(
      /permission denied/,
    );
  });

  it('let the indexer write many rows at once', async () => {
    const parcel = {
      first: 0n,
      end: 10n,
      holder: 1,
      offered_to: null,
      pledgee: 2,
      flags: 3,
      due_on: '2026-06-01',
    };
    await as('tallystick_indexer', async (indexer) => {
      const ledger = await Ledger.open(indexer, keccak256);
      ledger.enterBlock(9n);
      for (let bill_no = 1_001n; bill_no <= 2_000n; bill_no++)
        ledger.parcels.add({ ...parcel, bill_no, paid_up_to_minor: bill_no, offer_until: null });
      for (const change of ledger.collect()) await change(indexer);
    });
    const rows = await db
      .selectFrom('ledger.parcel')
      .selectAll()
      .where('bill_no', '>', 1_000n)
      .orderBy('bill_no')
      .execute();
    expect(rows).toHaveLength(1_000);
    expect(rows[41]).toEqual({
      ...parcel,
      bill_no: 1_042n,
      paid_up_to_minor: 1_042n,
      offer_until: null,
      from_block: 9n,
      to_block: null,
    });
  });

  it('let the indexer write the read model, and nothing of the application', async () => {
    await as('tallystick_indexer', (indexer) => indexer.deleteFrom('ledger.parcel').execute());
    expect(await seen('all')).toEqual([]);
    await expect(
      as('tallystick_indexer', (indexer) => sql`create table app.mine (n int)`.execute(indexer)),
    ).rejects.toThrow(/permission denied/);
  });
});

describe('an owner without rights over the server', () => {
  let server: Postgres;
  const name = 'plain';

  beforeAll(async () => {
    server = await startTemporaryPostgres();
    const admin = connect(server.url);
    await sql`create role ${sql.id(name)} login password 'plain' nosuperuser nocreaterole`.execute(admin);
    await admin.destroy();
  });

  afterAll(() => server.close());

  async function expectWorks(): Promise<void> {
    const database = await createDatabase(server.url);
    const admin = connect(server.url);
    await sql`alter database ${sql.id(new URL(database).pathname.slice(1))} owner to ${sql.id(name)}`.execute(
      admin,
    );
    await admin.destroy();
    const own = Object.assign(new URL(database), { username: name, password: 'plain' });
    await migrate(own.href);
    const plain = connect(own.href, { role: 'tallystick_indexer' });
    const { rows } = await sql<{ user: string }>`select current_user as user`.execute(plain);
    expect(rows).toEqual([{ user: name }]);
    await plain.insertInto('ledger.bill_party').values(partyRow(1n, 1)).execute();
    expect(await plain.selectFrom('ledger.bill_party').selectAll().execute()).toHaveLength(1);
    await plain.destroy();
  }

  it('migrates and works where nobody made the roles', () => expectWorks());

  it('migrates and works where the roles exist and are not its own', async () => {
    await migrate(await createDatabase(server.url));
    await expectWorks();
  });
});
