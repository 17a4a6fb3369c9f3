/** Quotes (报价), sales under them, and what a bank lets the desk do. Rates in ppm a year. */
import { formatInstant } from '../dates.ts';
import { instruction, optional } from '../instructions/instruction.ts';
import { cash, en, yuan, zh, type Money, type Name, type Piece } from '../instructions/phrases.ts';
import { formatPercent, type Currency } from '../money.ts';
import type { Text } from '../problems.ts';

export type Recourse = 'without' | 'with' | 'limited';
const RECOURSE: Record<Recourse, Text> = {
  without: { zh: '无追索权', en: 'without recourse' },
  with: { zh: '有追索权', en: 'with recourse' },
  limited: { zh: '有限追索', en: 'with limited recourse' },
};

export type SaleFacts = Piece & {
  readonly bank: Name;
  readonly interest: bigint;
  readonly fee: bigint;
  readonly net: bigint;
  readonly yearlyCost365: bigint;
};

export type QuoteFacts = Money & {
  readonly seller?: Name;
  readonly obligor: Name;
  readonly rate: bigint;
  readonly fee: bigint;
  readonly recourse: Recourse;
  /** Instant. */
  readonly validUntil: number;
};

/** A quote is signed for the desk and not for the chain, so it is no instruction; its sentence is told like one. */
export const quoteSentence = (by: Name, f: QuoteFacts): Text => ({
  zh: `${zh(by)}将${f.seller ? `向 ${zh(f.seller)} ` : ''}报价：按年利率 ${formatPercent(f.rate)}、费用 ${yuan(f, f.fee)} 买入 ${zh(f.obligor)} 承兑的票据，最多 ${yuan(f)}，${RECOURSE[f.recourse].zh}，${formatInstant(f.validUntil)} 前有效`,
  en: `${en(by)} will quote${f.seller ? ` to ${en(f.seller)}` : ''}: buy up to ${cash(f)} of paper of ${en(f.obligor)} at ${formatPercent(f.rate)} a year and a fee of ${cash(f, f.fee)}, ${RECOURSE[f.recourse].en}, valid until ${formatInstant(f.validUntil)}`,
});

export const saleInstructions = {
  sell: instruction<SaleFacts>()({
    by: 'member',
    title: { zh: '接受报价并卖出', en: 'Accept the quote and sell' },
    asks: {
      parcel: 'parcel',
      amount: optional('money'),
      quote: 'quote',
      others: optional(
        'sales',
        'Further quotes for the same parcel, sold to in the same signing; `amount` is then given',
      ),
    },
    gas: 'sell',
    sentence: (f, tense) => ({
      zh: `把 ${yuan(f)}（${f.due} 到期）卖给 ${zh(f.bank)}：利息 ${yuan(f, f.interest)}，费用 ${yuan(f, f.fee)}，到手至少 ${yuan(f, f.net)}，综合年化成本 ${formatPercent(f.yearlyCost365)}`,
      en: `${tense('sell', 'sold')} ${cash(f)}, due ${f.due}, to ${en(f.bank)}: interest ${cash(f, f.interest)}, fee ${cash(f, f.fee)}, for ${cash(f, f.net)} or more, an all-in cost of ${formatPercent(f.yearlyCost365)} a year`,
    }),
  }),

  cancelQuote: instruction<Money & { readonly number: string; readonly obligor: Name }>()({
    by: 'member',
    title: { zh: '撤销报价', en: 'Cancel the quote' },
    asks: { quote: 'quote' },
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `撤销第 ${f.number} 号报价（${zh(f.obligor)} 的票据，最多 ${yuan(f)}）`,
      en: `${tense('cancel', 'cancelled')} its quote ${f.number} (up to ${cash(f)} of paper of ${en(f.obligor)})`,
    }),
  }),

  approveCash: instruction<{ readonly amount?: bigint; readonly currency: Currency }>()({
    by: 'member',
    title: { zh: '授权报价付款', en: 'Allow purchases' },
    asks: { amount: optional('money') },
    gas: 'simple',
    sentence({ amount, currency }, tense) {
      const [upToZh, upToEn] =
        amount === undefined
          ? ['不限金额', 'without limit']
          : [`最多 ${yuan({ amount, currency })}`, `up to ${cash({ amount, currency })}`];
      return {
        zh: `允许融资柜台按它签名的报价买入并从它的存款中付款，${upToZh}`,
        en: `${tense('let', 'let')} the financing desk buy under quotes that it signed, paid from its deposits, ${upToEn}`,
      };
    },
  }),
};
