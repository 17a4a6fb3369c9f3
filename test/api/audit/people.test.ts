/** What the audit trail tells of people: who came in with what, who tried to, and who let whom do what. */
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFirstLink } from '#db/people/links.ts';
import { prepareGround, until, type Ground } from '../../fixtures/ground.ts';
import { Visitor } from '../../fixtures/visitor.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await prepareGround();
});
afterAll(() => ground?.close());

type Told = { action: string; person: string | null; subject: string | null; facts: Record<string, string> };
const told = async (): Promise<Told[]> =>
  (await sql<Told>`select action, person, subject, facts from app.audit_entry order by id`.execute(ground.db))
    .rows;
const idOf = async (visitor: Visitor): Promise<string> => {
  const { body } = await visitor.ask('GET', '/api/session');
  return (body as { person: { id: string } }).person.id;
};

it('registration, sign-in and its failure, invitations, devices, sessions and what was refused', async () => {
  const first = new Visitor(ground.apiUrl);
  await first.register('甲', `#${await makeFirstLink(ground.db, new Date(Date.now() + 3_600_000))}`);
  first.seat = 'operator';
  const one = await idOf(first);
  await first.signIn();
  const { body } = await first.ask('POST', '/api/links', { rights: ['see'] });
  const { url, id: link } = body as { url: string; id: string };
  const second = new Visitor(ground.apiUrl);
  await second.register('乙', url);
  second.seat = 'operator';
  const other = await idOf(second);
  expect((await second.ask('GET', '/api/audit')).code).toBe('RIGHT_REQUIRED');
  await first.ask('PATCH', `/api/people/${other}`, { rights: ['see', 'administer'] });
  const { body: page } = await second.ask('GET', '/api/audit?action=rightsChanged');
  expect((page as { items: unknown[] }).items).toMatchObject([
    { action: 'rightsChanged', person: one, operator: true, subject: `person:${other}` },
  ]);
  const forged = { ...second.key.get({ challenge: 'AAAA' } as never) };
  expect((await new Visitor(ground.apiUrl).ask('POST', '/api/sign-in', { response: forged })).code).toBe(
    'SIGN_IN_REFUSED',
  );
  await first.ask('DELETE', '/api/sessions');
  await until(async () => (await told()).some(({ action }) => action === 'denied'));
  const entries = (await told()).filter(({ action }) => action !== 'looked' && action !== 'denied');
  expect(entries.map(({ action, person }) => [action, person])).toEqual([
    ['personRegistered', one],
    ['signedIn', one],
    ['signedIn', one],
    ['personInvited', one],
    ['personRegistered', other],
    ['signedIn', other],
    ['rightsChanged', one],
    ['signInFailed', null],
    ['signedOut', one],
  ]);
  expect(entries[3]!.facts).toEqual({ link, rights: 'see' });
  const denied = (await told()).filter(({ action }) => action === 'denied');
  expect(denied).toMatchObject([{ person: other, facts: { status: '403' } }]);
});
