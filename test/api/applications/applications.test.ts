/** A firm applies, is asked for more, verified, and admitted by another person; what others learn of it. */
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { money } from '#client/money.ts';
import { prepareGround, type Ground } from '../../fixtures/ground.ts';
import { secretOf } from '../../fixtures/visitor.ts';
import { credited, newNumber, PDF, platform, PNG, prove, Somebody, somebody } from './support.ts';

type View = {
  id: string;
  state: string;
  missing: string[];
  steps: { state: string; reason: string | null; by: string }[];
  people: { id: string; name: string; level: string | null; device: { id: string } | null }[];
  documents: { id: string }[];
  accountProof: { isProved: boolean; triesLeft: number; creditsLeft: number };
  member: { number: number } | null;
  duplicates: { member: { number: number } | null; application: string | null }[];
};
const view = (answer: { body: never }): View => answer.body;

let ground: Ground;
let relayer: { close(): Promise<void> };
let verifier: Somebody;
let admitter: Somebody;
beforeAll(async () => {
  ground = await prepareGround();
  relayer = await ground.relayer();
  [verifier, admitter] = await platform(ground);
});
afterAll(async () => {
  await relayer?.close();
  await ground?.close();
});

const ALL_CHECKED = { names_equal_licence: true, legal_person_known: true, account_owner_known: true };

/** From a filled draft to what the platform has verified. */
async function verified(applicant: Somebody, id: string): Promise<void> {
  expect((await prove(applicant, id, verifier)).code).toBe('ok');
  await verifier.ask('POST', `/api/operator/applications/${id}/review`, {});
  const done = await verifier.ask('POST', `/api/operator/applications/${id}/verify`, ALL_CHECKED);
  expect(done.code).toBe('ok');
}

