/** What an act will do and who does it, in a sentence to the person who is about to sign it. It promises what the chain checks. */
import type { Restriction } from '../codes.ts';
import { formatInstant, type LegalDate } from '../dates.ts';
import { formatMoney, formatPercent, type Currency } from '../money.ts';
import type { Text } from '../problems.ts';

export type Name = string | Text;

type Money = { readonly amount: bigint; readonly currency: Currency };
type Paper = Money & { readonly due: LegalDate };

/** One act with the names and amounts that its sentence needs. Amounts in minor units, rates in ppm a year. */
export type ActMeaning = Deed & {
  /** What no invoice backs of the face of the bills that the act is about; left out where there is nothing to say. */
  readonly unbacked?: { readonly amount: bigint; readonly face: bigint };
};

type Deed =
  | ({ act: 'issue'; to: Name; restrictions?: readonly Restriction[]; named?: readonly number[] } & Paper)
  | ({
      act: 'issue_many';
      bills: number;
      suppliers: number;
      firstDue: LegalDate;
      lastDue: LegalDate;
    } & LimitsOfAll &
      Money)
  /** `issued`: a new bill from its acceptor, not one passed on. */
  | ({ act: 'take'; from: Name; issued: boolean } & Paper)
  | ({ act: 'refuse'; from: Name; issued: boolean } & Paper)
  | ({ act: 'withdraw'; to: Name; issued: boolean } & Paper)
  | ({ act: 'expire'; from: Name; to: Name; issued: boolean } & Paper)
  /** `standing`: the receiver has given a standing acceptance. */
  | ({ act: 'offer'; to: Name; until?: LegalDate; standing: boolean } & Paper)
  | ({ act: 'sell'; bank: Name; interest: bigint; fee: bigint; net: bigint; yearlyCost365: bigint } & Paper)
  | ({ act: 'quote'; seller?: Name; obligor: Name; rate: bigint; fee: bigint; recourse: Recourse } & Money & {
        validUntil: number;
      })
  | ({ act: 'cancel_quote'; number: string; obligor: Name } & Money)
  | ({ act: 'fund'; bill: string; distribute?: boolean } & Paper)
  | ({ act: 'pay_for'; acceptor: Name; bill: string } & Money)
  | { act: 'distribute'; acceptor: Name; bill: string; due: LegalDate }
  | ({ act: 'set_line'; obligor: Name; group: string } & Money)
  | ({ act: 'set_group_line'; group: string } & Money)
  | ({ act: 'set_standing_acceptance'; standing: boolean } & StandingLimits)
  /** No amount: without limit. */
  | { act: 'approve_cash'; purpose: 'buy' | 'fund'; amount?: bigint; currency: Currency }
  | ({ act: 'deposit'; to: Name; reference: string } & Money)
  | ({ act: 'redeem'; bank: Name } & Money)
  | ({ act: 'confirm_redemption'; member: Name; number: string; reference: string } & Money)
  | ({ act: 'refuse_redemption'; member: Name; number: string; reason: string } & Money)
  | { act: 'move_account'; account: string };

type Limits = { readonly restrictions: readonly Restriction[]; readonly named: readonly number[] };
/** What binds each of several bills; `areMixed` when it is not the same for all. */
type LimitsOfAll = Partial<Limits> & { readonly areMixed?: boolean };

export function limitsOfAll(bills: readonly Limits[]): LimitsOfAll {
  const said = new Set(bills.map(({ restrictions, named }) => [...restrictions, ...named].join()));
  const [first] = bills;
  if (said.size > 1) return { areMixed: true };
  return first === undefined ? {} : { restrictions: first.restrictions, named: first.named };
}

/** What a standing acceptance covers; what is left out is open. */
type StandingLimits = {
  acceptor?: Name;
  counterparty?: Name;
  least?: bigint;
  currency?: Currency;
  until?: LegalDate;
};

export type Recourse = 'without' | 'with' | 'limited';
export type ActName = ActMeaning['act'];

type Sentences = { [A in ActName]: (act: Extract<ActMeaning, { act: A }>) => Text };

/** Whose keys the platform itself acts by. */
export const PLATFORM: Text = { zh: '平台', en: 'The platform' };

export const nameIn = (locale: 'zh' | 'en', name: Name): string =>
  typeof name === 'string' ? name : name[locale];
