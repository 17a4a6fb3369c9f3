/** What the acceptor of bills asks for. */
import type { LegalDate } from '../dates.ts';
import { instruction } from '../instructions/instruction.ts';
import {
  cash,
  en,
  plural,
  restrictionsOf,
  yuan,
  zh,
  type LimitsOfAll,
  type Money,
  type Name,
  type Piece,
} from '../instructions/phrases.ts';

/** One bill is told with its payee, several with their sum. */
export type IssueFacts =
  | (Piece & LimitsOfAll & { readonly to: Name })
  | (Money &
      LimitsOfAll & {
        readonly bills: number;
        readonly suppliers: number;
        readonly firstDue: LegalDate;
        readonly lastDue: LegalDate;
      });

export const billInstructions = {
  issue: instruction<IssueFacts>()({
    by: 'member',
    title: { zh: '签发票据', en: 'Issue bills' },
    asks: { bills: 'bills' },
    gas: 'issue',
    sentence(f, tense) {
      const limits = restrictionsOf(f);
      if ('to' in f) {
        return {
          zh: `向 ${zh(f.to)} 签发 ${yuan(f)}，${f.due} 到期，${tense('并', '承诺')}于到期日足额付款${limits.zh}`,
          en: `${tense('issue', 'issued')} ${cash(f)}, due ${f.due}, to ${en(f.to)}${tense(' and pay it', ', to be paid')} in full on that day${limits.en}`,
        };
      }
      const day = f.firstDue === f.lastDue ? f.firstDue : undefined;
      return {
        zh: `向 ${f.suppliers} 家供应商签发 ${f.bills} 张票据，共 ${yuan(f)}，${day ?? `${f.firstDue} 至 ${f.lastDue}`} 到期${limits.zh}`,
        en: `${tense('issue', 'issued')} ${plural(f.bills, 'bill')} of ${cash(f)} in all to ${plural(f.suppliers, 'supplier')}, due ${day ?? `${f.firstDue} to ${f.lastDue}`}${limits.en}`,
      };
    },
  }),
};
