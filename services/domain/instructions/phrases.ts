/** What sentences are made of: names, amounts, restrictions. */
import type { Restriction } from '../codes.ts';
import type { LegalDate } from '../dates.ts';
import { formatMoney, type Currency } from '../money.ts';
import type { Text } from '../problems.ts';

/** A firm by its name in one language or in both. */
export type Name = string | Text;
/** Minor units. */
export type Money = { readonly amount: bigint; readonly currency: Currency };
/** A piece of a bill. */
export type Piece = Money & { readonly due: LegalDate };

export const nameIn = (locale: 'zh' | 'en', name: Name): string =>
  typeof name === 'string' ? name : name[locale];
export const zh = (name: Name): string => nameIn('zh', name);
export const en = (name: Name): string => nameIn('en', name);

/** `¥1,000.00` as Chinese writes it, and as English does; of the sum itself, or of another amount in its currency. */
export const yuan = ({ currency, amount }: Money, other = amount): string =>
  formatMoney(other, currency, 'zh-CN');
export const cash = ({ currency, amount }: Money, other = amount): string =>
  formatMoney(other, currency, 'en');

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const RESTRICTION: Record<Restriction, Text> = {
  not_to_be_passed_on: { zh: '不得转让', en: 'not to be passed on' },
  not_to_be_financed: { zh: '不得融资', en: 'not to be financed' },
  named_members_only: { zh: '仅限指定成员', en: 'for named members only' },
};

export type Limits = { readonly restrictions: readonly Restriction[]; readonly named: readonly number[] };
/** What binds each of several bills; `areMixed` when it is not the same for all. */
export type LimitsOfAll = Partial<Limits> & { readonly areMixed?: boolean };

export function limitsOfAll(bills: readonly Limits[]): LimitsOfAll {
  const said = new Set(bills.map(({ restrictions, named }) => [...restrictions, ...named].join()));
  const [first] = bills;
  if (said.size > 1) return { areMixed: true };
  return first === undefined ? {} : { restrictions: first.restrictions, named: first.named };
}

/** Restrictions as the end of a sentence; empty where there are none. */
export function restrictionsOf({ restrictions = [], named = [], areMixed = false }: LimitsOfAll): Text {
  if (areMixed) return { zh: '；各票据的限制不同', en: '; their restrictions differ' };
  const members = (before: string, between: string, after: string) =>
    named.length === 0 ? '' : before + named.join(between) + after;
  return {
    zh: `${restrictions.map((each) => `；${RESTRICTION[each].zh}`).join('')}${members('（成员 ', '、', '）')}`,
    en: `${restrictions.map((each) => `; ${RESTRICTION[each].en}`).join('')}${members(' (members ', ', ', ')')}`,
  };
}
