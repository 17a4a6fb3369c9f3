/** Webhooks: signed, tried again, watched, and never led into our own network. */
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LEASE_MS } from '#db/notices/outbox.ts';
import {
  changeWebhook,
  deleteWebhook,
  deliveriesOf,
  makeWebhook,
  MOST_WEBHOOKS,
  OVERLAP_MS,
  rotateWebhook,
  testWebhook,
  webhooksOf,
} from '#db/notices/webhooks.ts';
import { seal, unseal } from '#db/notices/sealed.ts';
import { faultOfWebhookUrl } from '#domain/notices/webhook-url.ts';
import { verifyWebhook } from '#client/webhooks.ts';
import { PAUSES_MS } from '#notifier/pauses.ts';
import { AddressRefused, guardedLookup, mayBeCalled } from '#notifier/webhooks/guard.ts';
import { post } from '#notifier/webhooks/post.ts';
import { openStage, WEBHOOK_KEY, type Stage } from './support/stage.ts';

let stage: Stage;
let firm = 100;
let path: string;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());
beforeEach(() => {
  stage.receiver.received.length = 0;
  stage.receiver.answers.clear();
  path = `/hook/${++firm}`;
});

const make = async (at = path) =>
  (await makeWebhook(stage.db, WEBHOOK_KEY, firm, null, { url: stage.receiver.url + at, kinds: [] }))!;
const told = (n?: number) => stage.happen(n, firm);
const log = async (id: string) =>
  (await deliveriesOf(stage.db, firm, id, { limit: 50, after: undefined }))!.rows;
