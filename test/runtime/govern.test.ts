/** Contracts deployed for several hands: `npm run deploy`, stopped and continued, and `npm run govern`. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { id, JsonRpcProvider, NonceManager, Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { contractsOf, type Contracts } from '#chain/contracts.ts';
import { deploy, type Begun } from '#chain/deploy.ts';
import { readDeployment } from '#chain/deployment.ts';
import { ACCESS_ROLES, GOVERNANCE_DELAY, oneHand } from '#chain/governance.ts';
import { Key } from '#client/key.ts';
import { challengeOf, encodeWebAuthn } from '#client/signers/webauthn.ts';
import { startAnvil } from '#embedded/anvil.ts';
import { rpc } from '#embedded/rpc.ts';
import { platformKeys } from '#scripts/keys.ts';
import { readConfig } from '#scripts/config.ts';
import { govern as command } from '#scripts/governance/command.ts';
import { Authenticator } from '../fixtures/authenticator.ts';
import { GOVERNORS, HANDS } from '../fixtures/hands.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const scripts = resolve(import.meta.dirname, '../../scripts');

let chain: Awaited<ReturnType<typeof startAnvil>>;
let provider: JsonRpcProvider;
let dataDir: string;

beforeAll(async () => {
  chain = await startAnvil();
  provider = new JsonRpcProvider(chain.url, undefined, { cacheTimeout: -1, batchStallTime: 0 });
});
afterAll(async () => {
  provider.destroy();
  await chain.close();
});
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tallystick-test-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const env = (more: Record<string, string> = {}) => ({
  PATH: process.env['PATH'],
  DATA_DIR: dataDir,
  RPC_URL: chain.url,
  DEMO: 'off',
  ...HANDS,
  ...more,
});

/** Exit code and all that a command says. */
function run(
  script: string,
  args: readonly string[],
  more?: Record<string, string>,
): [number | null, string] {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(scripts, script), ...args], {
    env: env(more),
    encoding: 'utf8',
  });
  return [status, `${stdout}${stderr}`];
}

/** The command itself, in this process: what it says, or why not. */
const govern = (...words: string[]): Promise<[number, string]> =>
  command(readConfig(env()), chain.url, words).then(
    (said) => [0, said],
    (error: Error) => [1, error.message],
  );
const recorded = () => readDeployment(join(dataDir, 'deployment.json'));
const contracts = (): Contracts => contractsOf(recorded(), provider);

/** What nobody but the hands may hold. */
async function expectHandedOver(): Promise<void> {
  const { accessManager, timelock } = contracts();
  const { hands, operator } = recorded();
  const deployer = new Wallet(platformKeys(dataDir).deployer).address;
  const has = async (role: bigint, account: string) => (await accessManager.hasRole(role, account)).isMember;
  expect(new Set([operator, deployer, ...Object.values(hands)]).size).toBe(5);
  expect(await has(ACCESS_ROLES.admin, await timelock.getAddress())).toBe(true);
  expect(await has(ACCESS_ROLES.desks, hands.desks)).toBe(true);
  expect(await has(ACCESS_ROLES.operator, operator)).toBe(true);
  expect(await timelock.hasRole(id('PROPOSER_ROLE'), hands.admin)).toBe(true);
  for (const role of Object.values(ACCESS_ROLES)) expect(await has(role, deployer)).toBe(false);
}

