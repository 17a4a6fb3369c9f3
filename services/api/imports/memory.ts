/** What an import teaches about those that come: how a table of its header is read, and whom its names mean. */
import { aliasesOf, forgetShape, putAliases, putShape, shapesOf, type Alias } from '#db/imports/memory.ts';
import type { ImportWriter, UnknownSupplier } from '#db/imports/own.ts';
import type { Trx } from '#db/access/access.ts';
import { directory } from '#db/members/read.ts';
import { Names } from '#domain/imports/alike.ts';
import type { Remembered } from '#domain/imports/context.ts';
import { Problem } from '#domain/problems.ts';
import type { Services } from '../services.ts';
import type { Books } from './books.ts';
import { keyOf } from './directory.ts';
import type { Given, Reading } from './read.ts';

/** How many members are offered for a name. */
const OFFERED = 3;

export async function memoryOf(trx: Trx, member: number): Promise<Pick<Books, 'aliases' | 'shapes'>> {
  const [aliases, shapes] = [await aliasesOf(trx, member), await shapesOf<Remembered>(trx, member)];
  return {
    aliases: aliases.map(({ key, supplier }) => [key, supplier]),
    shapes: shapes.map(({ shape, stated }) => [shape.toString('hex'), stated]),
  };
}

/** Keeps what was stated just now for the next table of this header, or forgets what was kept. */
export async function learn(
  { trx, member }: Pick<ImportWriter, 'trx' | 'member'>,
  reading: Reading,
  { mapping, formats, remembered }: Pick<Given, 'mapping' | 'formats' | 'remembered'>,
): Promise<void> {
  if (reading.shape === undefined) return;
  const shape = Buffer.from(reading.shape, 'hex');
  if (remembered === false) await forgetShape(trx, member, shape);
  if (mapping !== undefined || formats !== undefined) {
    await putShape(trx, member, { shape, stated: reading.stated });
  }
}

export type Choice = { readonly name: string; readonly supplier: number };

/** From now on these names mean these members. Throws MEMBER_UNKNOWN. */
export async function nameSuppliers(
  { db }: Services,
  { trx, member }: Pick<ImportWriter, 'trx' | 'member'>,
  choices: readonly Choice[],
): Promise<void> {
  const known = new Set((await directory(db)).map(({ number }) => number));
  if (choices.some(({ supplier }) => !known.has(supplier) || supplier === member))
    throw new Problem('MEMBER_UNKNOWN');
  const aliases = choices.map(({ name, supplier }): Alias => ({ key: keyOf(name), name, supplier }));
  await putAliases(trx, member, aliases);
}

/** Members whose names are most like each of these, the nearest first. */
export async function mostAlike(
  { db }: Services,
  member: number,
  unknown: readonly UnknownSupplier[],
): Promise<number[][]> {
  if (unknown.length === 0) return [];
  const members = (await directory(db)).filter(({ number }) => number !== member);
  const names = new Names(
    members.flatMap(({ number, name_zh, name_en }) =>
      [name_zh, name_en].flatMap((name) => (name === null || name === '' ? [] : [[name, number] as const])),
    ),
  );
  return unknown.map(({ name }) => names.mostAlike(name, OFFERED));
}
