import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { id } from 'ethers';
import { isSignedBy } from '#chain/signature-checks.ts';
import { BridgeProblem, deviceOf, LocalBridge, type BridgeKey } from '#client/signers/bridge.ts';
import { Sm2Key } from '#client/signers/sm2.ts';
import { startSoftBridge, type SoftBridge } from '../fixtures/ukey-bridge.ts';

const TOKEN = 'shown-when-it-was-paired';
const PAGE = 'https://ledger.example';
const DIGEST = id('what is signed');

describe('the bridge to UKeys', () => {
  const keys = ['maker', 'checker'].map((label) => ({ label, key: Sm2Key.fromSeed(label) }));
  let soft: SoftBridge;
  beforeAll(async () => void (soft = await startSoftBridge({ token: TOKEN, origins: [PAGE], keys })));
  beforeEach(() => void (soft.manner = 'signs'));
  afterAll(() => soft?.close());
  const bridge = (token = TOKEN) => new LocalBridge(token, soft.url);
  const faultOf = (asked: Promise<unknown>): Promise<unknown> =>
    asked.then(
      () => 'none',
      (error: unknown) => (error instanceof BridgeProblem ? error.fault : error),
    );

  it('lists the keys of its devices, and signs with each', async () => {
    const found = await bridge().list();
    expect(found).toEqual(keys.map(({ label, key: { x, y } }) => ({ type: 'sm2', x, y, label })));
    for (const [n, key] of found.entries()) {
      const signature = await bridge().sign(key, DIGEST);
      expect(isSignedBy(key, DIGEST, signature)).toBe(true);
      const device = deviceOf(bridge(), key);
      expect(isSignedBy(key, DIGEST, await device.sign(DIGEST))).toBe(true);
      const signer = `0x${'ab'.repeat(20)}${key.x.slice(2)}${key.y.slice(2)}`;
      expect([device.is(signer), keys[1 - n]!.key.is(signer)]).toEqual([true, false]);
    }
  });

  it('tells what its person did', async () => {
    const [key] = await bridge().list();
    for (const [manner, fault] of [
      ['refuses', 'refused'],
      ['is locked out', 'locked'],
      ['signs something else', 'answer'],
      ['signs', 'none'],
    ] as const) {
      soft.manner = manner;
      expect(await faultOf(bridge().sign(key!, DIGEST))).toBe(fault);
    }
    const { x, y } = Sm2Key.fromSeed('pulled out');
    expect(await faultOf(bridge().sign({ ...key!, x, y }, DIGEST))).toBe('gone');
  });

  it('does nothing for who has not its token, is another page, or comes under another name', async () => {
    expect(await faultOf(bridge('guessed').list())).toBe('unpaired');
    const [key] = await bridge().list();
    const { asked } = soft;
    const sign = (headers: Record<string, string>) =>
      fetch(`${soft.url}/v1/sign`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ ...key, digest: DIGEST }),
      }).then(({ status }) => status);
    expect(await sign({ origin: 'https://evil.example' })).toBe(403);
    expect(await sign({ authorization: '' })).toBe(401);
    expect(soft.asked).toBe(asked);
    expect(await sign({ origin: PAGE })).toBe(200);
    expect(soft.asked).toBe(asked + 1);
  });

  it('lets a paired page in beforehand, and no other', async () => {
    const before = (origin: string) =>
      fetch(`${soft.url}/v1/sign`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const paired = await before(PAGE);
    expect([paired.status, paired.headers.get('access-control-allow-origin')]).toEqual([204, PAGE]);
    const other = await before('https://evil.example');
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  it('is looked for on this machine alone, and missed where nothing answers', async () => {
    for (const url of [
      'http://192.168.1.2:17913',
      'https://127.0.0.1:17913',
      'http://localhost.example:17913',
    ])
      expect(() => new LocalBridge(TOKEN, url)).toThrow(RangeError);
    const closed = await startSoftBridge({ token: TOKEN, origins: [], keys: [] });
    await closed.close();
    expect(await faultOf(new LocalBridge(TOKEN, closed.url).list())).toBe('absent');
  });

  it('is not believed when it lists what is no key', async () => {
    const { createServer } = await import('node:http');
    const answers: unknown[] = [
      [],
      {},
      { keys: [{}] },
      { keys: [{ type: 'rsa' }] },
      { keys: [{ type: 'sm2', x: '0x1', y: '0x2', label: '' } satisfies BridgeKey] },
    ];
    const server = createServer((_, response) => void response.end(JSON.stringify(answers.shift())));
    await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
    const { port } = server.address() as { port: number };
    while (answers.length > 0)
      expect(await faultOf(new LocalBridge(TOKEN, `http://127.0.0.1:${port}`).list())).toBe('answer');
    server.closeAllConnections();
    await new Promise((settle) => server.close(settle));
  });
});