describe('an application', () => {
  it('goes from draft to member: more is wanted, two people of the platform, seats for its people', async () => {
    const boss = await somebody(ground, '老板');
    const id = await boss.fill(newNumber(), { policy: 'two' });
    const path = `/api/applications/${id}`;
    expect((await boss.ask('POST', `${path}/file`, {})).code).toBe('APPLICATION_INCOMPLETE');
    expect(view(await boss.ask('GET', path)).missing).toEqual(['accountProof', 'signers']);

    const link = await boss.ask('POST', `${path}/links`, { rights: ['see', 'sign'], level: 'checker' });
    const { url } = link.body as { url: string };
    expect(url).toContain('/apply/by-link#');
    const colleague = new Somebody(ground.apiUrl);
    const look = await colleague.ask('POST', '/api/links/look', { secret: secretOf(url) });
    expect(look.body).toMatchObject({ purpose: 'application_seat', rights: ['see', 'sign'] });
    await colleague.register('复核', url);
    expect(view(await boss.ask('GET', path)).people).toMatchObject([
      { name: '老板', level: 'maker' },
      { name: '复核', level: 'checker' },
    ]);
    expect((await colleague.ask('GET', path)).body).toMatchObject({ isMine: false, id });
    expect((await colleague.ask('PATCH', path, { policy: 'one' })).code).toBe('NOT_FOUND');
    const later = await somebody(ground, '晚到');
    expect((await later.ask('POST', '/api/links/accept', { secret: secretOf(url) })).code).toBe('LINK_OVER');

    const filed = await prove(boss, id, verifier);
    expect(view(filed).state).toBe('filed');
    expect((await boss.ask('PATCH', path, { policy: 'one' })).code).toBe('APPLICATION_ELSEWHERE');

    const platformPath = `/api/operator/applications/${id}`;
    expect((await verifier.ask('POST', `${platformPath}/verify`, ALL_CHECKED)).code).toBe(
      'APPLICATION_ELSEWHERE',
    );
    await verifier.ask('POST', `${platformPath}/review`, {});
    const back = await verifier.ask('POST', `${platformPath}/give-back`, { reason: '执照照片不清楚' });
    expect(back.code).toBe('ok');
    expect(view(await boss.ask('GET', path)).steps.at(-1)).toMatchObject({
      state: 'draft',
      reason: '执照照片不清楚',
      by: 'platform',
    });
    await boss.upload(id, 'licence', PNG, '执照.png');
    expect(view(await boss.ask('POST', `${path}/file`, {})).state).toBe('filed');

    await verifier.ask('POST', `${platformPath}/review`, {});
    expect((await verifier.ask('POST', `${platformPath}/verify`, {})).code).toBe('APPLICATION_INCOMPLETE');
    expect((await admitter.ask('POST', `${platformPath}/admit`, {})).code).toBe('APPLICATION_ELSEWHERE');
    expect(view(await verifier.ask('POST', `${platformPath}/verify`, ALL_CHECKED)).state).toBe('verified');
    expect((await verifier.ask('POST', `${platformPath}/admit`, {})).code).toBe('SAME_PERSON');
    const admitted = view(await admitter.ask('POST', `${platformPath}/admit`, {}));
    expect(admitted.state).toBe('admitted');
    expect((await admitter.ask('POST', `${platformPath}/admit`, {})).code).toBe('APPLICATION_ELSEWHERE');

    const { number } = admitted.member!;
    expect((await boss.sit(number)).code).toBe('ok');
    expect((await colleague.sit(number)).code).toBe('ok');
    expect((await colleague.ask('GET', '/api/session')).body).toMatchObject({ rights: ['see', 'sign'] });
    const { steps } = view(await boss.ask('GET', path));
    expect(steps.map(({ state }) => state)).toEqual([
      ...['draft', 'filed', 'in_review', 'draft', 'filed', 'in_review', 'verified', 'admitted'],
    ]);
    const { rows } = await ground.db
      .selectFrom('ledger.account_signer as s')
      .innerJoin('ledger.member as m', 'm.account', 's.account')
      .select('s.signer')
      .where('m.number', '=', number)
      .where('s.to_block', 'is', null)
      .where('m.to_block', 'is', null)
      .execute()
      .then((all) => ({ rows: all }));
    expect(rows).toHaveLength(2);
  });

  it('of a sole trader needs no document of a legal person', async () => {
    const trader = await somebody(ground, '个体户');
    const id = await trader.fill(newNumber('92'), { roles: ['supplier', 'bank'] });
    expect(view(await trader.ask('GET', `/api/applications/${id}`)).missing).toEqual([
      'rolesOfSoleTrader',
      'accountProof',
    ]);
    await trader.ask('PATCH', `/api/applications/${id}`, { roles: ['supplier'] });
    expect((await prove(trader, id, verifier)).code).toBe('ok');
    await verifier.ask('POST', `/api/operator/applications/${id}/review`, {});
    const checks = { names_equal_licence: true };
    expect((await verifier.ask('POST', `/api/operator/applications/${id}/verify`, checks)).code).toBe('ok');
    expect(view(await admitter.ask('POST', `/api/operator/applications/${id}/admit`, {})).state).toBe(
      'admitted',
    );
  });

  it('is refused at once where a check digit is wrong', async () => {
    const boss = await somebody(ground, '甲');
    const { body } = await boss.ask('POST', '/api/applications', {});
    const path = `/api/applications/${(body as View).id}`;
    const wrong = newNumber().slice(0, 17) + '!';
    const change = (kind: string, value: string) => boss.ask('PATCH', path, { number: { kind, value } });
    expect((await change('uscc', wrong)).code).toBe('TAX_NUMBER_INVALID');
    expect((await change('lei', '5493001KJTIIGC8Y1R13')).code).toBe('LEI_INVALID');
    expect((await change('lei', '5493001KJTIIGC8Y1R12')).code).toBe('ok');
    expect((await boss.ask('PATCH', path, { entity: 'sole_trader' })).code).toBe('LEI_INVALID');
    expect((await boss.ask('PATCH', path, { credentialExpiry: '2030-02-30' })).code).toBe('REQUEST_INVALID');
  });

  it('is there for nobody else', async () => {
    const boss = await somebody(ground, '乙');
    const id = await boss.fill(newNumber());
    const { documents, people } = view(await boss.ask('GET', `/api/applications/${id}`));
    const other = await somebody(ground, '丙');
    const path = `/api/applications/${id}`;
    const document = `${path}/documents/${documents[0]!.id}`;
    const asked: [string, string, unknown?][] = [
      ['GET', path],
      ['PATCH', path, { policy: 'two' }],
      ['DELETE', path],
      ['POST', `${path}/file`, {}],
      ['GET', document],
      ['DELETE', document],
      ['POST', `${path}/links`, { rights: ['see'], level: null }],
      ['PATCH', `${path}/people/${people[0]!.id}`, { rights: ['see'], level: null }],
      ['DELETE', `${path}/people/${people[0]!.id}`],
      ['POST', `${path}/account-proof`, {}],
      ['POST', `${path}/account-proof/amount`, { amount: money('0.01') }],
    ];
    for (const [method, address, body] of asked)
      expect([method, address, (await other.ask(method, address, body)).code]).toEqual([
        method,
        address,
        'NOT_FOUND',
      ]);
    expect((await other.upload(id, 'licence', PDF)).code).toBe('NOT_FOUND');
    expect((await other.ask('GET', '/api/applications')).body).toEqual({ items: [] });
    expect((await other.ask('GET', `/api/operator/applications/${id}`)).code).toBe('FORBIDDEN');
    // The platform does not look into drafts either.
    expect((await verifier.ask('GET', `/api/operator/applications/${id}`)).code).toBe('NOT_FOUND');
    expect((await boss.ask('DELETE', path)).status).toBe(204);
    expect((await boss.ask('GET', path)).code).toBe('NOT_FOUND');
  });

  it('does not tell who else has its number, but to the platform', async () => {
    const number = newNumber();
    const [one, two] = [await somebody(ground, '丁'), await somebody(ground, '戊')];
    const first = await one.fill(number);
    const second = await two.fill(number);
    await verified(one, first);
    expect(view(await admitter.ask('POST', `/api/operator/applications/${first}/admit`, {})).state).toBe(
      'admitted',
    );
    const filed = await prove(two, second, verifier);
    expect(filed.code).toBe('ok');
    expect(JSON.stringify(filed.body)).not.toContain(first);
    const { duplicates } = view(await verifier.ask('GET', `/api/operator/applications/${second}`));
    expect(duplicates.map(({ application }) => application)).toContain(first);
    expect(duplicates.some(({ member }) => member !== null)).toBe(true);
    await verifier.ask('POST', `/api/operator/applications/${second}/review`, {});
    await verifier.ask('POST', `/api/operator/applications/${second}/verify`, ALL_CHECKED);
    expect((await admitter.ask('POST', `/api/operator/applications/${second}/admit`, {})).code).toBe(
      'TAX_NUMBER_TAKEN',
    );
    // It can still be refused, with a reason.
    const refused = await admitter.ask('POST', `/api/operator/applications/${second}/refuse`, {
      reason: '已是成员',
    });
    expect(view(refused).state).toBe('refused');
    expect(view(await two.ask('GET', `/api/applications/${second}`)).steps.at(-1)).toMatchObject({
      state: 'refused',
      reason: '已是成员',
    });
  });

  it('is not decided by its own people', async () => {
    const id = await admitter.fill(newNumber());
    await prove(admitter, id, verifier);
    await verifier.ask('POST', `/api/operator/applications/${id}/review`, {});
    expect((await admitter.ask('POST', `/api/operator/applications/${id}/verify`, ALL_CHECKED)).code).toBe(
      'SAME_PERSON',
    );
    await verifier.ask('POST', `/api/operator/applications/${id}/verify`, ALL_CHECKED);
    expect((await admitter.ask('POST', `/api/operator/applications/${id}/admit`, {})).code).toBe(
      'SAME_PERSON',
    );
  });

  it('is one of few: of one person, and of one address', async () => {
    const many = await somebody(ground, '己');
    const begin = async (who: Somebody) => (await who.ask('POST', '/api/applications', {})).code;
    expect([await begin(many), await begin(many), await begin(many)]).toEqual(['ok', 'ok', 'ok']);
    expect(await begin(many)).toBe('RATE_LIMITED');
    const codes: string[] = [];
    for (const name of ['庚', '辛', '壬', '癸']) {
      const next = await somebody(ground, name);
      codes.push(await begin(next), await begin(next));
    }
    expect(codes.at(-1)).toBe('RATE_LIMITED');
    await ground.db.updateTable('app.application').set({ address: 'elsewhere' }).execute();
    expect(await begin(await somebody(ground, '子'))).toBe('ok');
  });
});

