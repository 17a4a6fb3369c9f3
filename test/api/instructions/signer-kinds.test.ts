/** Firms whose people sign with what they have. */
import { randomUUID } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { id, Wallet } from 'ethers';
import { encodeSignature, p256Signer } from '#chain/typed-data.ts';
import { Key } from '#client/key.ts';
import { Member } from '#client/member.ts';
import { Operator } from '#client/operator.ts';
import type { SigningKey } from '#client/sign.ts';
import { SM2_ORDER } from '#chain/sm2.ts';
import { Sm2Key } from '#client/signers/sm2.ts';
import { challengeOf, encodeWebAuthn } from '#client/signers/webauthn.ts';
import { BRIDGE_URL } from '#client/signers/bridge.ts';
import { accountsOf, WalletKey, WalletProblem } from '#client/signers/wallet.ts';
import type { PreparedInstruction, SignerInput } from '#client/generated/schema.ts';
import { Authenticator } from '../../fixtures/authenticator.ts';
import { nestedSignature } from '../../fixtures/nested.ts';
import { SoftWallet } from '../../fixtures/wallet.ts';
import { prepareGround, type Ground } from '../../fixtures/ground.ts';
import { ask, tokenFor } from '../support/ask.ts';

describe('a firm', () => {
  let ground: Ground;
  let relayer: { close(): Promise<void> };
  let operator: Operator;
  beforeAll(async () => {
    ground = await prepareGround();
    relayer = await ground.relayer();
    operator = await Operator.enter(ground.apiUrl);
  });
  afterAll(async () => {
    await relayer?.close();
    await ground?.close();
  });

  const admit = (signers: SignerInput[], threshold = 1) =>
    operator.admit({ name: { zh: '甲', en: 'A' }, roles: ['supplier'], signers, threshold });
  const keyOf = ({ x, y }: { x: string; y: string }, sign: SigningKey['sign']): SigningKey => ({
    is: (signer) => signer.endsWith(x.slice(2) + y.slice(2)),
    sign,
  });
  const passkey = (device: Authenticator): SigningKey =>
    keyOf(device, (digest) => encodeWebAuthn(device.get(challengeOf(digest)).response));
  const STANDING = { type: 'setStanding', standing: true } as const;

  describe('whose person has a passkey', () => {
    const device = new Authenticator('director');
    const { x, y } = device;

    it('is admitted with it, and acts', async () => {
      const number = await admit([{ type: 'webauthn', x, y }]);
      const member = await Member.enter(ground.apiUrl, number, passkey(device));
      const prepared = await member.prepare(STANDING);
      expect(prepared.signers.map(({ type }) => type)).toEqual(['webauthn']);
      await member.submit(prepared);
      expect((await member.follow(prepared.id)).state).toBe('done');
      expect((await member.http.get<{ standing: boolean }>(`/api/members/${number}`)).standing).toBe(true);
    });

    it('is refused where the passkey’s key is on no curve', async () => {
      const twisted = `0x${'11'.repeat(32)}`;
      await expect(admit([{ type: 'webauthn', x, y: twisted }])).rejects.toMatchObject({
        code: 'REQUEST_INVALID',
      });
    });

    it('is refused what the chain would refuse, and told why', async () => {
      const number = await admit(
        [
          { type: 'webauthn', x, y },
          { type: 'p256', x, y },
        ],
        2,
      );
      const token = await tokenFor(ground.apiUrl, { member: number });
      const member = await Member.enter(ground.apiUrl, number, passkey(device));
      const { id, digest, signers } = await member.prepare(STANDING);
      const signer = signers.find(({ type }) => type === 'webauthn')!.id;
      const hand = (signature: string) =>
        ask(ground.apiUrl, 'POST', `/api/instructions/${id}/submit`, {
          token,
          body: { signatures: [{ signer, signature }] },
          headers: { 'idempotency-key': randomUUID() },
        });
      const says = (told: object, over = digest) =>
        encodeWebAuthn(device.get(challengeOf(over), told).response);
      for (const wrong of [says({ flags: 1 }), says({ flags: 4 }), says({}, `0x${'5a'.repeat(32)}`)])
        expect((await hand(wrong)).code).toBe('SIGNATURE_INVALID');
      const right = says({});
      const s = p256.Point.Fn.ORDER - BigInt(`0x${right.slice(66, 130)}`);
      const high = right.slice(0, 66) + s.toString(16).padStart(64, '0') + right.slice(130);
      for (const [wrong, reason] of [
        [high, 'use low s'],
        [`${right}00`, 'WebAuthnAuth'],
        [right.slice(0, 130), 'WebAuthnAuth'],
      ] as const) {
        const { status, code, body } = await hand(wrong);
        expect([status, code]).toEqual([422, 'SIGNATURE_FORM']);
        expect((body as { detail: string }).detail).toContain(reason);
      }
      const { body } = await hand(right); // right, and one of two
      expect(body).toMatchObject({ state: 'prepared', signing: { missing: { weight: 1 } } });
    });
  });

  describe('whose people have UKeys (SM2)', () => {
    const keys = ['maker', 'checker', 'director'].map((name) => Sm2Key.fromSeed(`ukey ${name}`));
    const sm2 = keys.map(({ x, y }) => ({ type: 'sm2' as const, x, y }));

    it('is admitted with them, and acts when enough of them have signed, also when all have', async () => {
      const number = await admit(sm2, 2);
      const token = await tokenFor(ground.apiUrl, { member: number });
      const member = await Member.enter(ground.apiUrl, number, keys[0]);
      for (const signing of [keys.slice(0, 2), keys]) {
        const { id, digest, signers } = await member.prepare(STANDING);
        expect(signers.map(({ type }) => type)).toEqual(['sm2', 'sm2', 'sm2']);
        const signatures = signing.map((key) => ({
          signer: signers.find((each) => key.is(each.id))!.id,
          signature: key.sign(digest),
        }));
        const { code } = await ask(ground.apiUrl, 'POST', `/api/instructions/${id}/submit`, {
          token,
          body: { signatures },
          headers: { 'idempotency-key': randomUUID() },
        });
        expect(code).toBe('ok');
        expect((await member.follow(id)).state).toBe('done');
      }
    });

    it('is refused where a key is of another curve', async () => {
      const { x, y } = new Authenticator('device');
      await expect(admit([{ type: 'sm2', x, y }])).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
      await expect(admit([{ ...sm2[0]!, type: 'p256' }])).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    });

    it('is refused a signature that is not over the digest, or has another length', async () => {
      const [key] = keys;
      const number = await admit(sm2.slice(0, 1));
      const token = await tokenFor(ground.apiUrl, { member: number });
      const member = await Member.enter(ground.apiUrl, number, key);
      const { id, digest, signers } = await member.prepare(STANDING);
      const hand = async (signature: string) => {
        const { code } = await ask(ground.apiUrl, 'POST', `/api/instructions/${id}/submit`, {
          token,
          body: { signatures: [{ signer: signers[0]!.id, signature }] },
          headers: { 'idempotency-key': randomUUID() },
        });
        return code;
      };
      const right = key!.sign(digest);
      const s = SM2_ORDER - BigInt(`0x${right.slice(66)}`);
      expect(await hand(key!.sign(`0x${'5a'.repeat(32)}`))).toBe('SIGNATURE_INVALID');
      expect(await hand(right.slice(0, 66) + s.toString(16).padStart(64, '0'))).toBe('SIGNATURE_INVALID');
      expect(await hand(`${right}1b`)).toBe('SIGNATURE_FORM');
      expect(await hand(right)).toBe('ok');
      expect((await member.follow(id)).state).toBe('done');
    });
  });

  describe('whose person has a wallet', () => {
    const walletOf = (owner: string) => new SoftWallet(new Wallet(id(owner)), ground.deployment.chainId);
    const faultOf = (asked: Promise<unknown>): Promise<unknown> =>
      asked.then(
        () => 'none',
        (error: unknown) => (error instanceof WalletProblem ? error.fault : error),
      );

    it('acts, whichever v the wallet writes, and whichever chain it stood on', async () => {
      const wallet = walletOf('owner');
      const number = await admit([{ type: 'ecdsa', address: wallet.address }]);
      const [account] = await accountsOf(wallet);
      const member = await Member.enter(ground.apiUrl, number, new WalletKey(wallet, account!));
      expect((await member.perform(STANDING)).state).toBe('done');
      [wallet.v, wallet.chainId] = [0, 1];
      expect((await member.perform(STANDING)).state).toBe('done');
      expect(wallet.chainId).toBe(ground.deployment.chainId);
    });

    it('has signed nothing when it refuses, is on another chain, or has another account', async () => {
      const wallet = walletOf('careful owner');
      const number = await admit([{ type: 'ecdsa', address: wallet.address }]);
      const key = new WalletKey(wallet, wallet.address);
      const member = await Member.enter(ground.apiUrl, number, key);
      wallet.manner = 'refuses';
      expect(await faultOf(member.perform(STANDING))).toBe('refused');
      wallet.chainId = 1;
      expect(await faultOf(member.perform(STANDING))).toBe('refused');
      wallet.manner = 'stays on its chain';
      expect(await faultOf(member.perform(STANDING))).toBe('chain');
      const other = new WalletKey(walletOf('other'), wallet.address);
      const elsewhere = await Member.enter(ground.apiUrl, number, other);
      expect(await faultOf(elsewhere.perform(STANDING))).toBe('account');
    });
  });

  describe('one of whose signers is a contract', () => {
    const key = Key.fromSeed('head office');
    const { x, y } = key;

    it('acts when the contract says that it signed, and never otherwise', async () => {
      const { chainId, addresses } = ground.deployment;
      const head = await Member.enter(ground.apiUrl, await admit([{ type: 'p256', x, y }]), key);
      const { account: inner } = await head.prepare(STANDING);
      const number = await admit([{ type: 'ecdsa', address: inner }]);
      const inners = [
        { signer: p256Signer(addresses.p256Verifier, x, y), sign: (over: string) => key.sign(over) },
      ];
      const signedFor = ({ account, calls, nonce, validUntil }: PreparedInstruction, by = inners) =>
        nestedSignature(
          chainId,
          { account, calls, nonce: BigInt(nonce), validUntil: Date.parse(validUntil) / 1_000 },
          inner,
          by,
        );
      const safe = new SoftWallet(new Wallet(id('one of its owners')), chainId, {
        address: inner,
        sign: () => Promise.resolve(signedFor(prepared)),
      });
      const member = await Member.enter(ground.apiUrl, number, new WalletKey(safe, inner));
      const prepared = await member.prepare(STANDING);
      expect(prepared.signers[0]).toMatchObject({ id: inner.toLowerCase(), type: 'contract', weight: 1 });

      const token = await tokenFor(ground.apiUrl, { member: number });
      const hand = async (signature: string) => {
        const { code } = await ask(ground.apiUrl, 'POST', `/api/instructions/${prepared.id}/submit`, {
          token,
          body: { signatures: [{ signer: inner, signature }] },
          headers: { 'idempotency-key': randomUUID() },
        });
        return code;
      };
      const another = await member.prepare(STANDING);
      const stranger = Key.fromSeed('stranger');
      const strangers = [{ ...inners[0]!, sign: (over: string) => stranger.sign(over) }];
      const direct = encodeSignature([{ signer: inners[0]!.signer, signature: key.sign(prepared.digest) }]);
      for (const wrong of [
        '0x',
        `0x${'11'.repeat(65)}`,
        signedFor(another),
        signedFor(prepared, strangers),
        direct,
      ])
        expect(await hand(wrong)).toBe('SIGNATURE_INVALID');
      await member.submit(prepared, STANDING);
      expect((await member.follow(prepared.id)).state).toBe('done');
    });
  });

  it('may be reached by its page through the bridge to UKeys on the same machine, and nothing else there', async () => {
    const policy = (await fetch(`${ground.apiUrl}/`)).headers.get('content-security-policy');
    expect(policy).toContain(`connect-src 'self' ${BRIDGE_URL};`);
  });
});
