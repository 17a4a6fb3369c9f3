/** Maker and checker: signatures of people that come in one by one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instruction, PreparedInstruction } from '#client/generated/schema.ts';
import type { Authenticator } from '../../fixtures/authenticator.ts';
import { found, newPerson, seat, type Person } from '../../fixtures/firm.ts';
import { prepareGround, until, type Ground } from '../../fixtures/ground.ts';
import { ask } from '../support/ask.ts';

type Sheet = {
  prepared: PreparedInstruction;
  asked: { type: string };
  preparedBy: { name: string } | null;
  signing: Signing;
  comments: { by: { name: string } | null; text: string }[];
  changes: { code: string | null; meaning: object | null; facts: { fact: string }[] };
};
type Signing = {
  signatures: { person: { name: string } | null; device: string | null }[];
  missing: { weight: number; signers: { person: { name: string } | null }[] };
  waitsForYou: boolean;
};

describe('a firm of two who sign', () => {
  let ground: Ground;
  let relayer: { close(): Promise<void> };
  let number: number;
  let maker: Person;
  let checker: Person;
  let clerk: Person;
  let phone: Authenticator;
  let outsider: Person;
  beforeAll(async () => {
    ground = await prepareGround();
    relayer = await ground.relayer();
    [maker, checker, clerk, outsider] = (await Promise.all(
      ['经办', '复核', '文员', '外人'].map((name) => newPerson(ground, name)),
    )) as [Person, Person, Person, Person];
    phone = await maker.addDevice();
    const devices = [maker.key, phone, checker.key];
    number = await found(ground, '双人', { roles: ['supplier'], devices, threshold: 2 });
    const other = await found(ground, '别家', { roles: ['supplier'], devices: [outsider.key], threshold: 1 });
    await seat(ground, maker, number, ['see', 'prepare', 'sign']);
    await seat(ground, checker, number, ['see', 'sign', 'administer']);
    await seat(ground, clerk, number, ['see', 'prepare']);
    await seat(ground, outsider, other, ['see', 'prepare', 'sign']);
  });
  afterAll(async () => {
    await relayer?.close();
    await ground?.close();
  });

  let says = true;
  /** A new instruction each time. */
  const prepare = async (by = maker, validFor?: number) => {
    const { body } = await by.prepare({ type: 'setStanding', standing: (says = !says) }, validFor);
    return body as PreparedInstruction;
  };
  const sheet = async (id: string, by = checker) =>
    (await by.ask('GET', `/api/instructions/${id}/sheet`)).body as Sheet;
  const waiting = async (by: Person, whom = 'me') =>
    ((await by.ask('GET', `/api/instructions?waiting=${whom}`)).body as { items: Instruction[] }).items.map(
      ({ id }) => id,
    );
  const end = async (id: string) => {
    const { body } = await maker.ask('GET', `/api/instructions/${id}?wait=30`);
    return (body as Instruction).state;
  };

  it('acts when both have signed, and is told until then who is missing', async () => {
    const act = await prepare();
    const first = await maker.sign(act);
    expect(first.body).toMatchObject({
      state: 'prepared',
      preparedBy: { name: '经办' },
      signing: {
        signatures: [{ person: { name: '经办' }, device: 'test' }],
        missing: { weight: 1, signers: [{ person: { name: '复核' } }] },
        waitsForYou: false,
      },
    });
    expect(await waiting(checker)).toContain(act.id);
    expect(await waiting(maker)).not.toContain(act.id);
    expect(await waiting(maker, 'others')).toContain(act.id);
    const inbox = (await checker.ask('GET', '/api/inbox')).body as {
      toSign: { id: string }[];
      counts: { sign_instruction: number };
    };
    expect(inbox.toSign.map(({ id }) => id)).toContain(act.id);
    expect(inbox.counts.sign_instruction).toBe(inbox.toSign.length);
    const seen = await sheet(act.id);
    expect(seen).toMatchObject({
      prepared: { digest: act.digest, calls: act.calls, meaning: act.meaning },
      asked: { type: 'setStanding' },
      preparedBy: { name: '经办' },
      signing: { waitsForYou: true },
      changes: { code: null, meaning: null, facts: [] },
    });
    expect((await checker.sign(seen.prepared)).body).toMatchObject({
      state: 'submitted',
      signing: { missing: { weight: 0, signers: [] } },
    });
    expect(await end(act.id)).toBe('done');
    expect(await waiting(checker)).not.toContain(act.id);
  });

  it('leaves what nobody has signed to who prepared it and can sign; what a clerk prepared waits at once', async () => {
    const [own, clerks] = [await prepare(maker), await prepare(clerk)];
    const found = await waiting(checker);
    expect(found).not.toContain(own.id);
    expect(found).toContain(clerks.id);
    expect(await waiting(maker)).toContain(clerks.id);
    await maker.sign(own);
    expect(await waiting(checker)).toContain(own.id);
    await clerk.ask('POST', `/api/instructions/${clerks.id}/withdraw`);
    expect(await waiting(checker)).not.toContain(clerks.id);
  });

  it('takes the signatures in any order, and all at once', async () => {
    const [one, two] = [await prepare(), await prepare()];
    await checker.sign(one);
    expect((await maker.sign(one)).body).toMatchObject({ state: 'submitted' });
    const both = [checker.signatureOver(two), maker.signatureOver(two)];
    expect((await checker.handIn(two.id, both)).body).toMatchObject({ state: 'submitted' });
    expect([await end(one.id), await end(two.id)]).toEqual(['done', 'done']);
  });

  it('takes the same signer again without a word, before and after it is enough', async () => {
    const act = await prepare();
    await maker.sign(act);
    const again = await maker.sign(act);
    expect([again.status, (again.body as Instruction).state]).toEqual([202, 'prepared']);
    expect((again.body as { signing: Signing }).signing.signatures).toHaveLength(1);
    await checker.sign(act);
    expect((await maker.sign(act)).status).toBe(202);
    expect((await maker.sign(act, phone)).code).toBe('ALREADY_DONE');
    expect(await end(act.id)).toBe('done');
  });

  it('counts two devices of one person once', async () => {
    const act = await prepare();
    await maker.sign(act);
    const { body } = await maker.sign(act, phone);
    expect(body).toMatchObject({ state: 'prepared', signing: { missing: { weight: 1 } } });
    const both = [maker.signatureOver(act), maker.signatureOver(act, phone)];
    expect((await maker.handIn(act.id, both)).body).toMatchObject({ state: 'prepared' });
    await checker.sign(act);
    expect(await end(act.id)).toBe('done');
  });

  it('is queued once when both sign at the same moment', async () => {
    const acts = [await prepare(), await prepare(), await prepare()];
    await Promise.all(acts.flatMap((act) => [maker.sign(act), checker.sign(act)]));
    for (const { id } of acts) expect(await end(id)).toBe('done');
  });

  it('is refused with a reason that the maker reads, for good', async () => {
    const act = await prepare();
    await maker.sign(act);
    const refuse = (by: Person, body: object = { reason: ' 金额不对 ' }) =>
      by.ask('POST', `/api/instructions/${act.id}/refuse`, body);
    expect((await refuse(clerk)).code).toBe('RIGHT_REQUIRED');
    expect((await refuse(outsider)).code).toBe('NOT_FOUND');
    expect((await refuse(checker, { reason: ' ' })).code).toBe('REQUEST_INVALID');
    expect((await refuse(checker)).body).toMatchObject({ state: 'refused' });
    expect((await maker.ask('GET', `/api/instructions/${act.id}`)).body).toMatchObject({
      state: 'refused',
      refusal: { by: { name: '复核' }, reason: '金额不对' },
    });
    expect((await checker.sign(act)).code).toBe('INSTRUCTION_CLOSED');
    expect((await refuse(maker)).code).toBe('INSTRUCTION_CLOSED');
    expect(await waiting(checker)).not.toContain(act.id);
    const again = await maker.ask('POST', `/api/instructions/${act.id}/again`);
    expect(again.status).toBe(201);
    const fresh = again.body as PreparedInstruction;
    expect(fresh.nonce).not.toBe(act.nonce);
    expect(fresh.calls).toEqual(act.calls);
    expect((await maker.ask('POST', `/api/instructions/${fresh.id}/again`)).code).toBe('ALREADY_DONE');
  });

  it('is taken back by who prepared it or who administers, and by nobody else', async () => {
    const withdraw = (by: Person, { id }: { id: string }) =>
      by.ask('POST', `/api/instructions/${id}/withdraw`);
    const [one, two, three] = [await prepare(clerk), await prepare(clerk), await prepare()];
    expect((await withdraw(maker, one)).code).toBe('RIGHT_REQUIRED');
    expect((await withdraw(outsider, one)).code).toBe('NOT_FOUND');
    expect((await withdraw(clerk, one)).body).toMatchObject({
      state: 'withdrawn',
      refusal: { by: { name: '文员' } },
    });
    expect((await withdraw(checker, two)).body).toMatchObject({ state: 'withdrawn' });
    expect((await maker.sign(two)).code).toBe('INSTRUCTION_CLOSED');
    await maker.sign(three);
    await checker.sign(three);
    expect((await withdraw(maker, three)).code).toBe('ALREADY_DONE');
    expect(await end(three.id)).toBe('done');
  });

  it('expires, is shown so, and takes no signature then', async () => {
    const act = await prepare(maker, 60);
    await maker.sign(act);
    await ground.provider.send('evm_increaseTime', [120]);
    await ground.provider.send('evm_mine', []);
    expect((await checker.sign(act)).code).toBe('INSTRUCTION_EXPIRED');
    expect((await maker.ask('GET', `/api/instructions/${act.id}`)).body).toMatchObject({ state: 'expired' });
    const listed = (await maker.ask('GET', '/api/instructions?state=expired')).body as {
      items: Instruction[];
    };
    expect(listed.items.map(({ id }) => id)).toEqual([act.id]);
    expect(await waiting(checker)).not.toContain(act.id);
    expect((await maker.ask('POST', `/api/instructions/${act.id}/again`)).status).toBe(201);
  });

  it('takes no signature of another instruction, another firm’s person, or somebody without the right', async () => {
    const [act, other] = [await prepare(), await prepare()];
    const elsewhere = maker.signatureOver(other);
    expect((await maker.handIn(act.id, [elsewhere])).code).toBe('SIGNATURE_INVALID');
    expect((await outsider.handIn(act.id, [maker.signatureOver(act)])).code).toBe('NOT_FOUND');
    expect((await outsider.ask('GET', `/api/instructions/${act.id}/sheet`)).code).toBe('NOT_FOUND');
    expect((await clerk.handIn(act.id, [maker.signatureOver(act)])).code).toBe('RIGHT_REQUIRED');
    expect((await sheet(act.id, clerk)).signing.signatures).toEqual([]);
  });

  it('takes no signature of a device that was revoked, whoever brings it', async () => {
    const act = await prepare();
    const stolen = maker.signatureOver(act, phone);
    const { items } = (await maker.ask('GET', '/api/devices')).body as {
      items: { id: string; name: string }[];
    };
    await maker.ask('DELETE', `/api/devices/${items.find(({ name }) => name === 'phone')!.id}`);
    expect((await checker.handIn(act.id, [stolen])).code).toBe('DEVICE_OF_NOBODY');
    expect((await sheet(act.id)).signing.missing.signers).toHaveLength(2);
  });

  it('is talked about, and everybody of the firm is told', async () => {
    const act = await prepare();
    const say = (by: Person, text: string) =>
      by.ask('POST', `/api/instructions/${act.id}/comments`, { text });
    const heard: string[] = [];
    const stream = await fetch(`${ground.apiUrl}/api/events`, { headers: { cookie: checker.cookie! } });
    const reader = stream.body!.getReader();
    void (async () => {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        heard.push(new TextDecoder().decode(value));
      }
    })().catch(() => undefined);
    expect((await say(clerk, '请尽快')).status).toBe(201);
    await until(() => heard.join('').includes(act.id));
    await reader.cancel();
    await say(checker, '好');
    expect((await sheet(act.id)).comments).toMatchObject([
      { by: { name: '文员' }, text: '请尽快' },
      { by: { name: '复核' }, text: '好' },
    ]);
    expect((await say(maker, 'x'.repeat(2_001))).code).toBe('REQUEST_INVALID');
    expect((await say(outsider, 'x')).code).toBe('NOT_FOUND');
    expect((await outsider.ask('GET', `/api/instructions/${act.id}/comments`)).code).toBe('NOT_FOUND');
  });

  it('shows nothing of it to a visitor without a seat', async () => {
    const act = await prepare();
    expect((await ask(ground.apiUrl, 'GET', `/api/instructions/${act.id}/sheet`)).code).toBe(
      'UNAUTHENTICATED',
    );
  });
});
