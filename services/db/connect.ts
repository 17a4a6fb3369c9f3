import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import pg from 'pg';
import { CopyingClient } from './copy.ts';
import type { DB } from './types.ts';

const OID = {
  int8: 20,
  numeric: 1700,
  date: 1082,
  timestamptz: 1184,
  int8Array: 1016,
  numericArray: 1231,
  dateArray: 1182,
};

/** Whole numbers only: the schema has no fractions. */
const parsers = new Map<number, (text: string) => unknown>([
  [OID.int8, BigInt],
  [OID.numeric, BigInt],
  [OID.date, String],
  [OID.timestamptz, (text) => instantOf(text)],
  [OID.int8Array, arrayOf(BigInt)],
  [OID.numericArray, arrayOf(BigInt)],
  [OID.dateArray, arrayOf(String)],
]);

const PLAIN_INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d$/;

/** As a machine reads it fastest; what is not plain is read with more care. */
const instantOf = (text: string): unknown =>
  PLAIN_INSTANT.test(text)
    ? new Date(`${text.slice(0, 10)}T${text.slice(11)}:00`)
    : pg.types.getTypeParser(OID.timestamptz)(text);

function arrayOf(parse: (text: string) => unknown): (text: string) => unknown {
  return (text) =>
    text === '{}'
      ? []
      : text
          .slice(1, -1)
          .split(',')
          .map((element) => (element === 'NULL' ? null : parse(element)));
}

export const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) ||
    pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

/** For those who may call the repositories but know no SQL. */
export type Database = Kysely<DB>;

export type Role = 'tallystick_indexer' | 'tallystick_api';

export type ConnectOptions = {
  /** Most connections at a time, and as many again that {@link readersOf only read}. */
  readonly max?: number;
  /** Least-privilege role to act as; ignored where migration could not make it. */
  readonly role?: Role;
  readonly applicationName?: string;
  /** Runs on each new connection, after it took its role. */
  readonly onConnect?: (client: pg.ClientBase) => Promise<void>;
  /** Keeps idle connections. */
  readonly keepOpen?: boolean;
};

/** int8 and numeric come as bigint, date as 'YYYY-MM-DD', timestamptz as Date, bytea as Buffer. */
export function connect(databaseUrl: string, options: ConnectOptions = {}): Kysely<DB> {
  const { onConnect } = options;
  const all = createPool(databaseUrl, options);
  const readers = createPool(databaseUrl, {
    ...options,
    onConnect: async (client) => {
      await client.query(READING);
      await onConnect?.(client);
    },
  });
  const pool: PostgresPool = {
    options: all.options,
    connect: () => all.connect(),
    end: async () => void (await Promise.all([all.end(), readers.end()])),
  };
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  pools.set(db, { all, readers });
  return db;
}

/**
 * What is read together was true together, and nothing is changed. Each list has its index, whoever looks; to plan it anew would
 * cost more than to read it. A page that is wanted is nearly always in memory: to fetch it out of its order costs hardly more.
 */
const READING = `
  set default_transaction_isolation = 'repeatable read';
  set default_transaction_read_only = on;
  set plan_cache_mode = force_generic_plan;
  set random_page_cost = 1.1`;

type Pools = { readonly all: pg.Pool; readonly readers: pg.Pool };
const pools = new WeakMap<Kysely<DB>, Pools>();

/** The connections under a database that {@link connect} opened. */
export const poolOf = (db: Kysely<DB>): pg.Pool => poolsOf(db).all;

/** Connections to it of which every transaction only reads, and reads one state. */
export const readersOf = (db: Kysely<DB>): pg.Pool => poolsOf(db).readers;

function poolsOf(db: Kysely<DB>): Pools {
  const found = pools.get(db);
  if (found === undefined) throw new Error('a transaction, or no database of ours');
  return found;
}

export function createPool(databaseUrl: string, options: ConnectOptions = {}): pg.Pool {
  const { max = 10, role, applicationName = 'tallystick', onConnect, keepOpen = false } = options;
  const prepare = async (client: pg.ClientBase): Promise<void> => {
    // A connection that breaks while it is in use fails its query, but without a listener it would end the process.
    client.on('error', () => {});
    if (role !== undefined) await takeRole(client, role);
    await onConnect?.(client);
  };
  const pool = new pg.Pool({
    Client: CopyingClient,
    connectionString: databaseUrl,
    max,
    application_name: applicationName,
    types,
    onConnect: prepare as (client: pg.ClientBase) => void, // the pool waits for what it returns
    ...(keepOpen && { idleTimeoutMillis: 0 }),
  });
  // The same for one that breaks while it is idle: it is replaced at the next use.
  pool.on('error', () => {});
  return pool;
}

/** A connection outside the pool: for LISTEN and for locks that live as long as it does. */
export function createClient(databaseUrl: string, applicationName = 'tallystick'): pg.Client {
  return new pg.Client({ connectionString: databaseUrl, application_name: applicationName, types });
}

async function takeRole(client: pg.ClientBase, role: Role): Promise<void> {
  await client.query(
    `select set_config('role', rolname, false) from pg_roles
     where rolname = $1 and pg_has_role(current_user, oid, 'member')`,
    [role],
  );
}