const zh = (name: Name): string => nameIn('zh', name);
const en = (name: Name): string => nameIn('en', name);
const money = (locale: 'zh-CN' | 'en', { currency }: { currency: Currency }, amount: bigint): string =>
  formatMoney(amount, currency, locale);
const yuan = (of: Money, amount = of.amount): string => money('zh-CN', of, amount);
const cash = (of: Money, amount = of.amount): string => money('en', of, amount);

const RECOURSE: Record<Recourse, Text> = {
  without: { zh: '无追索权', en: 'without recourse' },
  with: { zh: '有追索权', en: 'with recourse' },
  limited: { zh: '有限追索', en: 'with limited recourse' },
};
const RESTRICTION: Record<Restriction, Text> = {
  not_to_be_passed_on: { zh: '不得转让', en: 'not to be passed on' },
  not_to_be_financed: { zh: '不得融资', en: 'not to be financed' },
  named_members_only: { zh: '仅限指定成员', en: 'for named members only' },
};

const SENTENCES: Sentences = {
  issue(a) {
    const limits = restrictionsOf(a);
    return {
      zh: `向 ${zh(a.to)} 签发 ${yuan(a)}，${a.due} 到期，并于到期日足额付款${limits.zh}`,
      en: `issue ${cash(a)}, due ${a.due}, to ${en(a.to)} and pay it in full on that day${limits.en}`,
    };
  },
  issue_many(a) {
    const days = a.firstDue === a.lastDue ? a.firstDue : undefined;
    const limits = a.areMixed === true ? MIXED : restrictionsOf(a);
    return {
      zh: `向 ${a.suppliers} 家供应商签发 ${a.bills} 张票据，共 ${yuan(a)}，${days ?? `${a.firstDue} 至 ${a.lastDue}`} 到期${limits.zh}`,
      en: `issue ${plural(a.bills, 'bill')} of ${cash(a)} in all to ${plural(a.suppliers, 'supplier')}, due ${days ?? `${a.firstDue} to ${a.lastDue}`}${limits.en}`,
    };
  },
  take: (a) => ({
    zh: `签收 ${zh(a.from)} ${a.issued ? '签发' : '转让'}的 ${yuan(a)}，${a.due} 到期，并同意以此代替现金付款`,
    en: `take ${cash(a)}, due ${a.due}, ${a.issued ? 'issued' : 'passed on'} by ${en(a.from)}, and accept it in place of cash`,
  }),
  refuse: (a) => ({
    zh: `拒收 ${zh(a.from)} ${a.issued ? '签发' : '转让'}的 ${yuan(a)}，${a.due} 到期${a.issued ? '；该票据随即作废' : ''}`,
    en: `refuse ${cash(a)}, due ${a.due}, ${a.issued ? 'issued' : 'passed on'} by ${en(a.from)}${a.issued ? '; the bill is cancelled' : ''}`,
  }),
  withdraw: (a) => ({
    zh: `撤回向 ${zh(a.to)} ${a.issued ? '签发' : '转让'}的 ${yuan(a)}，${a.due} 到期${a.issued ? '；该票据随即作废' : ''}`,
    en: `withdraw ${cash(a)}, due ${a.due}, from ${en(a.to)}${a.issued ? '; the bill is cancelled' : ''}`,
  }),
  expire: (a) => ({
    zh: `注销 ${zh(a.from)} 向 ${zh(a.to)} 提示而逾期未签收的 ${yuan(a)}，${a.due} 到期${a.issued ? '；该票据随即作废' : ''}`,
    en: `clear the expired offer of ${cash(a)}, due ${a.due}, by ${en(a.from)} to ${en(a.to)}${a.issued ? '; the bill is cancelled' : ''}`,
  }),
  offer: (a) => ({
    zh: `向 ${zh(a.to)} 转让 ${yuan(a)}，${a.due} 到期${a.standing ? '；对方如仍预先同意签收，则立即归对方' : a.until ? `；对方须在 ${a.until} 或之前签收` : ''}`,
    en: `pass on ${cash(a)}, due ${a.due}, to ${en(a.to)}${a.standing ? ', whose it is at once if it still accepts in advance' : a.until ? `, who can take it until ${a.until}` : ''}`,
  }),
  sell: (a) => ({
    zh: `把 ${yuan(a)}（${a.due} 到期）卖给 ${zh(a.bank)}：利息 ${yuan(a, a.interest)}，费用 ${yuan(a, a.fee)}，到手至少 ${yuan(a, a.net)}，综合年化成本 ${formatPercent(a.yearlyCost365)}`,
    en: `sell ${cash(a)}, due ${a.due}, to ${en(a.bank)}: interest ${cash(a, a.interest)}, fee ${cash(a, a.fee)}, for ${cash(a, a.net)} or more, an all-in cost of ${formatPercent(a.yearlyCost365)} a year`,
  }),
  quote: (a) => ({
    zh: `${a.seller ? `向 ${zh(a.seller)} ` : ''}报价：按年利率 ${formatPercent(a.rate)}、费用 ${yuan(a, a.fee)} 买入 ${zh(a.obligor)} 承兑的票据，最多 ${yuan(a)}，${RECOURSE[a.recourse].zh}，${formatInstant(a.validUntil)} 前有效`,
    en: `quote${a.seller ? ` to ${en(a.seller)}` : ''}: buy up to ${cash(a)} of paper of ${en(a.obligor)} at ${formatPercent(a.rate)} a year and a fee of ${cash(a, a.fee)}, ${RECOURSE[a.recourse].en}, valid until ${formatInstant(a.validUntil)}`,
  }),
  cancel_quote: (a) => ({
    zh: `撤销第 ${a.number} 号报价（${zh(a.obligor)} 的票据，最多 ${yuan(a)}）`,
    en: `cancel its quote ${a.number} (up to ${cash(a)} of paper of ${en(a.obligor)})`,
  }),
  fund: (a) => ({
    zh: `为票据 ${a.bill}（${a.due} 到期）付入 ${yuan(a)}${a.distribute ? '，并付给持有人' : ''}；付入后不能取回`,
    en: `pay in ${cash(a)} for the bill ${a.bill}, due ${a.due}${a.distribute ? ', and pay the holders' : ''}; it cannot be taken back`,
  }),
  distribute: (a) => ({
    zh: `把 ${zh(a.acceptor)} 为票据 ${a.bill}（${a.due} 到期）付入而尚未付出的款项按份额付给各持有人`,
    en: `pay out to the holders, by their shares, what is paid in and not yet paid out for the bill ${a.bill} of ${en(a.acceptor)}, due ${a.due}`,
  }),
  set_line: (a) => ({
    zh: `把对 ${zh(a.obligor)} 的授信额度设为 ${yuan(a)}，${a.group === '0' ? '不归入集团' : `归入集团 ${a.group}`}`,
    en: `set its credit line on ${en(a.obligor)} to ${cash(a)}, ${a.group === '0' ? 'in no group' : `in the group ${a.group}`}`,
  }),
  set_group_line: (a) => ({
    zh: `把对集团 ${a.group} 的授信额度设为 ${yuan(a)}`,
    en: `set its credit line on the group ${a.group} to ${cash(a)}`,
  }),
  set_standing_acceptance: (a) =>
    a.standing
      ? {
          zh: `预先同意签收：今后转让给它的票据无需再确认，立即归它${limitsOf(a, 'zh')}`,
          en: `accept in advance: what is passed on to it from now on is its own at once, without being asked again${limitsOf(a, 'en')}`,
        }
      : {
          zh: '取消预先同意：今后转让给它的票据须由它签收',
          en: 'end its standing acceptance: what is passed on to it waits until it takes it',
        },
  approve_cash(a) {
    const of = { ...a, amount: a.amount ?? 0n };
    const [upToZh, upToEn] =
      a.amount === undefined ? ['不限金额', 'without limit'] : [`最多 ${yuan(of)}`, `up to ${cash(of)}`];
    return a.purpose === 'buy'
      ? {
          zh: `允许融资柜台按它签名的报价买入并从它的存款中付款，${upToZh}`,
          en: `let the financing desk buy under quotes that it signed, paid from its deposits, ${upToEn}`,
        }
      : {
          zh: `允许票据合约在它兑付时从它的存款中扣款，${upToZh}`,
          en: `let its bills be paid from its deposits when it pays them in, ${upToEn}`,
        };
  },
  pay_for: (a) => ({
    zh: `代 ${zh(a.acceptor)} 为其票据 ${a.bill} 付入 ${yuan(a)}；付入后不能取回，也不因此取得任何权利`,
    en: `pay in ${cash(a)} for ${en(a.acceptor)}, for its bill ${a.bill}; it cannot be taken back, and it gets nothing for it`,
  }),
  deposit: (a) => ({
    zh: `为 ${zh(a.to)} 记入存款 ${yuan(a)}，记账编号 ${a.reference}`,
    en: `credit ${en(a.to)} with deposits of ${cash(a)}, booking ${a.reference}`,
  }),
  redeem: (a) => ({
    zh: `请 ${zh(a.bank)} 支取存款 ${yuan(a)} 至其银行账户；在该行答复之前，这笔存款被锁定`,
    en: `ask ${en(a.bank)} to pay out deposits of ${cash(a)} to its bank account; they are locked until it has answered`,
  }),
  confirm_redemption: (a) => ({
    zh: `确认已向 ${zh(a.member)} 付出 ${yuan(a)}（支取申请 ${a.number}，付款编号 ${a.reference}），这笔存款随即注销`,
    en: `confirm that it paid ${cash(a)} to ${en(a.member)} (redemption ${a.number}, payment ${a.reference}); these deposits then cease to exist`,
  }),
  refuse_redemption: (a) => ({
    zh: `拒绝 ${zh(a.member)} 支取 ${yuan(a)}（支取申请 ${a.number}）：${a.reason}；这笔存款退回对方`,
    en: `refuse to pay out ${cash(a)} to ${en(a.member)} (redemption ${a.number}): ${a.reason}; the deposits go back`,
  }),
  move_account: (a) => ({
    zh: `把本企业的成员身份、票据和存款移到账户 ${a.account}；该账户同意后生效`,
    en: `move its membership, bills and deposits to the account ${a.account}, once that account agrees`,
  }),
};

