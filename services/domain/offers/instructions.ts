/** Offers (提示签收), the answers to them, and the standing acceptance that answers in advance. */
import type { LegalDate } from '../dates.ts';
import { instruction, optional } from '../instructions/instruction.ts';
import { cash, en, nameIn, yuan, zh, type Name, type Piece } from '../instructions/phrases.ts';
import { formatMoney, type Currency } from '../money.ts';

/** `isIssue`: a new bill from its acceptor, not one passed on. */
export type OfferFacts = Piece & { readonly from: Name; readonly to: Name; readonly isIssue: boolean };

const CANCELLED = {
  zh: '；该票据随即作废',
  en: ['; the bill is cancelled', '; the bill was cancelled'],
} as const;
const kindIn = {
  zh: (f: OfferFacts) => (f.isIssue ? '签发' : '转让'),
  en: (f: OfferFacts) => (f.isIssue ? 'issued' : 'passed on'),
};

export const offerInstructions = {
  offer: instruction<
    Piece & { readonly to: Name; readonly until?: LegalDate; readonly takesAtOnce: boolean }
  >()({
    by: 'member',
    title: { zh: '转让', en: 'Pass on' },
    asks: { parcel: 'parcel', amount: optional('money'), to: 'member', until: optional('date') },
    gas: 'move',
    makesParcel: true,
    scenario: 'pass all or a part on; may be taken on the date `until`, not after',
    sentence: (f, tense) => ({
      zh: `向 ${zh(f.to)} 转让 ${yuan(f)}，${f.due} 到期${f.takesAtOnce ? '；对方如仍预先同意签收，则立即归对方' : f.until ? `；对方须在 ${f.until} 或之前签收` : ''}`,
      en: `${tense('pass on', 'passed on')} ${cash(f)}, due ${f.due}, to ${en(f.to)}${f.takesAtOnce ? tense(', whose it is at once if it still accepts in advance', ', whose it was at once if it still accepted in advance') : f.until ? `, who ${tense('can', 'could')} take it until ${f.until}` : ''}`,
    }),
  }),

  take: instruction<Omit<OfferFacts, 'to'>>()({
    by: 'member',
    title: { zh: '签收', en: 'Take' },
    asks: { parcels: 'parcels' },
    gas: 'take',
    sentence: (f, tense) => ({
      zh: `签收 ${zh(f.from)} ${f.isIssue ? '签发' : '转让'}的 ${yuan(f)}，${f.due} 到期，并同意以此代替现金付款`,
      en: `${tense('take', 'took')} ${cash(f)}, due ${f.due}, ${f.isIssue ? 'issued' : 'passed on'} by ${en(f.from)}, and ${tense('accept', 'accepted')} it in place of cash`,
    }),
  }),

  refuse: instruction<OfferFacts>()({
    by: 'member',
    title: { zh: '拒收', en: 'Refuse' },
    asks: { parcel: 'parcel' },
    gas: 'take',
    scenario: 'says no to an offer; a new bill is then cancelled',
    sentence: (f, tense) => ({
      zh: `拒收 ${zh(f.from)} ${kindIn.zh(f)}的 ${yuan(f)}，${f.due} 到期${f.isIssue ? CANCELLED.zh : ''}`,
      en: `${tense('refuse', 'refused')} ${cash(f)}, due ${f.due}, ${kindIn.en(f)} by ${en(f.from)}${f.isIssue ? tense(...CANCELLED.en) : ''}`,
    }),
  }),

  withdraw: instruction<OfferFacts>()({
    by: 'member',
    title: { zh: '撤回', en: 'Withdraw' },
    asks: { parcel: 'parcel' },
    gas: 'take',
    scenario: 'the offerer takes its offer back; a new bill is then cancelled',
    sentence: (f, tense) => ({
      zh: `撤回向 ${zh(f.to)} ${kindIn.zh(f)}的 ${yuan(f)}，${f.due} 到期${f.isIssue ? CANCELLED.zh : ''}`,
      en: `${tense('withdraw', 'withdrew')} ${cash(f)}, due ${f.due}, from ${en(f.to)}${f.isIssue ? tense(...CANCELLED.en) : ''}`,
    }),
  }),

  extend: instruction<Piece & { readonly to: Name; readonly until: LegalDate }>()({
    by: 'member',
    title: { zh: '延期', en: 'Extend' },
    asks: { parcel: 'parcel', until: 'date' },
    gas: 'take',
    scenario: 'the offerer has its offer stand longer; may be taken on the date `until`, not after',
    sentence: (f, tense) => ({
      zh: `把向 ${zh(f.to)} 提示的 ${yuan(f)} 的签收期限延至 ${f.until}`,
      en: `${tense('extend', 'extended')} its offer of ${cash(f)}, due ${f.due}, to ${en(f.to)} until ${f.until}`,
    }),
  }),

  expire: instruction<OfferFacts>()({
    by: 'member',
    title: { zh: '逾期注销', en: 'Clear expired offer' },
    asks: { parcel: 'parcel' },
    gas: 'take',
    scenario: 'anybody ends an offer whose time is over',
    sentence: (f, tense) => ({
      zh: `注销 ${zh(f.from)} 向 ${zh(f.to)} 提示而逾期未签收的 ${yuan(f)}，${f.due} 到期${f.isIssue ? CANCELLED.zh : ''}`,
      en: `${tense('clear', 'cleared')} the expired offer of ${cash(f)}, due ${f.due}, by ${en(f.from)} to ${en(f.to)}${f.isIssue ? tense(...CANCELLED.en) : ''}`,
    }),
  }),

  setStanding: instruction<{ readonly standing: boolean } & StandingLimits>()({
    by: 'member',
    title: { zh: '预先同意签收', en: 'Standing acceptance' },
    asks: {
      standing: 'yesNo',
      acceptor: optional('member'),
      counterparty: optional('member'),
      least: optional('money'),
      until: optional('date'),
    },
    gas: 'simple',
    sentence: (f, tense) =>
      f.standing
        ? {
            zh: `预先同意签收：今后转让给它的票据无需再确认，立即归它${limitsOf(f, 'zh')}`,
            en: `${tense('accept', 'accepted')} in advance: what is passed on to it from now on is its own at once, without being asked again${limitsOf(f, 'en')}`,
          }
        : {
            zh: '取消预先同意：今后转让给它的票据须由它签收',
            en: `${tense('end', 'ended')} its standing acceptance: what is passed on to it waits until it takes it`,
          },
  }),
};

