/** A core enterprise invites suppliers, one by one and from a file; a suspended member has its say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Member } from '#client/member.ts';
import { Operator } from '#client/operator.ts';
import { prepareGround, until, type Ground } from '../../fixtures/ground.ts';
import { ask, tokenFor } from '../support/ask.ts';
import { newNumber, platform, prove, Somebody } from './support.ts';

type Made = { id: string; name: string; url: string };
type Listed = { name: string; state: string; member: { number: number } | null };

let ground: Ground;
let relayer: { close(): Promise<void> };
let core: Member;
let token: string;
let verifier: Somebody;
let admitter: Somebody;
beforeAll(async () => {
  ground = await prepareGround();
  relayer = await ground.relayer();
  core = await ground.admit('核心企业', ['core_enterprise']);
  token = await tokenFor(ground.apiUrl, { member: core.number });
  [verifier, admitter] = await platform(ground);
});
afterAll(async () => {
  await relayer?.close();
  await ground?.close();
});

const by = (method: string, path: string, body?: unknown) =>
  ask(ground.apiUrl, method, path, { token, body });
const listed = async () => ((await by('GET', '/api/invitations')).body as { items: Listed[] }).items;

describe('an invitation', () => {
  it('is made one by one, shown once, used once, and taken back', async () => {
    const number = newNumber();
    const made = (await by('POST', '/api/invitations', { name: '新厂', taxId: number })).body as Made;
    expect(made.url).toMatch(/\/apply\/by-link#[\w-]{43}$/);
    const invited = new Somebody(ground.apiUrl);
    await invited.register('新厂经理', made.url);
    expect(await listed()).toMatchObject([{ name: '新厂', state: 'registered', member: null }]);
    const begun = await invited.ask('POST', '/api/applications', {});
    expect(begun.body).toMatchObject({
      invitedBy: { number: core.number },
      form: { name: { zh: '新厂' }, number: { kind: 'uscc', value: number } },
    });
    expect((await new Somebody(ground.apiUrl).register('别人', made.url)).code).toBe('LINK_OVER');

    const other = (await by('POST', '/api/invitations', { name: '另一厂' })).body as Made;
    expect((await by('DELETE', `/api/invitations/${other.id}`)).status).toBe(204);
    expect((await by('DELETE', `/api/invitations/${made.id}`)).code).toBe('NOT_FOUND');
    expect((await by('POST', '/api/invitations', { name: 'x', taxId: '123' })).code).toBe(
      'TAX_NUMBER_INVALID',
    );
  });

  it('is for core enterprises to make', async () => {
    const supplier = await ground.admit('供应商', ['supplier']);
    const its = await tokenFor(ground.apiUrl, { member: supplier.number });
    const asked = { token: its, body: { name: 'x' } };
    expect((await ask(ground.apiUrl, 'POST', '/api/invitations', asked)).code).toBe('ROLE_REQUIRED');
  });

  it('goes to all unknown suppliers of a file; when one is admitted, the file knows it', async () => {
    const number = newNumber();
    const file = await by('POST', '/api/imports', {
      name: 'payables.csv',
      text: [
        'supplier,supplier tax number,invoice number,due date,amount',
        `甲厂,${number},A-1,2026-12-30,10.00`,
        `甲厂,${number},A-2,2026-12-30,20.00`,
        '乙厂,,B-1,2026-12-30,30.00',
        '',
      ].join('\n'),
    });
    expect(file.code).toBe('ok');
    const { id } = file.body as { id: string };
    const some = await by('POST', `/api/imports/${id}/invitations`, {
      suppliers: [{ name: '甲厂', email: 'a@example.com' }],
    });
    expect(some.status).toBe(201);
    const [first] = (some.body as { items: Made[] }).items;
    expect(first).toMatchObject({ name: '甲厂', taxId: number, email: 'a@example.com' });
    const rest = await by('POST', `/api/imports/${id}/invitations`, {});
    expect((rest.body as { items: Made[] }).items.map(({ name }) => name)).toEqual(['乙厂']);
    expect((await by('POST', `/api/imports/${id}/invitations`, {})).code).toBe('ALREADY_DONE');
    expect((await listed()).slice(0, 2)).toMatchObject([
      { name: '乙厂', state: 'invited' },
      { name: '甲厂', state: 'invited' },
    ]);

    const boss = new Somebody(ground.apiUrl);
    await boss.register('甲厂老板', first!.url);
    const application = await boss.fill(number, { name: { zh: '江北甲厂有限公司', en: 'Jiangbei A' } });
    await prove(boss, application, verifier);
    expect((await listed())[1]).toMatchObject({ name: '甲厂', state: 'applied' });
    const path = `/api/operator/applications/${application}`;
    await verifier.ask('POST', `${path}/review`, {});
    const checks = { names_equal_licence: true, legal_person_known: true };
    await verifier.ask('POST', `${path}/verify`, checks);
    const admitted = await admitter.ask('POST', `${path}/admit`, {});
    const { member } = admitted.body as { member: { number: number } };
    expect((await listed())[1]).toMatchObject({ state: 'admitted', member: { number: member.number } });
    const aliases = await by('GET', '/api/supplier-aliases');
    expect(aliases.body).toMatchObject({ items: [{ name: '甲厂', supplier: { number: member.number } }] });
  });

  it('does not matter who admits: the hash of the identity tells', async () => {
    const made = (await by('POST', '/api/invitations', { name: '丙厂' })).body as Made;
    const boss = new Somebody(ground.apiUrl);
    await boss.register('丙厂老板', made.url);
    const application = await boss.fill(newNumber(), { name: { zh: '丙', en: 'C' } });
    await prove(boss, application, verifier);
    const path = `/api/operator/applications/${application}`;
    await verifier.ask('POST', `${path}/review`, {});
    await verifier.ask('POST', `${path}/verify`, { names_equal_licence: true, legal_person_known: true });
    // As another process, or another way of signing, leaves it: noted, and then in the ledger.
    const firm = await ground.admit('丙', ['supplier']);
    const { identity_hash } = await ground.db
      .selectFrom('ledger.member')
      .select('identity_hash')
      .where('number', '=', firm.number)
      .executeTakeFirstOrThrow();
    await ground.db
      .updateTable('app.application')
      .set({ admitted_by: 'somebody else', identity_hash })
      .where('id', '=', application)
      .execute();
    await ground.admit('丁', ['supplier']); // another block
    await until(async () => {
      const { body } = await boss.ask('GET', `/api/applications/${application}`);
      return (body as { state: string }).state === 'admitted';
    });
    expect((await boss.sit(firm.number)).code).toBe('ok');
  });
});

describe('a suspended member', () => {
  it('reads why, and sends a note a day that the platform reads', async () => {
    const firm = await ground.admit('戊', ['supplier']);
    const its = await tokenFor(ground.apiUrl, { member: firm.number });
    const as = (method: string, path: string, body?: unknown) =>
      ask(ground.apiUrl, method, path, { token: its, body });
    expect((await as('GET', '/api/suspension')).body).toEqual({ suspension: null, appeals: [] });
    expect((await as('POST', '/api/appeals', { text: '?' })).code).toBe('ALREADY_DONE');
    const operator = await Operator.enter(ground.apiUrl);
    await operator.suspend(firm.number, '法院裁定 (2026) 1 号');
    expect((await as('GET', '/api/suspension')).body).toMatchObject({
      suspension: { reason: '法院裁定 (2026) 1 号' },
    });
    expect((await as('POST', '/api/appeals', { text: '裁定已撤销' })).status).toBe(201);
    expect((await as('POST', '/api/appeals', { text: '还有' })).code).toBe('RATE_LIMITED');
    expect((await verifier.ask('GET', '/api/operator/appeals')).body).toMatchObject({
      items: [{ member: { number: firm.number }, text: '裁定已撤销', person: null }],
    });
    await operator.restore(firm.number, '裁定已撤销');
    expect((await as('GET', '/api/suspension')).body).toMatchObject({
      suspension: null,
      appeals: [{ text: '裁定已撤销' }],
    });
  });
});
