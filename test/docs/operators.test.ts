/** What the operator's guide and its files say, held against the product. No Besu runs here. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { computeAddress } from 'ethers';
import { describe, expect, it } from 'vitest';
import { MAX_GAS } from '#api/instructions/gas.ts';
import { startTemporaryPostgres } from '#embedded/postgres.ts';
import { openFreshNetwork } from '#scripts/fresh-network.ts';
import { platformKeys } from '#scripts/keys.ts';
import { TODAY } from '../fixtures/network.ts';
import { blocksOf } from './support/guide.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const guide = read('docs/guide/operators.md');

describe('the operator’s guide', () => {
  it('names metrics that there are, in its tables and its alarms', async () => {
    const named = new Set(`${guide}${read('docs/operations/alerts.yml')}`.match(/tallystick_[a-z_]+/g));
    for (const role of ['tallystick_indexer', 'tallystick_api']) named.delete(role);
    const postgres = await startTemporaryPostgres();
    const network = await openFreshNetwork(postgres, TODAY);
    try {
      await fetch(`${network.apiUrl}/health`); // something to be timed
      const metrics = await (await fetch(`${network.apiUrl}/metrics`)).text();
      const known = new Set(metrics.match(/^tallystick_[a-z_]+/gm));
      known.add('tallystick_http_seconds');
      expect(named.size).toBeGreaterThan(8);
      expect([...named].filter((name) => !known.has(name))).toEqual([]);
    } finally {
      await network.close();
      await postgres.close();
    }
  });

  it('says what to do on each alarm', () => {
    const alarms = [...read('docs/operations/alerts.yml').matchAll(/alert: (\w+)/g)].map(([, name]) => name!);
    expect(alarms.length).toBeGreaterThan(8);
    expect(alarms.filter((name) => !guide.includes(`| \`${name}\` `))).toEqual([]);
  });

  it('shows how to read the addresses of the keys', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tallystick-guide-'));
    try {
      const keys = platformKeys(dataDir);
      const block = blocksOf(guide).find(({ note }) => note.includes('addresses of the keys'))!;
      const { stdout } = spawnSync('bash', ['-euc', block.text], {
        cwd: root,
        env: { ...process.env, DATA_DIR: dataDir },
        encoding: 'utf8',
      });
      for (const [name, key] of Object.entries(keys))
        expect(stdout).toContain(`${name} ${computeAddress(key)}`);
    } finally {
      rmSync(dataDir, { recursive: true });
    }
  });
});

describe('the files for Besu', () => {
  type Genesis = {
    config: Record<string, unknown>;
    gasLimit: string;
    baseFeePerGas: string;
    alloc: Record<string, { balance: string; code?: string }>;
  };
  const { genesis } = JSON.parse(read('docs/operations/besu/qbftConfigFile.json')) as { genesis: Genesis };

  it('have the rules, the free gas and the room that our contracts need', () => {
    expect(genesis.config).toMatchObject({ osakaTime: 0, zeroBaseFee: true });
    expect(BigInt(genesis.baseFeePerGas)).toBe(0n);
    expect(BigInt(genesis.gasLimit)).toBeGreaterThanOrEqual(MAX_GAS);
    const accounts = Object.values(genesis.alloc);
    expect(accounts.every(({ balance, code }) => BigInt(balance) === 0n && (code ?? '0x') !== '0x')).toBe(
      true,
    );
    const called = ['withdrawalRequestContractAddress', 'consolidationRequestContractAddress'];
    for (const name of called) expect(genesis.alloc).toHaveProperty([String(genesis.config[name])]);
  });

  it('open every part of JSON-RPC that the services ask', () => {
    const sources = globSync('services/{api,indexer,relayer}/**/*.ts', { cwd: root }).map(read).join('\n');
    const asked = new Set([...sources.matchAll(/'(eth|debug|net|web3|txpool)_\w+'/g)].map(([, api]) => api!));
    const open = /rpc-http-api=\[(.*)\]/.exec(read('docs/operations/besu/rpc-node.toml'))![1]!;
    expect([...asked].sort()).toEqual(['debug', 'eth']);
    for (const api of asked) expect(open).toContain(`"${api.toUpperCase()}"`);
  });
});

describe('all documents', () => {
  const documents = globSync(
    ['README.md', 'CHANGELOG.md', 'docs/**/*.md', '{services,scripts,web}/**/README.md'],
    {
      cwd: root,
      exclude: (name) => name === 'node_modules',
    },
  );

  it('link to files that there are', () => {
    const broken = documents.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map(([, link]) => link!)
        .filter((link) => globSync(join(root, file, '..', link)).length === 0)
        .map((link) => `${file}: ${link}`),
    );
    expect(documents.length).toBeGreaterThan(20);
    expect(broken).toEqual([]);
  });

  it('name commands that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const unknown = documents.flatMap((file) =>
      [...read(file).matchAll(/npm run (?:--silent )?([a-z][\w:]*)/g)]
        .map(([, name]) => name!)
        .filter((name) => !(name in scripts))
        .map((name) => `${file}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });
});
