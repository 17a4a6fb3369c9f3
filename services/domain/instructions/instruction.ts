/**
 * The form of an instruction: what a member asks for and signs. One definition, without chain, database and screen; the
 * request's schema, the client's types, the sentence, the titles, the scenario format and its player come from it.
 */
import type { PolicyInput } from '../accounts/input.ts';
import type { Text } from '../problems.ts';
import type { Gas } from './gas.ts';

/** An amount as it is asked for: a decimal string of a currency. */
export type MoneyInput = { readonly amount: string; readonly currency: string };

/** What a field may hold, and its form in a request. The API has one schema for each (services/api/instructions/fields.ts). */
export type Fields = {
  /** The id of a parcel, as a decimal string. */
  parcel: string;
  parcels: readonly string[];
  /** The number of a bill, as a decimal string. */
  bill: string;
  bills: readonly BillInput[];
  member: number;
  money: MoneyInput;
  /** A legal date, `2026-03-03`. */
  date: string;
  yesNo: boolean;
  /** A booking, a payment reference or a reason: its text stays with the platform, its hash goes on chain. */
  words: string;
  /** The id of a quote; further sales under others. */
  quote: string;
  sales: readonly { readonly quote: string; readonly amount: MoneyInput }[];
  /** The number of a redemption, as a decimal string. */
  redemption: string;
  /** The number of a group of obligors; with 0 for none. */
  group: number;
  groupOrNone: number;
  /** The address of an account. */
  account: string;
  /** A firm's whole signing policy. */
  policy: PolicyInput;
  /** The hash of an announced change of it. */
  change: string;
};
export type Field = keyof Fields;

export type InvoiceInput = {
  readonly seller: string;
  readonly code?: string;
  readonly number: string;
  readonly total: MoneyInput;
  readonly amount: MoneyInput;
};
export type BillInput = {
  readonly payee: number;
  readonly face: MoneyInput;
  readonly due: string;
  readonly kind?: 'CERTIFICATE';
  readonly restrict?: {
    readonly passOn?: false;
    readonly finance?: false;
    readonly members?: readonly number[];
  };
  readonly invoices?: readonly InvoiceInput[];
  readonly note?: string;
};

export type Optional<F extends Field> = {
  readonly field: F;
  readonly isOptional: true;
  readonly description?: string;
};
/** A field that may be left out. */
export const optional = <const F extends Field>(field: F, description?: string): Optional<F> => ({
  field,
  isOptional: true,
  ...(description === undefined ? {} : { description }),
});

export type Asks = Readonly<Record<string, Field | Optional<Field>>>;

/** What is asked for, by the names of its fields. */
export type AskedOf<A extends Asks> = {
  readonly [F in keyof A as A[F] extends Field ? F : never]: A[F] extends Field ? Fields[A[F]] : never;
} & {
  readonly [F in keyof A as A[F] extends Field ? never : F]?: A[F] extends Optional<infer K>
    ? Fields[K]
    : never;
};

/** Chooses what is said of what is ahead, or of what is done. */
export type Tense = (ahead: string, done: string) => string;

/**
 * Who gives it: a member by its signers, the operator, the platform's keeper, who needs nobody's signature, whoever has an account
 * of people, about that account, or the signers of an account that is no member's yet.
 */
export type Giver = 'member' | 'operator' | 'keeper' | 'account' | 'new account';

export type Definition<A extends Asks, Facts, By extends Giver = Giver, Scenario extends string = string> = {
  readonly by: By;
  readonly title: Text;
  readonly asks: A;
  readonly gas: Gas;
  /**
   * What it does, without who does it; the English begins with the verb: `will withdraw`, `withdrew`. It promises what the
   * chain checks.
   */
  readonly sentence: (facts: Facts, tense: Tense) => Text;
  /** What it means as an act of the conformance format, which then takes it in as it is asked for. */
  readonly scenario?: Scenario;
  /** Whether the parcel that it makes can be named: one that was cut off or passed on. */
  readonly makesParcel?: true;
};

/** Facts come first, so that what is asked for can be inferred: `instruction<OfferFacts>()({ … })`. */
export const instruction =
  <Facts>() =>
  <const A extends Asks, const By extends Giver, const Scenario extends string = never>(
    definition: Definition<A, Facts, By, Scenario>,
  ): Definition<A, Facts, By, Scenario> =>
    definition;
