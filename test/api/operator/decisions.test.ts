/** Where people are the operator they decide as a firm does: prepared, signed with their devices, queued. */
import { Wallet, ZeroHash } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contractsOf } from '#chain/contracts.ts';
import { callsOf } from '#chain/calls.ts';
import { FUNCTIONS } from '#chain/functions.ts';
import { argumentsOf, callData, type Value } from '#client/instructions/abi.ts';
import { checkDecision, type Decision, type Pin } from '#client/instructions/index.ts';
import type { PreparedInstruction } from '#client/generated/schema.ts';
import { KEYS, type Ground } from '../../fixtures/ground.ts';
import { Visitor } from '../../fixtures/visitor.ts';
import { ALL_RIGHTS, Platform } from './support.ts';

/** Each that differs in one place. */
function othersOf(value: Value): Value[] {
  if (typeof value === 'bigint') return [value ^ 1n];
  if (typeof value === 'string') return [value.slice(0, -1) + (value.endsWith('0') ? '1' : '0')];
  const within = value.flatMap((part, n) => othersOf(part).map((other) => value.with(n, other)));
  const isListOfSigners =
    Array.isArray(value[0]) && typeof (value[0] as readonly Value[] | undefined)?.[0] === 'string';
  return isListOfSigners ? [...within, value.slice(1)] : within;
}

