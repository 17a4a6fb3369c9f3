/** As soon as the operator is two people, nobody of them decides alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orgAccountAt } from '#chain/contracts.ts';
import { encodeSignature } from '#chain/typed-data.ts';
import { checkDecision, type Decision } from '#client/instructions/index.ts';
import { inputOf } from '#domain/accounts/input.ts';
import { operatorAccount } from '#api/operator/party.ts';
import { makeLink } from '#db/people/links.ts';
import { toBytes } from '#db/wire/bytes.ts';
import { Visitor } from '../../fixtures/visitor.ts';
import { ALL_RIGHTS, Platform, pointOf, signatureBy } from './support.ts';

describe('a second person', () => {
  let platform: Platform;
  let second: Visitor;
  let id: string;
  beforeAll(async () => {
    platform = await Platform.open();
    second = await platform.comeIn(null, ALL_RIGHTS);
    id = await platform.idOf(second);
  });
  afterAll(() => platform?.close());
  const give = (body: object, by = platform.first, whom = id) =>
    by.ask('POST', `/api/people/${whom}/signature`, body);

  it('signs nothing before its device is given a signature', async () => {
    const each = await platform.prepared('/api/operator/members', platform.firm('一号'), second);
    expect((await platform.handIn(second, each)).code).toBe('SIGNATURE_INVALID');
  });

  it('is given none that would leave one person alone, none twice, and none of a device that is not its own', async () => {
    const { first } = platform;
    const device = pointOf(second);
    expect((await give({ device, threshold: 1 })).code).toBe('REQUEST_INVALID');
    expect((await give({ device, threshold: 3 })).code).toBe('REQUEST_INVALID');
    expect((await give({ device: pointOf(first), threshold: 2 })).code).toBe('NOT_FOUND');
    expect((await give({ device, instead: device, threshold: 2 })).code).toBe('NOT_FOUND');
    const self = await platform.idOf(first);
    expect((await give({ device: pointOf(first), threshold: 1 }, first, self)).code).toBe('ALREADY_DONE');
    const reader = await platform.comeIn(null, ['see', 'prepare', 'sign']);
    expect((await give({ device, threshold: 2 }, reader)).code).toBe('RIGHT_REQUIRED');
    const mute = await platform.comeIn(null, ['see', 'prepare']);
    const asked = { device: pointOf(mute), threshold: 2 };
    expect((await give(asked, first, await platform.idOf(mute))).code).toBe('REQUEST_INVALID');
  });

  it('is given one by the first, who compares what it signs; from then on it takes both', async () => {
    const { first, pin } = platform;
    const asked = { device: pointOf(second), threshold: 2 };
    const each = await platform.prepared(`/api/people/${id}/signature`, asked);
    const before = inputOf(
      (await first.ask('GET', '/api/account/policy')).body as Parameters<typeof inputOf>[0],
    );
    const decision = { type: 'giveSignature', ...asked, before } as const satisfies Decision;
    const check = (altered: Decision) => () => checkDecision(altered, each, { pin, account: each.account });
    expect(check(decision)).not.toThrow();
    expect(check({ ...decision, device: pointOf(first) })).toThrow('INSTRUCTION_ALTERED');
    expect(check({ ...decision, instead: pointOf(first) })).toThrow('INSTRUCTION_ALTERED');
    expect(check({ ...decision, threshold: 1 })).toThrow('INSTRUCTION_ALTERED');
    const delayed = { ...before, changeDelay: before.changeDelay + 1 };
    expect(check({ ...decision, before: delayed })).toThrow('INSTRUCTION_ALTERED');
    expect(each.meaning.en).toContain('from then on: ');
    expect(each.meaning.en).toContain('a weight of 2 in general and 2 for the account’s own affairs');
    expect((await platform.perform(each, first)).state).toBe('done');
    const account = (await operatorAccount(platform.ground.db))!;
    const [policy] = await orgAccountAt(account, platform.ground.provider).policy();
    expect([policy.threshold, policy.adminThreshold]).toEqual([2n, 2n]);
    expect(policy.signers).toHaveLength(2);
  });

  it('and the first admit nobody alone, and together whom they like', async () => {
    const { first } = platform;
    const each = await platform.prepared('/api/operator/members', platform.firm('二号'));
    for (let times = 0; times < 2; times++) {
      const { status, body } = await platform.handIn(first, each);
      expect(status).toBe(202);
      expect(body).toMatchObject({ state: 'prepared', signing: { missing: { weight: 1 } } });
    }
    expect(await platform.members()).toEqual([]);
    const sheet = (await second.ask('GET', `/api/instructions/${each.id}/sheet`)).body;
    expect(sheet).toMatchObject({ decision: { type: 'admit' }, changes: { code: null } });
    const waiting = await second.ask('GET', '/api/instructions?waiting=me');
    expect((waiting.body as { items: { id: string }[] }).items.map(({ id: one }) => one)).toContain(each.id);
    expect((await platform.perform(each, second)).state).toBe('done');
    expect((await platform.members()).map(({ name }) => name.zh)).toEqual(['二号']);
  });

  it('is not replaced by the first alone, whatever the platform stores', async () => {
    const { first, ground } = platform;
    const third = await platform.comeIn(null, ALL_RIGHTS);
    const asked = { device: pointOf(third), instead: pointOf(second), threshold: 2 };
    const each = await platform.prepared(`/api/people/${await platform.idOf(third)}/signature`, asked);
    expect((await platform.handIn(first, each)).body).toMatchObject({ state: 'prepared' });
    expect(each.meaning.en).toContain('its other signers can stop that until its time has come');
    // A thief of the database makes the API believe that one is enough: the account does not.
    const account = toBytes((await operatorAccount(ground.db))!);
    await ground.db
      .updateTable('ledger.account')
      .set({ threshold: 1, admin_threshold: 1 })
      .where('account', '=', account)
      .execute();
    const org = orgAccountAt(each.account, ground.provider);
    await expect(
      org.execute.staticCall(
        each.calls,
        BigInt(each.nonce),
        Date.parse(each.validUntil) / 1_000,
        encodeSignature([signatureBy(first, each)]),
      ),
    ).rejects.toMatchObject({ code: 'CALL_EXCEPTION' });
  });
});

describe('a firm', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await Platform.open();
  });
  afterAll(() => platform?.close());

  it('gives its second person a signature by the same code, with a threshold of its own', async () => {
    const person = new Visitor(platform.ground.apiUrl);
    const admission = platform.firm('三号', { signers: [{ type: 'webauthn', ...pointOf(person) }] });
    await platform.perform(await platform.prepared('/api/operator/members', admission));
    const number = await platform.numberOf('三号');
    const { secret } = await makeLink(platform.ground.db, {
      offer: { purpose: 'seat', member: number, rights: ALL_RIGHTS },
      madeBy: null,
      expiresAt: new Date(Date.now() + 3_600_000),
    });
    expect((await person.register('丙', `#${secret}`)).status).toBe(201);
    person.seat = String(number);
    const second = await platform.comeIn(number, ALL_RIGHTS, '丁');
    const id = await platform.idOf(second);
    const asked = { device: pointOf(second), threshold: 1 };
    const each = await platform.prepared(`/api/people/${id}/signature`, asked, person);
    expect((await platform.handIn(person, each)).status).toBe(202);
    expect((await platform.end(each.id, person)).state).toBe('done');
    const standing = { instruction: { type: 'setStanding', standing: true } };
    const next = await platform.prepared('/api/instructions/prepare', standing, second);
    expect((await platform.handIn(second, next)).status).toBe(202);
    expect((await platform.end(next.id, second)).state).toBe('done');
    expect((await platform.first.ask('POST', `/api/people/${id}/signature`, asked)).code).toBe('NOT_FOUND');
  });
});
