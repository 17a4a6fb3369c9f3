/** What a member's file is read against, in a form that goes from one process to another. */
import { createHash } from 'node:crypto';
import type { ImportContext, Remembered, Terms } from '#domain/imports/context.ts';
import type { MemberRow } from '#db/members/read.ts';
import { Directory, keyOf } from './directory.ts';

export type Books = Pick<ImportContext, 'currency' | 'today' | 'tenorMonths'> & {
  /** The firm that imports. */
  readonly member: number;
  readonly terms?: Terms | undefined;
  readonly members: readonly Pick<MemberRow, 'number' | 'name_zh' | 'name_en' | 'tax_id'>[];
  /** Names that its books have for members, by what they are compared by. */
  readonly aliases?: readonly (readonly [key: string, supplier: number])[];
  /** What it said of the columns of earlier tables, by {@link shapeOf}. */
  readonly shapes?: readonly (readonly [shape: string, stated: Remembered])[];
};

export function contextOf({ member, members, aliases, shapes, ...known }: Books): ImportContext {
  const directory = new Directory(members);
  const aliasOf = new Map(aliases);
  const statedOf = new Map(shapes);
  return {
    ...known,
    resolveSupplier: (name) =>
      withAlias(directory.find(name), aliasOf.get(keyOf(name))).filter((number) => number !== member),
    buyerIs: (name) => {
      const found = directory.find(name);
      return found.includes(member) ? 'us' : found.length === 0 ? 'unknown' : 'other';
    },
    taxNumberOf: (supplier) => directory.taxNumberOf(supplier),
    remembered: (names) => statedOf.get(shapeOf(names)),
  };
}

/** Who was named for it decides where nobody else answers to the name, or several do; a newcomer of that name is asked about. */
function withAlias(found: readonly number[], alias: number | undefined): readonly number[] {
  if (alias === undefined) return found;
  return found.length === 0 || found.includes(alias) ? [alias] : [...found, alias];
}

/** Tables with the same columns in the same order have the same. */
export const shapeOf = (names: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(names)).digest('hex');
