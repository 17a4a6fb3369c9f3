/** docs/asvs.md: no requirement of levels 1 and 2 is left out, and what it names is there. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/asvs.md'), 'utf8');

/** How many requirements of levels 1 and 2 each section has; in each they come before those of level 3. */
const SECTIONS: Readonly<Record<string, number>> = {
  ...{ '1.1': 2, '1.2': 9, '1.3': 11, '1.4': 3, '1.5': 2 },
  ...{ '2.1': 3, '2.2': 3, '2.3': 4, '2.4': 1 },
  ...{ '3.2': 2, '3.3': 4, '3.4': 6, '3.5': 5, '3.7': 2 },
  ...{ '4.1': 3, '4.2': 1, '4.3': 2, '4.4': 4 },
  ...{ '5.1': 1, '5.2': 3, '5.3': 2, '5.4': 3 },
  ...{ '6.1': 3, '6.2': 11, '6.3': 3, '6.4': 4, '6.5': 5, '6.6': 3, '6.8': 3 },
  ...{ '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 2, '7.6': 2 },
  ...{ '8.1': 2, '8.2': 3, '8.3': 1, '8.4': 1 },
  ...{ '9.1': 3, '9.2': 4 },
  ...{ '10.1': 2, '10.2': 2, '10.3': 4, '10.4': 11, '10.5': 5, '10.6': 2, '10.7': 3 },
  ...{ '11.1': 2, '11.2': 3, '11.3': 3, '11.4': 3, '11.5': 1, '11.6': 1 },
  ...{ '12.1': 3, '12.2': 2, '12.3': 4 },
  ...{ '13.1': 1, '13.2': 5, '13.3': 2, '13.4': 5 },
  ...{ '14.1': 2, '14.2': 4, '14.3': 3 },
  ...{ '15.1': 3, '15.2': 3, '15.3': 7 },
  ...{ '16.1': 1, '16.2': 5, '16.3': 4, '16.4': 3, '16.5': 3 },
  ...{ '17.1': 1, '17.2': 4, '17.3': 2 },
};

type Row = {
  readonly no: string;
  readonly state: string;
  readonly why: string;
  readonly files: readonly string[];
};

const rows: Row[] = [...page.matchAll(/^\| (\d+\.\d+\.\d+) +\| ([^|]+?) +\| ([^|]+?) +\|([^|]*)\|$/gm)].map(
  ([, no, state, why, where]) => ({
    no: no!,
    state: state!.replaceAll('*', ''),
    why: why!,
    files: [...where!.matchAll(/`([^`]+)`/g)].map(([, file]) => file!),
  }),
);

it('has each requirement of levels 1 and 2 once, in order', () => {
  const all = Object.entries(SECTIONS).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, n) => `${section}.${n + 1}`),
  );
  expect(all).toHaveLength(249);
  expect(rows.map(({ no }) => no)).toEqual(all);
});

it('says of each whether it is met, by what, or why not', () => {
  for (const { no, state, why, files } of rows) {
    expect(['met', 'not met', 'not applicable'], no).toContain(state);
    expect(why, no).not.toBe('');
    expect(files.length > 0, no).toBe(state === 'met');
  }
});

it('names files that are there', () => {
  expect(rows.flatMap(({ files }) => files).filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it('counts what is met as the table does', () => {
  const count = (state: string) => rows.filter((row) => row.state === state).length;
  expect(page).toContain(
    `${count('met')} met, ${count('not applicable')} not applicable, ${count('not met')} not met.`,
  );
});

it('switches the check of certificates off nowhere (12.3.2, 12.3.4)', () => {
  const sources = globSync('{services,scripts}/**/*.ts', { cwd: root });
  const careless = sources.filter((file) =>
    /rejectUnauthorized:\s*false|NODE_TLS_REJECT_UNAUTHORIZED/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(sources.length).toBeGreaterThan(100);
  expect(careless).toEqual([]);
});
