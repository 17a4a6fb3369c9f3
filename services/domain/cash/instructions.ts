/** Deposits that a settlement bank credits, and their redemption. */
import { instruction } from '../instructions/instruction.ts';
import { cash, en, yuan, zh, type Money, type Name } from '../instructions/phrases.ts';

/** `number`: of the redemption. */
type Redemption = Money & { readonly member: Name; readonly number: string };

export const cashInstructions = {
  deposit: instruction<Money & { readonly to: Name; readonly reference: string }>()({
    by: 'member',
    title: { zh: '记入存款', en: 'Credit a deposit' },
    asks: { member: 'member', amount: 'money', reference: 'words' },
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `为 ${zh(f.to)} 记入存款 ${yuan(f)}，记账编号 ${f.reference}`,
      en: `${tense('credit', 'credited')} ${en(f.to)} with deposits of ${cash(f)}, booking ${f.reference}`,
    }),
  }),

  redeem: instruction<Money & { readonly bank: Name }>()({
    by: 'member',
    title: { zh: '支取', en: 'Draw out' },
    asks: { bank: 'member', amount: 'money' },
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `请 ${zh(f.bank)} 支取存款 ${yuan(f)} 至其银行账户；在该行答复之前，这笔存款被锁定`,
      en: `${tense('ask', 'asked')} ${en(f.bank)} to pay out deposits of ${cash(f)} to its bank account; ${tense('they are locked until it has answered', 'locked until it answers')}`,
    }),
  }),

  confirmRedemption: instruction<Redemption & { readonly reference: string }>()({
    by: 'member',
    title: { zh: '确认付款', en: 'Confirm a payout' },
    asks: { redemption: 'redemption', reference: 'words' },
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `确认已向 ${zh(f.member)} 付出 ${yuan(f)}（支取申请 ${f.number}，付款编号 ${f.reference}），这笔存款随即注销`,
      en: `${tense('confirm', 'confirmed')} that it paid ${cash(f)} to ${en(f.member)} (redemption ${f.number}, payment ${f.reference}); these deposits then ${tense('cease', 'ceased')} to exist`,
    }),
  }),

  refuseRedemption: instruction<Redemption & { readonly reason: string }>()({
    by: 'member',
    title: { zh: '拒绝支取', en: 'Refuse a payout' },
    asks: { redemption: 'redemption', reason: 'words' },
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `拒绝 ${zh(f.member)} 支取 ${yuan(f)}（支取申请 ${f.number}）：${f.reason}；这笔存款退回对方`,
      en: `${tense('refuse', 'refused')} to pay out ${cash(f)} to ${en(f.member)} (redemption ${f.number}): ${f.reason}; the deposits ${tense('go', 'went')} back`,
    }),
  }),
};
