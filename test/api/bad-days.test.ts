/** What goes wrong where several act at once, and where parts go away. What only the relayer meets is in test/relayer. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start as startApi } from '#api/start.ts';
import type { Member } from '#client/member.ts';
import { money } from '#client/money.ts';
import type { PreparedInstruction } from '#client/generated/schema.ts';
import { createPool } from '#db/wire/connect.ts';
import { migrate } from '#db/migrate.ts';
import { startPostgres, type Postgres } from '#embedded/postgres.ts';
import { CAST, enter, fill } from '#scripts/bench/api-fill.ts';
import { NOWHERE } from '#scripts/bench/nowhere.ts';
import { prepareGround, until, type Ground } from '../fixtures/ground.ts';
import { ask, tokenFor } from './support/ask.ts';

type Line = Record<string, unknown>;

describe('several at once', () => {
  let ground: Ground;
  let relayer: { close(): Promise<void> };
  let other: string;
  const lines: Line[] = [];
  const members = {} as Record<'core' | 'supplier' | 'bank' | 'house', Member>;
  const due = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);

  beforeAll(async () => {
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(JSON.parse(chunk.toString()) as Line);
        done();
      },
    });
    ground = await prepareGround(pino({ level: 'info' }, sink));
    relayer = await ground.relayer();
    other = (await ground.anotherApi()).url;
    for (const [name, role] of [
      ['core', 'core_enterprise'],
      ['supplier', 'supplier'],
      ['bank', 'bank'],
      ['house', 'settlement_bank'],
    ] as const)
      members[name] = await ground.admit(name, [role]);
    const { core, bank, house } = members;
    await house.perform({ type: 'deposit', member: bank.number, amount: money('1000.00'), reference: 'D-1' });
    await bank.perform({ type: 'approveCash' });
    await bank.perform({ type: 'setLine', obligor: core.number, limit: money('1000.00') });
  });
  afterAll(async () => {
    await relayer?.close();
    await ground?.close();
  });

  const issue = async () => {
    const bill = { payee: members.supplier.number, face: money('100.00'), due };
    return (await members.core.perform({ type: 'issue', bills: [bill] })).makes;
  };
  const endOf = async (member: Member, { id }: PreparedInstruction): Promise<string> => {
    for (;;) {
      const act = await member.http.get<{ state: string; code: string | null }>(`/api/instructions/${id}`, {
        wait: 25,
      });
      if (act.state === 'done') return 'done';
      if (act.state === 'failed') return act.code ?? 'no code';
    }
  };
  const bothAtOnce = async (member: Member, acts: readonly PreparedInstruction[]) => {
    await Promise.all(acts.map((act) => member.submit(act)));
    return (await Promise.all(acts.map((act) => endOf(member, act)))).sort();
  };

  it('adds up each statement where one block brings money to several', async () => {
    const { supplier, core, house } = members;
    const { provider } = ground;
    const acts = await Promise.all(
      [supplier, core].map(({ number: member }) =>
        house.prepare({ type: 'deposit', member, amount: money('7.00'), reference: 'D-2' }),
      ),
    );
    await provider.send('evm_setAutomine', [false]);
    await Promise.all(acts.map((act) => house.submit(act)));
    // In one transaction or in two: the relayer takes what waits when it has time.
    await until(async () => {
      const under = await Promise.all(
        acts.map(({ id }) => house.http.get<{ state: string }>(`/api/instructions/${id}`)),
      );
      const sent = await ground.db
        .selectFrom('app.transaction')
        .select('nonce')
        .where('state', '=', 'sent')
        .execute();
      const { pending } = (await provider.send('txpool_status', [])) as { pending: string };
      return under.every(({ state }) => state === 'sent') && Number(pending) === sent.length;
    });
    await provider.send('evm_setAutomine', [true]);
    await provider.send('evm_mine', []);
    await Promise.all(acts.map(({ id }) => house.follow(id)));
    for (const member of [supplier, core])
      expect(await member.http.list('/api/cash/statement')).toMatchObject([{ balance: money('7.00') }]);
  });

  it('lets an offer be taken once, however many sign for it at the same time', async () => {
    const { supplier } = members;
    const { bills, parcels } = await issue();
    const take = { type: 'take', parcels } as const;
    const acts = await Promise.all([supplier.prepare(take), supplier.prepare(take)]);
    expect(await bothAtOnce(supplier, acts)).toEqual(['NOT_OFFERED_TO_YOU', 'done']);
    const { items } = await supplier.http.get<{ items: { name: string }[] }>(`/api/bills/${bills[0]}/acts`);
    expect(items.map(({ name }) => name)).toEqual(['issued', 'taken']);
  });

  it('fills a quote once up to its amount, however many deals use it at the same time', async () => {
    const { supplier, bank } = members;
    const { bills, parcels } = await issue();
    await supplier.perform({ type: 'take', parcels });
    const parcel = parcels[0]!;
    const request = await supplier.ask({ parcel, banks: [bank.number], amount: money('40.00') });
    const quote = await bank.quote({ request, rate: '0.02' });
    const sell = { type: 'sell', parcel, quote, amount: money('40.00') } as const;
    const acts = await Promise.all([supplier.prepare(sell), supplier.prepare(sell)]);
    const ends = await bothAtOnce(supplier, acts);
    expect(ends[1]).toBe('done');
    expect(ends[0]).toMatch(/^QUOTE_/);
    const { items } = await bank.http.get<{ items: { billNo: string; amount: { amount: string } }[] }>(
      '/api/deals?side=bought',
    );
    expect(items.filter(({ billNo }) => billNo === bills[0]).map(({ amount }) => amount.amount)).toEqual([
      '40.00',
    ]);
  });

  it('waits with what the chain knows and the read model does not know yet', async () => {
    const { supplier } = members;
    const next = await ground.admit('next', ['supplier']);
    await next.perform({ type: 'setStanding', standing: true });
    const { parcels } = await issue();
    await supplier.perform({ type: 'take', parcels });
    const part = { type: 'offer', parcel: parcels[0]!, to: next.number, amount: money('40.00') } as const;
    const passing = await supplier.prepare(part);
    const onward = { type: 'offer', parcel: passing.makes.parcels[0]!, to: supplier.number } as const;
    const refusal = () =>
      next.prepare(onward).then(
        () => 'none',
        ({ code }: { code: string }) => code,
      );
    const pool = createPool(ground.databaseUrl, { max: 1 });
    try {
      await pool.query('begin; select from chain.cursor for update'); // the indexer cannot write
      await supplier.submit(passing);
      await until(async () => (await refusal()) !== 'NOT_HOLDER');
      expect(await refusal()).toBe('UNAVAILABLE');
    } finally {
      await pool.end();
    }
    await supplier.follow(passing.id);
    await next.perform(onward);
  });

  it('ends a session in every process, though each remembers who stood behind it', async () => {
    const token = await tokenFor(ground.apiUrl, { member: members.core.number });
    const asks = (url: string) => ask(url, 'GET', '/api/cash', { token });
    // Nothing else is on its way that would make a process forget.
    await until(async () => {
      const { body } = await ask(other, 'GET', '/api/status');
      const { proved, indexed, chainHead } = body as Record<string, number>;
      return proved === indexed && indexed === chainHead;
    });
    for (const url of [ground.apiUrl, other, other]) expect((await asks(url)).code).toBe('ok');
    await ask(ground.apiUrl, 'DELETE', '/api/session', { token });
    expect((await asks(ground.apiUrl)).code).toBe('UNAUTHENTICATED');
    await until(async () => (await asks(other)).code === 'UNAUTHENTICATED');
  });

  it('tells a stream of one process what is handed in at another', async () => {
    const { house, core } = members;
    const token = await tokenFor(other, { member: house.number });
    const aborter = new AbortController();
    const stream = await fetch(`${other}/api/events`, {
      headers: { authorization: `Bearer ${token}` },
      signal: aborter.signal,
    });
    const acting = house.perform({
      type: 'deposit',
      member: core.number,
      amount: money('1.00'),
      reference: 'D-3',
    });
    let heard = '';
    for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
      heard += chunk;
      if (heard.includes('"state":"done"')) break;
    }
    aborter.abort();
    expect(heard).toContain((await acting).id);
  });

  it('leads in its logs from the click to the transaction', async () => {
    const { house, core } = members;
    const prepared = await house.prepare({
      type: 'deposit',
      member: core.number,
      amount: money('1.00'),
      reference: 'D-4',
    });
    await house.submit(prepared);
    const { tx } = await house.follow(prepared.id);
    await until(() => lines.some(({ msg, act }) => msg === 'an act has ended' && act === prepared.id));
    const sent = lines.find(({ msg, act }) => msg === 'an act is sent' && act === prepared.id)!;
    const click = lines.find(({ msg, reqId }) => msg === 'answered' && reqId === sent['reqId'])!;
    expect(click).toMatchObject({ route: '/api/instructions/:id/submit', status: 202, by: house.number });
    const ended = lines.find(({ msg, act }) => msg === 'an act has ended' && act === prepared.id)!;
    expect([sent['tx'], ended['tx'], ended['reqId']]).toEqual([tx, tx, sent['reqId']]);
  });
});

describe('parts that go away', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tallystick-bad-day-'));
  chmodSync(folder, 0o755);
  let postgres: Postgres;
  let api: { url: string; close(): Promise<void> };
  let token: string;

  const startServer = async () => {
    const port = postgres === undefined ? undefined : Number(new URL(postgres.url).port);
    postgres = await startPostgres({
      dataDir: folder,
      temporary: true,
      ...(port === undefined ? {} : { port }),
    });
  };
  const openApi = () =>
    startApi({
      databaseUrl: postgres.url,
      rpcUrl: 'http://127.0.0.1:9',
      deployment: NOWHERE,
      host: '127.0.0.1',
      port: 0,
      demo: false,
      clock: 'system',
      keysDir: folder,
      log: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
    });

  beforeAll(async () => {
    await startServer();
    await migrate(postgres.url);
    await fill(postgres.url, 100);
    const owner = createPool(postgres.url, { max: 1 });
    token = await enter(owner, CAST.core);
    await owner.end();
    api = await openApi();
  });
  afterAll(async () => {
    await api?.close();
    await postgres?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const bills = (url = api.url) => ask(url, 'GET', '/api/bills', { token });

  it('says that it cannot answer while the database is away, and answers when it is back', async () => {
    const metrics = async () => (await ask(api.url, 'GET', '/metrics')).body as string;
    expect((await bills()).code).toBe('ok');
    expect(await metrics()).toMatch(/^tallystick_block\{of="indexed"\} \d+$/m);
    await postgres.close();
    expect([(await bills()).status, (await ask(api.url, 'GET', '/ready')).status]).toEqual([503, 503]);
    expect((await ask(api.url, 'GET', '/health')).status).toBe(200);
    const away = await metrics();
    expect(away).toContain('tallystick_reachable{part="database"} 0');
    expect(away).not.toMatch(
      /^tallystick_(block\{of="indexed"\}|indexer_stopped|oldest_act_seconds|acts_under_way)/m,
    );
    await startServer();
    await until(async () => (await bills()).code === 'ok');
    expect(await metrics()).toContain('tallystick_reachable{part="database"} 1');
    const answers = await Promise.all(Array.from({ length: 30 }, () => bills()));
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['ok']));
  });

  it('hears again what the database tells once it is back', async () => {
    await postgres.close();
    await startServer();
    const aborter = new AbortController();
    const { body } = await fetch(`${api.url}/api/events`, { signal: aborter.signal });
    let heard = '';
    const hearing = (async () => {
      for await (const chunk of body!.pipeThrough(new TextDecoderStream())) heard += chunk;
    })().catch(() => {});
    const owner = createPool(postgres.url, { max: 1 });
    await until(async () => {
      await owner.query(`select pg_notify('ledger', '{"block": 1, "proved": 1}')`);
      return heard.includes('event: block');
    });
    await owner.end();
    aborter.abort();
    await hearing;
  });

  it('finishes what it has begun before it stops, and begins nothing more', async () => {
    const leaving = await openApi();
    const lock = createPool(postgres.url, { max: 1 });
    const client = await lock.connect();
    await client.query('begin; lock table ledger.bill in access exclusive mode');
    const answering = bills(leaving.url);
    const isWaiting = async () => {
      const { rows } = await client.query('select 1 from pg_locks where not granted limit 1');
      return rows.length > 0;
    };
    await until(isWaiting);
    const closing = leaving.close();
    await client.query('commit');
    client.release();
    await lock.end();
    expect((await answering).code).toBe('ok');
    await closing;
    await expect(bills(leaving.url)).rejects.toThrow();
  });
});