describe('a document', () => {
  let boss: Somebody;
  let id: string;
  beforeAll(async () => {
    await ground.db.updateTable('app.application').set({ address: 'elsewhere' }).execute();
    boss = await somebody(ground, '丑');
    id = await boss.fill(newNumber());
  });

  it('is refused where it is of another kind, too large or one too many', async () => {
    expect((await boss.upload(id, 'other', Buffer.from('<html></html>'), 'a.pdf')).code).toBe(
      'FILE_KIND_REFUSED',
    );
    expect((await boss.upload(id, 'other', Buffer.alloc(0))).code).toBe('FILE_KIND_REFUSED');
    const large = Buffer.concat([PDF, Buffer.alloc(10 * 1024 * 1024)]);
    const { status, code } = await boss.upload(id, 'other', large);
    expect([status, code]).toEqual([413, 'FILE_TOO_LARGE']);
    expect((await boss.upload(id, 'passport', PDF)).code).toBe('REQUEST_INVALID');
    for (let n = 2; n < 10; n += 1) expect((await boss.upload(id, 'other', PNG)).code).toBe('ok');
    expect((await boss.upload(id, 'other', PNG)).code).toBe('APPLICATION_ELSEWHERE');
  });

  it('is ciphertext in the database, opened by applicant and platform alone, and each look is noted', async () => {
    const { documents } = view(await boss.ask('GET', `/api/applications/${id}`));
    const document = documents[0]!.id;
    const row = await ground.db
      .selectFrom('app.application_document')
      .select('content')
      .where('id', '=', document)
      .executeTakeFirstOrThrow();
    expect(row.content.includes('%PDF')).toBe(false);
    const opened = await boss.download(`/api/applications/${id}/documents/${document}`);
    expect(Buffer.from(await opened.arrayBuffer())).toEqual(PDF);
    expect(opened.headers.get('content-security-policy')).toContain('sandbox');
    expect(opened.headers.get('content-disposition')).toMatch(/^attachment/);

    await prove(boss, id, verifier);
    const byPlatform = await verifier.download(`/api/operator/applications/${id}/documents/${document}`);
    expect(Buffer.from(await byPlatform.arrayBuffer())).toEqual(PDF);
    const looks = await ground.db
      .selectFrom('app.audit_entry')
      .select('action')
      .where('subject', '=', `document:${document}`)
      .execute();
    expect(looks.map(({ action }) => action)).toEqual(['documentOpened', 'documentOpened']);

    // In the place of another it does not open.
    await ground.db
      .updateTable('app.application_document')
      .set({ content: row.content })
      .where('id', '=', documents[1]!.id)
      .execute();
    const moved = await verifier.download(`/api/operator/applications/${id}/documents/${documents[1]!.id}`);
    expect(moved.status).toBe(500);
  });
});

