/** A relayer whose key lies in a module: it sends, waits while the token is out, and goes on by itself when it is back. */
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Member } from '#client/member.ts';
import { money } from '#client/money.ts';
import { addressOfKey, type ChainKey } from '#keys/key.ts';
import { moduleChainKey } from '#keys/pkcs11/keys.ts';
import { prepareGround, until, type Ground } from '../fixtures/ground.ts';
import { makeToken, PIN, type TestToken } from '../keys/support.ts';
import { balanceOf, relayersOn } from './support.ts';

let token: TestToken;
let key: ChainKey;
let ground: Ground;
let bank: Member;
let firm: Member;
const said: string[] = [];
const log = pino({ level: 'debug' }, { write: (line: string) => void said.push(line) });
const { relay, stopAll } = relayersOn(() => ground);

beforeAll(async () => {
  token = makeToken();
  token.makeKey('secp256k1', 'relayer');
  key = moduleChainKey(token.uri('relayer'));
  ground = await prepareGround();
  await relay({ relayerKey: key, longestPauseMs: 500, log });
  bank = await ground.admit('bank', ['settlement_bank']);
  firm = await ground.admit('firm', ['supplier']);
});
afterAll(async () => {
  await stopAll();
  await ground?.close();
  token?.remove();
});

const submitted = async () => {
  const act = await bank.prepare({
    type: 'deposit',
    member: firm.number,
    amount: money('1.00'),
    reference: 'D-1',
  });
  await bank.submit(act);
  return act;
};
const chainNonce = () => ground.provider.getTransactionCount(addressOfKey(key));

it('sends from the address of the key in the module', async () => {
  await bank.follow((await submitted()).id);
  expect(await balanceOf(firm)).toBe(1);
  expect(await chainNonce()).toBeGreaterThan(0);
});

it('waits while the token is out, says why, and goes on when it is back: each act once', async () => {
  const before = await chainNonce();
  token.pull();
  const acts = [await submitted(), await submitted()];
  await until(() => said.some((line) => line.includes('KEY_TOKEN_MISSING')));
  expect(await chainNonce()).toBe(before);
  token.plug();
  await Promise.all(acts.map(({ id }) => bank.follow(id)));
  expect(await balanceOf(firm)).toBe(3);
  await until(() => said.some((line) => line.includes('the relayer goes on')));
  expect(said.join('')).not.toContain(PIN);
});
