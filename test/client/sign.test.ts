import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callsOf, type TestCalls } from '../fixtures/calls.ts';
import type { Deployment } from '#chain/deployment.ts';
import { executeDigest, executeTypedData, quoteDigest, type Call, type Quote } from '#chain/typed-data.ts';
import { Http } from '#client/http.ts';
import {
  instructionDigest,
  checkInstruction,
  type InstructionInput as Asked,
  type Party,
  type Pin,
} from '#client/instructions/index.ts';
import { argumentsOf, callData, type Value } from '#client/instructions/abi.ts';
import { inputOf, type PolicyInput } from '#domain/accounts/input.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { MEMBER_INSTRUCTIONS } from '#domain/instructions/instructions.ts';
import { FUNCTIONS, OWN_FUNCTIONS } from '#chain/functions.ts';
import { Member, pinOf } from '#client/member.ts';
import { money } from '#client/money.ts';
import { signInstruction, signQuote } from '#client/sign.ts';
import type { PreparedInstruction, PreparedQuote } from '#client/generated/schema.ts';
import openapi from '../../docs/openapi.json' with { type: 'json' };
import { openNetwork, type Actor, type TestNetwork } from '../fixtures/network.ts';

const ELSEWHERE = `0x${'11'.repeat(20)}`;
/** A member that has allowed it for good does not allow it again. */
const MAY_SPARE_APPROVAL: readonly string[] = ['fund', 'payFor'];
const THERE = `0x${'22'.repeat(20)}`;