describe('a bank account', () => {
  beforeAll(async () => {
    await ground.db.updateTable('app.application').set({ address: 'elsewhere' }).execute();
  });

  const other = ({ amount }: { amount: string }) => money(amount === '0.50' ? '0.51' : '0.50');

  it('is proved by the amount on its statement, within three tries and three credits', async () => {
    const boss = await somebody(ground, '寅');
    const id = await boss.fill(newNumber(), { account: { bank: '云岭银行', number: '6222000000000002' } });
    const path = `/api/applications/${id}`;
    const state = (amount: unknown) => boss.ask('POST', `${path}/account-proof/amount`, { amount });
    expect((await state(money('0.10'))).code).toBe('NOT_FOUND');
    for (const creditsLeft of [2, 1, 0]) {
      const begun = view(await boss.ask('POST', `${path}/account-proof`, {}));
      expect(begun.accountProof).toMatchObject({ isProved: false, triesLeft: 3, creditsLeft });
      const amount = await credited(verifier);
      if (creditsLeft === 0) {
        expect(view(await state(amount)).accountProof.isProved).toBe(true);
        break;
      }
      for (let n = 0; n < 3; n += 1) expect((await state(other(amount))).code).toBe('AMOUNT_WRONG');
      expect((await state(amount)).code).toBe('RATE_LIMITED');
    }
    expect((await boss.ask('POST', `${path}/account-proof`, {})).code).toBe('RATE_LIMITED');
    // Another account is not proved by it.
    const changed = await boss.ask('PATCH', path, {
      account: { bank: '云岭银行', number: '6222000000000003' },
    });
    expect(view(changed).accountProof.isProved).toBe(false);
    expect((await boss.ask('GET', '/api/operator/sandbox-credits')).code).toBe('FORBIDDEN');
  });

  it('is credited through a gateway of a bank, whose statement alone knows the amount', async () => {
    const ledger = new Map<string, string>();
    let isOut = false;
    const bank: Server = createServer((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const body = JSON.parse(Buffer.concat(chunks).toString()) as { amount?: string; number?: string };
        const [, , reference] = request.url!.split('/');
        if (isOut) return response.writeHead(503).end();
        response.writeHead(200, { 'content-type': 'application/json' });
        if (reference !== undefined)
          return response.end(JSON.stringify({ matches: ledger.get(reference) === body.amount }));
        ledger.set(`r-${ledger.size}`, `0.${String(10 + ((ledger.size * 37 + 11) % 89))}`);
        return response.end(JSON.stringify({ reference: `r-${ledger.size - 1}` }));
      })();
    });
    await new Promise<void>((resolve) => bank.listen(0, '127.0.0.1', resolve));
    const { port } = bank.address() as { port: number };
    const api = await ground.anotherApi({ accountProof: `http://127.0.0.1:${port}` });
    const boss = new Somebody(api.url);
    await boss.register('卯');
    const id = await boss.fill(newNumber(), { account: { bank: '云岭银行', number: '6222000000000004' } });
    const begin = () => boss.ask('POST', `/api/applications/${id}/account-proof`, {});
    isOut = true;
    expect((await begin()).code).toBe('UNAVAILABLE');
    isOut = false;
    expect(view(await begin()).accountProof).toMatchObject({ triesLeft: 3, creditsLeft: 2 });
    const amount = money([...ledger.values()].at(-1)!);
    const state = (stated: unknown) =>
      boss.ask('POST', `/api/applications/${id}/account-proof/amount`, { amount: stated });
    expect((await state(other(amount))).code).toBe('AMOUNT_WRONG');
    expect(view(await state(amount)).accountProof.isProved).toBe(true);
    // Nobody reads a statement of the sandbox where there is a bank.
    const reader = new Somebody(api.url);
    reader.cookie = verifier.cookie;
    reader.seat = 'operator';
    expect((await reader.ask('GET', '/api/operator/sandbox-credits')).body).toEqual({ items: [] });
    await new Promise((resolve) => {
      bank.close(resolve);
      bank.closeAllConnections();
    });
  });
});