const MIXED: Text = { zh: '；各票据的限制不同', en: '; their restrictions differ' };

const restrictionsOf = ({ restrictions = [], named }: Partial<Limits>): Text => ({
  zh: `${restrictions.map((r) => `；${RESTRICTION[r].zh}`).join('')}${membersOf(named, '（成员 ', '、', '）')}`,
  en: `${restrictions.map((r) => `; ${RESTRICTION[r].en}`).join('')}${membersOf(named, ' (members ', ', ', ')')}`,
});

function limitsOf(a: StandingLimits, locale: 'zh' | 'en'): string {
  const say = { zh, en }[locale];
  const least =
    a.least === undefined || a.currency === undefined
      ? undefined
      : money(locale === 'zh' ? 'zh-CN' : 'en', { currency: a.currency }, a.least);
  const limits = {
    zh: [
      a.acceptor && `仅限 ${say(a.acceptor)} 承兑的票据`,
      a.counterparty && `仅限 ${say(a.counterparty)} 转让的`,
      least && `每笔不少于 ${least}`,
      a.until && `到 ${a.until} 为止`,
    ],
    en: [
      a.acceptor && `only paper of ${say(a.acceptor)}`,
      a.counterparty && `only from ${say(a.counterparty)}`,
      least && `only ${least} or more at a time`,
      a.until && `until ${a.until}`,
    ],
  }[locale].filter(Boolean);
  return limits.map((limit) => `${locale === 'zh' ? '；' : '; '}${limit}`).join('');
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const membersOf = (named: readonly number[] = [], before: string, between: string, after: string): string =>
  named.length === 0 ? '' : before + named.join(between) + after;

/** The sentence of one act in both languages, with who does it. */
export function meaningOf(by: Name, act: ActMeaning): Text {
  const { zh: inChinese, en: inEnglish } = deedOf(act);
  return { zh: `${zh(by)}将${inChinese}`, en: `${en(by)} will ${inEnglish}` };
}

/** The sentence without who does it. */
export function deedOf(act: ActMeaning): Text {
  const sentence = (SENTENCES[act.act] as (act: ActMeaning) => Text)(act);
  const { amount, face } = act.unbacked ?? { amount: 0n, face: 0n };
  if (amount === 0n || !('currency' in act) || act.currency === undefined) return sentence;
  const of = { currency: act.currency, amount };
  return amount === face
    ? { zh: `${sentence.zh}；没有发票支撑`, en: `${sentence.en}; no invoice is behind it` }
    : {
        zh: `${sentence.zh}；票面 ${yuan(of, face)} 中有 ${yuan(of)} 没有发票支撑`,
        en: `${sentence.en}; of the face of ${cash(of, face)}, ${cash(of)} has no invoice behind it`,
      };
}

/** Several things that one signature does. */
export function meaningOfAll(by: Name, acts: readonly ActMeaning[]): Text {
  const texts = acts.map((act) => meaningOf(by, act));
  return { zh: texts.map((text) => text.zh).join('；'), en: texts.map((text) => text.en).join('; ') };
}
