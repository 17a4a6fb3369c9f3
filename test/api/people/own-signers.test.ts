/** Wallets and UKeys become a person's own by a signature over who he is, where and when, and by nothing else. */
import { Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFirstLink } from '#db/people/links.ts';
import { ownSignerToSign, type OwnSignerProof } from '#client/signers/own-signer.ts';
import { Sm2Key } from '#client/signers/sm2.ts';
import { prepareGround, type Ground } from '../../fixtures/ground.ts';
import { SoftWallet } from '../../fixtures/wallet.ts';
import { Visitor } from '../../fixtures/visitor.ts';

describe('a wallet or a UKey', () => {
  let ground: Ground;
  let owner: Visitor;
  let colleague: Visitor;
  const wallet = Wallet.createRandom() as unknown as Wallet;
  const ukey = Sm2Key.fromSeed('own signer');
  const NOW = Math.floor(Date.now() / 1_000);

  beforeAll(async () => {
    ground = await prepareGround();
    owner = new Visitor(ground.apiUrl);
    await owner.register('甲', `#${await makeFirstLink(ground.db, new Date(Date.now() + 3_600_000))}`);
    owner.seat = 'operator';
    const { body } = await owner.ask('POST', '/api/links', { rights: ['see', 'sign'] });
    colleague = new Visitor(ground.apiUrl);
    await colleague.register('乙', (body as { url: string }).url);
    colleague.seat = 'operator';
  });
  afterAll(() => ground?.close());

  const personOf = async (visitor: Visitor): Promise<string> =>
    ((await visitor.ask('GET', '/api/session')).body as { person: { id: string } }).person.id;
  const address = wallet.address.toLowerCase();
  const ofUkey = () =>
    `${ground.deployment.addresses.sm2Verifier!.toLowerCase()}${ukey.x.slice(2)}${ukey.y.slice(2)}`;
  /** What the page of this person hands over; each part of the proof may be another's. */
  async function adding(
    visitor: Visitor,
    key: 'wallet' | 'ukey',
    told: Partial<OwnSignerProof> = {},
    at = NOW,
  ) {
    const signer = key === 'wallet' ? address : ofUkey();
    const proof = { site: visitor.origin, person: await personOf(visitor), signer, at, ...told };
    const { chainId, addresses: contracts } = ground.deployment;
    const { digest, typedData } = ownSignerToSign({ chainId, contracts }, proof);
    const signature =
      key === 'ukey'
        ? ukey.sign(digest)
        : ((await new SoftWallet(wallet, chainId).request({
            method: 'eth_signTypedData_v4',
            params: [address, JSON.stringify(typedData)],
          })) as string);
    return visitor.ask('POST', '/api/signers', {
      key: key === 'wallet' ? { type: 'ecdsa', address } : { type: 'sm2', x: ukey.x, y: ukey.y },
      name: key,
      at: new Date(at * 1_000).toISOString(),
      signature,
    });
  }

  it('is nobody’s by what was signed for somebody else, elsewhere, of another key, or long ago', async () => {
    for (const key of ['wallet', 'ukey'] as const) {
      for (const told of [
        { person: await personOf(colleague) },
        { site: 'https://elsewhere.example' },
        { signer: key === 'wallet' ? ofUkey() : address },
        { at: NOW - 1 },
      ])
        expect((await adding(owner, key, told)).code).toBe('SIGNATURE_INVALID');
      expect((await adding(owner, key, {}, NOW - 3_600)).code).toBe('REQUEST_INVALID');
      expect((await adding(owner, key, {}, NOW + 3_600)).code).toBe('REQUEST_INVALID');
    }
    expect((await owner.ask('GET', '/api/signers')).body).toEqual({ items: [] });
  });

  it('is whose it shows to be, is seen beside the devices, and is nobody else’s until it is given up', async () => {
    for (const key of ['wallet', 'ukey'] as const) {
      const { status, body } = await adding(owner, key);
      expect([status, body]).toMatchObject([201, { type: key, name: key }]);
      expect((await adding(owner, key)).code).toBe('ALREADY_DONE');
      expect((await adding(colleague, key)).code).toBe('ALREADY_DONE');
    }
    const { items } = (await colleague.ask('GET', '/api/people')).body as {
      items: { name: string; signers: { type: string; key: string }[] }[];
    };
    expect(items.find(({ name }) => name === '甲')!.signers.map(({ key }) => key)).toEqual([
      address,
      ofUkey(),
    ]);
    expect(items.find(({ name }) => name === '乙')!.signers).toEqual([]);

    const mine = (await owner.ask('GET', '/api/signers')).body as { items: { id: string }[] };
    const path = `/api/signers/${mine.items[0]!.id}`;
    expect((await colleague.ask('DELETE', path)).code).toBe('NOT_FOUND');
    expect((await owner.ask('DELETE', path)).status).toBe(204);
    expect((await owner.ask('DELETE', path)).code).toBe('NOT_FOUND');
    expect((await adding(colleague, 'wallet')).status).toBe(201);
  });
});
