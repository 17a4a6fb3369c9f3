import { randomUUID } from 'node:crypto';
import { Wallet } from 'ethers';
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Key } from '#client/key.ts';
import type { Member } from '#client/member.ts';
import { money } from '#client/money.ts';
import type { PreparedInstruction } from '#client/generated/schema.ts';
import { orgAccountAt } from '#chain/contracts.ts';
import { encodeSignature, executeDigest } from '#chain/typed-data.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { openNetwork, type Actor, type TestNetwork } from '../../fixtures/network.ts';
import { ask, tokenFor, type Answer } from '../support/ask.ts';

type Fields = { errors?: { path: string; message: string }[]; title?: string; detail?: string };
const fieldsOf = ({ body }: Answer) => (body as Fields).errors ?? [];

describe('acts', () => {
  let network: TestNetwork;
  const tokens = {} as Record<Actor, string>;
  beforeAll(async () => {
    network = await openNetwork();
    for (const actor of ['coreFirm', 'supplier', 'supplier2', 'stranger', 'settlementBank'] as const) {
      tokens[actor] = await tokenFor(network.apiUrl, { member: network[actor].number });
    }
  });
  afterAll(() => network?.close());

  const post = (actor: Actor, path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(network.apiUrl, 'POST', path, { token: tokens[actor], body, headers });
  const prepare = (actor: Actor, act: unknown, more: object = {}) =>
    post(actor, '/api/instructions/prepare', { instruction: act, ...more });
  const sign = (actor: Actor, { digest, signers }: Pick<PreparedInstruction, 'digest' | 'signers'>) => ({
    signatures: [{ signer: signers[0]!.id, signature: network.keys[actor].sign(digest) }],
  });
  const submit = (actor: Actor, id: string, body: unknown, key: string = randomUUID()) =>
    post(actor, `/api/instructions/${id}/submit`, body, { 'idempotency-key': key });
  const deposit = { type: 'deposit', amount: money('1.00'), reference: 'D-1' } as const;
  const balanceOf = async (member: Member) =>
    (await member.http.get<{ balance: { amount: string } }>('/api/cash')).balance.amount;
  const issueTo = async (payee: Member, face = '100.00') => {
    const act = {
      type: 'issue',
      bills: [{ payee: payee.number, face: money(face), due: '2026-06-01' }],
    } as const;
    const { makes } = await network.coreFirm.perform(act);
    return { bill: makes.bills[0]!, parcel: makes.parcels[0]! };
  };

  describe('what is asked', () => {
    it('refuses a field that it does not know, and says where', async () => {
      const act = { ...deposit, member: network.supplier.number, memo: 'x' };
      const answer = await prepare('settlementBank', act);
      expect(answer.code).toBe('REQUEST_INVALID');
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect(fieldsOf(answer)).toEqual([{ path: '/instruction/memo', message: 'is not known here' }]);
    });

    it('takes no number for a text, and names every field that is wrong', async () => {
      const bills = [{ payee: 2, face: { amount: 100, currency: 'CNY' }, due: '2026-06-01' }, { payee: 2 }];
      const answer = await prepare('coreFirm', { type: 'issue', bills });
      expect(fieldsOf(answer).map(({ path }) => path)).toEqual([
        '/instruction/bills/0/face/amount',
        '/instruction/bills/1/face',
        '/instruction/bills/1/due',
      ]);
    });

    it.each([
      ['an act that it does not know', { type: 'steal' }],
      [
        'a date that the calendar does not have',
        { type: 'issue', bills: [{ payee: 2, face: money('1.00'), due: '2026-02-30' }] },
      ],
      [
        'an amount with more decimals than the currency has',
        { ...deposit, member: 2, amount: money('1.001') },
      ],
      ['another currency', { ...deposit, member: 2, amount: { amount: '1.00', currency: 'USD' } }],
      ['a negative amount', { ...deposit, member: 2, amount: money('-1.00') }],
    ])('refuses %s', async (_, act) => {
      expect((await prepare('settlementBank', act)).code).toBe('REQUEST_INVALID');
    });

    it('refuses what is no JSON, no known type, or too long, and an unknown filter', async () => {
      expect((await post('coreFirm', '/api/instructions/prepare', '{"act":')).code).toBe('REQUEST_INVALID');
      const xml = await ask(network.apiUrl, 'POST', '/api/instructions/prepare', {
        token: tokens.coreFirm,
        body: '<act/>',
        headers: { 'content-type': 'text/xml' },
      });
      expect([xml.status, xml.code]).toEqual([415, 'REQUEST_INVALID']);
      const long = await post('coreFirm', '/api/instructions/prepare', { act: 'x'.repeat(2_000_000) });
      expect([long.status, long.code]).toEqual([413, 'REQUEST_INVALID']);
      const filter = await ask(network.apiUrl, 'GET', '/api/bills?stauts=active', { token: tokens.coreFirm });
      expect(fieldsOf(filter)).toEqual([{ path: '/querystring/stauts', message: 'is not known here' }]);
    });

    it('speaks the language that is asked for, and never of how it works inside', async () => {
      const get = (language: string) =>
        ask(network.apiUrl, 'GET', '/api/bills/123', {
          token: tokens.coreFirm,
          headers: { 'accept-language': language },
        });
      expect((await get('zh-CN,zh;q=0.9,en;q=0.8')).body).toMatchObject({
        title: '没有找到，或者你无权查看',
        status: 404,
      });
      const english = await get('en-GB,en;q=0.9,zh;q=0.5');
      expect(english.body).toMatchObject({
        title: 'There is nothing here, or you are not entitled to see it',
        instance: '/api/bills/123',
      });
      expect(JSON.stringify(english.body)).not.toMatch(/select|stack|node_modules|\.ts/);
    });
  });

  describe('what stands in the way', () => {
    const offer = (parcel: string, to: number, amount?: string) => ({
      type: 'offer',
      parcel,
      to,
      ...(amount === undefined ? {} : { amount: money(amount) }),
    });

    it.each([
      ['unknown member', 4_000_000_000, 'MEMBER_UNKNOWN'],
      ['oneself', undefined, 'REQUEST_INVALID'],
    ])('names %s before anything of the parcel', async (_, to, code) => {
      const act = offer('999', to ?? network.supplier.number);
      expect((await prepare('supplier', act)).code).toBe(code);
    });

    it('answers for a parcel of strangers as for one that does not exist', async () => {
      const { parcel } = await issueTo(network.supplier);
      const to = network.supplier2.number;
      expect((await prepare('stranger', offer(parcel, to))).code).toBe('NOT_HOLDER');
      expect((await prepare('stranger', offer('999', to))).code).toBe('NOT_HOLDER');
      for (const type of ['refuse', 'withdraw', 'expire'] as const) {
        const code = type === 'withdraw' ? 'NOT_HOLDER' : 'NOT_OFFERED_TO_YOU';
        expect((await prepare('stranger', { type, parcel })).code).toBe(code);
        expect((await prepare('stranger', { type, parcel: '999' })).code).toBe(code);
      }
      for (const unseen of [parcel, '999'])
        expect(
          (await prepare('stranger', { type: 'extend', parcel: unseen, until: '2026-05-01' })).code,
        ).toBe('NOT_HOLDER');
      const huge = String(2n ** 127n);
      expect((await prepare('stranger', { type: 'take', parcels: [huge] })).code).toBe('NOT_OFFERED_TO_YOU');
    });

    it('lets the first code in the order win', async () => {
      const { parcel } = await issueTo(network.supplier);
      await network.supplier.perform({ type: 'take', parcels: [parcel] });
      const to = network.supplier2.number;
      expect((await prepare('supplier', offer(parcel, to, '0.00'))).code).toBe('AMOUNT_INVALID');
      expect((await prepare('supplier', offer(parcel, to, '100.01'))).code).toBe('AMOUNT_EXCEEDS_PARCEL');
      expect((await prepare('supplier', offer(parcel, to, '9'.repeat(25)))).code).toBe(
        'AMOUNT_EXCEEDS_PARCEL',
      );
      expect((await prepare('stranger', offer(parcel, to, '0.00'))).code).toBe('NOT_HOLDER');
      const bill = (face: string, due: string) => ({
        type: 'issue',
        bills: [{ payee: to, face: money(face), due }],
      });
      expect((await prepare('coreFirm', bill('9'.repeat(25), '2020-01-01'))).code).toBe('AMOUNT_INVALID');
      expect((await prepare('coreFirm', bill('1.00', '1970-01-01'))).code).toBe('DUE_DATE_INVALID');
      expect((await prepare('coreFirm', bill('1.00', '9999-12-31'))).code).toBe('TENOR_TOO_LONG');
      expect((await prepare('supplier', bill('0.00', '1970-01-01'))).code).toBe('ROLE_REQUIRED');
    });

    it('says what an act will do, in both languages, and what it makes', async () => {
      const { parcel } = await issueTo(network.supplier);
      await network.supplier.perform({ type: 'take', parcels: [parcel] });
      const { body } = await prepare('supplier', offer(parcel, network.supplier2.number, '40.00'));
      const prepared = body as PreparedInstruction;
      expect(prepared.meaning.zh).toBe('测试 supplier将向 测试 supplier2 转让 ¥40.00，2026-06-01 到期');
      expect(prepared.meaning.en).toContain('pass on ¥40.00, due 2026-06-01, to Test supplier2');
      expect(BigInt(prepared.makes.parcels[0]!) - BigInt(parcel)).toBe(6_000n);
    });

    it('gives the number of a bill once', async () => {
      const act = {
        type: 'issue',
        bills: [{ payee: network.supplier.number, face: money('1.00'), due: '2026-06-01' }],
      };
      const first = (await prepare('coreFirm', act)).body as PreparedInstruction;
      const second = (await prepare('coreFirm', act)).body as PreparedInstruction;
      expect(BigInt(second.makes.bills[0]!)).toBeGreaterThan(BigInt(first.makes.bills[0]!));
      expect(second.nonce).not.toBe(first.nonce);
    });
  });

  describe('what is handed in', () => {
    const prepared = async (more: object = {}) => {
      const act = { ...deposit, member: network.stranger.number };
      return (await prepare('settlementBank', act, more)).body as PreparedInstruction;
    };

    it('wants an idempotency key', async () => {
      const act = await prepared();
      const answer = await post(
        'settlementBank',
        `/api/instructions/${act.id}/submit`,
        sign('settlementBank', act),
      );
      expect(answer.code).toBe('REQUEST_INVALID');
      expect(fieldsOf(answer)[0]!.path).toContain('idempotency-key');
    });

    it('acts once for one key, however often it comes', async () => {
      const before = Number(await balanceOf(network.stranger));
      const act = await prepared();
      const body = sign('settlementBank', act);
      const key = randomUUID();
      const answers = await Promise.all([1, 2, 3].map(() => submit('settlementBank', act.id, body, key)));
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
      expect(answers[1]!.body).toEqual(answers[0]!.body);
      await network.settlementBank.follow(act.id);
      const later = await submit('settlementBank', act.id, body, key);
      expect([later.status, later.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
      expect(later.body).toEqual(answers[0]!.body);
      expect(Number(await balanceOf(network.stranger))).toBe(before + 1);
    });

    it('refuses the same key for another request, and leaves a key free that did not act', async () => {
      const [one, other] = [await prepared(), await prepared()];
      const key = randomUUID();
      const wrong = sign('stranger', one);
      expect((await submit('settlementBank', one.id, wrong, key)).code).toBe('SIGNATURE_INVALID');
      expect((await submit('settlementBank', one.id, sign('settlementBank', one), key)).code).toBe('ok');
      const conflict = await submit('settlementBank', other.id, sign('settlementBank', other), key);
      expect(conflict.code).toBe('IDEMPOTENCY_CONFLICT');
      await network.settlementBank.follow(one.id);
    });

    it('answers a replay with how it stands, and refuses other signatures for it', async () => {
      const before = Number(await balanceOf(network.stranger));
      const act = await prepared();
      const body = sign('settlementBank', act);
      await submit('settlementBank', act.id, body);
      await network.settlementBank.follow(act.id);
      const replay = await submit('settlementBank', act.id, body);
      expect([replay.code, (replay.body as { state: string }).state]).toEqual(['ok', 'done']);
      expect(Number(await balanceOf(network.stranger))).toBe(before + 1);
    });

    it('refuses a wrong signature, a stranger’s, a changed one and the same twice', async () => {
      const act = await prepared();
      const good = sign('settlementBank', act).signatures[0]!;
      const with_ = (signature: string, signer = good.signer) => ({ signatures: [{ signer, signature }] });
      const changed = good.signature.slice(0, -2) + (good.signature.endsWith('00') ? '01' : '00');
      const others = network.keys.stranger.sign(act.digest);
      const elsewhere =
        good.signer.slice(0, 42) + network.keys.stranger.x.slice(2) + network.keys.stranger.y.slice(2);
      for (const body of [
        with_(changed),
        with_(others),
        with_(others, elsewhere),
        { signatures: [good, good] },
      ]) {
        expect((await submit('settlementBank', act.id, body)).code).toBe('SIGNATURE_INVALID');
      }
      expect((await submit('stranger', act.id, sign('settlementBank', act))).code).toBe('NOT_FOUND');
    });

    it('refuses a digest that is not the prepared one', async () => {
      const act = await prepared();
      const body = { ...sign('settlementBank', act), digest: `0x${'11'.repeat(32)}` };
      expect((await submit('settlementBank', act.id, body)).code).toBe('INSTRUCTION_ALTERED');
      const right = { ...sign('settlementBank', act), digest: act.digest };
      expect((await submit('settlementBank', act.id, right)).code).toBe('ok');
      await network.settlementBank.follow(act.id);
    });

    it('names the reason when the chain refuses what could have been done when it was prepared', async () => {
      const { parcel } = await issueTo(network.supplier);
      await network.supplier.perform({ type: 'take', parcels: [parcel] });
      const to = network.supplier2.number;
      const acts = await Promise.all(
        [1, 2].map(() => network.supplier.prepare({ type: 'offer', parcel, to })),
      );
      for (const act of acts) await network.supplier.submit(act);
      const ends = await Promise.allSettled(acts.map(({ id }) => network.supplier.follow(id)));
      expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const refused = ends.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
      expect(refused.reason).toMatchObject({ code: 'PARCEL_LOCKED' });
    });

    it('wants as many signers as the firm’s own policy asks for', async () => {
      const maker = Key.fromSeed('maker');
      const checker = new Wallet(`0x${'22'.repeat(32)}`);
      const { number } = await network.operator.http.post<{ number: number }>('/api/operator/members', {
        name: { zh: '双人', en: 'Two hands' },
        roles: ['supplier'],
        signers: [
          { type: 'p256', x: maker.x, y: maker.y },
          { type: 'ecdsa', address: checker.address },
        ],
        threshold: 2,
      });
      const token = await tokenFor(network.apiUrl, { member: number });
      const { body } = await ask(network.apiUrl, 'POST', '/api/instructions/prepare', {
        token,
        body: { instruction: { type: 'setStanding', standing: true } },
      });
      const act = body as Omit<PreparedInstruction, 'signers'> & {
        threshold: number;
        signers: { id: string; type: string }[];
      };
      expect([act.threshold, act.signers.map(({ type }) => type).sort()]).toEqual([2, ['ecdsa', 'p256']]);
      const idOf = (type: string) => act.signers.find((signer) => signer.type === type)!.id;
      const one = { signer: idOf('p256'), signature: maker.sign(act.digest) };
      const two = { signer: idOf('ecdsa'), signature: checker.signingKey.sign(act.digest).serialized };
      const forms = (v: number, s = two.signature.slice(66, 130)) => ({
        ...two,
        signature: two.signature.slice(0, 66) + s + v.toString(16).padStart(2, '0'),
      });
      const high = (signature: string, order: bigint) =>
        (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, '0');
      const hand = (signatures: unknown[]) =>
        ask(network.apiUrl, 'POST', `/api/instructions/${act.id}/submit`, {
          token,
          body: { signatures },
          headers: { 'idempotency-key': randomUUID() },
        });
      expect((await hand([one])).body).toMatchObject({
        state: 'prepared',
        signing: { missing: { weight: 1, signers: [{ signer: idOf('ecdsa') }] } },
      });
      const parity = Number.parseInt(two.signature.slice(-2), 16) - 27;
      const highS = high(two.signature, secp256k1.Point.Fn.ORDER);
      const highP256 = one.signature.slice(0, 66) + high(one.signature, p256.Point.Fn.ORDER);
      for (const [signatures, says] of [
        [[forms(parity), one], 'v must be 27 or 28'],
        [[forms(35 + parity), one], 'v must be 27 or 28'],
        [[forms(28 - parity, highS), one], 'use low s'],
        [[two, { ...one, signature: highP256 }], 'use low s'],
        [[{ ...two, signature: two.signature.slice(0, -2) }, one], 'bytes'],
      ] as const) {
        const { status, code, body } = await hand([...signatures]);
        expect([status, code]).toEqual([422, 'SIGNATURE_FORM']);
        expect((body as { detail: string }).detail).toContain(says);
      }
      expect((await hand([two, one])).code).toBe('ok');
      const end = await ask(network.apiUrl, 'GET', `/api/instructions/${act.id}?wait=20`, { token });
      expect((end.body as { state: string }).state).toBe('done');
    });

    it('sends nothing to an account that our factory did not make, whatever it says of itself', async () => {
      const key = Key.fromSeed('mover');
      const number = await network.operator.admit({
        name: { zh: '搬家', en: 'Mover' },
        roles: ['supplier'],
        signers: [{ type: 'p256', x: key.x, y: key.y }],
      });
      const token = await tokenFor(network.apiUrl, { member: number });
      const standing = () =>
        ask(network.apiUrl, 'POST', '/api/instructions/prepare', {
          token,
          body: { instruction: { type: 'setStanding', standing: true } },
        });
      const { signers } = (await standing()).body as PreparedInstruction;
      const { bills } = network.contracts;
      const anybody = Wallet.createRandom().connect(bills.runner!.provider);
      const account = await bills.accountOf(number);
      const move = bills.interface.encodeFunctionData('moveAccount', [anybody.address]);
      const calls = [{ target: await bills.getAddress(), data: move }];
      const instruction = { account, calls, nonce: 1n << 200n, validUntil: 2 ** 40 - 1 };
      const signature = key.sign(executeDigest(31337, instruction));
      const proof = encodeSignature([{ signer: signers[0]!.id, signature }]);
      const { nonce, validUntil } = instruction;
      const sent = await orgAccountAt(account, anybody).execute(calls, nonce, validUntil, proof);
      await sent.wait();
      const accepts = bills.interface.encodeFunctionData('acceptAccount', [number]);
      await (await anybody.sendTransaction({ to: await bills.getAddress(), data: accepts })).wait();
      await network.caughtUp();
      expect((await standing()).code).toBe('FORBIDDEN');
    });

    it('lets a suspended regulator see no more than its own', async () => {
      const { bill } = await issueTo(network.supplier);
      const { number, http } = network.regulator;
      await network.caughtUp();
      await expect(http.get(`/api/bills/${bill}`)).resolves.toMatchObject({ billNo: bill });
      await network.operator.suspend(number, 'a reasoned order');
      await expect(http.get(`/api/bills/${bill}`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await network.operator.restore(number, 'lifted');
      await expect(http.get(`/api/bills/${bill}`)).resolves.toMatchObject({ billNo: bill });
    });

    it('suspends and restores: a suspended member can do nothing, and does not lose its sessions', async () => {
      const { number } = network.stranger;
      await network.operator.suspend(number, 'a reasoned order');
      expect((await prepare('stranger', { type: 'setStanding', standing: true })).code).toBe(
        'MEMBER_NOT_ACTIVE',
      );
      await expect(network.operator.suspend(number, 'again')).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
      });
      await network.operator.restore(number, 'lifted');
      expect((await prepare('stranger', { type: 'setStanding', standing: true })).code).toBe('ok');
    });

    // Moves the clock: the last of its kind.
    it('refuses what has expired', async () => {
      const act = await prepared({ validFor: 60 });
      await network.moveTo(parseLegalDate('2026-03-05'));
      const late = await submit('settlementBank', act.id, sign('settlementBank', act));
      expect(late.code).toBe('INSTRUCTION_EXPIRED');
    });

    it('publishes the rules of a later day; what was issued before keeps the old ones', async () => {
      const { coreFirm, supplier, operator } = network;
      const issue = (due: string) =>
        coreFirm.perform({ type: 'issue', bills: [{ payee: supplier.number, face: money('1.00'), due }] });
      const pack = (effectiveFrom: string) =>
        operator.publish({
          kind: 'CERTIFICATE',
          effectiveFrom,
          tenorMonths: 3,
          basis: 365,
          maxSplits: 10,
          citation: { zh: '某号文', en: 'Some notice' },
        });
      await expect(pack('2026-03-03')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
      expect(await pack('2026-03-10')).toMatchObject({ tenorMonths: 3, inForce: false, effectiveTo: null });
      await expect(pack('2026-03-09')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
      const { makes } = await issue('2026-08-01');
      await network.moveTo(parseLegalDate('2026-03-10'));
      await expect(issue('2026-08-01')).rejects.toMatchObject({ code: 'TENOR_TOO_LONG' });
      await issue('2026-06-10');
      await supplier.perform({ type: 'take', parcels: makes.parcels });
      const { items } = await supplier.http.get<{ items: unknown[] }>('/api/rule-packs');
      expect(items).toMatchObject([
        { tenorMonths: 3, basis: 365, inForce: true },
        { tenorMonths: 6, effectiveTo: '2026-03-10', inForce: false },
      ]);
    });
  });
});
