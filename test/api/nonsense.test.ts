/** The API is fed what nobody means: it refuses, says so in order, and nothing has happened. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Member } from '#client/member.ts';
import { money } from '#client/money.ts';
import { askNonsense, Maker, type Description } from '#scripts/bench/api-nonsense.ts';
import { random } from '#scripts/replay/random.ts';
import { prepareGround, type Ground } from '../fixtures/ground.ts';
import { ask, tokenFor } from './support/ask.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20261121);
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 1_000);

const description = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8'),
) as Description;

describe('nonsense', () => {
  let ground: Ground;
  let relayer: { close(): Promise<void> };
  let maker: Maker;
  let supplier: Member;
  let token: string;
  const due = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
  const errors: string[] = [];

  beforeAll(async () => {
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        errors.push(chunk.toString());
        done();
      },
    });
    ground = await prepareGround(pino({ level: 'error' }, sink));
    relayer = await ground.relayer();
    const core = await ground.admit('core', ['core_enterprise']);
    supplier = await ground.admit('supplier', ['supplier']);
    const bank = await ground.admit('bank', ['bank']);
    const issue = { type: 'issue', bills: [{ payee: supplier.number, face: money('100.00'), due }] } as const;
    const { makes, id } = await core.perform(issue);
    await supplier.perform({ type: 'take', parcels: makes.parcels });
    const request = await supplier.ask({ parcel: makes.parcels[0]!, banks: [bank.number] });
    await bank.perform({ type: 'setLine', obligor: core.number, limit: money('100.00') });
    const quote = await bank.quote({ request, rate: '0.02' });
    const members = await Promise.all(
      [core, supplier, bank].map(({ number }) => tokenFor(ground.apiUrl, { member: number })),
    );
    token = members[0]!;
    const operator = await tokenFor(ground.apiUrl, { operator: true });
    const ids = [...makes.bills, ...makes.parcels, id, request, quote, '1', '2', '3'];
    maker = new Maker(description, { members, operator, ids }, random(SEED));
  });
  afterAll(async () => {
    await relayer?.close();
    await ground?.close();
  });

  const state = async () => {
    const tables = ['bill', 'parcel', 'act', 'member', 'line', 'cash_entry', 'quote_fill', 'account_signer'];
    const found: unknown[] = [await ground.provider.getBlockNumber()];
    for (const table of tables) {
      const { rows } = await sql`
        select md5(coalesce(string_agg(t::text, '' order by t::text), '')) from ${sql.table(`ledger.${table}`)} t
        `.execute(ground.db);
      found.push([table, rows]);
    }
    const { rows } =
      await sql`select count(*) from app.instruction where state not in ('prepared', 'done')`.execute(
        ground.db,
      );
    return [...found, rows];
  };

  it.each([
    ['U+0000', '\u0000'],
    ['half a pair', '\ud800'],
  ])('is refused when it is no text: %s', async (_what, character) => {
    const bill = { payee: supplier.number, face: money('1.00'), due, note: `a${character}b` };
    const act = { type: 'issue', bills: [bill] };
    const note = await ask(ground.apiUrl, 'POST', '/api/instructions/prepare', {
      token,
      body: { instruction: act },
    });
    const search = await ask(ground.apiUrl, 'GET', '/api/members?q=%00', { token });
    for (const { status, code } of [note, search]) expect([status, code]).toEqual([400, 'REQUEST_INVALID']);
    expect(errors).toEqual([]);
  });

  it(`is refused (seed ${SEED}): no error of ours, nothing unlogged, no change of state`, async () => {
    const before = await state();
    const { statuses, complaints } = await askNonsense(ground.apiUrl, maker, REQUESTS);
    expect(complaints).toEqual([]);
    expect(errors).toEqual([]);
    expect(await state()).toEqual(before);
    // Some of it was nearly right, and got as far as to be answered.
    expect(statuses[200]).toBeGreaterThan(0);
    expect(statuses[400]).toBeGreaterThan(REQUESTS / 10);
  });
});
