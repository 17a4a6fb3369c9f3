import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareGround, type Ground } from '../../fixtures/ground.ts';

let ground: Ground;
let url: string;
beforeAll(async () => {
  ground = await prepareGround();
  ({ url } = await ground.anotherApi({ trustProxy: 1 }));
});
afterAll(() => ground?.close());

const json = { 'content-type': 'application/json' };
const enters = (headers: Record<string, string> = {}) =>
  fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: JSON.stringify({ operator: true }),
  });
const cookieOf = (answer: Response): string => answer.headers.get('set-cookie') ?? '';
const tls = { 'x-forwarded-proto': 'https' };

it('a session over TLS has a name that no other host and no plain connection can set', async () => {
  expect(cookieOf(await enters(tls))).toMatch(
    /^__Host-tallystick=.*Path=\/;.*HttpOnly; Secure; SameSite=Strict/,
  );
  expect(cookieOf(await enters())).toMatch(/^tallystick=.*HttpOnly; SameSite=Strict/);
});

it('over TLS no other name enters', async () => {
  const [secure, plain] = [cookieOf(await enters(tls)), cookieOf(await enters())].map(
    (set) => set.split(';')[0]!,
  );
  const status = async (cookie: string, headers = {}) =>
    (await fetch(`${url}/api/session`, { headers: { cookie, ...headers } })).status;
  expect(await status(secure!, tls)).toBe(200);
  expect(await status(plain!, tls)).toBe(401);
  expect(await status(plain!)).toBe(200);
});

it('signing out has the browser forget the session and our answers', async () => {
  const [cookie] = cookieOf(await enters(tls)).split(';');
  const answer = await fetch(`${url}/api/session`, {
    method: 'DELETE',
    headers: { cookie: cookie!, 'tallystick-member': 'operator', ...tls },
  });
  expect(answer.status).toBe(204);
  expect(answer.headers.get('clear-site-data')).toBe('"cache"');
  expect(cookieOf(answer)).toMatch(/^__Host-tallystick=;.*Secure/);
});