describe('people who are the operator', () => {
  let platform: Platform;
  let ground: Ground;
  let first: Visitor;
  let pin: Pin;
  beforeAll(async () => {
    platform = await Platform.open();
    ({ ground, first, pin } = platform);
  });
  afterAll(() => platform?.close());

  const firm: Platform['firm'] = (...args) => platform.firm(...args);
  const prepared: Platform['prepared'] = (...args) => platform.prepared(...args);
  const handIn: Platform['handIn'] = (...args) => platform.handIn(...args);
  const numberOf = (name: string) => platform.numberOf(name);
  const done = async (each: PreparedInstruction) => {
    expect((await platform.perform(each)).state).toBe('done');
  };

  it('admit a firm: prepared, checked by the browser, signed with a passkey', async () => {
    const asked = firm('一号', { taxId: '91110000600037341L' });
    const each = await prepared('/api/operator/members', asked);
    expect(each.signers.map(({ type }) => type)).toEqual(['webauthn']);
    checkDecision({ type: 'admit', ...asked } as unknown as Decision, each, { pin, account: each.account });
    expect(await platform.members()).toEqual([]);
    await done(each);
    expect((await platform.members()).map(({ name }) => name.zh)).toEqual(['一号']);
    expect((await platform.end(each.id)).meaning.en).toBe(
      'The platform admitted 一号 (tax number 91110000600037341L) as a member',
    );
  });

  it('suspend, restore, and publish rules in the same way', async () => {
    await done(await prepared('/api/operator/members', firm('二号')));
    const number = await numberOf('二号');
    for (const type of ['suspend', 'restore'] as const) {
      const reason = 'a reasoned order';
      const each = await prepared(`/api/operator/members/${number}/${type}`, { reason });
      checkDecision({ type, member: number, reason }, each, { pin, account: each.account });
      await done(each);
      const { body } = await first.ask('GET', `/api/members/${number}`);
      expect((body as { suspended: boolean }).suspended).toBe(type === 'suspend');
    }
    const pack = {
      kind: 'CERTIFICATE',
      effectiveFrom: '2031-01-01',
      tenorMonths: 6,
      basis: 360,
      maxSplits: 99,
      citation: { zh: '办法', en: 'measures' },
    } as const;
    const each = await prepared('/api/operator/rule-packs', pack);
    checkDecision({ type: 'publish', ...pack }, each, { pin, account: each.account });
    await done(each);
    const { body } = await first.ask('GET', '/api/rule-packs');
    expect((body as { items: { effectiveFrom: string }[] }).items[0]!.effectiveFrom).toBe('2031-01-01');
  });

  it('list what they have decided, which no firm sees', async () => {
    const { body } = await first.ask('GET', '/api/instructions');
    expect((body as { items: { type: string }[] }).items.map(({ type }) => type)).toEqual([
      'publish',
      'restore',
      'suspend',
      'admit',
      'admit',
    ]);
    const relayed = await first.ask('GET', '/api/operator/relayer/instructions');
    expect(relayed.status).toBe(200);
    const person = await platform.comeIn(await numberOf('一号'), ALL_RIGHTS);
    const [one] = (body as { items: { id: string }[] }).items;
    expect((await person.ask('GET', `/api/instructions/${one!.id}`)).code).toBe('NOT_FOUND');
    expect(((await person.ask('GET', '/api/instructions')).body as { items: unknown[] }).items).toEqual([]);
    const waiting = await prepared('/api/operator/members', firm('三号'));
    expect((await handIn(person, waiting, first)).code).toBe('NOT_FOUND');
    for (const [path, asked] of [
      ['/api/operator/members', firm('四号')],
      ['/api/operator/members/1/suspend', { reason: 'x' }],
      ['/api/operator/rule-packs', {}],
    ] as const)
      expect((await person.ask('POST', path, asked)).code, path).toBe('FORBIDDEN');
    expect((await person.ask('GET', '/api/operator/members')).code).toBe('FORBIDDEN');
    expect((await first.ask('GET', `/api/instructions/${waiting.id}`)).body).toMatchObject({
      state: 'prepared',
    });
  });

  it('do what their rights say and no more', async () => {
    const reader = await platform.comeIn(null, ['see']);
    expect((await reader.ask('POST', '/api/operator/members', firm('五号'))).code).toBe('RIGHT_REQUIRED');
    const maker = await platform.comeIn(null, ['see', 'prepare']);
    const each = await prepared('/api/operator/members', firm('五号'), maker);
    expect((await handIn(maker, each)).code).toBe('RIGHT_REQUIRED');
    expect((await handIn(maker, each, first)).code).toBe('RIGHT_REQUIRED'); // not even with a signature that is right
    const signer = await platform.comeIn(null, ['see', 'sign']);
    expect((await handIn(signer, each)).code).toBe('SIGNATURE_INVALID'); // has no device among the signers
    await done(each);
  });

  it('give no role that governance gives, no tax number twice, and no account without signers', async () => {
    const taken = firm('六号', { taxId: '91110000600037341L' });
    expect((await first.ask('POST', '/api/operator/members', taken)).code).toBe('TAX_NUMBER_TAKEN');
    const other = { taxId: '91110000101100396F' };
    await prepared('/api/operator/members', firm('七号', other));
    expect((await first.ask('POST', '/api/operator/members', firm('八号', other))).code).toBe(
      'TAX_NUMBER_TAKEN',
    );
    const bank = firm('九号', { roles: ['bank'] });
    expect((await first.ask('POST', '/api/operator/members', bank)).code).toBe('ROLE_REQUIRED');
    const { signers, ...nobody } = firm('十号');
    expect(signers).toHaveLength(1);
    expect((await first.ask('POST', '/api/operator/members', nobody)).code).toBe('REQUEST_INVALID');
  });

  it('have left the key in the file with nothing', async () => {
    const key = new Wallet(KEYS.operator, ground.provider);
    const { bills } = contractsOf(ground.deployment, key);
    await expect(bills.admit.staticCall(key.address, 2, 0, ZeroHash)).rejects.toMatchObject({
      code: 'CALL_EXCEPTION',
    });
  });

  describe('sign nothing but what they asked for', () => {
    const pinned = () => callsOf(ground.deployment);
    const refusedBy = (asked: Decision, each: PreparedInstruction) => {
      try {
        checkDecision(asked, each, { pin, account: each.account });
      } catch (error) {
        return (error as { code: string }).code;
      }
      return 'signed';
    };

    it('whichever argument of an admission is another', async () => {
      const two = [new Visitor(ground.apiUrl).key, new Visitor(ground.apiUrl).key];
      const signers = two.map(({ x, y }) => ({ type: 'webauthn' as const, x, y }));
      const body = firm('十一号', { signers, weights: [1, 2], threshold: 2, credentialExpiry: '2031-01-01' });
      const asked = { type: 'admit', ...body } as unknown as Decision;
      const each = await prepared('/api/operator/members', body);
      expect(refusedBy(asked, each)).toBe('signed');
      const [creation, admission] = each.calls as [
        { target: string; data: string },
        { target: string; data: string },
      ];
      const altered = (contract: 'bills' | 'orgAccountFactory', name: string, call: typeof creation) => {
        const signature = (FUNCTIONS[contract] as Record<string, string>)[name]!;
        const values = argumentsOf(signature, call.data)!;
        return values.map((value, n) =>
          othersOf(value).map((other) => ({ ...call, data: callData(signature, values.with(n, other)) })),
        );
      };
      const creations = altered('orgAccountFactory', 'create', creation).flat();
      expect(creations).toHaveLength(15); // of each of two signers five parts, three numbers, one signer less, the salt
      for (const call of creations)
        expect(refusedBy(asked, { ...each, calls: [call, admission] })).toBe('INSTRUCTION_ALTERED');
      const admissions = altered('bills', 'admit', admission);
      for (const call of admissions.slice(0, 3).flat())
        expect(refusedBy(asked, { ...each, calls: [creation, call] })).toBe('INSTRUCTION_ALTERED');
      const more = pinned().bills.suspend(1, ZeroHash);
      for (const calls of [[creation], [admission], [...each.calls, more], [admission, creation]])
        expect(refusedBy(asked, { ...each, calls })).toBe('INSTRUCTION_ALTERED');
      const meaning = { zh: each.meaning.zh.replace('十一', '十二'), en: each.meaning.en };
      expect(refusedBy(asked, { ...each, meaning })).toBe('INSTRUCTION_ALTERED');
    });

    it('nor another member, another order or another reason', async () => {
      const number = await numberOf('一号');
      const each = await prepared(`/api/operator/members/${number}/suspend`, { reason: 'an order' });
      const asked = { type: 'suspend', member: number, reason: 'an order' } as const;
      expect(refusedBy(asked, each)).toBe('signed');
      for (const other of [
        { ...asked, member: number + 1 },
        { ...asked, reason: 'another' },
        { ...asked, type: 'restore' as const },
      ])
        expect(refusedBy(other, each)).toBe('INSTRUCTION_ALTERED');
    });
  });
});