describe('npm run deploy', () => {
  it('says each step, records the hands, and leaves what is deployed alone', async () => {
    const [code, said] = run('deploy.ts', []);
    expect(code).toBe(0);
    expect(said).toContain(`deploying from ${new Wallet(platformKeys(dataDir).deployer).address}`);
    expect(said).toMatch(/^\d+ of \d+: makes the account of ADMIN$/m);
    await expectHandedOver();
    const before = readFileSync(join(dataDir, 'deployment.json'), 'utf8');
    expect(run('deploy.ts', [])[1]).toContain('deployed already');
    expect(readFileSync(join(dataDir, 'deployment.json'), 'utf8')).toBe(before);
  });

  it('goes on where it was killed', async () => {
    const child = spawn(process.execPath, [join(scripts, 'deploy.ts')], { env: env() });
    await new Promise<void>((settle) => {
      child.stdout.on('data', (text: Buffer) => {
        if (/^9 of /m.test(String(text))) settle();
      });
    });
    child.kill('SIGKILL');
    await new Promise((settle) => child.once('close', settle));
    const deployer = new Wallet(platformKeys(dataDir).deployer).address;
    expect(await provider.getTransactionCount(deployer)).toBeGreaterThanOrEqual(8);
    const [code, said] = run('deploy.ts', []);
    expect([code, said]).toEqual([0, expect.not.stringMatching(/^8 of /m)]);
    await expectHandedOver();
  });

  it('goes on after every step', async () => {
    const key = id('deployer that stops');
    const { address } = new Wallet(key);
    const stops = () => {
      let told = 0;
      return () => {
        if (++told > 1) throw new Error('stopped');
      };
    };
    let begun: Begun | undefined;
    const attempt = () =>
      deploy(
        new NonceManager(new Wallet(key, provider)),
        {
          operator: address,
          admin: { threshold: 1, signers: [address] },
          desks: { threshold: 1, signers: [address] }, // the same people in an account of its own
          guardian: address,
          privilegesDelay: 0,
        },
        { begun, begin: (at) => (begun = at), say: stops() },
      ).catch((error: Error) => error);
    let made = await attempt();
    while (made instanceof Error) {
      expect(made.message).toBe('stopped');
      made = await attempt();
    }
    const { hands, addresses } = made;
    expect(hands.admin).not.toBe(hands.desks);
    expect(await contractsOf({ addresses }, provider).bills.isDesk(addresses.desk)).toBe(true);
    expect(await provider.getTransactionCount(address)).toBeGreaterThan(25);
  });

  it('is not done where it was continued for others than it was begun for', async () => {
    const key = id('deployer with another admin');
    const hand = new Wallet(key).address;
    let begun: Begun | undefined;
    const attempt = (admin: string, stopsAt?: string) =>
      deploy(
        new NonceManager(new Wallet(key, provider)),
        { ...oneHand(hand), admin },
        {
          begun,
          begin: (at) => (begun = at),
          say: (step) => {
            if (stopsAt !== undefined && step.endsWith(stopsAt)) throw new Error('stopped');
          },
        },
      );
    const knowsItsProposer = 'admits the financing desk'; // the timelock, which was deployed just before
    await expect(attempt(hand, knowsItsProposer)).rejects.toThrow('stopped');
    await expect(attempt(new Wallet(id('another')).address)).rejects.toThrow('not handed over as asked');
  });

  it('is refused without a chain of several, or without those who govern', () => {
    expect(run('deploy.ts', [], { RPC_URL: '' })).toEqual([1, expect.stringMatching(/^RPC_URL is missing/)]);
    expect(run('deploy.ts', [], { ADMIN: '', DESKS: '', GUARDIAN: '' })).toEqual([
      1,
      expect.stringMatching(/^DEMO=off: ADMIN, DESKS and GUARDIAN/),
    ]);
  });
});

