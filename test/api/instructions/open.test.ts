/** What a member may have prepared or under way at a time: nobody fills the queue, or the database, for all. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Member } from '#client/member.ts';
import { BATCH } from '#api/imports/prepare.ts';
import { LIMITS } from '#api/imports/files/limits.ts';
import { MAX_OPEN } from '#db/instructions/own.ts';
import { prepareGround, type Ground } from '../../fixtures/ground.ts';

let ground: Ground;
let relayer: { close(): Promise<void> };
let firm: Member;
let other: Member;

beforeAll(async () => {
  ground = await prepareGround();
  relayer = await ground.relayer();
  firm = await ground.admit('firm', ['supplier']);
  other = await ground.admit('other', ['supplier']);
});
afterAll(async () => {
  await relayer?.close();
  await ground?.close();
});

const prepare = (by: Member) => by.prepare({ type: 'setStanding', standing: true });
/** More of the same, as many as there may be; half of them under way. */
const fillUp = (id: string) =>
  sql`
    insert into app.instruction (id, signed_by, member, type, input, facts, calls, gas_limit, makes, account, nonce, valid_until,
      digest, state)
    select gen_random_uuid(), signed_by, member, type, input, facts, calls, gas_limit, makes, account, nonce + 1000 + n,
      valid_until, digest, case when n % 2 = 0 then 'prepared' else 'sent' end
    from app.instruction, generate_series(2, ${MAX_OPEN}::integer) n where id = ${id}`.execute(ground.db);

it('leaves room for a whole file', () => {
  expect(MAX_OPEN).toBeGreaterThan(LIMITS.rows / BATCH);
});

it('is bounded, for each by itself, until one of them is over or can no longer be signed', async () => {
  const first = await prepare(firm);
  await fillUp(first.id);
  const refused = { code: 'RATE_LIMITED', status: 429 };
  await expect(prepare(firm)).rejects.toMatchObject(refused);
  await prepare(other);
  await firm.submit(first);
  await expect(prepare(firm)).rejects.toMatchObject(refused);
  await firm.follow(first.id);
  const second = await prepare(firm);
  await expect(prepare(firm)).rejects.toMatchObject(refused);
  await sql`update app.instruction set valid_until = 1 where id = ${second.id}`.execute(ground.db);
  await prepare(firm);
});
