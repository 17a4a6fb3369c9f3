/** Credit notes count when a person has said so: an upload alone changes nothing that an invoice can back. */
import {
  countCredit,
  creditsOf,
  lockCredits,
  takeBackCredits,
  totalOf,
  waitingCredits,
} from '#db/imports/credit-notes.ts';
import type { Trx } from '#db/access/access.ts';
import { formatMoney, type Currency } from '#domain/money.ts';
import { refuse, type Refusal } from '#domain/imports/errors.ts';

export type CreditChange = { readonly rows: readonly number[] | 'all'; readonly count: boolean };

/**
 * Confirms credit notes of an import, or takes them back. One that would take off more than its invoice came to is left as it
 * is, with the reason: most likely the same credit was given twice.
 */
export async function changeCredits(
  trx: Trx,
  { id, member, currency }: { id: string; member: number; currency: Currency },
  { rows, count }: CreditChange,
): Promise<Map<number, Refusal>> {
  const refused = new Map<number, Refusal>();
  await lockCredits(trx, member);
  if (!count) {
    await takeBackCredits(trx, id, rows);
    return refused;
  }
  for (const credit of await waitingCredits(trx, id, rows)) {
    const invoice = { supplier: credit.supplier, key: credit.correctsKey };
    const [before = 0n] = await creditsOf(trx, member, [invoice]);
    const total = await totalOf(trx, member, invoice);
    if (total !== undefined && before + credit.amount > total) {
      const [of, already] = [total, before].map((value) => formatMoney(value, currency, 'en'));
      refused.set(credit.row, refuse('CREDIT_EXCEEDS', `${already} / ${of}`));
    } else if (!(await countCredit(trx, member, id, credit))) {
      refused.set(credit.row, refuse('CREDIT_KNOWN'));
    }
  }
  return refused;
}