describe('npm run govern', () => {
  const file = (name: string): string => join(dataDir, name);
  const p256 = Key.fromSeed('desks with P-256');
  const device = new Authenticator('desks with a passkey');
  const passkey = `webauthn:${device.x.slice(2)}${device.y.slice(2)}`;

  beforeEach(() => {
    const keys = GOVERNORS.DESKS.slice(0, 2).map((key) => new Wallet(key).address);
    const DESKS = `2:${keys.join(',')},${p256.x.slice(2)}${p256.y.slice(2)},${passkey}`;
    expect(run('deploy.ts', [], { DESKS })[0]).toBe(0);
    for (const [name, keys] of Object.entries(GOVERNORS))
      keys.forEach((key, n) => writeFileSync(file(`${name} ${n}`), key));
  });

  const later = async (): Promise<void> => {
    await rpc(chain.url, 'evm_increaseTime', GOVERNANCE_DELAY + 1);
    await rpc(chain.url, 'evm_mine');
  };
  const signs = async (name: string, ...keys: string[]): Promise<void> => {
    for (const key of keys) expect((await govern('sign', file(name), file(key)))[0]).toBe(0);
  };
  const admit = async (): Promise<void> => {
    const operator = new Wallet(platformKeys(dataDir).operator, provider);
    await (await contractsOf(recorded(), operator).bills.admit(id('a').slice(0, 42), 2n, 0n, id('a'))).wait();
  };

  it('gives a role in two stages that two of four sign, one of them with a P-256 key, one with a passkey', async () => {
    await admit();
    const decision = ['privileges', '1', 'bank,settlement_bank'];
    expect(await govern('announce', file('1'), ...decision)).toEqual([
      0,
      expect.stringMatching(/^DESKS \(0x\w+\) announces that member 1 is bank and settlement_bank of /),
    ]);
    expect(await govern('send', file('1'))).toEqual([1, '0 of 2 signatures: not sent']);
    expect((await govern('sign', file('1'), file('GUARDIAN 0')))[1]).toMatch(/does not sign for 0x\w+$/);
    await signs('1', 'DESKS 0');
    const json = JSON.parse(readFileSync(file('1'), 'utf8')) as {
      digest: string;
      signatures: Record<string, string>;
    };
    json.signatures[`${p256.x.slice(2)}${p256.y.slice(2)}`] = p256.sign(json.digest);
    writeFileSync(file('1'), JSON.stringify(json));
    expect((await govern('read', file('1')))[1].match(/, signed$/gm)).toHaveLength(2);
    expect(await govern('send', file('1'))).toEqual([0, expect.stringMatching(/^sent: transaction 0x/)]);
    expect(await govern('send', file('1'))).toEqual([1, 'the chain refuses it: OrgAccountNonceUsed']);

    await govern('perform', file('2'), ...decision);
    await signs('2', 'DESKS 0');
    const performed = JSON.parse(readFileSync(file('2'), 'utf8')) as typeof json;
    performed.signatures[passkey] = encodeWebAuthn(device.get(challengeOf(performed.digest)).response);
    writeFileSync(file('2'), JSON.stringify(performed));
    expect((await govern('read', file('2')))[1]).toContain(`${passkey}, signed`);
    expect((await govern('send', file('2')))[1]).toMatch(/^the chain refuses it: AccessManagerNotReady/);
    await later();
    expect((await govern('send', file('2')))[0]).toBe(0);
    expect(run('govern.ts', ['read', file('2')])).toEqual([
      0,
      expect.stringMatching(/^DESKS \(0x\w+\) makes it so that member 1 is bank/),
    ]);
    expect((await contracts().bills.member(1)).roles).toBe(2n | 4n | 64n);
  });

  it('is stopped by the guardian; ADMIN replaces the operator, twice', async () => {
    await admit();
    await govern('announce', file('cap'), 'cap', '1', '1000.00');
    await signs('cap', 'DESKS 0', 'DESKS 1');
    expect((await govern('send', file('cap')))[0]).toBe(0);
    await govern('stop', file('stop'), 'cap', '1', '1000.00');
    await signs('stop', 'GUARDIAN 0');
    expect((await govern('send', file('stop')))[0]).toBe(0);
    await govern('perform', file('performed'), 'cap', '1', '1000.00');
    await signs('performed', 'DESKS 0', 'DESKS 1');
    await later();
    expect((await govern('send', file('performed')))[1]).toMatch(
      /^the chain refuses it: AccessManagerNotScheduled/,
    );

    const next = new Wallet(id('next operator')).address;
    const isOperator = async () =>
      (await contracts().accessManager.hasRole(ACCESS_ROLES.operator, next)).isMember;
    expect((await govern('perform', file('early'), 'operator', next))[1]).toMatch(/is not announced$/);
    for (const [name, decision, is] of [
      ['1', 'operator', true],
      ['2', 'no-operator', false],
      ['3', 'operator', true],
    ] as const) {
      await govern('announce', file(`${name}a`), decision, next);
      await signs(`${name}a`, 'ADMIN 0', 'ADMIN 1');
      expect((await govern('send', file(`${name}a`)))[0]).toBe(0);
      await later();
      await govern('perform', file(`${name}b`), decision, next);
      await signs(`${name}b`, 'ADMIN 0', 'ADMIN 1');
      expect((await govern('send', file(`${name}b`)))[0]).toBe(0);
      expect(await isOperator()).toBe(is);
    }
  });

  it('asks nobody to sign what is not what the words say', async () => {
    await govern('announce', file('1'), 'cap', '1', '1000.00');
    const text = readFileSync(file('1'), 'utf8');
    writeFileSync(file('1'), text.replace('"1000.00"', '"1.00"'));
    expect(await govern('read', file('1'))).toEqual([
      1,
      expect.stringMatching(/something else than its words/),
    ]);
    expect((await govern('sign', file('1'), file('DESKS 0')))[0]).toBe(1);
    for (const [words, why] of [
      [['cap', '1', '1000.001'], /^"1000.001" is no amount/],
      [['privileges', '1', 'operator'], /^"operator" is none of bank/],
      [['privileges', '0', 'bank'], /^"0" is no number/],
      [['desk', '0x12'], /^"0x12" is no address/],
      [['toString', '1'], /is no decision; there are/],
    ] as const)
      expect(await govern('announce', file('2'), ...words)).toEqual([1, expect.stringMatching(why)]);
  });
});
