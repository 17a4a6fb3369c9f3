import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { toQuantity, Wallet, type JsonRpcProvider } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orgAccountAt } from '#chain/contracts.ts';
import { announcement } from '#chain/policies.ts';
import { encodeSignature, executeDigest, executeTypedData, nestedDigest } from '#chain/typed-data.ts';
import { Key } from '#client/key.ts';
import { pinOf } from '#client/member.ts';
import { money } from '#client/money.ts';
import { branchDigest } from '#client/instructions/digest.ts';
import { connect, type Database } from '#db/wire/connect.ts';
import { policyOfInput } from '#domain/accounts/input.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { openNetwork, type TestNetwork } from '../fixtures/network.ts';
import { until } from '../fixtures/ground.ts';
import { newPerson, seat, type Person } from '../fixtures/firm.ts';
import { ask, tokenFor } from './support/ask.ts';

type Prepared = {
  id: string;
  account: string;
  digest: string;
  calls: { target: string; data: string }[];
  nonce: string;
  validUntil: string;
  signers: { id: string; branch: string | null }[];
  beyondLimits: unknown[];
};
type Submitted = {
  state: string;
  code?: string;
  signing: { signatures: { signer: string }[]; missing: { weight: number; signers: { signer: string }[] } };
};
type Branches = {
  items: {
    account: string;
    name: string;
    state: string;
    dayLimit: unknown;
    threshold: number;
    signers: { key: string }[];
  }[];
};

