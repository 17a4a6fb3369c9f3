/**
 * The operator's guide leads from nothing to a platform whose people are the operator: its commands, run, with every key that sends or
 * signs for the platform in a PKCS #11 module (docs/operations/keys.md). With keys in files the same commands run in `runtime/`.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { getAddress } from 'ethers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type Database } from '#db/wire/connect.ts';
import { toHex } from '#db/wire/bytes.ts';
import { operatorAccounts } from '#db/operator/enrolment.ts';
import { startAnvil } from '#embedded/anvil.ts';
import { startTemporaryPostgres } from '#embedded/postgres.ts';
import { until } from '../fixtures/ground.ts';
import { addressOfKey } from '#keys/key.ts';
import { moduleChainKey } from '#keys/pkcs11/keys.ts';
import { GOVERNANCE_DELAY } from '#chain/governance.ts';
import type { PreparedInstruction } from '#client/generated/schema.ts';
import { rpc } from '#embedded/rpc.ts';
import { readConfig } from '#scripts/config.ts';
import { govern } from '#scripts/governance/command.ts';
import { newNumber } from '../api/applications/support.ts';
import { signatureBy } from '../api/operator/support.ts';
import { GOVERNORS, HANDS } from '../fixtures/hands.ts';
import { Visitor } from '../fixtures/visitor.ts';
import { makeToken, type TestToken } from '../keys/support.ts';
import { blocksOf } from './support/guide.ts';

const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/guide/operators.md'), 'utf8');
const stack = new AsyncDisposableStack();
let env: Record<string, string>;
let db: Database;
let first: Visitor;
let token: TestToken;

const IN_MODULE = ['deployer', 'operator', 'relayer', 'exports'] as const;
const addressOf = (role: (typeof IN_MODULE)[number]): string => addressOfKey(moduleChainKey(token.uri(role)));

beforeAll(async () => {
  token = makeToken();
  stack.defer(() => token.remove());
  for (const role of IN_MODULE) token.makeKey('secp256k1', role);
  const postgres = await startTemporaryPostgres();
  stack.defer(() => postgres.close());
  const anvil = await startAnvil();
  stack.defer(() => anvil.close());
  const dataDir = mkdtempSync(join(tmpdir(), 'tallystick-guide-'));
  stack.defer(() => rmSync(dataDir, { recursive: true }));
  env = {
    PATH: process.env['PATH'] ?? '',
    DATA_DIR: dataDir,
    DATABASE_URL: postgres.url,
    RPC_URL: anvil.url,
    DEMO: 'off',
    PORT: '0',
    ...HANDS,
    SOFTHSM2_CONF: process.env['SOFTHSM2_CONF']!,
    ...Object.fromEntries(IN_MODULE.map((role) => [`${role.toUpperCase()}_KEY`, token.uri(role)])),
  };
  db = connect(postgres.url, { max: 1 });
  stack.defer(() => db.destroy());
});
afterAll(() => stack.disposeAsync());

/** The command as npm runs it, without npm between us and the process. */
const scriptOf = (command: string): string => `scripts/${command.replace(/^npm (run )?/, '')}.ts`;

const said = (child: ChildProcess, pattern: RegExp): Promise<string> =>
  new Promise((found, lost) => {
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = pattern.exec(text);
      if (match !== null) found(match[0]);
    });
    child.once('exit', () => lost(new Error(`it ended and said: ${text}`)));
  });

