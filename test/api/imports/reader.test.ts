/** The process that reads a file: what it hands over, and what ends it. */
import { describe, expect, it } from 'vitest';
import type { Books } from '#api/imports/books.ts';
import { READING } from '#api/imports/files/limits.ts';
import { readApart } from '#api/imports/reader/read-apart.ts';
import { Uploads } from '#api/imports/uploads.ts';
import { parseLegalDate } from '#domain/dates.ts';
import type { ImportedRow } from '#domain/imports/payables.ts';
import { HOSTILE_FILES } from '../../fixtures/hostile-files.ts';

const books: Books = {
  member: 1,
  currency: 'CNY',
  today: parseLegalDate('2026-03-03'),
  tenorMonths: 6,
  members: [
    { number: 1, name_zh: '远山汽车', name_en: 'Yuanshan', tax_id: '91330782MA0000023F' },
    { number: 2, name_zh: '宏达五金', name_en: 'Hongda', tax_id: '91330782MA0000023F' },
  ],
};
const table = (rows: number): Buffer =>
  Buffer.from(
    [
      '供应商,发票号码,到期日,应付金额',
      ...Array.from({ length: rows }, (_, n) => `宏达五金,I-${n},2026-06-30,1.00`),
    ].join('\n'),
  );
const limits = (less: Partial<Record<keyof typeof READING, number>>) =>
  ({ ...READING, ...less }) as typeof READING;
const code = (reading: Promise<unknown>) =>
  reading.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? String(error),
  );

describe('a reading process', () => {
  it('hands over all rows in order, and then what was found', async () => {
    const rows: ImportedRow[] = [];
    const reading = await readApart({ content: table(1_234), given: {}, books }, (batch) => {
      rows.push(...batch);
    });
    expect(rows.map(({ row }) => row)).toEqual(Array.from({ length: 1_234 }, (_, n) => n + 2));
    expect(rows[0]).toMatchObject({ values: { supplier: 2, amount: 100n } });
    expect(reading).toMatchObject({ kind: 'csv', mapping: { supplier: '供应商' } });
  });

  it('knows nothing of our environment', async () => {
    process.env['SECRET_OF_A_TEST'] = 'x';
    const { pid } = process;
    let environment = '';
    await readApart({ content: table(1), given: {}, books }, async () => {
      const { readFileSync, readdirSync } = await import('node:fs');
      const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
      const ours = children.find((name) => {
        try {
          return (
            readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')[1] === String(pid) &&
            readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('reader/main.ts')
          );
        } catch {
          return false;
        }
      })!;
      environment = readFileSync(`/proc/${ours}/environ`, 'utf8');
    });
    expect(environment).toContain('TZ=UTC');
    expect(environment).not.toContain('SECRET_OF_A_TEST');
  });

  it('is ended when it takes longer, more of a processor or more memory than a file may', async () => {
    const read = (less: Partial<Record<keyof typeof READING, number>>) =>
      code(readApart({ content: table(100_000), given: {}, books }, () => {}, { limits: limits(less) }));
    expect(await read({ seconds: 0.01 })).toBe('FILE_NOT_READ');
    expect(await read({ cpuSeconds: 0.05 })).toBe('FILE_NOT_READ');
    expect(await read({ memory: 1024 * 1024 })).toBe('FILE_NOT_READ');
    expect(await read({ heap: 8 * 1024 * 1024 })).toBe('FILE_NOT_READ');
    expect(await read({})).toBe('none');
  });

  it('is ended when its rows cannot be kept', async () => {
    const failing = readApart({ content: table(2_000), given: {}, books }, () => {
      throw new Error('not kept');
    });
    expect(await code(failing)).toBe('Error: not kept');
  });

  it.each(Object.entries(HOSTILE_FILES))('refuses %s', async (_, { code: expected, make }) => {
    const reading = readApart({ content: make(), given: {}, books }, () => {});
    expect(await code(reading)).toBe(expected);
  });
});

describe('uploads', () => {
  const bounds = { places: 4, placesOfMember: 3, turns: 2 };

  it('have few places for one member, and few for all', () => {
    const uploads = new Uploads(bounds);
    const [first] = [1, 1, 1].map((member) => uploads.place(member));
    expect(() => uploads.place(1)).toThrow('RATE_LIMITED');
    uploads.place(2);
    expect(() => uploads.place(3)).toThrow('UNAVAILABLE');
    first![Symbol.dispose]();
    first![Symbol.dispose]();
    uploads.place(3);
    expect(() => uploads.place(4)).toThrow('UNAVAILABLE');
  });

  it('are read one at a time of each member, and others do not wait behind it', async () => {
    const uploads = new Uploads(bounds);
    const begun: string[] = [];
    const enter = (member: number, name: string) => {
      const place = uploads.place(member);
      void place.turn().then(() => begun.push(name));
      return place;
    };
    const one = enter(1, 'one');
    enter(1, 'second of one');
    const two = enter(2, 'two');
    enter(3, 'three');
    await Promise.resolve();
    await Promise.resolve();
    expect(begun).toEqual(['one', 'two']);
    two[Symbol.dispose]();
    await new Promise(setImmediate);
    expect(begun).toEqual(['one', 'two', 'three']);
    one[Symbol.dispose]();
    await new Promise(setImmediate);
    expect(begun).toEqual(['one', 'two', 'three', 'second of one']);
  });
});
