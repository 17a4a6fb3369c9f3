/** The numbers that law or practice sets for each kind of instrument, and since when. */
import { canonicalJson } from '../canonical-json.ts';
import type { BillKind } from '../codes.ts';
import { parseLegalDate, type LegalDate } from '../dates.ts';
import type { Currency } from '../money.ts';
import type { Text } from '../problems.ts';

/** Days of a year of interest, by currency. */
export type DayCount = Readonly<Partial<Record<Currency, 360 | 365>>>;

/**
 * The numbers that law or practice sets for one kind of instrument, with where they come from. A bill pins the pack in
 * force when it was issued; the chain keeps the hash of the pack's canonical JSON.
 */
export type RulePack = {
  readonly id: string;
  readonly kind: BillKind;
  readonly citation: Text;
  /** V: read in a reliable copy of the official text; S: from a secondary source. */
  readonly mark: 'V' | 'S';
  readonly effectiveFrom: LegalDate;
  /** The first date on which it no longer holds; null while open. */
  readonly effectiveTo: LegalDate | null;
  /** Longest time from issue to maturity, in calendar months. */
  readonly tenorMonths: number;
  readonly dayCount: DayCount;
  /** How often the line of one bill may be cut. */
  readonly maxSplits: number;
};

/** Market conventions of the money markets: ACT/360 or ACT/365. */
const dayCount: DayCount = {
  AUD: 365,
  CAD: 365,
  CHF: 360,
  CNY: 360,
  EUR: 360,
  GBP: 365,
  HKD: 365,
  JPY: 365,
  NZD: 365,
  SGD: 365,
  USD: 360,
};

const maxSplits = 1_000;

export const RULE_PACKS: readonly RulePack[] = [
  {
    id: 'certificate-legacy',
    kind: 'CERTIFICATE',
    citation: {
      zh: '银发〔2025〕77号第十一条：最长不超过一年（存量业务）',
      en: 'PBC notice Yinfa [2025] No. 77, Art 11: one year at the longest (business from before it)',
    },
    mark: 'V',
    effectiveFrom: parseLegalDate('1970-01-01'),
    effectiveTo: parseLegalDate('2025-06-15'),
    tenorMonths: 12,
    dayCount,
    maxSplits,
  },
  {
    id: 'certificate-2025',
    kind: 'CERTIFICATE',
    citation: {
      zh: '银发〔2025〕77号第十一条：付款期限原则上在六个月以内',
      en: 'PBC notice Yinfa [2025] No. 77, Art 11: within six months as a rule',
    },
    mark: 'V',
    effectiveFrom: parseLegalDate('2025-06-15'),
    effectiveTo: null,
    tenorMonths: 6,
    dayCount,
    maxSplits,
  },
  {
    id: 'draft-2023',
    kind: 'DRAFT',
    citation: {
      zh: '中国人民银行、银保监会令〔2022〕第4号第二十五条：自出票日起最长不超过六个月',
      en: 'PBC and CBIRC order [2022] No. 4, Art 25: at most six months from issue to maturity',
    },
    mark: 'V',
    effectiveFrom: parseLegalDate('2023-01-01'),
    effectiveTo: null,
    tenorMonths: 6,
    dayCount,
    maxSplits,
  },
  {
    id: 'lc-2016',
    kind: 'LC_CLAIM',
    citation: {
      zh: '《国内信用证结算办法》（2016）：远期信用证付款期限最长不超过一年',
      en: 'Measures for Settlement of Domestic Letters of Credit (2016): usance of at most one year',
    },
    mark: 'S',
    effectiveFrom: parseLegalDate('2016-10-08'),
    effectiveTo: null,
    tenorMonths: 12,
    dayCount,
    maxSplits,
  },
];

/** The pack that rules an instrument issued on a date, if there is one. */
export const packInForce = (kind: BillKind, on: LegalDate): RulePack | undefined =>
  RULE_PACKS.find(
    (pack) =>
      pack.kind === kind && pack.effectiveFrom <= on && (pack.effectiveTo === null || on < pack.effectiveTo),
  );

/** Days of a year of interest in a currency: the newest pack's convention. */
export function basisOf(currency: Currency): 360 | 365 {
  const basis = dayCount[currency];
  if (basis === undefined) throw new RangeError(`the rule packs know no day count for ${currency}`);
  return basis;
}

/** The pack's hash under the hash function passed in (the chain's is keccak-256). */
export const packHash = <Hash>(pack: RulePack, hash: (bytes: Uint8Array) => Hash): Hash =>
  hash(new TextEncoder().encode(canonicalJson(pack)));
