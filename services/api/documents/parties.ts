/** Which bill is meant, and who may do more with its documents than read them. */
import { findBill } from '#db/bills/read.ts';
import type { Reader } from '#db/documents/readers.ts';
import { Problem } from '#domain/problems.ts';
import type { MemberPerson } from '../app-types.ts';
import { billNoOf } from '../bills/bill-no.ts';
import type { Services } from '../services.ts';

/** Throws NOT_FOUND for a bill that the member does not see. */
export async function billOf({ db }: Services, by: MemberPerson, text: string): Promise<bigint> {
  const billNo = billNoOf(text);
  if ((await findBill(db, by.viewer, billNo)) === undefined) throw new Problem('NOT_FOUND');
  return billNo;
}

/** Whoever the bill itself names attaches, and gives sight; who merely looks does not. */
export const attaches = (readers: readonly Reader[], { number }: MemberPerson): boolean =>
  readers.some(({ member, word }) => member === number && word !== 'regulator' && word !== 'sight');

/** Throws FORBIDDEN. */
export function requireAttaches(readers: readonly Reader[], by: MemberPerson): void {
  if (!attaches(readers, by)) throw new Problem('FORBIDDEN');
}
