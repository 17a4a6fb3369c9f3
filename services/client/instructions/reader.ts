/** Reads the calls of a prepared instruction one by one, each the next that is expected, and refuses any other. */
import { FUNCTIONS, OWN_FUNCTIONS } from '../../chain/functions.ts';
import { instantOf, parseLegalDate, type LegalDate } from '../../domain/dates.ts';
import type {
  AskedFor,
  FactsFor,
  MemberInstructionName,
  Meaning,
} from '../../domain/instructions/instructions.ts';
import { parseAmount, type Currency } from '../../domain/money.ts';
import { Problem, type Text } from '../../domain/problems.ts';
import type { PolicyInput } from '../../domain/accounts/input.ts';
import type { MoneyInput } from '../../domain/instructions/instruction.ts';
import { argumentsOf, keccakOfText, type Value } from './abi.ts';
import type { Call } from './digest.ts';

type Contract = keyof typeof FUNCTIONS;
type FunctionOf<C extends Contract> = keyof (typeof FUNCTIONS)[C] & string;

/** Those whose functions no member calls need not be known to it. */
type Further = 'rulebook' | 'orgAccountFactory';
/** Where the contracts are, by the signer's own knowledge, and under which verifiers of the deployment keys stand. */
export type Pin = {
  readonly chainId: number;
  readonly contracts: Readonly<Record<Exclude<Contract, Further>, string>> &
    Readonly<
      Partial<Record<Further | 'p256Verifier' | 'webAuthnVerifier' | 'sm2Verifier', string | undefined>>
    >;
};
/** Who signs; its name, where the signer knows how the platform writes it. */
export type Signing = {
  readonly member: number;
  readonly name?: Text | undefined;
  readonly pin: Pin;
  /** The policy of the firm as the signer knows it: what opens a branch changes it by the branch alone. */
  readonly before?: PolicyInput | undefined;
};
/** What the platform wants signed. */
export type Shown = {
  readonly calls: readonly Call[];
  readonly meaning: Text;
  readonly documents?: readonly string[] | undefined;
  /** Whose batch it is. */
  readonly account: string;
};

/** What a signer cannot know: any name, any date, any amount may stand there. */
export const NAME = '\u{E000}';
export const DATE = '\u{E001}' as LegalDate;
export const SOME = 98_765_432_109_876_543n;
export const SOME_MORE = SOME + 1n;
export const RATE = 987_654_321n;
/** A piece of which the signer need not know when it is due. */
export const PIECE = { currency: 'CNY' as Currency, due: DATE };

type FactsOf<N extends MemberInstructionName> = FactsFor<N> & Pick<Meaning, 'unbacked'>;
/** For each thing that is done, what its sentence may tell, once all else about the calls is right. */
export type Check<N extends MemberInstructionName> = (
  asked: AskedFor<N>,
  calls: Reader,
  signing: Signing,
  shown: Shown,
) => readonly (readonly FactsOf<N>[])[];

export function refused(zh: string, en: string): never {
  throw new Problem('INSTRUCTION_ALTERED', {
    zh: `平台给出的签名内容与所办事项不符，已拒绝签名：${zh}`,
    en: `What the platform wants signed is not what was asked for, and was not signed: ${en}`,
  });
}

export class Reader {
  readonly #calls: readonly Call[];
  readonly #pin: Pin;
  #at = 0;

  constructor(calls: readonly Call[], pin: Pin) {
    this.#calls = calls;
    this.#pin = pin;
  }

  /** The arguments of the next call if it is this one; undefined, and nothing is read, if it is another. */
  try<C extends Contract>(contract: C, name: FunctionOf<C>): readonly Value[] | undefined {
    const call = this.#calls[this.#at];
    if (call === undefined) return undefined;
    if (call.target.toLowerCase() !== this.#pin.contracts[contract]?.toLowerCase()) return undefined;
    const values = argumentsOf((FUNCTIONS[contract] as Record<string, string>)[name]!, call.data);
    if (values !== undefined) this.#at++;
    return values;
  }

  next<C extends Contract>(contract: C, name: FunctionOf<C>): readonly Value[] {
    return (
      this.try(contract, name) ??
      refused(`第 ${this.#at + 1} 项不是 ${name}`, `call ${this.#at + 1} is not ${name}`)
    );
  }

  /** The same for a call of the account to itself. */
  nextOwn(account: string, name: keyof typeof OWN_FUNCTIONS): readonly Value[] {
    const call = this.#calls[this.#at];
    const isOwn = call?.target.toLowerCase() === account.toLowerCase();
    const values = isOwn ? argumentsOf(OWN_FUNCTIONS[name], call.data) : undefined;
    if (values === undefined)
      return refused(`第 ${this.#at + 1} 项不是 ${name}`, `call ${this.#at + 1} is not ${name}`);
    this.#at++;
    return values;
  }

  end(): void {
    if (this.#at !== this.#calls.length)
      refused(`多出第 ${this.#at + 1} 项`, `there is a call ${this.#at + 1} too many`);
  }
}

export function same(what: string, found: Value | undefined, asked: bigint | number | boolean): void {
  if (found !== BigInt(asked)) refused(`${what} 不同`, `another ${what}`);
}

/** The chain knows the hash of a text alone. */
export const sameWords = (what: string, found: Value | undefined, text: string): void =>
  same(what, found, BigInt(keccakOfText(text)));

export const big = (value: Value | undefined): bigint => value as bigint;
export const cents = ({ amount, currency }: MoneyInput): bigint => parseAmount(amount, currency as Currency);
export const sum = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((total, amount) => total + amount, 0n);
/** The instant at which a date is over. */
export const endOf = (date: string): bigint => BigInt(instantOf(parseLegalDate(date)) + 86_400);
export const firstOf = (parcel: string): bigint => BigInt(parcel) % (1n << 64n);

/** The signer need not know whether a bill is new. */
export const eitherWay = <F extends object>(facts: F) =>
  [true, false].map((isIssue) => ({ ...facts, isIssue }));
/** Nor what backs it: that moves nothing. */
export const BACKED = [
  {},
  { unbacked: { amount: SOME, face: SOME } },
  { unbacked: { amount: SOME, face: SOME_MORE } },
] as const;