it('deploys, starts, prints a link once, and who comes in by it is the operator', async () => {
  const block = blocksOf(guide).find(({ note }) => note.includes('the first link'))!;
  const commands = block.text
    .trim()
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').trim());
  expect(commands).toEqual(['npm run deploy', 'npm start']);
  const deployed = spawnSync(process.execPath, [scriptOf(commands[0]!)], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  expect(deployed.status, deployed.stderr).toBe(0);
  const product = spawn(process.execPath, [scriptOf(commands[1]!)], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  stack.defer(async () => {
    if (product.exitCode !== null) return;
    const ended = new Promise((end) => product.once('exit', end));
    product.kill('SIGTERM');
    await ended;
  });
  const link = await said(product, /http:\/\/localhost:\d+\/join#[\w-]{43}/);
  first = new Visitor(link.replace(/\/join.*$/, '').replace('localhost', '127.0.0.1'));
  expect((await first.register('甲', link)).status).toBe(201);
  first.seat = 'operator';
  await until(async () => (await operatorAccounts(db)).length === 1);
  expect(await operatorAccounts(db)).not.toContain(addressOf('operator').toLowerCase());
  const { body } = await first.ask('GET', '/api/instructions');
  expect(body).toMatchObject({ items: [] }); // nothing of its own yet; what the key did is the relayer's to show
  const relayed = (await first.ask('GET', '/api/operator/relayer/instructions')).body as {
    items: { type: string; signedBy: string }[];
  };
  expect(relayed.items).toMatchObject([{ type: 'enrol', signedBy: 'operator' }]);
});

it('has a bank by governance, with the commands of the guide', async () => {
  const member = await first.ask('POST', '/api/operator/members', {
    name: { zh: '江海商业银行', en: 'Jianghai Commercial Bank' },
    taxId: newNumber(),
    roles: ['supplier'],
    signers: [{ type: 'webauthn', x: first.key.x, y: first.key.y }],
  });
  expect(member.status).toBe(202);
  const { id, digest, signers } = member.body as PreparedInstruction;
  const signatures = [signatureBy(first, { digest, signers })];
  const key = { 'idempotency-key': 'admit' };
  expect((await first.ask('POST', `/api/instructions/${id}/submit`, { signatures }, key)).status).toBe(202);
  const done = await first.ask('GET', `/api/instructions/${id}?wait=30`);
  expect(done.body).toMatchObject({ state: 'done' });

  const desks = GOVERNORS.DESKS.slice(0, 2);
  const folder = env['DATA_DIR']!;
  const keys = desks.map((secret, n) => {
    writeFileSync(join(folder, `key ${n}`), secret);
    return join(folder, `key ${n}`);
  });
  const config = readConfig(env);
  const run = (words: string[]): Promise<string> => govern(config, env['RPC_URL']!, words);
  const block = blocksOf(guide).find(({ note }) => note.includes('a bank'))!;
  const commands = block.text
    .split('\n')
    .map((line) => line.replace(/#.*$/, '').trim().replace('npm run govern -- ', '').split(' '));
  let stages = 0;
  for (const [verb, file, ...words] of commands) {
    if (verb !== 'announce' && verb !== 'perform') continue;
    const path = join(folder, file!);
    if (verb === 'perform' && stages++ === 0) {
      await rpc(env['RPC_URL']!, 'evm_increaseTime', GOVERNANCE_DELAY + 1);
      await rpc(env['RPC_URL']!, 'evm_mine');
    }
    await run([verb, path, ...words.map((word) => (word === '3' ? '1' : word))]);
    for (const each of keys) await run(['sign', path, each]);
    expect(await run(['send', path])).toMatch(/^sent: /);
  }
  expect(stages).toBe(2);
  await until(async () => {
    const { body } = await first.ask('GET', '/api/operator/members');
    return JSON.stringify(body).includes('settlement_bank');
  });
});

it('signs what members take away with a key of the module too, and has none of these keys in a file', async () => {
  const { body } = await first.ask('GET', '/api/export/signer');
  expect(body).toEqual({ signer: addressOf('exports') });
  const sent = await db.selectFrom('app.sender').select('address').execute();
  expect(sent.map(({ address }) => getAddress(toHex(address))).sort()).toEqual(
    [addressOf('operator'), addressOf('relayer')].sort(),
  );
  expect(readdirSync(join(env['DATA_DIR']!, 'keys'))).toEqual(['webhooks.key']);
});
