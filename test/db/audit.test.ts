/** The audit trail in the database: sealed by whoever comes first, and nothing of it changed without being found. */
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportLinks } from '#db/audit/export.ts';
import { listEntries } from '#db/audit/read.ts';
import { sealAll, sealNext } from '#db/audit/seal.ts';
import { verifyTrail } from '#db/audit/verify.ts';
import { ITSELF, recordAudit, type AuditEntry } from '#db/audit/write.ts';
import { OPERATOR, SYSTEM, transact } from '#db/access/access.ts';
import { dumpDatabase, loadDatabase } from '#db/dump.ts';
import { migrate } from '#db/migrate.ts';
import { connect, type Database } from '#db/wire/connect.ts';
import { TrailCheck, type CheckedLink, type Finding } from '#domain/audit/check.ts';
import type { ChainedEntry } from '#domain/audit/chain.ts';
import { createDatabase, startTemporaryPostgres, type Postgres } from '#embedded/postgres.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let postgres: Postgres;
let url: string;
/** As the API asks. */
let db: Database;
/** Who may do anything: the owner of the database, and its thief. */
let owner: Database;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
});
beforeEach(async () => {
  url = await createDatabase(postgres.url);
  await migrate(url);
  db = connect(url, { role: 'tallystick_api' });
  owner = connect(url);
});
afterEach(async () => {
  await db.destroy();
  await owner.destroy();
});
afterAll(() => postgres.close());

const entryOf = (member: number, n: number): AuditEntry => ({
  member,
  isOperator: false,
  action: 'looked',
  subject: `bill:${n}`,
  route: 'getBill',
  requestId: `request ${n}`,
  ip: '127.0.0.1',
  facts: { n: String(n) },
});

/** Links of these sizes, entries numbered from 1. */
async function trailOf(...sizes: number[]): Promise<void> {
  let n = 0;
  for (const size of sizes) {
    for (let k = 0; k < size; k++) await recordAudit(db, entryOf(1 + (n % 2), ++n));
    await sealAll(db);
  }
}

/** As a thief of the database does it, past all triggers. */
const tamper = (...statements: string[]) =>
  owner.connection().execute(async (one) => {
    await sql`set session_replication_role = replica`.execute(one);
    for (const statement of statements) await sql.raw(statement).execute(one);
    await sql`set session_replication_role = origin`.execute(one);
  });

const findings = async (...anchors: { no: string; head: string }[]) =>
  (await verifyTrail(db, anchors)).findings;
const anchorOf = async (no: number) => {
  const { hash } = await owner
    .selectFrom('app.audit_link')
    .select('hash')
    .where('no', '=', BigInt(no))
    .executeTakeFirstOrThrow();
  return { no: String(no), head: hash.toString('hex') };
};

