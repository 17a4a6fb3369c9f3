/** What a header, a cell beside the table or an amount says of the money: its currency, and whether it counts in single units. */
import { isCurrency } from '../money.ts';

export type Unit = {
  /** In more than single units (万元, thousands) or in less (分). */
  readonly isScaled: boolean;
  /** Said to be in single units: 元. */
  readonly isSingle: boolean;
  readonly currency: string | undefined;
};

const NAMES_OF_MONEY: Readonly<Record<string, string>> = {
  人民币: 'CNY',
  RMB: 'CNY',
  美元: 'USD',
  美金: 'USD',
  US$: 'USD',
  'US DOLLARS': 'USD',
  'U.S. DOLLARS': 'USD',
  EUROS: 'EUR',
  $: 'USD',
  欧元: 'EUR',
  '€': 'EUR',
  英镑: 'GBP',
  '£': 'GBP',
  港元: 'HKD',
  港币: 'HKD',
  HK$: 'HKD',
  日元: 'JPY',
  日圆: 'JPY',
  円: 'JPY',
  'JP¥': 'JPY',
  韩元: 'KRW',
  '₩': 'KRW',
  '₹': 'INR',
  卢布: 'RUB',
  '₽': 'RUB',
  新台币: 'TWD',
  台币: 'TWD',
  NT$: 'TWD',
  新加坡元: 'SGD',
  新元: 'SGD',
  S$: 'SGD',
  澳元: 'AUD',
  A$: 'AUD',
  加元: 'CAD',
  C$: 'CAD',
  瑞士法郎: 'CHF',
};
/** Codes of ISO 4217, ours and others; those that are words as well count in capitals only. */
const CODES = new Set([...Intl.supportedValuesOf('currency'), 'CNH']);
const WORDS = new Set(['ALL', 'TOP', 'TRY', 'PEN', 'CUP', 'LAK', 'GEL', 'LEK', 'MOP', 'DIN']);

/** The currency that a word or sign names; undefined for ¥, which several share, and for what is none. */
export function currencyNamed(word: string): string | undefined {
  const code = word.toUpperCase();
  const named = NAMES_OF_MONEY[code];
  if (named !== undefined) return named;
  if (!isCurrency(code) && !CODES.has(code)) return undefined;
  if (WORDS.has(code) && word !== code) return undefined;
  return code === 'CNH' ? 'CNY' : code;
}

const SCALE =
  /^(?:[十百千]?[万亿]|千|百(?=万|元|$)|分(?=$|[\s)）])|角(?=$)|(?:thousand|million|billion|lakh|crore|cent)s?\b|(?:mio|mln|mrd|tsd|mn|mm|bn)\b\.?|['’]?000s?\b|\d{1,3}(?:,000)+s?\b|10{3,}s?\b|[km](?![a-z])|[tkm](?=€|eur|usd|rmb|cny))/i;
const SINGLE = /^(?:人民币)?[元圆](?:整)?|^yuan\b|^dollars?\b|^euros?\b|^¥|^single units?\b/i;
const FILLER = /^(?:[\s/,，、;；:：_-]|in\b|of\b|金额|计|单位|币种|货币|unit\b|currency\b)/i;
const MONEY = new RegExp(
  `^(?:${Object.keys(NAMES_OF_MONEY)
    .toSorted((a, b) => b.length - a.length)
    .map((name) => name.replace(/[$.]/g, '\\$&'))
    .join('|')}|[A-Za-z]{3}(?![A-Za-z]))`,
  'i',
);

/** Goes through words of money from the left. `rest` is what follows them; undefined when there was none. */
function takeUnit(text: string): { unit: Unit; rest: string } | undefined {
  let [rest, isScaled, isSingle, isAny] = [text, false, false, false];
  let currency: string | undefined;
  while (rest !== '') {
    const scale = SCALE.exec(rest)?.[0];
    const money = scale === undefined ? MONEY.exec(rest)?.[0] : undefined;
    const named = money === undefined ? undefined : currencyNamed(money);
    const single = scale === undefined && named === undefined ? SINGLE.exec(rest)?.[0] : undefined;
    const filler = FILLER.exec(rest)?.[0];
    const taken = scale ?? (named === undefined ? undefined : money) ?? single ?? filler;
    if (taken === undefined) break;
    if (scale !== undefined) isScaled = true;
    // 万元: the yuan behind it says nothing new.
    if (single !== undefined && !isScaled) isSingle = true;
    if (single?.startsWith('人民币')) currency ??= 'CNY';
    currency ??= named;
    isAny ||= taken !== filler;
    rest = rest.slice(taken.length);
  }
  return isAny ? { unit: { isScaled, isSingle, currency }, rest } : undefined;
}

/** The unit that a text is and nothing else: "万元", "USD", "in thousands of EUR". */
export function unitOf(text: string): Unit | undefined {
  const taken = takeUnit(text.trim());
  return taken?.rest === '' ? taken.unit : undefined;
}

const BRACKETS = /[([【<]([^)\]】>]*)[)\]】>]/g;

/** A header, and the unit that it states in brackets, before or after its name: 金额(万元), "Amount in USD", 金额 元. */
export function splitHeader(header: string): { readonly name: string; readonly unit: Unit | undefined } {
  const text = header.normalize('NFKC');
  for (const [bracket, content] of text.matchAll(BRACKETS)) {
    const unit = unitOf(content!);
    if (unit !== undefined) return { name: text.replace(bracket, ''), unit };
  }
  for (const { index, 0: blank } of text.matchAll(/[\s,;:/_-]+|(?=[十百千]?[万亿]元|千元)/g)) {
    const gap = index + blank.length;
    const [before, after] = [text.slice(0, gap), text.slice(gap)];
    const unit = before === '' ? undefined : unitOf(after);
    if (unit !== undefined) return { name: before, unit };
    const first = unitOf(before);
    if (first !== undefined && after !== '') return { name: after, unit: first };
  }
  return { name: text, unit: undefined };
}

const STATED =
  /(?:单位|币种|货币|币别|\bunits?|\bcurrency|\b(?:amounts?|figures|values)(?: are)? in|\bin)\s*(?:[:：]|为|是|=)?\s*/gi;

/** The unit that a cell beside a table states for all of it: "单位：万元", "Currency: USD", "应付明细(千元)". */
export function unitStated(cell: string): Unit | undefined {
  const text = cell.normalize('NFKC');
  for (const { index, 0: word } of text.matchAll(STATED)) {
    const taken = takeUnit(text.slice(index + word.length));
    if (taken !== undefined && !/^[\p{L}\p{N}]/u.test(taken.rest) && !/\d$/.test(text.slice(0, index))) {
      return taken.unit;
    }
    // "单位：万元 编制人：…" ends with a blank, which was taken along.
    if (taken !== undefined && /\s$/.test(text.slice(0, text.length - taken.rest.length))) return taken.unit;
  }
  for (const [, content] of text.matchAll(BRACKETS)) {
    const unit = unitOf(content!);
    if (unit !== undefined) return unit;
  }
  return text.length > 1 ? unitOf(text) : undefined;
}

/** What is stated nearer to an amount counts before what is stated for the whole table. */
export function nearest(...stated: readonly (Unit | undefined)[]): Unit | undefined {
  const units = stated.filter((unit) => unit !== undefined);
  if (units.length === 0) return undefined;
  const decided = units.find(({ isScaled, isSingle }) => isScaled || isSingle);
  return {
    isScaled: decided?.isScaled ?? false,
    isSingle: decided?.isSingle ?? false,
    currency: units.find(({ currency }) => currency !== undefined)?.currency,
  };
}
