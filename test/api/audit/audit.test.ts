/** What the audit trail tells of requests, who reads it, and that the chain keeps its head. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anchor, ANCHOR_AFTER_MS } from '#api/audit/anchor.ts';
import { start } from '#api/start.ts';
import { callsOf } from '#chain/calls.ts';
import { Http } from '#client/http.ts';
import type { Member } from '#client/member.ts';
import { money } from '#client/money.ts';
import { Operator } from '#client/operator.ts';
import { ITSELF } from '#db/audit/write.ts';
import { sealAll } from '#db/audit/seal.ts';
import { chainKeyOf } from '#keys/key.ts';
import { verifyExport } from '#scripts/audit/exported.ts';
import { verifyAudit } from '#scripts/audit/verify.ts';
import { KEYS, prepareGround, until, type Ground } from '../../fixtures/ground.ts';
import { ask, tokenFor } from '../support/ask.ts';

let ground: Ground;
let relayer: { close(): Promise<void> };
let [core, supplier, bank, regulator, stranger]: Member[] = [];
let parcel: string;
let billNo: string;

beforeAll(async () => {
  ground = await prepareGround();
  relayer = await ground.relayer();
  core = await ground.admit('audit core', ['core_enterprise']);
  supplier = await ground.admit('audit supplier', ['supplier']);
  bank = await ground.admit('audit bank', ['bank']);
  regulator = await ground.admit('audit regulator', ['regulator']);
  stranger = await ground.admit('audit stranger', ['supplier']);
  const { today } = await dates();
  const bills = [{ payee: supplier.number, face: money('100.00'), due: today }];
  const { makes } = await core.perform({ type: 'issue', bills });
  parcel = makes.parcels[0]!;
  billNo = String(BigInt(parcel) >> 64n);
  await supplier.perform({ type: 'take', parcels: [parcel] });
}, 120_000);
afterAll(async () => {
  await relayer?.close();
  await ground?.close();
});

/** A date on which a bill may fall due. */
async function dates() {
  const { clock } = await core!.http.get('/api/status');
  const later = new Date(`${clock}T00:00:00Z`);
  later.setUTCDate(later.getUTCDate() + 90);
  return { today: later.toISOString().slice(0, 10) };
}

type Told = { action: string; member: number | null; subject: string | null; route: string | null };

const newest = async (): Promise<bigint> => {
  const { rows } = await sql<{ id: bigint }>`select coalesce(max(id), 0) as id from app.audit_entry`.execute(
    ground.db,
  );
  return rows[0]!.id;
};
const since = async (id: bigint): Promise<Told[]> =>
  (
    await sql<Told>`
      select action, member, subject, route from app.audit_entry where id > ${id} and route is distinct from 'listAuditEntries' order by id`.execute(
      ground.db,
    )
  ).rows;
/** What an act leaves in the trail, when so much has come; a look comes with the next batch. */
async function told(act: () => Promise<unknown>, count: number): Promise<Told[]> {
  const before = await newest();
  await act();
  await until(async () => (await since(before)).length >= count);
  return since(before);
}

