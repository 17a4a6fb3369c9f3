import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '#db/wire/connect.ts';
import { addPerson, giveSeat } from '#db/people/persons.ts';
import { closeSessionsAt, findVisitor, openSession, sessionsOf } from '#db/requests/sessions.ts';
import { newId } from '#db/wire/ids.ts';
import type { Postgres } from '#embedded/postgres.ts';
import { openDatabase, openPostgres } from '../indexer/support/read-model.ts';

let postgres: Postgres;
let db: Database;
const person = newId();
const expiresAt = new Date(Date.now() + 3_600_000);
const opens = (isOperator: boolean) => openSession(db, { person, member: null, isOperator, expiresAt });

beforeAll(async () => {
  postgres = await openPostgres();
  ({ db } = await openDatabase(postgres));
  await addPerson(db, {
    id: person,
    name: '林',
    email: null,
    language: 'zh',
    userHandle: Buffer.alloc(32, 7),
  });
  await giveSeat(db, person, { member: null, rights: ['see'] });
});
afterAll(async () => {
  await db.destroy();
  await postgres.close();
});

it('a person has twenty sessions at most: the one used least lately ends', async () => {
  const first = await opens(false);
  const rest = [];
  for (let n = 0; n < 20; n++) rest.push(await opens(false));
  expect(await sessionsOf(db, person, new Date())).toHaveLength(20);
  expect(await findVisitor(db, first.token, new Date())).toBeUndefined();
  expect(await findVisitor(db, rest[0]!.token, new Date())).toMatchObject({ person });
});

it('who loses a seat loses the sessions on it, and no others', async () => {
  const [here, elsewhere] = [await opens(true), await opens(false)];
  await closeSessionsAt(db, person, null);
  expect(await findVisitor(db, here.token, new Date())).toBeUndefined();
  expect(await findVisitor(db, elsewhere.token, new Date())).toMatchObject({ person });
});
