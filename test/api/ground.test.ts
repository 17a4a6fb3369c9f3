/** What stands beneath the routes: row-level security, several processes, logs, keys, the web app's files. */
import { mkdtempSync, mkdirSync, rmSync, statSync, writeFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '#db/wire/connect.ts';
import { transact } from '#db/access/access.ts';
import { Key } from '#client/key.ts';
import { Member } from '#client/member.ts';
import { money } from '#client/money.ts';
import type { PreparedInstruction } from '#client/generated/schema.ts';
import { prepareGround, until, type Ground } from '../fixtures/ground.ts';
import { ask, tokenFor } from './support/ask.ts';

describe('the ground', () => {
  let ground: Ground;
  let api: Database;
  let relayer: { close(): Promise<void> };
  const lines: string[] = [];
  const members = {} as Record<'core' | 'supplier' | 'bank' | 'bank2' | 'stranger', Member>;
  let quote: string;
  let act: PreparedInstruction;

  beforeAll(async () => {
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(chunk.toString());
        done();
      },
    });
    ground = await prepareGround(pino({ level: 'trace' }, sink));
    relayer = await ground.relayer();
    for (const [name, role] of [
      ['core', 'core_enterprise'],
      ['supplier', 'supplier'],
      ['bank', 'bank'],
      ['bank2', 'bank'],
      ['stranger', 'supplier'],
    ] as const) {
      members[name] = await ground.admit(name, [role]);
    }
    const { core, supplier, bank, bank2 } = members;
    const { makes } = await core.perform({
      type: 'issue',
      bills: [{ payee: supplier.number, face: money('100.00'), due: dueDate }],
    });
    await supplier.perform({ type: 'take', parcels: makes.parcels });
    const request = await supplier.ask({ parcel: makes.parcels[0]!, banks: [bank.number, bank2.number] });
    for (const each of [bank, bank2])
      await each.perform({ type: 'setLine', obligor: core.number, limit: money('100.00') });
    quote = await bank.quote({ request, rate: '0.02' });
    await bank2.quote({ request, rate: '0.03' });
    act = await supplier.prepare({ type: 'offer', parcel: makes.parcels[0]!, to: members.stranger.number });
    api = connect(ground.databaseUrl, { role: 'tallystick_api', max: 2 });
  });
  afterAll(async () => {
    await api?.destroy();
    await relayer?.close();
    await ground?.close();
  });

  const dueDate = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
  const TABLES = [
    'ledger.bill',
    'ledger.parcel',
    'ledger.act',
    'app.instruction',
    'app.quote',
    'app.financing_request',
    'app.invitation',
    'app.bill_document',
  ] as const;
  const counts = (viewer: { member: number; seesAll: boolean }) =>
    transact(api, viewer, async (trx) => {
      const found: number[] = [];
      for (const table of TABLES) {
        const { rows } = await sql<{ count: bigint }>`select count(*) from ${sql.table(table)}`.execute(trx);
        found.push(Number(rows[0]!.count));
      }
      return found;
    });

  describe('row-level security', () => {
    it('shows nothing to a query that names no viewer', async () => {
      for (const table of TABLES) {
        const { rows } = await sql<{ count: bigint }>`select count(*) from ${sql.table(table)}`.execute(api);
        expect([table, Number(rows[0]!.count)]).toEqual([table, 0]);
      }
    });

    it('shows each viewer what is its own, whatever the query forgets to ask', async () => {
      const all = await counts({ member: 0, seesAll: true });
      expect(all.slice(0, 3)).toEqual([2, 2, 2]); // bill and parcel before and after it was taken; two acts
      const own = (member: Member) => counts({ member: member.number, seesAll: false });
      //                                        bill parcel act  acts quotes requests invitations documents
      expect(await own(members.stranger)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
      expect(await own(members.core)).toEqual([2, 2, 2, 1, 0, 0, 0, 1]);
      expect(await own(members.supplier)).toEqual([2, 2, 2, 2, 2, 1, 2, 1]);
      expect(await own(members.bank)).toEqual([2, 2, 2, 1, 1, 1, 1, 1]);
      expect(await own(members.bank2)).toEqual([2, 2, 2, 1, 1, 1, 1, 1]);
    });

    it('lets nobody write in another’s name', async () => {
      const { core, bank2 } = members;
      const writing = transact(api, { member: core.number, seesAll: false }, (trx) =>
        trx
          .updateTable('app.instruction')
          .set({ state: 'submitted' })
          .where('id', '=', act.id)
          .executeTakeFirst(),
      );
      expect((await writing).numUpdatedRows).toBe(0n);
      const stealing = transact(api, { member: bank2.number, seesAll: false }, (trx) =>
        trx.updateTable('app.quote').set({ rate_ppm: 1n }).where('id', '=', quote).executeTakeFirst(),
      );
      expect((await stealing).numUpdatedRows).toBe(0n);
      await expect(sql`delete from ledger.bill`.execute(api)).rejects.toThrow('permission denied');
      await expect(sql`select * from chain.block for update`.execute(api)).rejects.toThrow(
        'permission denied',
      );
    });
  });

  it('answers the same from several processes, and a key counts in all of them', async () => {
    const other = await ground.anotherApi();
    const { supplier } = members;
    const prepared = await supplier.prepare({ type: 'setStanding', standing: true });
    const token = await tokenFor(ground.apiUrl, { member: supplier.number });
    const here = await Member.enter(other.url, supplier.number, Key.fromSeed('supplier'));
    const following = here.http.get<{ state: string }>(`/api/instructions/${prepared.id}`, { wait: 30 });
    const body = {
      signatures: [
        { signer: prepared.signers[0]!.id, signature: Key.fromSeed('supplier').sign(prepared.digest) },
      ],
    };
    const key = randomUUID();
    const hand = (url: string) =>
      ask(url, 'POST', `/api/instructions/${prepared.id}/submit`, {
        token,
        body,
        headers: { 'idempotency-key': key },
      });
    const answers = await Promise.all([hand(ground.apiUrl), hand(other.url), hand(other.url)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(answers.map(({ body: answer }) => JSON.stringify(answer))).size).toBe(1);
    expect((await following).state).toBe('done');
  });

  it('makes and keeps a key for a member of the demonstration, and hands it to that member only', async () => {
    const operator = await tokenFor(ground.apiUrl, { operator: true });
    const { body } = await ask(ground.apiUrl, 'POST', '/api/operator/members', {
      token: operator,
      body: { name: { zh: '演示', en: 'Demo' }, roles: ['supplier'] },
    });
    const { number } = body as { number: number };
    const demo = await Member.enter(ground.apiUrl, number);
    const session = () =>
      demo.http.get<{ keys: { mode: string }; member: { standing: boolean } }>('/api/session');
    expect((await session()).member.standing).toBe(false);
    await demo.perform({ type: 'setStanding', standing: true });
    await until(async () => (await session()).member.standing);
    expect((await session()).keys.mode).toBe('demo');
    const [file] = readdirSync(join(ground.keysDir, 'members'));
    expect(statSync(join(ground.keysDir, 'members', file!)).mode & 0o777).toBe(0o600);
    expect(statSync(join(ground.keysDir, 'members')).mode & 0o777).toBe(0o700);
    const strangers = await ask(ground.apiUrl, 'GET', '/api/session/signer', {
      token: await tokenFor(ground.apiUrl, { member: members.stranger.number }),
    });
    expect(strangers.code).toBe('NOT_FOUND');
  });

  it('lets nobody in without the demonstration', async () => {
    const { url } = await ground.anotherApi({ demo: false });
    for (const body of [{ member: 1 }, { operator: true }]) {
      expect((await ask(url, 'POST', '/api/session', { body })).code).toBe('FORBIDDEN');
    }
    const token = await tokenFor(ground.apiUrl, { member: members.core.number });
    expect((await ask(url, 'GET', '/api/session/signer', { token })).code).toBe('FORBIDDEN');
    expect((await ask(url, 'GET', '/api/session/members', { token })).code).toBe('FORBIDDEN');
  });

  it('writes no secret into its logs', async () => {
    const token = await tokenFor(ground.apiUrl, { member: members.supplier.number });
    await ask(ground.apiUrl, 'GET', `/api/bills?q=${token}`, { token });
    await until(() => lines.some((line) => line.includes('"route":"/api/bills"')));
    const text = lines.join('\n');
    expect(text).not.toContain(token);
    expect(text).not.toMatch(/Bearer|"cookie"|authorization/i);
    expect(text).not.toContain('0xa3'.padEnd(66, 'a3'));
    const line = lines
      .map((each) => JSON.parse(each) as Record<string, unknown>)
      .findLast(({ msg }) => msg === 'answered');
    expect(line).toMatchObject({
      service: 'api',
      method: 'GET',
      route: '/api/bills',
      by: members.supplier.number,
    });
    expect(line!['reqId']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('limits how often one session may ask', async () => {
    const { url } = await ground.anotherApi({ requestsPerMinute: 30 });
    const token = await tokenFor(ground.apiUrl, { member: members.core.number });
    const answers = [];
    for (let n = 0; n < 32; n++) answers.push(await ask(url, 'GET', '/api/cash', { token }));
    expect(answers.filter(({ code }) => code === 'ok')).toHaveLength(30);
    expect([answers.at(-1)!.status, answers.at(-1)!.code]).toEqual([429, 'RATE_LIMITED']);
    expect(answers.at(-1)!.headers.get('retry-after')).toMatch(/^\d+$/);
    const other = await tokenFor(ground.apiUrl, { member: members.bank.number });
    expect((await ask(url, 'GET', '/api/cash', { token: other })).code).toBe('ok');
    // Who guesses tokens is counted by its address.
    const guesses = [];
    for (let n = 0; n < 4; n++)
      guesses.push((await ask(url, 'GET', '/api/cash', { token: `guess ${n}` })).code);
    expect(guesses).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED', 'RATE_LIMITED']);
  });

  it('serves the web app: its page for every address of its own, its files from caches', async () => {
    const webRoot = mkdtempSync(join(tmpdir(), 'tallystick-web-'));
    mkdirSync(join(webRoot, '_app/immutable'), { recursive: true });
    writeFileSync(
      join(webRoot, 'index.html'),
      '<!doctype html><script>start()</script><script src="/x.js"></script>',
    );
    writeFileSync(join(webRoot, '_app/immutable/a.js'), 'export {}');
    try {
      const { url } = await ground.anotherApi({ webRoot });
      for (const path of ['/', '/bills/4294967297']) {
        const page = await fetch(url + path);
        expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache']);
        expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self' 'sha256-[\w+/=]+';/);
        expect(await page.text()).toContain('start()');
      }
      const file = await fetch(`${url}/_app/immutable/a.js`);
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect((await fetch(`${url}/_app/immutable/gone.js`)).status).toBe(404);
      const missing = await ask(url, 'GET', '/api/gone');
      expect([missing.status, missing.code]).toEqual([404, 'NOT_FOUND']);
    } finally {
      rmSync(webRoot, { recursive: true });
    }
  });

  it('is not ready while the node or the indexer is away', async () => {
    const { url } = await ground.anotherApi({ rpcUrl: 'http://127.0.0.1:9' });
    expect((await ask(url, 'GET', '/health')).code).toBe('ok');
    expect((await ask(url, 'GET', '/ready')).code).toBe('UNAVAILABLE');
  });
});
