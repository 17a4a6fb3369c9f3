/** Who comes in, and who does not: passkeys, links, sessions. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFirstLink, makeLink } from '#db/people/links.ts';
import { IDLE_MS } from '#db/requests/sessions.ts';
import { Authenticator } from '../../fixtures/authenticator.ts';
import { prepareGround, type Ground } from '../../fixtures/ground.ts';
import { secretOf, Visitor } from '../../fixtures/visitor.ts';

const HOUR = 3_600_000;
const soon = () => new Date(Date.now() + HOUR);

describe('the first person of the platform', () => {
  let ground: Ground;
  let first: Visitor;
  beforeAll(async () => {
    ground = await prepareGround();
  });
  afterAll(() => ground?.close());

  it('comes in by the newest first link, once', async () => {
    const old = await makeFirstLink(ground.db, soon());
    const link = await makeFirstLink(ground.db, soon());
    first = new Visitor(ground.apiUrl);
    expect((await first.register('甲', `#${old}`)).code).toBe('LINK_OVER');
    const entered = await first.register('甲', `#${link}`);
    expect(entered).toMatchObject({
      status: 201,
      body: {
        person: { name: '甲' },
        seats: [{ member: null, rights: ['see', 'prepare', 'sign', 'administer'] }],
      },
    });
    expect((await new Visitor(ground.apiUrl).register('乙', `#${link}`)).code).toBe('LINK_OVER');
    expect(await makeFirstLink(ground.db, soon())).toBeUndefined();
    first.seat = 'operator';
    expect((await first.ask('GET', '/api/session')).body).toMatchObject({
      operator: true,
      member: null,
      keys: { mode: 'passkey' },
    });
  });

  it('has a cookie that no page reads and no other site sends', async () => {
    const { headers } = await first.signIn();
    expect(headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
  });

  it('invites others, who get what the link says and no more', async () => {
    const made = await first.ask('POST', '/api/links', { rights: ['see'] });
    expect(made.status).toBe(201);
    const { url } = made.body as { url: string };
    expect(url.startsWith(`${first.origin}/join#`)).toBe(true);
    const look = await new Visitor(ground.apiUrl).ask('POST', '/api/links/look', { secret: secretOf(url) });
    expect(look.body).toMatchObject({ purpose: 'seat', member: null, rights: ['see'] });
    const second = new Visitor(ground.apiUrl);
    await second.register('乙', url);
    second.seat = 'operator';
    expect((await second.ask('GET', '/api/people')).status).toBe(200);
    expect((await second.ask('POST', '/api/links', { rights: ['administer'] })).code).toBe('RIGHT_REQUIRED');
    expect((await second.ask('POST', '/api/operator/members', {})).code).toBe('RIGHT_REQUIRED');
  });

  it('does not remove itself as the last who administers', async () => {
    const { body } = await first.ask('GET', '/api/session');
    const { id } = (body as { person: { id: string } }).person;
    expect((await first.ask('PATCH', `/api/people/${id}`, { rights: ['see'] })).code).toBe(
      'LAST_OF_ITS_KIND',
    );
    expect((await first.ask('DELETE', `/api/people/${id}`)).code).toBe('LAST_OF_ITS_KIND');
  });

  it('changes who else may only soon after it has signed in', async () => {
    await ground.db
      .updateTable('app.session')
      .set({ created_at: new Date(Date.now() - HOUR) })
      .execute();
    await first.ask('DELETE', '/api/sessions/00000000-0000-4000-8000-000000000000'); // makes the process look again
    const third = new Visitor(ground.apiUrl);
    await third.register('丙');
    await ground.db
      .updateTable('app.session')
      .set({ created_at: new Date(Date.now() - HOUR) })
      .execute();
    expect((await first.ask('POST', '/api/links', { rights: ['see'] })).code).toBe('SIGN_IN_AGAIN');
    await first.signIn();
    expect((await first.ask('POST', '/api/links', { rights: ['see'] })).status).toBe(201);
  });
});

describe('a device', () => {
  let ground: Ground;
  let somebody: Visitor;
  beforeAll(async () => {
    ground = await prepareGround();
    somebody = new Visitor(ground.apiUrl);
    await somebody.register('丁');
  });
  afterAll(() => ground?.close());

  const begin = async () => {
    const { body } = await somebody.ask('POST', '/api/sign-in/begin', {});
    return (body as { options: { challenge: string } }).options;
  };
  const answered = async (response: unknown) =>
    (await new Visitor(ground.apiUrl).ask('POST', '/api/sign-in', { response })).code;

  it('signs in once with each challenge', async () => {
    const response = somebody.key.get(await begin());
    expect(await answered(response)).toBe('ok');
    expect(await answered(response)).toBe('SIGN_IN_REFUSED');
  });

  it('is refused alike whatever is wrong', async () => {
    const stranger = new Authenticator('stranger', { origin: somebody.origin });
    const { key } = somebody;
    expect(await answered(stranger.get(await begin()))).toBe('SIGN_IN_REFUSED');
    expect(await answered(key.get(await begin(), { origin: 'https://evil.example' }))).toBe(
      'SIGN_IN_REFUSED',
    );
    expect(await answered(key.get(await begin(), { flags: 1 }))).toBe('SIGN_IN_REFUSED'); // nobody was verified
    expect(await answered(key.get(await begin(), { type: 'webauthn.create' }))).toBe('SIGN_IN_REFUSED');
    expect(await answered(key.get({ challenge: 'AAAA' }))).toBe('SIGN_IN_REFUSED');
    const other = key.get(await begin());
    const forged = {
      ...other,
      response: { ...other.response, signature: key.get(await begin()).response.signature },
    };
    expect(await answered(forged)).toBe('SIGN_IN_REFUSED');
  });

  it('is tried so often from one address, and no oftener', async () => {
    const api = await ground.anotherApi({ requestsPerMinute: 2_000 }); // a thirtieth of what is usual
    const tries = async () => (await new Visitor(api.url).ask('POST', '/api/sign-in/begin', {})).code;
    expect(await tries()).toBe('ok');
    expect(await tries()).toBe('RATE_LIMITED');
    expect((await new Visitor(api.url).ask('GET', '/api/status')).code).toBe('ok');
  });

  it('is never given a digest to answer', async () => {
    const { challenge } = await begin();
    const bytes = Buffer.from(challenge, 'base64url');
    expect(bytes.length).toBeGreaterThan(32);
    expect(bytes.toString('latin1').startsWith('Tallystick: ')).toBe(true);
  });

  it('is added by a link on another device, and revoked; the last one stays', async () => {
    const { body } = await somebody.ask('POST', '/api/devices/link', {});
    const other = new Visitor(ground.apiUrl);
    const added = await other.register('', (body as { url: string }).url).catch(() => undefined);
    // A link for a device takes no name: the person has one.
    expect(added?.code).toBe('REQUEST_INVALID');
    const begun = await other.ask('POST', '/api/registration/begin', {
      secret: secretOf((body as { url: string }).url),
    });
    const { options } = begun.body as { options: never };
    const done = await other.ask('POST', '/api/registration', {
      response: other.key.create(options),
      device: '手机',
    });
    expect(done.body).toMatchObject({ person: { name: '丁' } });
    const { items } = (await somebody.ask('GET', '/api/devices')).body as {
      items: { id: string; name: string }[];
    };
    expect(items.map(({ name }) => name)).toEqual(['test', '手机']);
    expect((await other.ask('DELETE', `/api/devices/${items[0]!.id}`)).status).toBe(204);
    expect((await somebody.signIn()).code).toBe('SIGN_IN_REFUSED');
    expect((await other.ask('DELETE', `/api/devices/${items[1]!.id}`)).code).toBe('LAST_OF_ITS_KIND');
  });
});

describe('a session', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await prepareGround();
  });
  afterAll(() => ground?.close());

  const somebody = async () => {
    const visitor = new Visitor(ground.apiUrl);
    await visitor.register('戊');
    return visitor;
  };

  it('is over when another device signs out everywhere', async () => {
    const one = await somebody();
    const two = new Visitor(ground.apiUrl, one.key);
    await two.signIn();
    const { items } = (await two.ask('GET', '/api/sessions')).body as { items: { isThis: boolean }[] };
    expect(items.map(({ isThis }) => isThis).toSorted()).toEqual([false, true]);
    expect((await two.ask('DELETE', '/api/sessions')).body).toEqual({ closed: 2 });
    expect((await one.ask('GET', '/api/session')).code).toBe('UNAUTHENTICATED');
  });

  it('is closed one by one, by its owner alone', async () => {
    const one = await somebody();
    const thief = new Visitor(ground.apiUrl);
    thief.cookie = one.cookie;
    const { items } = (await one.ask('GET', '/api/sessions')).body as { items: { id: string }[] };
    const other = await somebody();
    expect((await other.ask('DELETE', `/api/sessions/${items[0]!.id}`)).code).toBe('NOT_FOUND');
    const again = new Visitor(ground.apiUrl, one.key);
    await again.signIn();
    expect((await again.ask('DELETE', `/api/sessions/${items[0]!.id}`)).status).toBe(204);
    expect((await thief.ask('GET', '/api/session')).code).toBe('UNAUTHENTICATED');
    expect((await again.ask('GET', '/api/session')).status).toBe(200);
  });

  it('is over when nobody has used it for a while', async () => {
    const one = await somebody();
    const seen = new Date(Date.now() - IDLE_MS - 1_000);
    await ground.db.updateTable('app.session').set({ seen_at: seen }).execute();
    const api = await ground.anotherApi(); // has seen nothing of it
    expect((await new VisitorOf(api.url, one).ask('GET', '/api/session')).code).toBe('UNAUTHENTICATED');
  });

  it('has no seat until somebody gives one', async () => {
    const one = await somebody();
    expect((await one.ask('GET', '/api/session')).body).toMatchObject({
      member: null,
      operator: false,
      seats: [],
    });
    expect((await one.ask('GET', '/api/members')).code).toBe('FORBIDDEN');
    expect((await one.sit(null)).code).toBe('FORBIDDEN');
    expect((await one.sit(1)).code).toBe('FORBIDDEN');
  });
});

/** The same cookie at another process. */
class VisitorOf extends Visitor {
  constructor(apiUrl: string, { cookie }: Visitor) {
    super(apiUrl);
    this.cookie = cookie;
  }
}

