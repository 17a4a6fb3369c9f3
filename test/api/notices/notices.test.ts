/** Inbox, preferences and webhooks through the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProof } from '#db/notices/email.ts';
import { tell } from '#db/notices/tell.ts';
import { giveSeat } from '#db/people/persons.ts';
import { newId } from '#db/wire/ids.ts';
import type { Member } from '#client/member.ts';
import { prepareGround, type Ground } from '../../fixtures/ground.ts';
import { Visitor } from '../../fixtures/visitor.ts';

describe('notices', () => {
  let ground: Ground;
  let relayer: { close(): Promise<void> };
  let firm: Member;
  let other: Member;
  let apiUrl: string;
  const KEY = Buffer.alloc(32, 9);

  beforeAll(async () => {
    ground = await prepareGround();
    relayer = await ground.relayer();
    firm = await ground.admit('firm', ['supplier']);
    other = await ground.admit('other', ['supplier']);
    ({ url: apiUrl } = await ground.anotherApi({ webhookKey: KEY, channels: ['inbox', 'mail'] }));
  });
  afterAll(async () => {
    await relayer?.close();
    await ground?.close();
  });

  const enter = async (name: string, rights: ('see' | 'sign' | 'administer')[], member = firm.number) => {
    const visitor = new Visitor(apiUrl);
    const { body } = await visitor.register(name);
    const { id } = (body as { person: { id: string } }).person;
    await giveSeat(ground.db, id, { member, rights });
    await visitor.sit(member);
    return { visitor, id };
  };
  const told = (member: number, key = newId()) =>
    tell(ground.db, {
      kind: 'quote_lost',
      key,
      to: { member },
      facts: { bill: String((1n << 32n) + 1n), request: newId(), other: other.number, amount: '123456' },
    });
  type Item = { id: string; kind: string; isRead: boolean; text: { zh: string; en: string }; member: number };
  const inbox = async (visitor: Visitor, query = '') =>
    ((await visitor.ask('GET', `/api/notices${query}`)).body as { items: Item[] }).items;
  const unread = async (visitor: Visitor) =>
    ((await visitor.ask('GET', '/api/notices/unread')).body as { unread: number }).unread;

  it('are seen by who may see, each with its own mark, in sentences of both languages', async () => {
    const [{ visitor: a }, { visitor: b }, { visitor: signer }, { visitor: stranger }] = await Promise.all([
      enter('a', ['see']),
      enter('b', ['see', 'sign']),
      enter('signer', ['sign']),
      enter('stranger', ['see'], other.number),
    ]);
    await told(firm.number);
    await told(firm.number);
    const items = await inbox(a!);
    const [first] = items.filter(({ kind }) => kind === 'quote_lost');
    expect(first).toMatchObject({
      member: firm.number,
      isRead: false,
      text: {
        zh: expect.stringContaining('other 已把票据'),
        en: expect.stringContaining('other sold ¥1,234.56'),
      },
    });
    const before = await unread(a!);
    expect((await a!.ask('POST', '/api/notices/read', { ids: [first!.id] })).status).toBe(204);
    expect(await unread(a!)).toBe(before - 1);
    expect((await inbox(a!, '?unread=true')).map(({ id }) => id)).not.toContain(first!.id);
    expect((await inbox(b!, '?unread=true')).map(({ id }) => id)).toContain(first!.id);
    await a!.ask('POST', '/api/notices/read', {});
    expect(await unread(a!)).toBe(0);
    expect((await inbox(signer!)).map(({ kind }) => kind)).not.toContain('quote_lost');
    expect((await inbox(stranger!)).map(({ kind }) => kind)).not.toContain('quote_lost');
    expect((await stranger!.ask('GET', `/api/notices/${first!.id}`)).code).toBe('NOT_FOUND');
    expect((await b!.ask('GET', `/api/notices/${first!.id}`)).status).toBe(200);
    await stranger!.ask('POST', '/api/notices/read', { ids: [first!.id] });
    expect((await inbox(b!, '?unread=true')).map(({ id }) => id)).toContain(first!.id);
  });

  it('come page by page', async () => {
    const { visitor } = await enter('pages', ['see']);
    for (let n = 0; n < 5; n++) await told(firm.number);
    const ids: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const { body } = await visitor.ask('GET', `/api/notices?limit=2${cursor}`);
      const page = body as { items: Item[]; next: string | null };
      ids.push(...page.items.map(({ id }) => id));
      next = page.next;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual((await inbox(visitor, '?limit=200')).map(({ id }) => id));
  });

  it('are hidden where a person switched them off, but for its own safety', async () => {
    const { visitor } = await enter('quiet', ['see']);
    const off = (group: string) => ({ switches: [{ group, channel: 'inbox', isOn: false }] });
    expect((await visitor.ask('PATCH', '/api/preferences', off('security'))).code).toBe('REQUEST_INVALID');
    expect((await visitor.ask('PATCH', '/api/preferences', off('financing'))).status).toBe(200);
    await told(firm.number);
    const kinds = (await inbox(visitor)).map(({ kind }) => kind);
    expect(kinds).not.toContain('quote_lost');
    await visitor.signIn();
    await visitor.sit(firm.number);
    expect((await inbox(visitor)).map(({ kind }) => kind)).toContain('signed_in');
    await visitor.signIn(); // the same device and browser
    await visitor.sit(firm.number);
    expect((await inbox(visitor)).filter(({ kind }) => kind === 'signed_in')).toHaveLength(1);
  });

  it('reach an address that was confirmed; a changed one is unconfirmed, and the one before is told', async () => {
    const { visitor, id } = await enter('mail', ['see']);
    const preferences = async () =>
      (await visitor.ask('GET', '/api/preferences')).body as {
        email: string | null;
        isEmailVerified: boolean;
      };
    expect((await visitor.ask('PATCH', '/api/me', { email: 'one@example.com' })).status).toBe(200);
    expect(await preferences()).toMatchObject({ email: 'one@example.com', isEmailVerified: false });
    const secret = await makeProof(ground.db, id, 'one@example.com', new Date());
    expect((await new Visitor(apiUrl).ask('POST', '/api/email/prove', { secret })).status).toBe(204);
    expect(await preferences()).toMatchObject({ isEmailVerified: true });
    expect((await visitor.ask('POST', '/api/me/email/proof', {})).code).toBe('ALREADY_DONE');
    await visitor.ask('PATCH', '/api/me', { email: 'two@example.com' });
    expect(await preferences()).toMatchObject({ email: 'two@example.com', isEmailVerified: false });
    const notices = await ground.db
      .selectFrom('app.notice')
      .select(['kind', 'facts'])
      .where('person_id', '=', id)
      .where('kind', 'like', 'email%')
      .orderBy('id')
      .execute();
    expect(notices).toEqual([
      { kind: 'email_check', facts: { address: 'one@example.com' } },
      { kind: 'email_changed', facts: { address: 'one@example.com' } },
      { kind: 'email_check', facts: { address: 'two@example.com' } },
    ]);
  });

  it('go to systems that who administers the firm has named', async () => {
    const { visitor: admin } = await enter('admin', ['see', 'administer']);
    const { visitor: clerk } = await enter('clerk', ['see']);
    const { visitor: foreign } = await enter('foreign', ['see', 'administer'], other.number);
    const input = { url: 'https://erp.example.com/hook', kinds: ['offered'] };
    expect((await clerk.ask('POST', '/api/webhooks', input)).code).toBe('RIGHT_REQUIRED');
    expect((await clerk.ask('GET', '/api/webhooks')).code).toBe('RIGHT_REQUIRED');
    expect((await admin.ask('POST', '/api/webhooks', { ...input, url: 'https://10.0.0.1/' })).code).toBe(
      'REQUEST_INVALID',
    );
    const made = await admin.ask('POST', '/api/webhooks', input);
    const { secret, webhook } = made.body as { secret: string; webhook: { id: string } };
    expect(secret).toMatch(/^whsec_/);
    const { body } = await admin.ask('GET', '/api/webhooks');
    expect(JSON.stringify(body)).not.toContain(secret);
    const at = `/api/webhooks/${webhook.id}`;
    for (const [method, path, sent] of [
      ['PATCH', at, { isOn: false }],
      ['DELETE', at, undefined],
      ['POST', `${at}/secret`, {}],
      ['POST', `${at}/test`, {}],
      ['GET', `${at}/deliveries`, undefined],
    ] as const)
      expect((await foreign.ask(method, path, sent)).code).toBe('NOT_FOUND');
    expect((await admin.ask('POST', `${at}/secret`, {})).body).toMatchObject({
      secret: expect.not.stringContaining(secret),
    });
    expect((await admin.ask('POST', `${at}/test`, {})).status).toBe(204);
    expect((await admin.ask('GET', `${at}/deliveries`)).body).toMatchObject({
      items: [{ kind: 'webhook_test', state: 'waiting' }],
    });
    expect((await admin.ask('DELETE', at)).status).toBe(204);
  });
});
