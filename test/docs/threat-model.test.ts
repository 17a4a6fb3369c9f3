/** docs/threat-model.md: each line names its tests, and they are there. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/threat-model.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (component|-)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));
const tests = globSync('test/**/*.{test.ts,t.sol}', { cwd: root });

const isThere = (named: string): boolean =>
  existsSync(join(root, 'test', named)) ||
  tests.some((file) => file.endsWith(`/${named}`) || basename(file) === named);

it('names tests that are there, in every line', () => {
  expect(rows.length).toBeGreaterThan(80);
  const missing: string[] = [];
  for (const [, component, threat, , test] of rows) {
    const named = [...test!.matchAll(/`([\w./-]+(?:\.ts|\.sol|\/\w+))`/g)].map(([, file]) => file!);
    // One line says that nothing stops it, and why.
    if (named.length === 0 && !threat!.startsWith('D: stops each recovery'))
      missing.push(`${component}: ${threat}`);
    missing.push(...named.filter((file) => !isThere(file)));
  }
  expect(missing).toEqual([]);
});

it.each([
  'supplier',
  'bank',
  'core enterprise',
  'operator',
  'relayer',
  'settlement bank',
  'database administrator',
  'validator',
])('has the %s', (component) =>
  expect(rows.some(([, named]) => named!.split(', ').includes(component))).toBe(true),
);