describe('a firm', () => {
  let ground: Ground;
  let relayer: { close(): Promise<void> };
  let number: number;
  let boss: Visitor;
  beforeAll(async () => {
    ground = await prepareGround();
    relayer = await ground.relayer();
    ({ number } = await ground.admit('己', ['supplier']));
    const offer = {
      purpose: 'seat',
      member: number,
      rights: ['see', 'prepare', 'sign', 'administer'],
    } as const;
    const { secret } = await makeLink(ground.db, { offer, madeBy: null, expiresAt: soon() });
    boss = new Visitor(ground.apiUrl);
    await boss.register('己经理', `#${secret}`);
    boss.seat = String(number);
  });
  afterAll(async () => {
    await relayer?.close();
    await ground?.close();
  });

  const colleague = async (...rights: string[]) => {
    const { body } = await boss.ask('POST', '/api/links', { rights });
    const visitor = new Visitor(ground.apiUrl);
    await visitor.register(rights.join(' '), (body as { url: string }).url);
    visitor.seat = String(number);
    return visitor;
  };

  it('gives its people rights that each request is held to', async () => {
    const reader = await colleague('see');
    expect((await reader.ask('GET', '/api/holdings')).status).toBe(200);
    const moving = { instruction: { type: 'moveAccount', account: `0x${'11'.repeat(20)}` } };
    const asked = { instruction: { type: 'setStanding', standing: true } };
    expect((await reader.ask('POST', '/api/instructions/prepare', asked)).code).toBe('RIGHT_REQUIRED');
    const maker = await colleague('see', 'prepare');
    expect((await maker.ask('POST', '/api/instructions/prepare', moving)).code).toBe('RIGHT_REQUIRED');
    const prepared = await maker.ask('POST', '/api/instructions/prepare', asked);
    expect(prepared.status).toBe(201);
    const { id } = prepared.body as { id: string };
    expect((await maker.ask('POST', `/api/instructions/${id}/submit`, { signatures: [] })).code).toBe(
      'RIGHT_REQUIRED',
    );
  });

  it('has nobody change who signs with a session that was left open', async () => {
    const signer = await colleague('see', 'prepare', 'sign', 'administer');
    const asked = { instruction: { type: 'moveAccount', account: `0x${'12'.repeat(20)}` } };
    const { body } = await signer.ask('POST', '/api/instructions/prepare', asked);
    const hand = async () => {
      const signatures = [{ signer: '0x00', signature: '0x00' }];
      const path = `/api/instructions/${(body as { id: string }).id}/submit`;
      const response = await fetch(ground.apiUrl + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
          'tallystick-member': signer.seat,
          cookie: signer.cookie!,
        },
        body: JSON.stringify({ signatures }),
      });
      return ((await response.json()) as { code: string }).code;
    };
    expect(await hand()).toBe('SIGNATURE_INVALID');
    const { items } = (await signer.ask('GET', '/api/sessions')).body as { items: { id: string }[] };
    const long = new Date(Date.now() - HOUR);
    await ground.db
      .updateTable('app.session')
      .set({ created_at: long })
      .where('id', '=', items[0]!.id)
      .execute();
    await ground.db.executeQuery(sql`select pg_notify('app', '{"session": ""}')`.compile(ground.db));
    await expect.poll(hand).toBe('SIGN_IN_AGAIN');
  });

  it('takes a seat away at once', async () => {
    const reader = await colleague('see');
    const { items } = (await boss.ask('GET', '/api/people')).body as {
      items: { id: string; name: string }[];
    };
    const { id } = items.filter(({ name }) => name === 'see').at(-1)!;
    expect((await boss.ask('DELETE', `/api/people/${id}`)).status).toBe(204);
    expect((await reader.ask('GET', '/api/holdings')).code).toBe('UNAUTHENTICATED');
  });

  it('has keys for its systems: shown once, within their rights, their addresses and their time', async () => {
    const key = async (more: object = {}) => {
      const input = { name: 'ERP', rights: ['see'], ranges: [], days: 30, ...more };
      const { body } = await boss.ask('POST', '/api/keys', input);
      return body as { secret: string; key: { id: string } };
    };
    const by = async (secret: string, path: string, method = 'GET') => {
      const response = await fetch(ground.apiUrl + path, {
        method,
        headers: { authorization: `Bearer ${secret}` },
      });
      return response.ok ? 'ok' : ((await response.json()) as { code: string }).code;
    };
    const { secret, key: made } = await key();
    expect(await by(secret, '/api/holdings')).toBe('ok');
    expect(await by(secret, '/api/keys')).toBe('RIGHT_REQUIRED');
    expect(await by(secret, '/api/devices')).toBe('FORBIDDEN');
    const far = await key({ ranges: ['10.0.0.0/8', '2001:db8::/32'] });
    expect(await by(far.secret, '/api/holdings')).toBe('ADDRESS_NOT_ALLOWED');
    const near = await key({ ranges: ['127.0.0.0/8', '::1/128'] });
    expect(await by(near.secret, '/api/holdings')).toBe('ok');
    expect(JSON.stringify((await boss.ask('GET', '/api/keys')).body)).not.toContain(secret);
    expect((await boss.ask('DELETE', `/api/keys/${made.id}`)).status).toBe(204);
    expect(await by(secret, '/api/holdings')).toBe('UNAUTHENTICATED');
    const input = { name: 'x', rights: ['see'], ranges: ['10.0.0.0/99'], days: 1 };
    expect((await boss.ask('POST', '/api/keys', input)).code).toBe('REQUEST_INVALID');
    const beyond = { name: 'x', rights: ['administer'], ranges: [], days: 1 };
    expect((await boss.ask('POST', '/api/keys', beyond)).code).toBe('REQUEST_INVALID');
  });
});