const nowSeconds = () => Math.floor(stage.clock.now.getTime() / 1_000);
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('what is sent', () => {
  it('has facts, a link and a signature that the client verifies, within five minutes', async () => {
    const { secret } = await make();
    await told();
    await stage.notifier().round();
    const [{ headers, body }] = stage.receiver.received as [(typeof stage.receiver.received)[0]];
    const now = nowSeconds();
    expect(verifyWebhook(headers, body, [secret], now)).toMatchObject({
      id: headers['webhook-id'],
      type: 'quote_lost',
      member: firm,
      data: { amount: '123456', other: 9 },
    });
    expect(codeOf(() => verifyWebhook(headers, body, [secret], now + 301))).toBe('TOO_OLD');
    expect(codeOf(() => verifyWebhook(headers, body, [secret], now - 301))).toBe('TOO_OLD');
    expect(codeOf(() => verifyWebhook(headers, `${body} `, [secret], now))).toBe('SIGNATURE_INVALID');
    expect(codeOf(() => verifyWebhook({ ...headers, 'webhook-id': 'x' }, body, [secret], now))).toBe(
      'SIGNATURE_INVALID',
    );
    expect(codeOf(() => verifyWebhook(headers, body, [`whsec_${btoa('other')}`], now))).toBe(
      'SIGNATURE_INVALID',
    );
    expect(codeOf(() => verifyWebhook({}, body, [secret], now))).toBe('HEADERS_MISSING');
  });

  it('is signed by both secrets while one replaces the other, and then by the new one alone', async () => {
    const { secret: old, webhook } = await make();
    const { secret } = (await rotateWebhook(stage.db, WEBHOOK_KEY, firm, webhook.id, stage.clock.now))!;
    const notifier = stage.notifier();
    await told();
    await notifier.round();
    const [first] = stage.receiver.received;
    for (const good of [old, secret])
      expect(codeOf(() => verifyWebhook(first!.headers, first!.body, [good], nowSeconds()))).toBe('ok');
    stage.later(OVERLAP_MS + 1_000);
    await told();
    await notifier.round();
    const second = stage.receiver.received[1]!;
    expect(codeOf(() => verifyWebhook(second.headers, second.body, [secret], nowSeconds()))).toBe('ok');
    expect(codeOf(() => verifyWebhook(second.headers, second.body, [old], nowSeconds()))).toBe(
      'SIGNATURE_INVALID',
    );
  });

  it('goes to the firm, for the kinds that it asked for, and not what is told to a person', async () => {
    const all = await make();
    await makeWebhook(stage.db, WEBHOOK_KEY, firm, null, {
      url: `${stage.receiver.url}/offers`,
      kinds: ['offered'],
    });
    await told();
    await stage.happen(1, firm + 5_000);
    await stage.notifier().round();
    expect(stage.receiver.received.map(({ path }) => path)).toEqual([path]);
    expect(await log(all.webhook.id)).toMatchObject([{ state: 'sent', attempts: 1, last_status: 204 }]);
  });

  it('goes once with two notifiers at work', async () => {
    await make();
    for (let n = 0; n < 30; n++) await told();
    await Promise.all([stage.notifier().round(), stage.notifier().round(), stage.notifier().round()]);
    const ids = stage.receiver.received.map(({ headers }) => headers['webhook-id']);
    expect([ids.length, new Set(ids).size]).toEqual([30, 30]);
  });

  it('goes again under the same id when it was under way in a crash', async () => {
    await make();
    await told();
    const dying = stage.notifier({ now: () => stage.clock.now, webhookKey: WEBHOOK_KEY });
    await dying.dispatch();
    const { claimForSystems } = await import('#db/notices/outbox.ts');
    const [claimed] = await claimForSystems(stage.db, stage.clock.now); // and the process is gone
    await stage.notifier().round();
    expect(stage.receiver.received).toHaveLength(0);
    stage.later(LEASE_MS);
    await stage.notifier().round();
    expect(stage.receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([claimed!.notice]);
  });
});

describe('an address that fails', () => {
  it('is tried again later and later, takes nobody else’s turn, and gets all when it is back', async () => {
    const { webhook } = await make();
    const other = await make(`${path}/well`);
    stage.receiver.answers.set(path, 500);
    await told();
    const notifier = stage.notifier();
    await notifier.round();
    await told();
    await notifier.round();
    const calls = (at: string) => stage.receiver.received.filter((each) => each.path === at).length;
    expect([calls(path), calls(`${path}/well`)]).toEqual([1, 2]); // the second waits with the first
    stage.later(PAUSES_MS[0]!);
    await notifier.round();
    expect(calls(path)).toBe(3);
    expect((await log(webhook.id)).map(({ last_status, attempts }) => [last_status, attempts])).toEqual([
      [500, 1],
      [500, 2],
    ]);
    stage.receiver.answers.clear();
    stage.later(PAUSES_MS[1]!);
    await notifier.round();
    expect((await log(webhook.id)).map(({ state }) => state)).toEqual(['sent', 'sent']);
    expect((await log(other.webhook.id)).map(({ state }) => state)).toEqual(['sent', 'sent']);
  });

  it('is switched off after three days, and the firm is told', async () => {
    const { webhook } = await make();
    stage.receiver.answers.set(path, 503);
    await told();
    const notifier = stage.notifier();
    const began = stage.clock.now.getTime();
    await notifier.round();
    for (const pause of PAUSES_MS) {
      stage.later(pause);
      await notifier.round();
    }
    const hours = (stage.clock.now.getTime() - began) / 3_600_000;
    expect(hours).toBeGreaterThan(71);
    expect(hours).toBeLessThanOrEqual(72);
    expect(await webhooksOf(stage.db, firm)).toMatchObject([{ id: webhook.id, disabledWhy: 'failing' }]);
    expect(await log(webhook.id)).toMatchObject([{ state: 'failed', attempts: PAUSES_MS.length + 1 }]);
    const notices = await stage.db
      .selectFrom('app.notice')
      .select('kind')
      .where('member', '=', firm)
      .execute();
    expect(notices.map(({ kind }) => kind)).toContain('webhook_disabled');
    const calls = stage.receiver.received.length;
    await told();
    await notifier.round();
    expect(stage.receiver.received).toHaveLength(calls);
    stage.receiver.answers.clear();
    await changeWebhook(stage.db, firm, webhook.id, { isOn: true }, stage.clock.now);
    await told();
    await notifier.round();
    expect(stage.receiver.received).toHaveLength(calls + 1);
  });

  it('is switched off at once when it says that it is gone; a redirect is not followed', async () => {
    const { webhook } = await make();
    stage.receiver.answers.set(path, 302);
    await told();
    const notifier = stage.notifier();
    await notifier.round();
    expect(stage.receiver.received.map((each) => each.path)).toEqual([path]);
    stage.receiver.answers.set(path, 410);
    stage.later(PAUSES_MS[0]!);
    await notifier.round();
    expect(await webhooksOf(stage.db, firm)).toMatchObject([{ id: webhook.id, disabledWhy: 'gone' }]);
  });

  it('fails where nobody answers in time, or nobody is', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((settle) => silent.listen(0, '127.0.0.1', () => settle()));
    const { port } = silent.address() as { port: number };
    const at = (url: string) => post(url, {}, '{}', { isDemo: true, waitMs: 50 });
    await expect(at(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    silent.close();
    await expect(at('http://127.0.0.1:1/')).rejects.toThrow();
  });
});

describe('a firm', () => {
  it('tests an address, sees its log, and sees nothing of another firm’s', async () => {
    const { webhook } = await make();
    expect(await testWebhook(stage.db, firm + 1, webhook.id, stage.clock.now)).toBe(false);
    expect(await testWebhook(stage.db, firm, webhook.id, stage.clock.now)).toBe(true);
    await stage.notifier().round();
    expect(JSON.parse(stage.receiver.received[0]!.body)).toMatchObject({ type: 'webhook_test' });
    expect(await log(webhook.id)).toMatchObject([{ kind: 'webhook_test', state: 'sent' }]);
    const page = { limit: 10, after: undefined };
    expect(await deliveriesOf(stage.db, firm + 1, webhook.id, page)).toBeUndefined();
    expect(await rotateWebhook(stage.db, WEBHOOK_KEY, firm + 1, webhook.id, stage.clock.now)).toBeUndefined();
    expect(await deleteWebhook(stage.db, firm + 1, webhook.id)).toBe(false);
    expect(await deleteWebhook(stage.db, firm, webhook.id)).toBe(true);
  });

  it('has so many and no more', async () => {
    for (let n = 0; n < MOST_WEBHOOKS; n++) await make(`${path}/${n}`);
    expect(
      await makeWebhook(stage.db, WEBHOOK_KEY, firm, null, { url: stage.receiver.url, kinds: [] }),
    ).toBeUndefined();
  });

  it('has secrets that the database alone does not tell, each in its own row', async () => {
    const { secret, webhook } = await make();
    const { secret: sealed } = await stage.db
      .selectFrom('app.webhook')
      .select('secret')
      .where('id', '=', webhook.id)
      .executeTakeFirstOrThrow();
    expect(sealed.includes(Buffer.from(secret.slice(6), 'base64'))).toBe(false);
    expect(unseal(WEBHOOK_KEY, webhook.id, sealed)).toBe(secret);
    expect(() => unseal(WEBHOOK_KEY, 'another row', sealed)).toThrow();
    expect(() => unseal(Buffer.alloc(32, 8), webhook.id, sealed)).toThrow();
    expect(seal(WEBHOOK_KEY, 'r', secret).equals(seal(WEBHOOK_KEY, 'r', secret))).toBe(false);
  });
});

describe('the guard', () => {
  it.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://8.8.8.8/',
    'https://localhost/',
    'https://metadata.google.internal/',
    'https://printer.local/',
    'https://intranet/',
    'https://user:password@example.com/',
    'https://example.com/#part',
    'ftp://example.com/',
    'not an address',
  ])('refuses the form of %s', async (url) => {
    expect(faultOfWebhookUrl(url, false)).toBeDefined();
    await expect(post(url, {}, '', { isDemo: false })).rejects.toBeInstanceOf(AddressRefused);
  });

  it('takes public names over TLS, and this machine in a demonstration only', () => {
    expect(faultOfWebhookUrl('https://erp.example.com:8443/hooks?x=1', false)).toBeUndefined();
    expect(faultOfWebhookUrl('http://localhost:9000/', true)).toBeUndefined();
    expect(faultOfWebhookUrl('http://10.0.0.1/', true)).toBeDefined();
  });

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.100.100.200',
    '127.9.9.9',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    'nonsense',
  ])('does not call %s', (address) => {
    expect(mayBeCalled(address, false)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111'])('calls %s', (address) => {
    expect(mayBeCalled(address, false)).toBe(true);
  });

  it('looks at the addresses that it connects to: a name that changes its mind gains nothing', async () => {
    const answers = ['93.184.216.34', '127.0.0.1'];
    let asked = 0;
    const lookup = guardedLookup(false, (_host, _options, done) => {
      done(null, [{ address: answers[asked++]!, family: 4 }]);
    });
    const ask = () =>
      new Promise<unknown>((settle) =>
        lookup('rebind.example.com', { all: true }, (error, found) => settle(error ?? found)),
      );
    expect(await ask()).toEqual([{ address: '93.184.216.34', family: 4 }]);
    // The second connection, after the name was approved: it is asked again, and refused.
    await expect(
      post('https://rebind.example.com/', {}, '', { isDemo: false, lookup }),
    ).rejects.toBeInstanceOf(AddressRefused);
    expect(asked).toBe(2);
  });

  it('refuses a name of which one address is inside', async () => {
    const lookup = guardedLookup(false, (_host, _options, done) => {
      done(null, [
        { address: '8.8.8.8', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ]);
    });
    await expect(post('https://both.example.com/', {}, '', { isDemo: false, lookup })).rejects.toBeInstanceOf(
      AddressRefused,
    );
  });
});