describe('a branch', () => {
  let network: TestNetwork;
  let token: string;
  let branch: Branches['items'][number];
  let chainId: number;
  const [maker, checker] = [Key.fromSeed('maker of the head office'), new Wallet(`0x${'31'.repeat(32)}`)];
  const [teller, manager] = [Key.fromSeed('teller of the branch'), new Wallet(`0x${'32'.repeat(32)}`)];

  beforeAll(async () => {
    network = await openNetwork();
    ({ chainId } = await pinOf(network.stranger.http));
    const { number } = await network.operator.http.post<{ number: number }>('/api/operator/members', {
      name: { zh: '有分行的企业', en: 'With a branch' },
      roles: ['supplier'],
      signers: [
        { type: 'p256', x: maker.x, y: maker.y },
        { type: 'ecdsa', address: checker.address },
      ],
      threshold: 2,
    });
    token = await tokenFor(network.apiUrl, { member: number });
    await network.settlementBank.perform({
      ...{ type: 'deposit', member: number, amount: money('5000.00'), reference: 'opening' },
    });
    await opens();
  });
  afterAll(() => network?.close());

  const post = (path: string, body: unknown) =>
    ask(network.apiUrl, 'POST', path, { token, body, headers: { 'idempotency-key': randomUUID() } });
  const branches = async () =>
    ((await ask(network.apiUrl, 'GET', '/api/account/branches', { token })).body as Branches).items;
  const prepares = async (instruction: object) => {
    const answer = await post('/api/instructions/prepare', { instruction });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body as Prepared;
  };
  const submits = (id: string, signatures: { signer: string; signature: string }[]) =>
    post(`/api/instructions/${id}/submit`, { signatures });
  const ends = async (id: string) =>
    (await ask(network.apiUrl, 'GET', `/api/instructions/${id}?wait=30`, { token })).body as Submitted;
  const keyOf = (key: Key, { signers }: Prepared) => signers.find(({ id }) => key.is(id))!.id;
  const byKey = (key: Key, act: Prepared, digest = act.digest) => ({
    signer: keyOf(key, act),
    signature: key.sign(digest),
  });
  const byWallet = (wallet: Wallet, act: Prepared, digest = act.digest) => ({
    signer: wallet.address.toLowerCase(),
    signature: wallet.signingKey.sign(digest).serialized,
  });
  const signedOf = ({ calls, nonce, validUntil }: Prepared) => ({
    ...{ calls, nonce: BigInt(nonce), validUntil: Date.parse(validUntil) / 1_000 },
  });
  const inBranch = (act: Prepared) => branchDigest(chainId, act.account, signedOf(act), branch.account);
  const redeeming = (amount: string) => ({
    ...{ type: 'redeem', bank: network.settlementBank.number, amount: money(amount) },
  });
  const people = (signers: { key: string }[]) => ({
    ...{ signers, threshold: 2, adminThreshold: 2, changeDelay: 86_400 },
  });

  async function opens(): Promise<void> {
    const keys = await keysOf();
    const act = await prepares({
      type: 'openBranch',
      branch: '滨海分行',
      people: people([{ key: keys.teller }, { key: manager.address }]),
      dayLimit: money('500.00'),
      salt: `0x${'01'.repeat(32)}`,
    });
    await submits(act.id, [byKey(maker, act), byWallet(checker, act)]);
    expect((await ends(act.id)).state).toBe('done');
    [branch] = (await branches()) as [typeof branch];
    expect(branch).toMatchObject({ name: '滨海分行', state: 'announced', dayLimit: money('500.00') });
    const [change] = (
      (await ask(network.apiUrl, 'GET', '/api/account/policy', { token })).body as {
        changes: { change: string }[];
      }
    ).changes;
    await network.moveTo(parseLegalDate('2026-03-06'));
    const carried = await post(`/api/account/changes/${change!.change}/carry-out`, {});
    if (carried.status === 202) await ends((carried.body as { id: string }).id);
    while ((await branches())[0]!.state !== 'open') await setTimeout(20);
  }

  /** The verifier stands before the head office's own key. */
  async function keysOf(): Promise<{ teller: string }> {
    const { signers } = (await ask(network.apiUrl, 'GET', '/api/account/policy', { token })).body as {
      signers: { key: string }[];
    };
    const verifier = signers.find(({ key }) => maker.is(key))!.key.slice(0, 42);
    return { teller: `${verifier}${teller.x.slice(2)}${teller.y.slice(2)}`.toLowerCase() };
  }

  it('is told with those who sign for it, to its own firm alone', async () => {
    expect(branch.signers.map(({ key }) => key.length)).toEqual([2 + 2 * 84, 2 + 2 * 20]);
    const other = await tokenFor(network.apiUrl, { member: network.supplier.number });
    const { body } = await ask(network.apiUrl, 'GET', '/api/account/branches', { token: other });
    expect(body).toEqual({ items: [] });
  });

  it('is signed for in its own domain, as the chain nests it', async () => {
    const act = await prepares(redeeming('1.00'));
    const typed = executeTypedData(chainId, { account: act.account, ...signedOf(act) });
    expect(inBranch(act)).toBe(nestedDigest(branch.account, typed));
    expect(act.signers.filter((signer) => signer.branch !== null)).toHaveLength(2);
  });

  it('does the firm’s business with signatures of its own people, one by one', async () => {
    const act = await prepares(redeeming('300.00'));
    const first = await submits(act.id, [byKey(teller, act, inBranch(act))]);
    expect(first.status).toBe(202);
    const { state, signing } = first.body as Submitted;
    expect(state).toBe('prepared');
    expect(signing.signatures.map(({ signer }) => signer)).toEqual([keyOf(teller, act)]);
    expect(signing.missing.signers.map(({ signer }) => signer)).toContain(manager.address.toLowerCase());
    await submits(act.id, [byWallet(manager, act, inBranch(act))]);
    expect((await ends(act.id)).state).toBe('done');
  });

  it('is held to its limit a day: told when it is prepared, and no signature of its is taken', async () => {
    const act = await prepares(redeeming('300.00'));
    const beyond = {
      ...{ signer: branch.account.toLowerCase(), dayLimit: money('500.00') },
      ...{ left: money('200.00'), amount: money('300.00') },
    };
    expect(act.beyondLimits).toEqual([beyond]);
    const sheet = await ask(network.apiUrl, 'GET', `/api/instructions/${act.id}/sheet`, { token });
    const { prepared, signing } = sheet.body as { prepared: Prepared; signing: Submitted['signing'] };
    expect(prepared.beyondLimits).toEqual([beyond]);
    const able = signing.missing.signers.map(({ signer }) => signer);
    expect(able).toEqual([keyOf(maker, act), checker.address.toLowerCase()]);
    const { code } = await submits(act.id, [byKey(teller, act, inBranch(act))]);
    expect(code).toBe('DAY_LIMIT_EXCEEDED');
    // The head office signs it, as if the branch had not tried.
    await submits(act.id, [byKey(maker, act), byWallet(checker, act)]);
    expect((await ends(act.id)).state).toBe('done');
    expect((await prepares(redeeming('200.00'))).beyondLimits).toEqual([]);
  });

  describe('at which people sit', () => {
    const OTHER = `0x${'02'.repeat(32)}`;
    let head: Person;
    let here: Person;
    let there: Person;
    let db: Database;
    afterAll(() => db?.destroy());
    const together = new Wallet(`0x${'33'.repeat(32)}`);
    const sheetOf = (person: Person, id: string) => person.ask('GET', `/api/instructions/${id}/sheet`);
    const told = async (person: Person, path: string) =>
      ((await person.ask('GET', path)).body as { items: { id: string; name: string }[] }).items;

    beforeAll(async () => {
      const { body } = await ask(network.apiUrl, 'GET', '/api/session', { token });
      const { number } = (body as { member: { number: number } }).member;
      const opened = await prepares({
        ...{ type: 'openBranch', branch: '沿江分行', dayLimit: money('1.00'), salt: OTHER },
        people: people([{ key: together.address }, { key: `0x${'78'.repeat(20)}` }]),
      });
      await submits(opened.id, [byKey(maker, opened), byWallet(checker, opened)]);
      expect((await ends(opened.id)).state).toBe('done');
      const [second] = (await branches()).filter(({ name }) => name === '沿江分行');
      db = connect(network.databaseUrl, { max: 2 });
      const ground = { apiUrl: network.apiUrl, db };
      [head, here, there] = (await Promise.all(
        ['总行', '滨海', '沿江'].map((name) => newPerson(ground, name)),
      )) as [Person, Person, Person];
      await seat(ground, head, number, ['see', 'prepare', 'sign', 'administer']);
      const rights = ['see', 'prepare', 'sign'] as const;
      for (const [person, at] of [
        [here, branch],
        [there, second!],
      ] as const) {
        await seat(ground, person, number, rights);
        const body = { rights, branch: at.account };
        expect((await head.ask('PATCH', `/api/people/${person.id}`, body)).status).toBe(204);
      }
    });

    it('is what its people prepare, comment and sign: no other branch sees it, the head office does', async () => {
      const act = (await here.prepare(redeeming('1.00'))).body as Prepared;
      const ofHead = (await head.prepare(redeeming('2.00'))).body as Prepared;
      expect((await here.ask('POST', `/api/instructions/${act.id}/comments`, { text: '请批' })).status).toBe(
        201,
      );
      for (const person of [head, here]) expect((await sheetOf(person, act.id)).status).toBe(200);
      for (const [method, path, body] of [
        ['GET', ''],
        ['GET', '/sheet'],
        ['GET', '/comments'],
        ['POST', '/refuse', { reason: 'x' }],
        ['POST', '/withdraw', {}],
        ['POST', '/again', {}],
      ] as const)
        for (const id of [act.id, ofHead.id])
          expect((await there.ask(method, `/api/instructions/${id}${path}`, body)).code, path).toBe(
            'NOT_FOUND',
          );
      const signature = [byKey(teller, act, inBranch(act))];
      expect((await there.handIn(act.id, signature)).code).toBe('NOT_FOUND');
      expect((await here.handIn(act.id, signature)).status).toBe(202);
      const ids = async (person: Person) =>
        (await told(person, '/api/instructions?waiting=others')).map(({ id }) => id);
      expect(await ids(here)).toEqual([act.id]);
      expect(await ids(there)).toEqual([]);
      const listed = async (person: Person) => (await told(person, '/api/instructions')).map(({ id }) => id);
      expect(await listed(there)).toEqual([]);
      expect(await listed(head)).toEqual(expect.arrayContaining([act.id, ofHead.id]));
    });

    it('shows neither signers, limit nor people of another one', async () => {
      const act = (await here.prepare(redeeming('1.00'))).body as Prepared;
      const ofOthers = together.address.toLowerCase();
      expect(act.signers.some(({ id }) => id === ofOthers)).toBe(false);
      expect(act.signers.filter((each) => each.branch !== null)).toHaveLength(2);
      const names = async (person: Person, path: string) =>
        (await told(person, path)).map(({ name }) => name);
      expect(await names(here, '/api/account/branches')).toEqual(['滨海分行']);
      expect(await names(there, '/api/account/branches')).toEqual(['沿江分行']);
      expect(await names(here, '/api/people')).toEqual(['总行', '滨海']);
      expect(await names(head, '/api/people')).toEqual(['总行', '滨海', '沿江']);
    });

    it('never administers the firm, and is one of the firm’s', async () => {
      const path = `/api/people/${here.id}`;
      const rights = ['see', 'administer'];
      expect((await head.ask('PATCH', path, { rights })).code).toBe('REQUEST_INVALID');
      const body = { rights: ['see'], branch: `0x${'99'.repeat(20)}` };
      expect((await head.ask('PATCH', path, body)).code).toBe('REQUEST_INVALID');
      const link = { rights, branch: branch.account };
      expect((await head.ask('POST', '/api/links', link)).code).toBe('REQUEST_INVALID');
      expect((await here.ask('PATCH', path, { rights: ['see'], branch: null })).code).toBe('RIGHT_REQUIRED');
    });
  });

  it('cannot sign what is not nested, nor what is nested for another instruction', async () => {
    const [act, another] = [await prepares(redeeming('1.00')), await prepares(redeeming('2.00'))];
    for (const digest of [act.digest, inBranch(another)]) {
      const { code } = await submits(act.id, [byKey(teller, act, digest)]);
      expect(code).toBe('SIGNATURE_INVALID');
    }
    const { code } = await submits(act.id, [byKey(maker, act, inBranch(act))]);
    expect(code).toBe('SIGNATURE_INVALID');
  });

  it('does not change who signs for the firm, but counts beside somebody of the head office', async () => {
    const keys = await keysOf();
    const policy = {
      ...people([{ key: keys.teller }, { key: manager.address }]),
      changeDelay: 3_600,
    };
    const act = await prepares({ type: 'changePolicy', policy });
    const both = [byKey(teller, act, inBranch(act)), byWallet(manager, act, inBranch(act))];
    const { body } = await submits(act.id, both);
    expect(body).toMatchObject({ state: 'prepared', signing: { missing: { weight: 1 } } });
  });

  it('is refused without a limit, with a signer of the firm’s own, and a second time', async () => {
    const asked = {
      type: 'openBranch',
      branch: '另一分行',
      people: people([{ key: manager.address }, { key: `0x${'77'.repeat(20)}` }]),
      dayLimit: money('1.00'),
      salt: `0x${'02'.repeat(32)}`,
    };
    const keys = await keysOf();
    for (const [changed, code] of [
      [{ dayLimit: money('0.00') }, 'REQUEST_INVALID'],
      [{ people: people([{ key: checker.address }, { key: manager.address }]) }, 'REQUEST_INVALID'],
      [{ people: { ...people([{ key: manager.address }]), threshold: 2 } }, 'REQUEST_INVALID'],
      [
        {
          people: people([{ key: keys.teller }, { key: manager.address }]),
          salt: `0x${'01'.repeat(32)}`,
        },
        'ALREADY_DONE',
      ],
    ] as const) {
      const answer = await post('/api/instructions/prepare', { instruction: { ...asked, ...changed } });
      expect(answer.code, JSON.stringify(answer.body)).toBe(code);
    }
  });

  it('has changes of its own policy carried out as the firm’s are, when their time has come', async () => {
    const keys = await keysOf();
    const now = (await network.contracts.orgAccountFactory.runner!.provider!.getBlock('latest'))!.timestamp;
    const policy = policyOfInput({
      ...people([{ key: keys.teller }, { key: manager.address }]),
      ...{ threshold: 1, changeDelay: 3_600 },
    });
    const calls = [announcement(branch.account, policy)];
    const instruction = { account: branch.account, calls, nonce: 1n, validUntil: now + 3_600 };
    const digest = executeDigest(chainId, instruction);
    const signature = encodeSignature([
      { signer: keys.teller, signature: teller.sign(digest) },
      { signer: manager.address.toLowerCase(), signature: manager.signingKey.sign(digest).serialized },
    ]);
    const provider = network.contracts.orgAccountFactory.runner!.provider as JsonRpcProvider;
    const anybody = new Wallet(`0x${'34'.repeat(32)}`, provider);
    await provider.send('anvil_setBalance', [anybody.address, toQuantity(10n ** 20n)]);
    const account = orgAccountAt(branch.account, anybody);
    await (await account.execute(calls, 1n, instruction.validUntil, signature)).wait();
    const threshold = async () =>
      (await branches()).find(({ account }) => account === branch.account)!.threshold;
    expect(await threshold()).toBe(2);
    await network.moveTo(parseLegalDate('2026-03-09'));
    await until(async () => (await threshold()) === 1);
  });
});
