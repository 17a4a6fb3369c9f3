import { readBillNumber } from '#domain/bills/typed-bill-number.ts';
import { Problem } from '#domain/problems.ts';
import { refused } from '../problems/refused.ts';

/** The bill that a number means, as the chain or as people write it. Numbers beyond what the read model stores are nobody's. */
export function billNoOf(text: string): bigint {
  const billNo = readBillNumber(text);
  if (billNo === 'misread') throw refused('CHECK_DIGIT_WRONG', { text });
  if (billNo === undefined || billNo >= 2n ** 63n) throw new Problem('NOT_FOUND');
  return billNo;
}
