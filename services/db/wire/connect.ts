import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import pg from 'pg';
import type { DB } from '../types.ts';

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
  /**
   * The URL is that of a pooler, which may give each transaction another connection: role and settings go with every
   * transaction and end with it, and no statement is kept prepared. Not together with `onConnect`.
   */
  readonly isPooled?: boolean;
};

/** int8 and numeric come as bigint, date as 'YYYY-MM-DD', timestamptz as Date, bytea as Buffer. */
export function connect(databaseUrl: string, options: ConnectOptions = {}): Kysely<DB> {
  const { onConnect, isPooled = false } = options;
  const all = createPool(databaseUrl, options);
  const readers = createPool(
    databaseUrl,
    isPooled
      ? options
      : {
          ...options,
          onConnect: async (client) => {
            await client.query(`${READING}; ${PLANNING}`);
            await onConnect?.(client);
          },
        },
  );
  const pool: PostgresPool = {
    options: all.options,
    connect: () => all.connect(),
    end: async () => void (await Promise.all([all.end(), readers.end()])),
  };
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  pools.set(db, { all, readers, role: isPooled ? (options.role ?? 'none') : undefined });
  return db;
}

/**
 * What is read together was true together, and nothing is changed. Each list has its index, whoever looks; to plan it anew would
 * cost more than to read it. A page that is wanted is nearly always in memory: to fetch it out of its order costs hardly more.
 */
const READING = `
  set default_transaction_isolation = 'repeatable read';
  set default_transaction_read_only = on`;
const PLANNING = `
  set plan_cache_mode = force_generic_plan;
  set random_page_cost = 1.1`;

type Pools = {
  readonly all: pg.Pool;
  readonly readers: pg.Pool;
  /** As which a transaction through a pooler has to begin; undefined: connections are ours alone. */
  readonly role: Role | 'none' | undefined;
};
const pools = new WeakMap<Kysely<DB>, Pools>();

const takingRole = (role: Role | 'none', isLocal: boolean): string =>
  `select set_config('role', rolname, ${isLocal}) from pg_roles
   where rolname = '${role}' and pg_has_role(session_user, oid, 'member')`;

/** What others left on the connection does not count: all that matters is said again. */
const beginning = (role: Role | 'none'): string[] => [
  'begin isolation level read committed read write',
  takingRole(role, true),
];

/**
 * How a transaction of a database behind a pooler begins, if it only reads or if it may write; undefined if the database
 * needs no such thing.
 */
export function beginningOf(db: Kysely<DB>, isReading: boolean): readonly string[] | undefined {
  const { role } = poolsOf(db);
  if (role === undefined) return undefined;
  if (!isReading) return beginning(role);
  const planning = PLANNING.split(';').map((each) => each.replace('set ', 'set local '));
  return ['begin isolation level repeatable read read only', takingRole(role, true), ...planning];
}

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
  const { max = 10, role, applicationName = 'tallystick', onConnect, keepOpen = false, isPooled } = options;
  const prepare = async (client: pg.ClientBase): Promise<void> => {
    // A connection that breaks while it is in use fails its query, but without a listener it would end the process.
    client.on('error', () => {});
    if (role !== undefined && !isPooled) await client.query(takingRole(role, false));
    await onConnect?.(client);
  };
  const pool = new pg.Pool({
    Client: isPooled ? boundClient(role ?? 'none') : pg.Client,
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

/** Gives every transaction its role at its start; a statement by itself is a transaction too. */
function boundClient(role: Role | 'none'): typeof pg.Client {
  const begin = beginning(role).join('; ');
  return class BoundClient extends pg.Client {
    #isOpen = false;

    override query(...args: unknown[]): never {
      const [text] = args;
      if (typeof text !== 'string') return this.#plain(...args);
      if (text.startsWith('begin')) {
        this.#isOpen = true;
        return this.#plain(text.replace('begin', begin));
      }
      if (text === 'commit' || text === 'rollback') {
        this.#isOpen = false;
        return this.#plain(...args);
      }
      return this.#isOpen ? this.#plain(...args) : (this.#alone(args) as never);
    }

    #plain(...args: unknown[]): never {
      return (super.query as (...args: unknown[]) => never)(...args);
    }

    async #alone(args: unknown[]): Promise<unknown> {
      await (this.#plain(begin) as Promise<unknown>);
      try {
        const result = await (this.#plain(...args) as Promise<unknown>);
        await (this.#plain('commit') as Promise<unknown>);
        return result;
      } catch (error) {
        await (this.#plain('rollback') as Promise<unknown>).catch(() => {}); // it breaks with the connection
        throw error;
      }
    }
  };
}