describe('the client signs what was asked for', () => {
  let network: TestNetwork;
  let pin: Pin;
  let calls: TestCalls;
  /** Every kind of act of the API, as a member asked for it and the platform prepared it. */
  const acts: Partial<Record<Asked['type'], { asked: Asked; prepared: PreparedInstruction; by: Actor }>> = {};
  let quote: PreparedQuote;
  const terms = { rate: '0.021', fee: money('80.00'), validUntil: '2026-03-04T04:00:00.000Z' };
  /** Of the stranger, as it knows it. */
  let before: PolicyInput;
  const party = (by: Actor): Party => ({ member: network[by].number, pin, before });

  beforeAll(async () => {
    network = await openNetwork();
    const { coreFirm, supplier, supplier2, bank, settlementBank, stranger } = network;
    pin = await pinOf(stranger.http);
    calls = callsOf({ addresses: pin.contracts } as Deployment);
    const ask = async (by: Actor, asked: Asked) => {
      acts[asked.type] = { asked, by, prepared: await network[by].prepare(asked) };
    };
    const bill = (face: string) => ({ payee: supplier.number, face: money(face), due: '2026-06-01' });
    const { makes } = await coreFirm.perform({
      type: 'issue',
      bills: [bill('1000.00'), bill('10.00'), bill('20.00'), bill('30.00')],
    });
    const [one, two, three, four] = makes.parcels as [string, string, string, string];
    await ask('supplier', { type: 'refuse', parcel: two });
    await supplier.perform({ type: 'take', parcels: [one, three, four] });
    await supplier.perform({ type: 'offer', parcel: four, to: supplier2.number, until: '2026-03-04' });
    const restrict = { passOn: false, members: [supplier.number, supplier2.number] } as const;
    await ask('coreFirm', { type: 'issue', bills: [{ ...bill('1234.56'), restrict, note: 'for the test' }] });
    await ask('supplier', {
      type: 'offer',
      parcel: one,
      amount: money('400.00'),
      to: supplier2.number,
      until: '2026-04-01',
    });
    const request = await supplier.ask({ parcel: one, banks: [bank.number] });
    const offered = await bank.quote({ request, ...terms });
    await ask('supplier', { type: 'sell', parcel: one, amount: money('500.00'), quote: offered });
    await ask('bank', { type: 'cancelQuote', quote: offered });
    quote = await bank.http.post('/api/quotes/prepare', { request, ...terms });
    await supplier.perform({ type: 'offer', parcel: three, to: supplier2.number });
    await ask('supplier2', { type: 'take', parcels: [three] });
    await ask('supplier', { type: 'withdraw', parcel: three });
    await ask('supplier', { type: 'extend', parcel: four, until: '2026-03-05' });
    await ask('coreFirm', { type: 'fund', bill: makes.bills[0]!, amount: money('100.00') });
    await ask('stranger', {
      type: 'setStanding',
      standing: true,
      acceptor: coreFirm.number,
      least: money('5.00'),
    });
    await ask('bank', { type: 'approveCash', amount: money('7000.00') });
    await ask('bank', { type: 'setLine', obligor: coreFirm.number, limit: money('9000.00'), group: 7 });
    await ask('bank', { type: 'setGroupLine', group: 7, limit: money('8000.00') });
    await ask('bank2', { type: 'payFor', bill: makes.bills[0]!, amount: money('1.00') });
    await ask('settlementBank', {
      type: 'deposit',
      member: stranger.number,
      amount: money('3.00'),
      reference: 'in 1',
    });
    await ask('bank', { type: 'redeem', bank: settlementBank.number, amount: money('2.00') });
    await bank.perform({ type: 'redeem', bank: settlementBank.number, amount: money('2.00') });
    await ask('settlementBank', { type: 'confirmRedemption', redemption: '1', reference: 'out 1' });
    await ask('settlementBank', { type: 'refuseRedemption', redemption: '1', reason: 'not known' });
    await ask('stranger', { type: 'moveAccount', account: THERE });
    await ask('stranger', { type: 'nameHelper', helper: bank.number });
    const mine = acts.moveAccount!.prepared.signers[0]!.id;
    const policy = {
      signers: [
        { key: mine, level: 1 },
        { key: THERE, weight: 2, level: 2, validUntil: '2027-01-01T00:00:00.000Z', dayLimit: money('1.00') },
      ],
      rules: [{ kinds: ['pay', 'other'], from: money('5.00'), threshold: 1, levels: [1] }],
      threshold: 1,
      adminThreshold: 1,
      changeDelay: 3_600,
    } as const;
    await ask('stranger', { type: 'changePolicy', policy });
    before = inputOf(await stranger.http.get('/api/account/policy'));
    const people = { ...policy, signers: [{ key: THERE }, { key: ELSEWHERE, level: 1 }] };
    const salt = `0x${'5a'.repeat(32)}`;
    await ask('stranger', { type: 'openBranch', branch: '分行', people, dayLimit: money('7.00'), salt });
    await stranger.perform({ type: 'changePolicy', policy });
    const { changes } = await stranger.http.get<{ changes: { change: string }[] }>('/api/account/policy');
    await ask('stranger', { type: 'callOffChange', change: changes[0]!.change });
    await network.moveTo(parseLegalDate('2026-03-06'));
    await ask('supplier2', { type: 'expire', parcel: four });
    await stranger.perform({ type: 'nameHelper', helper: bank.number });
    await network.moveTo(parseLegalDate('2026-03-14'));
    const recovered = { type: 'proposeRecovery', member: stranger.number, account: THERE } as const;
    await ask('bank', recovered);
    await bank.perform(recovered);
    await ask('bank', { type: 'withdrawRecovery', member: stranger.number });
    await ask('stranger', { type: 'stopRecovery' });
  });
  afterAll(() => network?.close());

  const digestOf = (
    act: PreparedInstruction,
    changed: Partial<PreparedInstruction> = {},
    chainId = pin.chainId,
  ) => {
    const { account, calls, nonce, validUntil } = { ...act, ...changed };
    const until = Date.parse(validUntil) / 1_000;
    return executeDigest(chainId, { account, calls, nonce: BigInt(nonce), validUntil: until });
  };
  /** A platform that lies consistently: whatever it changes, the digest is over it. */
  const lie = (type: Asked['type'], changed: Partial<PreparedInstruction>) => {
    const { asked, prepared, by } = acts[type]!;
    const act = { ...prepared, ...changed, digest: digestOf(prepared, changed) };
    return () => signInstruction(act, asked, party(by), network.keys[by]);
  };

  it('knows every instruction of the API', () => {
    const { InstructionInput } = openapi.components.schemas;
    const names = InstructionInput.oneOf.map(({ $ref }) =>
      $ref.slice($ref.lastIndexOf('/') + 1, -'Input'.length),
    );
    expect(names.map((name) => name[0]!.toLowerCase() + name.slice(1))).toEqual(MEMBER_INSTRUCTIONS);
    expect(Object.keys(acts).sort()).toEqual([...MEMBER_INSTRUCTIONS].sort());
  });

  it.each(MEMBER_INSTRUCTIONS)(
    'signs "%s" as it was prepared, over the digest that the account will see',
    (type) => {
      const { asked, prepared, by } = acts[type]!;
      expect(signInstruction(prepared, asked, party(by), network.keys[by])).toHaveLength(1);
      const { account, calls, nonce, validUntil } = prepared;
      const instruction = { calls, nonce: BigInt(nonce), validUntil: Date.parse(validUntil) / 1_000 };
      expect(instructionDigest(pin.chainId, account, instruction)).toBe(digestOf(prepared));
    },
  );

  it.each(MEMBER_INSTRUCTIONS)('refuses "%s" with any argument of any call changed', (type) => {
    const { prepared } = acts[type]!;
    let changes = 0;
    prepared.calls.forEach((call, n) => {
      for (const data of mutations(call, KNOWN_TO_THE_CHAIN[type])) {
        const altered = prepared.calls.map((each, at) => (at === n ? { ...each, data } : each));
        expect(lie(type, { calls: altered }), `${type} ${n} ${data}`).toThrow('INSTRUCTION_ALTERED');
        changes++;
      }
    });
    expect(changes).toBeGreaterThan(0);
  });

  it.each(MEMBER_INSTRUCTIONS)(
    'refuses "%s" with another call, one more, one less, elsewhere, or in other words',
    (type) => {
      const { prepared } = acts[type]!;
      const theft = calls.moveAccount(ELSEWHERE);
      const unlimited = calls.approveDesk();
      const [first, ...rest] = prepared.calls;
      for (const altered of [
        [theft],
        [...prepared.calls, theft],
        [unlimited, ...prepared.calls],
        [...prepared.calls, first!],
        ...(MAY_SPARE_APPROVAL.includes(type) ? [] : [rest]),
        [{ ...first!, target: ELSEWHERE }, ...rest],
      ])
        expect(lie(type, { calls: altered })).toThrow('INSTRUCTION_ALTERED');
      const { en, zh } = prepared.meaning;
      for (const meaning of [
        { zh, en: 'Somebody will do something' },
        { zh: `${zh}；无需理会`, en },
        { zh, en: acts[type === 'take' ? 'offer' : 'take']!.prepared.meaning.en },
      ])
        expect(lie(type, { meaning }), meaning.en).toThrow('INSTRUCTION_ALTERED');
    },
  );

  const BOUND = MEMBER_INSTRUCTIONS.filter(
    (type) =>
      !['cancelQuote', 'refuse', 'nameHelper', 'withdrawRecovery', 'stopRecovery'].includes(type) &&
      !type.endsWith('Redemption'),
  );
  it.each(BOUND)('refuses "%s" with another amount or account in its sentence', (type) => {
    const { en, zh } = acts[type]!.prepared.meaning;
    const other = (text: string) =>
      text.replace(/(¥|0x)([\da-f])/g, (_, sign: string, digit: string) =>
        /\d/.test(digit) ? `${sign}${(Number(digit) + 1) % 10}` : `${sign}0`,
      );
    if (type === 'sell') return; // its interest and fee are what the bank's quote makes of the day
    expect(lie(type, { meaning: { zh, en: other(en) } })).toThrow('the sentence');
    expect(lie(type, { meaning: { zh: other(zh), en } })).toThrow('the sentence');
  });

  it('refuses another account, another chain, and a digest of something else', () => {
    const { asked, prepared, by } = acts.offer!;
    const sign = (act: PreparedInstruction, who: Party) => () =>
      signInstruction(act, asked, who, network.keys[by]);
    const own = { ...party(by), account: prepared.account };
    expect(sign(prepared, own)()).toHaveLength(1);
    expect(
      sign({ ...prepared, account: ELSEWHERE, digest: digestOf(prepared, { account: ELSEWHERE }) }, own),
    ).toThrow('another account');
    expect(sign({ ...prepared, digest: digestOf(prepared, {}, pin.chainId + 1) }, own)).toThrow('digest');
    expect(sign({ ...prepared, validUntil: '2027-01-01T00:00:00.000Z' }, own)).toThrow('digest');
    expect(() => signInstruction(prepared, asked, party(by), network.keys.bank)).toThrow(
      'none of the signers',
    );
  });

  it('refuses a document that is not the one of the bill, or says something else', () => {
    const { asked, prepared, by } = acts.issue!;
    const [document] = prepared.documents!;
    for (const documents of [[], [document!.replace('for the test', 'for a test')]])
      expect(() => signInstruction({ ...prepared, documents }, asked, party(by), network.keys[by])).toThrow(
        'document',
      );
    if (asked.type !== 'issue') throw new Error('it is an issue');
    const other: Asked = { ...asked, bills: [{ ...asked.bills[0]!, note: 'x' }] };
    expect(() => signInstruction(prepared, other, party(by), network.keys[by])).toThrow('another note');
  });

  it('refuses a platform that answers "take" with moving the membership away', async () => {
    const { prepared, asked } = acts.take!;
    const theft = [calls.moveAccount(ELSEWHERE)];
    const instruction = { account: prepared.account, calls: theft, nonce: 4711n, validUntil: 1_900_000_000 };
    const answer = {
      ...prepared,
      calls: theft,
      nonce: '4711',
      validUntil: new Date(1_900_000_000_000).toISOString(),
      digest: executeDigest(pin.chainId, instruction),
      typedData: executeTypedData(pin.chainId, instruction),
    };
    const handedIn: unknown[] = [];
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        response.setHeader('content-type', 'application/json');
        if (request.url!.endsWith('/submit')) handedIn.push(request.url);
        const body = request.url === '/api/status' ? pin : answer;
        response.end(
          JSON.stringify({ ...body, contracts: pin.contracts }, (_, value) =>
            typeof value === 'bigint' ? String(value) : value,
          ),
        );
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const member = new Member(network.supplier2.number, new Http(url, 'token'), network.keys.supplier2);
    await expect(member.perform(asked)).rejects.toMatchObject({ code: 'INSTRUCTION_ALTERED' });
    server.close();
    expect(handedIn).toEqual([]);
  });

  it('refuses contracts that are not the pinned ones', () => {
    const { asked, prepared, by } = acts.take!;
    const moved = { ...pin, contracts: { ...pin.contracts, bills: ELSEWHERE } };
    expect(() => checkInstruction(asked, prepared, { member: network[by].number, pin: moved })).toThrow(
      'not take',
    );
  });

  const signed =
    (over: object, prepared = quote) =>
    () =>
      signQuote(prepared, { request: '', ...terms, ...over }, party('bank'), network.keys.bank);

  it('signs a quote as the bank asked for it', () => {
    expect(signed({})()).toHaveLength(1);
    expect(signed({ amount: money('1000.00') })()).toHaveLength(1);
  });

  it.each([
    [{ rate: '0.020' }, 'ratePpm'],
    [{ amount: money('999.99') }, 'amount'],
    [{ fee: undefined }, 'fee'],
    [{ validUntil: '2026-03-04T03:59:59.000Z' }, 'validUntil'],
  ])('refuses a quote that is not %o', (over, what) => {
    expect(signed(over)).toThrow(`another ${what}`);
  });

  it('refuses a quote for another desk, of another bank, or whose digest stands for something else', () => {
    expect(signed({}, { ...quote, digest: acts.take!.prepared.digest })).toThrow('digest');
    const contents = (quote.typedData.message as { contents: Quote }).contents;
    const desk = { chainId: pin.chainId, addresses: { desk: ELSEWHERE } };
    expect(signed({}, { ...quote, digest: quoteDigest(desk, quote.account, contents) })).toThrow('digest');
    const others = {
      ...quote.typedData,
      message: { ...quote.typedData.message, contents: { ...contents, bank: 1 } },
    };
    expect(signed({}, { ...quote, typedData: others } as PreparedQuote)).toThrow('another bank');
  });
});

