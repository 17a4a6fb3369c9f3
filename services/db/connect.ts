import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
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
  /** Most connections at a time. */
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
  const pool = createPool(databaseUrl, options);
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  pools.set(db, pool);
  return db;
}

const pools = new WeakMap<Kysely<DB>, pg.Pool>();

/** The connections under a database that {@link connect} opened. */
export function poolOf(db: Kysely<DB>): pg.Pool {
  const pool = pools.get(db);
  if (pool === undefined) throw new Error('a transaction, or no database of ours');
  return pool;
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
