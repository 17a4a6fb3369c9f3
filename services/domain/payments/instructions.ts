/** Paying in for a bill, and paying its holders out. */
import type { LegalDate } from '../dates.ts';
import { instruction, optional } from '../instructions/instruction.ts';
import { cash, en, yuan, zh, type Money, type Name, type Piece } from '../instructions/phrases.ts';

/** `bill`: its number as people read it. */
type PaidBill = { readonly bill: string };

export const paymentInstructions = {
  fund: instruction<Piece & PaidBill & { readonly distribute: boolean }>()({
    by: 'member',
    title: { zh: '付款', en: 'Pay' },
    asks: {
      bill: 'bill',
      amount: 'money',
      distribute: optional('yesNo', 'Pay the holders at once, if the bill is due'),
    },
    gas: 'fund',
    scenario: 'acceptor pays in, at any time',
    sentence: (f, tense) => ({
      zh: `为票据 ${f.bill}（${f.due} 到期）付入 ${yuan(f)}${f.distribute ? '，并付给持有人' : ''}；付入后不能取回`,
      en: `${tense('pay in', 'paid in')} ${cash(f)} for the bill ${f.bill}, due ${f.due}${f.distribute ? tense(', and pay the holders', ', and paid the holders') : ''}; it cannot be taken back`,
    }),
  }),

  payFor: instruction<Money & PaidBill & { readonly acceptor: Name }>()({
    by: 'member',
    title: { zh: '代为付入', en: 'Pay in for the acceptor' },
    asks: { bill: 'bill', amount: 'money' },
    gas: 'fund',
    scenario: 'as `fund`, by any active member, who gets nothing for it',
    sentence: (f, tense) => ({
      zh: `代 ${zh(f.acceptor)} 为其票据 ${f.bill} 付入 ${yuan(f)}；付入后不能取回，也不因此取得任何权利`,
      en: `${tense('pay in', 'paid in')} ${cash(f)} for ${en(f.acceptor)}, for its bill ${f.bill}; it cannot be taken back, and it ${tense('gets', 'got')} nothing for it`,
    }),
  }),

  distribute: instruction<PaidBill & { readonly acceptor: Name; readonly due: LegalDate }>()({
    by: 'keeper',
    title: { zh: '兑付持有人', en: 'Pay the holders' },
    asks: { bill: 'bill' },
    gas: 'pay',
    sentence: (f, tense) => ({
      zh: `把 ${zh(f.acceptor)} 为票据 ${f.bill}（${f.due} 到期）付入而尚未付出的款项按份额付给各持有人`,
      en: `${tense('pay out', 'paid out')} to the holders, by their shares, what ${tense('is', 'was')} paid in and not yet paid out for the bill ${f.bill} of ${en(f.acceptor)}, due ${f.due}`,
    }),
  }),
};