/** What a standing acceptance covers; what is left out is open. `least` in minor units. */
export type StandingLimits = {
  readonly acceptor?: Name;
  readonly counterparty?: Name;
  readonly least?: bigint;
  readonly currency?: Currency;
  readonly until?: LegalDate;
};

function limitsOf(
  { acceptor, counterparty, least, currency, until }: StandingLimits,
  locale: 'zh' | 'en',
): string {
  const say = (name: Name | undefined) => name && nameIn(locale, name);
  const amount =
    least === undefined || currency === undefined
      ? undefined
      : formatMoney(least, currency, locale === 'zh' ? 'zh-CN' : 'en');
  const limits = {
    zh: [
      acceptor && `仅限 ${say(acceptor)} 承兑的票据`,
      counterparty && `仅限 ${say(counterparty)} 转让的`,
      amount && `每笔不少于 ${amount}`,
      until && `到 ${until} 为止`,
    ],
    en: [
      acceptor && `only paper of ${say(acceptor)}`,
      counterparty && `only from ${say(counterparty)}`,
      amount && `only ${amount} or more at a time`,
      until && `until ${until}`,
    ],
  }[locale].filter(Boolean);
  return limits.map((limit) => `${locale === 'zh' ? '；' : '; '}${limit}`).join('');
}