describe('what is told', () => {
  it('who prepared and who signed, under the instruction', async () => {
    const offer = { type: 'offer', parcel, amount: money('1.00'), to: stranger!.number } as const;
    const entries = await told(async () => {
      await supplier!.perform(offer);
    }, 2);
    const [prepared, signed] = entries;
    expect(entries).toEqual([
      {
        action: 'prepared',
        member: supplier!.number,
        subject: prepared!.subject,
        route: 'prepareInstruction',
      },
      { action: 'signed', member: supplier!.number, subject: prepared!.subject, route: 'submitInstruction' },
    ]);
    expect(signed!.subject).toMatch(/^instruction:[0-9a-f-]{36}$/);
  });

  it('nothing of what did not come to be', async () => {
    const before = await newest();
    const refused = supplier!.http.post('/api/instructions/prepare', {
      instruction: { type: 'offer', parcel, amount: money('1000.00'), to: stranger!.number },
    });
    await expect(refused).rejects.toMatchObject({ code: 'AMOUNT_EXCEEDS_PARCEL' });
    expect(await since(before)).toEqual([]);
  });

  it('the looks of a bank that is asked to quote, and not those of a party', async () => {
    let request = '';
    const asked = await told(async () => {
      request = await supplier!.ask({ parcel, banks: [bank!.number] });
    }, 1);
    expect(asked).toMatchObject([
      { action: 'requested', member: supplier!.number, subject: `request:${request}` },
    ]);
    const looks = await told(async () => {
      await supplier!.http.get(`/api/bills/${billNo}`);
      await core!.http.get(`/api/bills/${billNo}/ribbon`);
      await bank!.http.get(`/api/financing-requests/${request}`);
      await bank!.http.get(`/api/bills/${billNo}`);
      await bank!.http.get(`/api/bills/${billNo}/acts`);
      await bank!.http.get(`/api/bills/${billNo}/parcels`);
      await bank!.http.get(`/api/bills/${billNo}/ribbon`);
    }, 5);
    const look = (route: string) => ({
      action: 'looked',
      member: bank!.number,
      subject: `bill:${billNo}`,
      route,
    });
    expect(looks).toEqual(['getRequest', 'getBill', 'listBillActs', 'listParcels', 'getRibbon'].map(look));
  });

  it('each document that is opened, by whomever', async () => {
    const { documentHash } = await supplier!.http.get(`/api/bills/${billNo}`);
    const opened = await told(async () => {
      await supplier!.http.get(`/api/bills/${billNo}/document`);
      await regulator!.http.get(`/api/bills/${billNo}/document`);
    }, 2);
    expect(opened).toEqual(
      [supplier!, regulator!].map(({ number }) => ({
        action: 'documentOpened',
        member: number,
        subject: `document:${documentHash}`,
        route: 'getBillDocument',
      })),
    );
  });

  it('whatever a regulator and the operator look at, but not who they are', async () => {
    const operator = await Operator.enter(ground.apiUrl);
    const looks = await told(async () => {
      await regulator!.http.get('/api/session');
      await regulator!.http.get('/api/bills', { q: 'audit core' });
      await regulator!.http.get(`/api/members/${core!.number}`);
      await regulator!.http.get('/api/supervision');
      await operator.http.get('/api/operator/members');
    }, 4);
    expect(looks).toEqual([
      { action: 'looked', member: regulator!.number, subject: null, route: 'listBills' },
      { action: 'looked', member: regulator!.number, subject: `member:${core!.number}`, route: 'getMember' },
      { action: 'looked', member: regulator!.number, subject: null, route: 'getSupervision' },
      { action: 'looked', member: null, subject: null, route: 'listOperatorMembers' },
    ]);
    const { items } = await regulator!.http.get('/api/audit', { action: 'looked', limit: 4 });
    expect(items.map(({ facts }) => facts)).toContainEqual({ query: 'q=audit+core' });
  });

  it('what was refused to somebody who is known', async () => {
    const refused = await told(async () => {
      await ask(ground.apiUrl, 'GET', '/api/operator/members', {
        token: await tokenFor(ground.apiUrl, { member: stranger!.number }),
      });
      await ask(ground.apiUrl, 'GET', '/api/operator/members');
    }, 2);
    expect(refused).toEqual([
      { action: 'signedIn', member: stranger!.number, subject: null, route: 'openSession' },
      { action: 'denied', member: stranger!.number, subject: null, route: 'listOperatorMembers' },
    ]);
  });

  it('admissions and suspensions, to the operator too', async () => {
    const operator = await Operator.enter(ground.apiUrl);
    const acts = await told(async () => {
      await operator.suspend(stranger!.number, 'a reason');
      await operator.restore(stranger!.number, 'another');
    }, 2);
    expect(acts.map(({ action, subject }) => [action, subject])).toEqual([
      ['suspended', `member:${stranger!.number}`],
      ['restored', `member:${stranger!.number}`],
    ]);
    const { items } = await operator.http.get('/api/audit', { limit: 200 });
    const seen = new Set(items.map(({ action }) => action));
    for (const action of ['admitted', 'suspended', 'restored', 'signedIn', 'denied'] as const)
      expect(seen).toContain(action);
    for (const action of ['looked', 'prepared', 'signed', 'requested', 'documentOpened'] as const)
      expect(seen).not.toContain(action);
  });
});

describe('a look', () => {
  it('costs its request no word with the database', async () => {
    const before = await newest();
    let answered: unknown;
    await ground.db.connection().execute(async (one) => {
      await sql`begin`.execute(one);
      await sql`lock table app.audit_entry, app.audit_waiting, app.audit_link in access exclusive mode`.execute(
        one,
      );
      // Nobody reads or writes the trail meanwhile, and still it is answered.
      answered = await bank!.http.get(`/api/bills/${billNo}`);
      await regulator!.http.get('/api/bills');
      await sql`rollback`.execute(one);
    });
    expect(answered).toMatchObject({ billNo });
    await until(async () => (await since(before)).length >= 2);
    expect((await since(before)).map(({ route }) => route)).toEqual(['getBill', 'listBills']);
  });

  it('is written before a process ends', async () => {
    const { databaseUrl, rpcUrl, deployment, keysDir } = ground;
    const other = await start({
      ...{ databaseUrl, rpcUrl, deployment, keysDir, host: '127.0.0.1', port: 0, demo: true, clock: 'chain' },
      log: pino({ level: 'silent' }),
    });
    const token = await tokenFor(other.url, { member: regulator!.number });
    const entered = new Http(other.url, token);
    const before = await newest();
    await Promise.all(Array.from({ length: 25 }, () => entered.get('/api/supervision')));
    await other.close();
    const written = await since(before);
    expect(written.filter(({ route }) => route === 'getSupervision')).toHaveLength(25);
  });

  it('is in a link at most a moment later', async () => {
    await bank!.http.get(`/api/bills/${billNo}`);
    await until(async () => {
      const { waiting } = await bank!.http.get('/api/audit/trail');
      const { rows } = await sql<{ n: bigint }>`
        select count(*) as n from app.audit_entry e where not exists (
          select from app.audit_link l where e.id = any(l.entries))`.execute(ground.db);
      return waiting === 0 && rows[0]!.n === 0n;
    });
  });
});

