/** The form of a kind of notice: what is told to whom, from which facts, and where one goes from there. */
import type { Right } from '../people/rights.ts';
import type { Text } from '../problems.ts';

/** What people switch on and off together. */
export const GROUPS = {
  trade: { zh: '签发与签收', en: 'Bills and offers' },
  financing: { zh: '融资', en: 'Financing' },
  money: { zh: '收付款', en: 'Payments' },
  signing: { zh: '待签署', en: 'Signatures' },
  firm: { zh: '本单位', en: 'The firm' },
  security: { zh: '账户安全', en: 'Security' },
} as const satisfies Record<string, Text>;
export type Group = keyof typeof GROUPS;

/** What a sentence asks for where it is made. */
export type Words = {
  /** A member's name by its number. */
  readonly name: (member: number) => Text;
  /** An amount in minor units, as both languages write it. */
  readonly money: (amount: string) => Text;
};

export type KindDefinition<Facts = never> = {
  readonly group: Group;
  /** Who of the firm is told: the people whose seat has this right. Nothing for what is told to one person. */
  readonly right?: Right;
  /** Says what happened and nothing more: it may go through a mail that strangers read. */
  readonly title: Text;
  /** With names and amounts. */
  readonly sentence: (facts: Facts, words: Words) => Text;
  /** Where one looks at it in the web app. */
  readonly path: (facts: Facts) => string;
  /** Told by mail, and not shown in the inbox. */
  readonly isOnlySent?: true;
};

export const kind =
  <Facts extends object>() =>
  (definition: KindDefinition<Facts>): KindDefinition<Facts> =>
    definition;

/** Both languages at once: `both('“', '”')` needs no second pass over the facts. */
export const text = (zh: string, en: string): Text => ({ zh, en });