describe('a renewal', () => {
  it('is filed by who administers the member, and moves the end of its credential', async () => {
    await ground.db.updateTable('app.application').set({ address: 'elsewhere' }).execute();
    const boss = await somebody(ground, '辰');
    const number = newNumber();
    const first = await boss.fill(number);
    await verified(boss, first);
    const member = view(await admitter.ask('POST', `/api/operator/applications/${first}/admit`, {})).member!;
    expect((await boss.ask('POST', '/api/applications', { kind: 'renewal' })).code).toBe('FORBIDDEN');
    await boss.sit(member.number);
    const begun = view(await boss.ask('POST', '/api/applications', { kind: 'renewal' }));
    expect(begun).toMatchObject({ form: { number: { value: number } }, member: { number: member.number } });
    expect((await boss.ask('POST', '/api/applications', { kind: 'renewal' })).code).toBe('ALREADY_DONE');
    const path = `/api/applications/${begun.id}`;
    await boss.ask('PATCH', path, {
      entity: 'company',
      contact: { name: '王某', phone: '025-1234567', email: 'w@example.com' },
      legalPerson: '李某',
      address: '南京',
      credentialExpiry: '2040-06-30',
    });
    await boss.upload(begun.id, 'licence', PDF);
    await boss.upload(begun.id, 'legal_person', PDF);
    expect(view(await boss.ask('POST', `${path}/file`, {})).state).toBe('filed');
    const platformPath = `/api/operator/applications/${begun.id}`;
    expect(view(await verifier.ask('POST', `${platformPath}/review`, {})).duplicates).toEqual([]);
    await verifier.ask('POST', `${platformPath}/verify`, ALL_CHECKED);
    expect(view(await admitter.ask('POST', `${platformPath}/admit`, {})).state).toBe('admitted');
    expect((await boss.ask('GET', `/api/members/${member.number}`)).body).toMatchObject({
      credentialExpiry: '2040-06-30',
      roles: ['supplier'],
    });
  });
});