describe('the audit trail', () => {
  it('is as it was written, up to what waits', async () => {
    await trailOf(3, 1, 2);
    await recordAudit(db, entryOf(1, 7));
    expect(await verifyTrail(db, [await anchorOf(2)])).toMatchObject({
      links: '4',
      entries: 7,
      anchored: 1,
      findings: [],
    });
  });

  it('seals what commits late, whatever its number', async () => {
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    let begun!: () => void;
    const isBegun = new Promise<void>((resolve) => (begun = resolve));
    const late = transact(db, SYSTEM, async (trx) => {
      await recordAudit(trx, entryOf(1, 1));
      begun();
      await held;
    });
    await isBegun;
    await recordAudit(db, entryOf(1, 2));
    await sealAll(db);
    release();
    await late;
    await sealAll(db);
    const links = await owner.selectFrom('app.audit_link').select('entries').orderBy('no').execute();
    expect(links.map(({ entries }) => entries)).toEqual([[2n], [1n]]);
    expect(await findings()).toEqual([]);
  });

  it('forgets what was rolled back', async () => {
    const failed = transact(db, SYSTEM, async (trx) => {
      await recordAudit(trx, entryOf(1, 1));
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await verifyTrail(db, [])).toMatchObject({ links: '0', entries: 0, findings: [] });
  });

  it('is sealed by one at a time, however many try', async () => {
    const others = Array.from({ length: 4 }, () => connect(url, { role: 'tallystick_api', max: 2 }));
    try {
      await Promise.all(
        others.flatMap((each, k) =>
          Array.from({ length: 40 }, async (_, n) => {
            await recordAudit(each, entryOf(k, n));
            await (n % 2 === 0 ? sealNext(each) : sealAll(each));
          }),
        ),
      );
    } finally {
      await Promise.all(others.map((each) => each.destroy()));
    }
    expect(await verifyTrail(db, [])).toMatchObject({ entries: 160, findings: [] });
    const { rows } = await sql<{ n: bigint }>`
      select count(*) as n from (select unnest(entries) as id from app.audit_link group by 1) once`.execute(
      owner,
    );
    expect(rows[0]!.n).toBe(160n);
  });

  it('is sealed by the next when one died between entry and link', async () => {
    await recordAudit(db, entryOf(1, 1));
    const dying = connect(url, { role: 'tallystick_api', max: 1 });
    const isSealing = dying.connection().execute(async (one) => {
      await sql`begin`.execute(one);
      await sql`select pg_advisory_xact_lock(${0x6175646974n})`.execute(one);
      await sql`select pg_terminate_backend(pg_backend_pid())`.execute(one);
    });
    await expect(isSealing).rejects.toThrow();
    await dying.destroy();
    expect(await verifyTrail(db, [])).toMatchObject({ links: '1', entries: 1, findings: [] });
  });

  it('comes out of a backup as it was, and goes on', async () => {
    await trailOf(2, 1);
    await recordAudit(db, entryOf(1, 4));
    const folder = mkdtempSync(join(tmpdir(), 'tallystick-audit-'));
    const copyUrl = await createDatabase(postgres.url);
    const copy = connect(copyUrl, { role: 'tallystick_api' });
    try {
      const dump = await dumpDatabase(url, folder);
      await loadDatabase(copyUrl, folder, dump);
      await recordAudit(copy, entryOf(1, 5));
      expect(await verifyTrail(copy, [await anchorOf(2)])).toMatchObject({
        links: '3',
        entries: 5,
        anchored: 1,
        findings: [],
      });
      const again = sql`update app.audit_entry set action = 'other'`.execute(copy);
      await expect(again).rejects.toThrow(/permission denied/);
    } finally {
      await copy.destroy();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('what was changed afterwards is named', () => {
  const cases: [string, string[], Finding][] = [
    [
      'an entry that was deleted',
      ['delete from app.audit_entry where id = 4'],
      { what: 'entry missing', link: '2', entry: '4' },
    ],
    [
      'an entry of which the subject was altered',
      [`update app.audit_entry set subject = 'bill:99' where id = 2`],
      { what: 'entry altered', link: '1', entry: '2' },
    ],
    [
      'an entry that was given to another',
      ['update app.audit_entry set member = 9 where id = 6'],
      { what: 'entry altered', link: '3', entry: '6' },
    ],
    [
      'an entry that was moved in time',
      [`update app.audit_entry set at = at - interval '1 hour' where id = 5`],
      { what: 'entry altered', link: '3', entry: '5' },
    ],
    [
      'an entry of which a fact was altered',
      [`update app.audit_entry set facts = '{"n": "8"}' where id = 3`],
      { what: 'entry altered', link: '1', entry: '3' },
    ],
    [
      'an entry that was put in',
      [
        `insert into app.audit_entry (member, is_operator, for_operator, action) values (1, false, false, 'looked')`,
      ],
      { what: 'entry inserted', entry: '7' },
    ],
    [
      'two entries that changed places',
      ['update app.audit_link set entries = array[2, 1, 3] where no = 1'],
      { what: 'entry altered', link: '1', entry: '2' },
    ],
    [
      'a link that was deleted',
      ['delete from app.audit_link where no = 2'],
      { what: 'link missing', link: '2' },
    ],
    [
      'a link from which an entry was taken with its digest',
      [
        'delete from app.audit_entry where id = 2',
        'update app.audit_link set entries = array[1, 3], digests = substr(digests, 1, 32) || substr(digests, 65) where no = 1',
      ],
      { what: 'link altered', link: '1' },
    ],
    [
      'a link that was moved in time',
      [`update app.audit_link set at = at - interval '1 hour' where no = 3`],
      { what: 'link altered', link: '3' },
    ],
    [
      'two links that changed places',
      [
        'alter table app.audit_anchor drop constraint audit_anchor_no_fkey',
        'update app.audit_link set no = 9 where no = 2',
        'update app.audit_link set no = 2 where no = 3',
        'update app.audit_link set no = 3 where no = 9',
      ],
      { what: 'link displaced', link: '2' },
    ],
  ];

  it.each(cases)('%s', async (_, statements, finding) => {
    await trailOf(3, 1, 2);
    await tamper(...statements);
    expect((await findings())[0]).toEqual(finding);
  });

  it('a trail that was written anew from some link on, by what was anchored', async () => {
    await trailOf(3, 1, 2);
    const anchor = await anchorOf(3);
    await tamper(
      `update app.audit_entry set member = 9 where id = 4`,
      'delete from app.audit_link where no >= 2',
      'insert into app.audit_waiting values (4), (5), (6)',
    );
    await sealAll(db);
    await recordAudit(db, entryOf(1, 7));
    await sealAll(db);
    expect(await findings()).toEqual([]);
    expect(await findings(anchor)).toEqual([{ what: 'anchor differs', link: '3' }]);
  });

  it('an end that was cut off, by what was anchored', async () => {
    await trailOf(3, 1, 2);
    const anchor = await anchorOf(3);
    await tamper('delete from app.audit_link where no = 3', 'delete from app.audit_entry where id >= 5');
    expect(await findings()).toEqual([]);
    expect(await findings(anchor)).toEqual([{ what: 'anchor beyond', link: '3' }]);
  });
});

describe('nobody changes it', () => {
  const TABLES = ['app.audit_entry', 'app.audit_link', 'app.audit_anchor'];

  it.each(TABLES)('%s, as the API', async (table) => {
    await trailOf(1);
    for (const statement of [
      `update ${table} set at = now()`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ])
      await expect(sql.raw(statement).execute(db)).rejects.toThrow(/permission denied/);
  });

  it.each(TABLES)('%s, even as its owner', async (table) => {
    await trailOf(1);
    for (const statement of [
      `update ${table} set at = now()`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ])
      await expect(sql.raw(statement).execute(owner)).rejects.toThrow(/only added to/);
  });

  it('a link that does not follow the last is refused', async () => {
    await trailOf(1, 1);
    for (const [no, previous] of [
      [2, 'hash'],
      [4, 'hash'],
      [3, 'previous'],
    ])
      await expect(
        sql
          .raw(
            `insert into app.audit_link select ${no}, at, entries, digests, ${previous}, hash from app.audit_link where no = 2`,
          )
          .execute(db),
      ).rejects.toThrow(/does not follow/);
  });
});

describe('who reads what', () => {
  beforeEach(async () => {
    await recordAudit(
      db,
      entryOf(1, 1),
      entryOf(2, 2),
      { member: 1, isOperator: false, action: 'signedIn' },
      { member: null, isOperator: true, action: 'admitted' },
      { ...ITSELF, action: 'signInFailed' },
    );
    await sealAll(db);
  });
  const page = { limit: 10 };
  const actions = async (viewer: { member: number; seesAll: boolean }) =>
    (await listEntries(db, viewer, {}, page)).rows.map(({ action }) => action);

  it('a member its own, the operator what running needs, a regulator all', async () => {
    expect(await actions({ member: 1, seesAll: false })).toEqual(['signedIn', 'looked']);
    expect(await actions({ member: 2, seesAll: false })).toEqual(['looked']);
    expect(await actions({ member: 3, seesAll: false })).toEqual([]);
    expect(await actions(OPERATOR)).toEqual(['signInFailed', 'admitted', 'signedIn']);
    expect(await actions(SYSTEM)).toHaveLength(5);
  });

  it('so says the database too, whatever is asked', async () => {
    const seen = (viewer: { member: number; seesAll: boolean }) =>
      transact(db, viewer, async (trx) => {
        const rows = await trx.selectFrom('app.audit_entry').select('id').orderBy('id').execute();
        return rows.map(({ id }) => Number(id));
      });
    expect(await seen({ member: 1, seesAll: false })).toEqual([1, 3]);
    expect(await seen(OPERATOR)).toEqual([3, 4, 5]);
    expect(await seen(SYSTEM)).toEqual([1, 2, 3, 4, 5]);
    expect((await db.selectFrom('app.audit_entry').select('id').execute()).length).toBe(0);
  });

  it('an export holds what its reader sees, and proves it with the rest unseen', async () => {
    await trailOf(2);
    await recordAudit(db, entryOf(2, 9));
    await sealAll(db);
    const lines: { link: CheckedLink; entries: ChainedEntry[] }[] = [];
    for await (const text of exportLinks(db, { member: 1, seesAll: false }, 0n))
      lines.push(
        ...text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as (typeof lines)[number]),
      );
    expect(lines.map(({ entries }) => entries.map(({ id }) => id))).toEqual([['1', '3'], ['6'], []]);
    expect(lines[2]!.link).not.toHaveProperty('entries');
    const check = (changed = lines) => {
      const trail = new TrailCheck([]);
      return changed.flatMap(({ link, entries }) =>
        trail.link(link, new Map(entries.map((entry) => [entry.id, entry])), false),
      );
    };
    expect(check()).toEqual([]);
    const altered = structuredClone(lines);
    Object.assign(altered[0]!.entries[0]!, { subject: 'bill:2' });
    expect(check(altered)).toEqual([{ what: 'entry altered', link: '1', entry: '1' }]);
    expect(check(lines.slice(0, 1).concat(lines.slice(2)))).toContainEqual({
      what: 'link missing',
      link: '2',
    });
  });
});