/**
 * Arguments that the chain compares with what is there, and the asker did not name: whose offer it is, what backed a bill that is
 * refused, and the quote with its bank's signature. Another value makes the act fail and moves nothing.
 */
const KNOWN_TO_THE_CHAIN: Partial<Record<Asked['type'], readonly number[]>> = {
  take: [1],
  withdraw: [1],
  extend: [1],
  refuse: [1],
  sell: [5],
  expire: [1, 2],
};

/** The call with one word of its arguments changed, each in turn. */
function* mutations(call: Call, except: readonly number[] = []): Generator<string> {
  const signatures = [...Object.values(FUNCTIONS), OWN_FUNCTIONS].flatMap((of) => Object.values(of));
  const signature = signatures.find((each) => argumentsOf(each, call.data) !== undefined)!;
  const values = argumentsOf(signature, call.data)!;
  for (const [n, value] of values.entries()) {
    if (except.includes(n)) continue;
    for (const changed of variants(value))
      yield callData(
        signature,
        values.map((each, at) => (at === n ? changed : each)),
      );
  }
}

function* variants(value: Value): Generator<Value> {
  if (typeof value === 'bigint') yield value ^ 1n;
  else if (typeof value === 'string') yield `${value.slice(0, -2)}${value.endsWith('00') ? '01' : '00'}`;
  else
    for (const [n, part] of value.entries())
      for (const changed of variants(part)) yield value.map((each, at) => (at === n ? changed : each));
}
