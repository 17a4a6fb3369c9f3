/** A policy as a firm asks for it, with amounts as money and times as instants. */
import type { MoneyInput } from '../instructions/instruction.ts';
import { parseAmount, type Currency } from '../money.ts';
import { kindBits, type Kind, type Policy } from './policy.ts';

export type PolicySignerInput = {
  /** ERC-7913, hex. */
  readonly key: string;
  readonly weight?: number;
  /** 1 maker, 2 checker, 3 authoriser, … 8; left out for none. */
  readonly level?: number;
  /** The last instant at which it may sign. */
  readonly validUntil?: string;
  readonly dayLimit?: MoneyInput;
};

export type PolicyRuleInput = {
  readonly kinds: readonly Kind[];
  /** For batches of this amount or more; left out for all. */
  readonly from?: MoneyInput;
  readonly threshold: number;
  readonly levels?: readonly number[];
};

export type PolicyInput = {
  readonly signers: readonly PolicySignerInput[];
  readonly rules?: readonly PolicyRuleInput[];
  readonly threshold: number;
  readonly adminThreshold: number;
  /** Seconds. */
  readonly changeDelay: number;
};

/** @param cents What an amount is in minor units; throws what the caller wants thrown. */
export const policyOfInput = (
  { signers, rules = [], threshold, adminThreshold, changeDelay }: PolicyInput,
  cents: (money: MoneyInput) => bigint = ({ amount, currency }) => parseAmount(amount, currency as Currency),
): Policy => ({
  signers: signers.map(({ key, weight = 1, level = 0, validUntil, dayLimit }) => ({
    key: key.toLowerCase(),
    weight,
    level,
    validUntil: validUntil === undefined ? 0 : Math.floor(Date.parse(validUntil) / 1_000),
    dayLimit: dayLimit === undefined ? 0n : cents(dayLimit),
  })),
  rules: rules.map(({ kinds, from, threshold: needed, levels = [] }) => ({
    kinds: kindBits(kinds),
    from: from === undefined ? 0n : cents(from),
    threshold: needed,
    levels: levels.reduce((bits, level) => bits | (1 << (level - 1)), 0),
  })),
  threshold,
  adminThreshold,
  changeDelay,
});

type Shown = {
  readonly signers: readonly {
    readonly key: string;
    readonly weight: number;
    readonly level: number | null;
    readonly validUntil: string | null;
    readonly dayLimit: MoneyInput | null;
  }[];
  readonly rules: readonly {
    readonly kinds: readonly Kind[];
    readonly from: MoneyInput;
    readonly threshold: number;
    readonly levels: readonly number[];
  }[];
  readonly threshold: number;
  readonly adminThreshold: number;
  readonly changeDelay: number;
};

/** A policy as the API shows it, in the form in which it is asked for. */
export const inputOf = ({ signers, rules, threshold, adminThreshold, changeDelay }: Shown): PolicyInput => ({
  signers: signers.map(({ key, weight, level, validUntil, dayLimit }) => ({
    key,
    weight,
    ...(level === null ? {} : { level }),
    ...(validUntil === null ? {} : { validUntil }),
    ...(dayLimit === null ? {} : { dayLimit }),
  })),
  rules: rules.map(({ kinds, from, threshold: needed, levels }) => ({
    kinds,
    from,
    threshold: needed,
    levels,
  })),
  threshold,
  adminThreshold,
  changeDelay,
});
