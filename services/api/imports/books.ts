/** What a member's file is read against, in a form that goes from one process to another. */
import type { ImportContext, Terms } from '#domain/import/context.ts';
import type { MemberRow } from '#db/read/members.ts';
import { Directory } from './directory.ts';

export type Books = Pick<ImportContext, 'currency' | 'today' | 'tenorMonths'> & {
  /** The firm that imports. */
  readonly member: number;
  readonly terms?: Terms | undefined;
  readonly members: readonly Pick<MemberRow, 'number' | 'name_zh' | 'name_en' | 'tax_id'>[];
};

export function contextOf({ member, members, ...known }: Books): ImportContext {
  const directory = new Directory(members);
  return {
    ...known,
    resolveSupplier: (name) => directory.find(name).filter((number) => number !== member),
    buyerIs: (name) => {
      const found = directory.find(name);
      return found.includes(member) ? 'us' : found.length === 0 ? 'unknown' : 'other';
    },
    taxNumberOf: (supplier) => directory.taxNumberOf(supplier),
  };
}
