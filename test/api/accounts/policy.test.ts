import { randomUUID } from 'node:crypto';
import { Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Key } from '#client/key.ts';
import { money } from '#client/money.ts';
import { parseLegalDate } from '#domain/dates.ts';
import type { PolicyInput } from '#domain/accounts/input.ts';
import { until } from '../../fixtures/ground.ts';
import { openNetwork, type TestNetwork } from '../../fixtures/network.ts';
import { ask, tokenFor } from '../support/ask.ts';

type Signature = { signer: string; signature: string };
type Signing = { id: string; digest: string; threshold: number; levels: number[]; meaning: { en: string } };
type Page = {
  version: number;
  signers: { key: string; level: number | null; validUntil: string | null; dayLimit: unknown }[];
  rules: unknown[];
  changes: {
    change: string;
    isReady: boolean;
    announcedBy: string[];
    veto: { digest: string };
    policy: object;
  }[];
};

describe('the signing policy of a firm', () => {
  let network: TestNetwork;
  let token: string;
  let other: string;
  const maker = Key.fromSeed('policy maker');
  const checker = new Wallet(`0x${'33'.repeat(32)}`);
  const successor = new Wallet(`0x${'44'.repeat(32)}`);
  let makerKey: string;
  const checkerKey = checker.address.toLowerCase();

  beforeAll(async () => {
    network = await openNetwork();
    const { number } = await network.operator.http.post<{ number: number }>('/api/operator/members', {
      name: { zh: '两人企业', en: 'Two people' },
      roles: ['supplier'],
      signers: [
        { type: 'p256', x: maker.x, y: maker.y },
        { type: 'ecdsa', address: checker.address },
      ],
      threshold: 1,
    });
    token = await tokenFor(network.apiUrl, { member: number });
    makerKey = (await page()).signers[0]!.key;
    other = await tokenFor(network.apiUrl, { member: network.supplier.number });
    await network.settlementBank.perform({
      type: 'deposit',
      member: number,
      amount: money('1000.00'),
      reference: 'opening',
    });
  });
  afterAll(() => network?.close());

  const post = (path: string, body: unknown, by = token) =>
    ask(network.apiUrl, 'POST', path, { token: by, body, headers: { 'idempotency-key': randomUUID() } });
  const page = async () => (await ask(network.apiUrl, 'GET', '/api/account/policy', { token })).body as Page;
  const byMaker = (digest: string): Signature => ({ signer: makerKey, signature: maker.sign(digest) });
  const byWallet = (wallet: Wallet, digest: string): Signature => ({
    signer: wallet.address.toLowerCase(),
    signature: wallet.signingKey.sign(digest).serialized,
  });
  const prepares = async (instruction: object) => {
    const { status, body } = await post('/api/instructions/prepare', { instruction });
    expect(status).toBe(201);
    return body as Signing;
  };
  const submits = ({ id }: Signing, signatures: Signature[]) =>
    post(`/api/instructions/${id}/submit`, { signatures });
  const ends = async (id: string) => {
    const { body } = await ask(network.apiUrl, 'GET', `/api/instructions/${id}?wait=30`, { token });
    return (body as { state: string }).state;
  };
  const next = (): PolicyInput => ({
    signers: [
      { key: makerKey, level: 1, dayLimit: money('100.00') },
      { key: checkerKey, level: 2 },
      { key: successor.address, level: 2, validUntil: '2026-03-10T00:00:00.000Z' },
    ],
    rules: [
      { kinds: ['cash'], threshold: 1 },
      { kinds: ['cash'], from: money('50.00'), threshold: 2, levels: [1, 2] },
    ],
    threshold: 1,
    adminThreshold: 1,
    changeDelay: 3_600,
  });
  const announces = async (policy: PolicyInput) => {
    const act = await prepares({ type: 'changePolicy', policy });
    expect((await submits(act, [byMaker(act.digest)])).status).toBe(202);
    expect(await ends(act.id)).toBe('done');
    return (await page()).changes.at(-1)!;
  };

  it('is told to its own people', async () => {
    expect(await page()).toMatchObject({
      version: 1,
      signers: [
        { key: makerKey, level: null, validUntil: null, dayLimit: null },
        { key: checkerKey, level: null },
      ],
      rules: [],
      changes: [],
    });
  });

  it('is refused as a whole where nobody could act under it', async () => {
    const { code } = await post('/api/instructions/prepare', {
      instruction: { type: 'changePolicy', policy: { ...next(), adminThreshold: 3 } },
    });
    expect(code).toBe('REQUEST_INVALID');
  });

  it('stays as it is when one signer vetoes what one other announced', async () => {
    const { change, announcedBy, isReady, veto } = await announces(next());
    expect([announcedBy, isReady]).toEqual([[makerKey], false]);
    const path = `/api/account/changes/${change}`;
    expect((await post(`${path}/carry-out`, {})).code).toBe('CHANGE_NOT_READY');
    expect((await post(`${path}/veto`, byMaker(veto.digest))).code).toBe('VETO_DOES_NOT_COUNT');
    expect((await post(`${path}/veto`, byWallet(successor, veto.digest))).code).toBe('SIGNATURE_INVALID');
    expect((await post(`${path}/veto`, byWallet(checker, veto.digest), other)).code).toBe('NOT_FOUND');
    const { status, body } = await post(`${path}/veto`, byWallet(checker, veto.digest));
    expect(status).toBe(202);
    expect(await ends((body as { id: string }).id)).toBe('done');
    expect((await page()).changes).toEqual([]);
    expect((await post(`${path}/carry-out`, {})).code).toBe('CHANGE_NOT_WAITING');
  });

  it('stays as it is when those who announced a change call it off', async () => {
    const { change } = await announces(next());
    const act = await prepares({ type: 'callOffChange', change });
    await submits(act, [byMaker(act.digest)]);
    expect(await ends(act.id)).toBe('done');
    expect((await page()).changes).toEqual([]);
  });

  it('changes by itself when the time has come, once, and asks for levels and weight by amount from then on', async () => {
    const { change } = await announces(next());
    const beside = await network.anotherApi();
    await network.moveTo(parseLegalDate('2026-03-05'));
    await until(async () => (await page()).version === 2);
    await beside.close();
    const { body } = await ask(network.apiUrl, 'GET', '/api/instructions?limit=200', { token });
    const { items } = body as { items: { type: string; state: string }[] };
    expect(items.filter(({ type }) => type === 'carryOutChange')).toMatchObject([{ state: 'done' }]);
    expect((await post(`/api/account/changes/${change}/carry-out`, {})).code).toBe('CHANGE_NOT_WAITING');
    expect(await page()).toMatchObject({
      version: 2,
      signers: [
        { level: 1, dayLimit: money('100.00') },
        { level: 2 },
        { validUntil: '2026-03-10T00:00:00.000Z' },
      ],
      rules: [
        { kinds: ['cash'], from: money('0.00') },
        { from: money('50.00'), threshold: 2, levels: [1, 2] },
      ],
    });
    const redeem = (amount: string) =>
      prepares({ type: 'redeem', bank: network.settlementBank.number, amount: money(amount) });
    const small = await redeem('49.99');
    expect([small.threshold, small.levels]).toEqual([1, []]);
    expect((await submits(small, [byMaker(small.digest)])).status).toBe(202);
    expect(await ends(small.id)).toBe('done');
    const large = await redeem('50.00');
    expect([large.threshold, large.levels]).toEqual([2, [1, 2]]);
    const other = await redeem('50.00');
    const bothCheckers = [byWallet(checker, other.digest), byWallet(successor, other.digest)];
    expect((await submits(other, bothCheckers)).body).toMatchObject({
      state: 'prepared',
      signing: { missing: { weight: 0, levels: [1] } },
    });
    expect((await submits(large, [byMaker(large.digest)])).body).toMatchObject({
      state: 'prepared',
      signing: { missing: { weight: 1, levels: [2] } },
    });
    expect((await submits(large, [byWallet(checker, large.digest)])).status).toBe(202);
    expect(await ends(large.id)).toBe('done');
  });

  it('lets a signer sign for no more than its limit on a day', async () => {
    const act = await prepares({
      type: 'redeem',
      bank: network.settlementBank.number,
      amount: money('0.02'),
    });
    expect(await submits(act, [byMaker(act.digest)])).toMatchObject({
      status: 409,
      code: 'DAY_LIMIT_EXCEEDED',
    });
    // Nothing was taken: a checker, who has no limit, signs instead.
    expect((await submits(act, [byWallet(checker, act.digest)])).status).toBe(202);
    expect(await ends(act.id)).toBe('done');
  });
});