describe('who reads the trail', () => {
  it('a member its own alone', async () => {
    const { items } = await bank!.http.get('/api/audit', { limit: 200 });
    expect(items.length).toBeGreaterThan(5);
    expect(new Set(items.map(({ member }) => member?.number))).toEqual(new Set([bank!.number]));
    const of = await bank!.http.get('/api/audit', { subject: `bill:${billNo}`, member: core!.number });
    expect(of.items).toEqual([]);
  });

  it('page by page, newest first', async () => {
    const whole = await regulator!.http.get('/api/audit', { limit: 20 });
    const first = await regulator!.http.get('/api/audit', { limit: 5, to: '2999-01-01' });
    const ids = whole.items.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    const next = await regulator!.http.get('/api/audit', { limit: 5, to: '2999-01-01', cursor: first.next! });
    expect(Number(next.items[0]!.id)).toBeLessThan(Number(first.items.at(-1)!.id));
    expect((await regulator!.http.get('/api/audit', { from: '2999-01-01' })).items).toEqual([]);
  });

  it('anybody its export, which proves itself without us', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tallystick-audit-'));
    try {
      await sealAll(ground.db);
      for (const who of [regulator!, bank!]) {
        const token = await tokenFor(ground.apiUrl, { member: who.number });
        const headers = { authorization: `Bearer ${token}` };
        const body = await (await fetch(`${ground.apiUrl}/api/audit/export`, { headers })).text();
        const file = join(folder, 'audit.jsonl');
        writeFileSync(file, body);
        const { isGood, text } = await verifyExport(file);
        expect(text).toMatch(/^audit trail as written: \d+ links/);
        expect(isGood).toBe(true);
        writeFileSync(file, body.replace('"route":"getBill"', '"route":"getBell"'));
        expect((await verifyExport(file)).text).toMatch(/entry \d+ of link \d+ is altered/);
        expect(who === bank! && body.includes('getSupervision')).toBe(false);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the head on the chain', () => {
  const calls = () => ({ db: ground.db, calls: callsOf(ground.deployment) });
  const target = () => ({ ...ground, relayerKey: chainKeyOf(KEYS.relayer) });

  it('is written by the keeper, and then no link before it can be changed', async () => {
    await sealAll(ground.db);
    const done = await anchor(calls(), ITSELF, 0);
    await sealAll(ground.db); // That it was handed over: else the next link would take the number of the one deleted below.
    await until(async () => {
      const { anchors } = await regulator!.http.get('/api/audit/trail');
      return anchors[0]?.link === String(done!.no) && anchors[0].state === 'done';
    });
    expect(await verifyAudit(target())).toMatchObject({
      isGood: true,
      text: expect.stringMatching(/1 of 1 anchors/) as unknown,
    });
    await ground.db.connection().execute(async (one) => {
      await sql`set session_replication_role = replica`.execute(one);
      await sql`delete from app.audit_link where no = ${done!.no}`.execute(one);
      await sql`set session_replication_role = origin`.execute(one);
    });
    const { isGood, text } = await verifyAudit(target());
    expect(isGood).toBe(false);
    expect(text).toContain(`link ${done!.no} is missing`);
  });

  it('is handed over once, and a day after the oldest link that has none', async () => {
    const before = await ground.db.selectFrom('app.audit_anchor').select('no').execute();
    expect(await anchor(calls(), ITSELF, ANCHOR_AFTER_MS)).toBeUndefined();
    await sealAll(ground.db);
    const both = await Promise.all([anchor(calls(), ITSELF, 0), anchor(calls(), ITSELF, 0)]);
    expect(both.filter((each) => each !== undefined)).toHaveLength(1);
    const after = await ground.db.selectFrom('app.audit_anchor').select('no').execute();
    expect(after.length).toBe(before.length + 1);
  });
});
