/**
 * Whether the calls of a prepared act are what was asked for, and its sentence says no other. The platform prepares acts; it is not
 * believed: every call is read, every argument that the request names is compared, and what the platform chooses by itself (what
 * is on offer, a price, a serial) has to be what the sentence says, or the hash of what is shown. One call too many is refused.
 */
import { bitsOf, RESTRICTION_BITS, namesOf } from '../../domain/codes.ts';
import { instantOf, legalDateOf, parseLegalDate, type LegalDate } from '../../domain/dates.ts';
import { billNumber } from '../../domain/bills/bill-number.ts';
import { billNo } from '../../domain/bills/intervals.ts';
import { limitsOfAll, meaningOf, type ActMeaning } from '../../domain/instructions/meaning.ts';
import { formatAmount, parseAmount, type Currency } from '../../domain/money.ts';
import { Problem, type Text } from '../../domain/problems.ts';
import type { ActInput, MoneyInput } from '../generated/schema.ts';
import type { Given } from '../routes.ts';
import { argumentsOf, decode, keccakOfText, type Value } from './abi.ts';
import { QUOTE_FIELDS, type Call, type QuoteFields } from './digest.ts';

/** Where the contracts are, by the signer's own knowledge. */
export type Pin = {
  readonly chainId: number;
  readonly contracts: Readonly<Record<'bills' | 'lines' | 'cash' | 'desk', string>>;
};
/** Who signs; its name, where the signer knows how the platform writes it. */
export type Signing = { readonly member: number; readonly name?: Text | undefined; readonly pin: Pin };
export type Asked = Given<ActInput>;
type Shown = {
  readonly calls: readonly Call[];
  readonly meaning: Text;
  readonly documents?: readonly string[] | undefined;
};

const INVOICES = '(bytes32,uint56,uint56)[]';
const BACKING = `(bytes32,${INVOICES},uint32[])`;
export const FUNCTIONS = {
  issue: ['bills', `issue((uint32,uint32,uint40,uint56,uint16,uint16,bytes32,${INVOICES},uint32[]))`],
  take: ['bills', 'take(uint128,uint32,uint56)'],
  refuse: ['bills', 'refuse(uint128,uint32,uint56)'],
  withdraw: ['bills', 'withdraw(uint128,uint32,uint56)'],
  expire: ['bills', 'expire(uint128,uint32,uint32,uint56)'],
  refuseIssue: ['bills', `refuseIssue(uint64,${BACKING})`],
  withdrawIssue: ['bills', `withdrawIssue(uint64,${BACKING})`],
  expireIssue: ['bills', `expireIssue(uint64,${BACKING})`],
  offer: ['bills', 'offer(uint128,uint56,uint32,uint40)'],
  sell: ['bills', 'sell(uint128,uint56,uint32,address,uint56,bytes)'],
  fund: ['bills', 'fund(uint64,uint56)'],
  payFor: ['bills', 'payFor(uint64,uint56)'],
  distribute: ['bills', 'distribute(uint64,uint56[])'],
  allowDesk: ['bills', 'allowDesk(address,bool)'],
  setStanding: ['bills', 'setStandingAcceptance(bool,uint32,uint32,uint56,uint40)'],
  moveAccount: ['bills', 'moveAccount(address)'],
  approve: ['cash', 'approve(address,uint256)'],
  deposit: ['cash', 'deposit(uint32,uint64,bytes32)'],
  requestRedemption: ['cash', 'requestRedemption(uint32,uint64)'],
  confirmRedemption: ['cash', 'confirmRedemption(uint64,bytes32)'],
  refuseRedemption: ['cash', 'refuseRedemption(uint64,bytes32)'],
  setLine: ['lines', 'setLine(uint32,uint64,uint32)'],
  setGroupLine: ['lines', 'setGroupLine(uint32,uint64)'],
  cancelQuote: ['desk', 'cancel(uint64)'],
} as const satisfies Record<string, readonly [keyof Pin['contracts'], string]>;
type FunctionName = keyof typeof FUNCTIONS;

const MAX_UINT256 = (1n << 256n) - 1n;

/** What a signer cannot know: any name, any date, any amount may stand there. */
const NAME = '\u{E000}';
const DATE = '\u{E001}' as LegalDate;
const SOME = 98_765_432_109_876_543n;
const SOME_MORE = SOME + 1n;
const RATE = 987_654_321n;

export function refused(zh: string, en: string): never {
  throw new Problem('INSTRUCTION_ALTERED', {
    zh: `平台给出的签名内容与所办事项不符，已拒绝签名：${zh}`,
    en: `What the platform wants signed is not what was asked for, and was not signed: ${en}`,
  });
}

const cents = ({ amount, currency }: Given<MoneyInput>): bigint => parseAmount(amount, currency as Currency);
const endOf = (date: string): bigint => BigInt(instantOf(parseLegalDate(date)) + 86_400);

/** Takes the calls one by one, each the next that is expected. */
class Reader {
  readonly #calls: readonly Call[];
  readonly #pin: Pin;
  #at = 0;

  constructor(calls: readonly Call[], pin: Pin) {
    this.#calls = calls;
    this.#pin = pin;
  }

  try(name: FunctionName): readonly Value[] | undefined {
    const call = this.#calls[this.#at];
    const [contract, signature] = FUNCTIONS[name];
    if (call?.target.toLowerCase() !== this.#pin.contracts[contract].toLowerCase()) return undefined;
    const values = argumentsOf(signature, call.data);
    if (values !== undefined) this.#at++;
    return values;
  }

  next(name: FunctionName): readonly Value[] {
    return (
      this.try(name) ?? refused(`第 ${this.#at + 1} 项不是 ${name}`, `call ${this.#at + 1} is not ${name}`)
    );
  }

  end(): void {
    if (this.#at !== this.#calls.length)
      refused(`多出第 ${this.#at + 1} 项`, `there is a call ${this.#at + 1} too many`);
  }
}

function same(what: string, found: Value | undefined, asked: bigint | number | boolean): void {
  if (found !== BigInt(asked)) refused(`${what} 不同`, `another ${what}`);
}
const big = (value: Value | undefined): bigint => value as bigint;
const address = (text: string): bigint => BigInt(text);
const hash = (text: string): bigint => BigInt(text);
const PAPER = { currency: 'CNY' as Currency, due: DATE };

type Of<T extends Asked['type']> = Extract<Asked, { type: T }>;
type Check<T extends Asked['type']> = (
  asked: Of<T>,
  calls: Reader,
  signing: Signing,
  shown: Shown,
) => readonly (readonly ActMeaning[])[];

/** What may stand over each thing that is done, once all else about the calls is right. */
const CHECKS: { readonly [T in Asked['type']]: Check<T> } = {
  issue: ({ bills }, calls, { member }, { documents = [] }) => {
    const payees = new Set(bills.map(({ payee }) => payee));
    bills.forEach((bill, n) => {
      const [terms] = calls.next('issue') as unknown as [readonly Value[]];
      issueFits(bill, terms, member, documents[n]);
    });
    const currency = (bills[0]?.face.currency ?? 'CNY') as Currency;
    const parts = bills.map(({ face, invoices = [] }) => {
      const open = cents(face) - sum(invoices.map(({ amount }) => cents(amount)));
      return { face: cents(face), amount: open > 0n ? open : 0n };
    });
    const unbacked = {
      amount: sum(parts.map((part) => part.amount)),
      face: sum(parts.map((part) => part.face)),
    };
    const [only] = bills;
    if (bills.length === 1 && only !== undefined) {
      const restrictions = namesOf(RESTRICTION_BITS, restrictionsOf(only));
      const due = parseLegalDate(only.due);
      const named = only.restrict?.members ?? [];
      return [
        [{ act: 'issue', to: NAME, amount: cents(only.face), currency, due, restrictions, named, unbacked }],
      ];
    }
    const dues = bills.map(({ due }) => parseLegalDate(due)).sort();
    const limits = limitsOfAll(
      bills.map((bill) => ({
        restrictions: namesOf(RESTRICTION_BITS, restrictionsOf(bill)),
        named: bill.restrict?.members ?? [],
      })),
    );
    return [[{ ...manyOf(bills.length, payees.size, unbacked.face, dues, currency), ...limits, unbacked }]];
  },

  take({ parcels }, calls) {
    const taken = parcels.map((id) => {
      const [parcel, , end] = calls.next('take');
      same('parcel', parcel, BigInt(id));
      return { act: 'take' as const, from: NAME, amount: big(end) - firstOf(id), ...PAPER };
    });
    return taken.map((each) => BACKED.flatMap((known) => eitherWay({ ...each, ...known })));
  },
  refuse: ({ parcel }, calls) => ended('refuse', parcel, calls),
  withdraw: ({ parcel }, calls) => ended('withdraw', parcel, calls),
  expire: ({ parcel }, calls) => ended('expire', parcel, calls),

  offer({ parcel, amount, to, until }, calls) {
    const [id, part, receiver, end] = calls.next('offer');
    same('parcel', id, BigInt(parcel));
    if (amount !== undefined) same('amount', part, cents(amount));
    same('receiver', receiver, to);
    same('last day', end, until === undefined ? 0 : endOf(until));
    const last = until === undefined ? {} : { until: parseLegalDate(until) };
    const offer = { act: 'offer' as const, to: NAME, amount: big(part), ...PAPER, ...last };
    return [[true, false].map((standing) => ({ ...offer, standing }))];
  },

  sell: ({ parcel, amount, others = [] }, calls, signing) =>
    [{ amount }, ...others].map((sale) => [saleOf(parcel, sale.amount, calls, signing)]),

  fund({ bill, amount, distribute }, calls, { pin }) {
    mayApprove(calls, pin.contracts.bills, cents(amount));
    const [no, paid] = calls.next('fund');
    same('bill', no, BigInt(bill));
    same('amount', paid, cents(amount));
    const payout = distribute === true ? calls.try('distribute') : undefined;
    if (payout !== undefined) same('bill to pay out', payout[0], BigInt(bill));
    const written = { bill: billNumber(BigInt(bill)), distribute: payout !== undefined };
    return [[{ act: 'fund', ...written, amount: cents(amount), ...PAPER }]];
  },

  payFor({ bill, amount }, calls, { pin }) {
    mayApprove(calls, pin.contracts.bills, cents(amount));
    const [no, paid] = calls.next('payFor');
    same('bill', no, BigInt(bill));
    same('amount', paid, cents(amount));
    const number = billNumber(BigInt(bill));
    return [[{ act: 'pay_for', acceptor: NAME, bill: number, amount: cents(amount), currency: 'CNY' }]];
  },

  setLine({ obligor, limit, group = 0 }, calls) {
    const [on, upTo, within] = calls.next('setLine');
    same('obligor', on, obligor);
    same('limit', upTo, cents(limit));
    same('group', within, group);
    return [
      [{ act: 'set_line', obligor: NAME, group: String(group), amount: cents(limit), currency: 'CNY' }],
    ];
  },

  setGroupLine({ group, limit }, calls) {
    const [on, upTo] = calls.next('setGroupLine');
    same('group', on, group);
    same('limit', upTo, cents(limit));
    return [[{ act: 'set_group_line', group: String(group), amount: cents(limit), currency: 'CNY' }]];
  },

  setStanding({ standing, acceptor, counterparty, least, until }, calls) {
    const [on, of, from, atLeast, end] = calls.next('setStanding');
    same('choice', on, standing);
    same('acceptor', of, acceptor ?? 0);
    same('counterparty', from, counterparty ?? 0);
    same('least amount', atLeast, least === undefined ? 0 : cents(least));
    same('last day', end, until === undefined ? 0 : endOf(until));
    return [
      [
        {
          act: 'set_standing_acceptance',
          standing,
          currency: 'CNY',
          ...(acceptor === undefined ? {} : { acceptor: NAME }),
          ...(counterparty === undefined ? {} : { counterparty: NAME }),
          ...(least === undefined ? {} : { least: cents(least) }),
          ...(until === undefined ? {} : { until: parseLegalDate(until) }),
        },
      ],
    ];
  },

  approveCash({ amount }, calls, { pin }) {
    const [desk, allowed] = calls.next('allowDesk');
    same('desk', desk, address(pin.contracts.desk));
    same('consent', allowed, true);
    const [spender, limit] = calls.next('approve');
    same('spender', spender, address(pin.contracts.desk));
    same('amount', limit, amount === undefined ? MAX_UINT256 : cents(amount));
    const upTo = amount === undefined ? {} : { amount: cents(amount) };
    return [[{ act: 'approve_cash', purpose: 'buy', currency: 'CNY', ...upTo }]];
  },

  cancelQuote(_, calls) {
    const [nonce] = calls.next('cancelQuote');
    const number = String(big(nonce));
    return [[{ act: 'cancel_quote', number, obligor: NAME, amount: SOME, currency: 'CNY' }]];
  },

  deposit({ member, amount, reference }, calls) {
    const [to, credited, booking] = calls.next('deposit');
    same('member', to, member);
    same('amount', credited, cents(amount));
    same('reference', booking, hash(keccakOfText(reference)));
    return [[{ act: 'deposit', to: NAME, reference, amount: cents(amount), currency: 'CNY' }]];
  },

  redeem({ bank, amount }, calls) {
    const [of, asked] = calls.next('requestRedemption');
    same('bank', of, bank);
    same('amount', asked, cents(amount));
    return [[{ act: 'redeem', bank: NAME, amount: cents(amount), currency: 'CNY' }]];
  },

  confirmRedemption({ redemption, reference }, calls) {
    const [number, payment] = calls.next('confirmRedemption');
    same('redemption', number, BigInt(redemption));
    same('reference', payment, hash(keccakOfText(reference)));
    const about = { number: redemption, member: NAME, amount: SOME, currency: 'CNY' as const };
    return [[{ act: 'confirm_redemption', reference, ...about }]];
  },

  refuseRedemption({ redemption, reason }, calls) {
    const [number, reasonHash] = calls.next('refuseRedemption');
    same('redemption', number, BigInt(redemption));
    same('reason', reasonHash, hash(keccakOfText(reason)));
    const about = { number: redemption, member: NAME, amount: SOME, currency: 'CNY' as const };
    return [[{ act: 'refuse_redemption', reason, ...about }]];
  },

  moveAccount({ account }, calls) {
    const [to] = calls.next('moveAccount');
    same('account', to, address(account));
    return [[{ act: 'move_account', account }]];
  },
};

/** The signer need not know whether a bill is new, or what backs it: that moves nothing. */
const eitherWay = <A extends object>(act: A) => [true, false].map((issued) => ({ ...act, issued }));
const BACKED = [
  {},
  { unbacked: { amount: SOME, face: SOME } },
  { unbacked: { amount: SOME, face: SOME_MORE } },
] as const;

const firstOf = (id: string): bigint => BigInt(id) % (1n << 64n);
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

/** An allowance for exactly what is paid in, before it; none where one for good was given. */
function mayApprove(calls: Reader, spender: string, amount: bigint): void {
  const approval = calls.try('approve');
  if (approval === undefined) return;
  same('spender', approval[0], address(spender));
  same('allowance', approval[1], amount);
}

/** One sale of `amount` cents, or of as many as the call says, from the right end of what those before it left of the parcel. */
function saleOf(
  parcel: string,
  amount: Given<MoneyInput> | undefined,
  calls: Reader,
  { member, pin }: Signing,
): ActMeaning {
  const [id, part, buyer, desk, least, order] = calls.next('sell');
  same('parcel', id, BigInt(parcel));
  if (amount !== undefined) same('amount', part, cents(amount));
  same('desk', desk, address(pin.contracts.desk));
  const [quote] = decode(`((${QUOTE_FIELDS.map(() => 'uint256').join(',')}),bytes)`, order as string) ?? [];
  const [bank, scope, subject, seller] = (quote ?? []) as readonly Value[];
  if (bank === undefined) refused('报价无法读取', 'the quote cannot be read');
  same('bank', bank, big(buyer));
  same('seller', seller, member);
  if (scope === 0n) same('parcel of the quote', subject, BigInt(parcel));
  const price = { interest: SOME, fee: SOME, net: big(least), yearlyCost365: RATE };
  return { act: 'sell', bank: NAME, amount: big(part), ...price, ...PAPER };
}

/** By the parcel, with what was on offer; an issue that comes to nothing by the bill, with what backed it. */
function ended(act: 'refuse' | 'withdraw' | 'expire', parcel: string, calls: Reader) {
  const byParcel = calls.try(act);
  let amount = SOME;
  if (byParcel === undefined) same('bill', calls.next(`${act}Issue`)[0], BigInt(parcel) >> 64n);
  else {
    same('parcel', byParcel[0], BigInt(parcel));
    amount = big(byParcel.at(-1)) - firstOf(parcel);
  }
  return [eitherWay({ act, from: NAME, to: NAME, amount, ...PAPER })] as ActMeaning[][];
}

const manyOf = (
  bills: number,
  suppliers: number,
  amount: bigint,
  dues: readonly LegalDate[],
  currency: Currency,
): ActMeaning => ({
  act: 'issue_many',
  bills,
  suppliers,
  amount,
  currency,
  firstDue: dues[0]!,
  lastDue: dues.at(-1)!,
});

type Bill = Of<'issue'>['bills'][number];

const restrictionsOf = ({ restrict = {} }: Bill): number =>
  bitsOf(RESTRICTION_BITS, [
    ...(restrict.passOn === false ? (['not_to_be_passed_on'] as const) : []),
    ...(restrict.finance === false ? (['not_to_be_financed'] as const) : []),
    ...(restrict.members !== undefined ? (['named_members_only'] as const) : []),
  ]);

/**
 * The serial and the rule pack are the platform's to choose; the document binds both, and it says what the request says. How an
 * invoice is written in it is the platform's canonical form: its hash is compared as a whole, its amounts one by one.
 */
function issueFits(bill: Bill, terms: readonly Value[], member: number, document: string | undefined): void {
  const [serial, payee, due, face, restrictions, rulePack, documentHash, invoices, named] = terms;
  same('payee', payee, bill.payee);
  same('due date', due, instantOf(parseLegalDate(bill.due)));
  same('face', face, cents(bill.face));
  same('restriction', restrictions, restrictionsOf(bill));
  const members = bill.restrict?.members ?? [];
  const list = named as readonly bigint[];
  same('number of named members', BigInt(list.length), members.length);
  members.forEach((each, n) => same('named member', list[n], each));
  const uses = invoices as readonly (readonly bigint[])[];
  const given = bill.invoices ?? [];
  same(
    'sum of invoices',
    sum(uses.map(([, , amount]) => amount!)),
    sum(given.map(({ amount }) => cents(amount))),
  );
  for (const [, total] of uses)
    if (!given.some((invoice) => cents(invoice.total) === total))
      refused('发票金额不同', 'another total of an invoice');
  if (document === undefined || hash(keccakOfText(document)) !== documentHash)
    refused('票据文件与其哈希不符', 'the document of the bill is not what its hash says');
  const text = JSON.parse(document) as Record<string, unknown>;
  const said: Record<string, unknown> = {
    billNo: String(billNo(member, Number(big(serial)))),
    acceptor: member,
    payee: bill.payee,
    face: formatAmount(cents(bill.face), bill.face.currency as Currency),
    currency: bill.face.currency,
    due: bill.due,
    rulePack: Number(big(rulePack)),
    note: bill.note ?? null,
  };
  for (const [name, value] of Object.entries(said))
    if (text[name] !== value)
      refused(`票据文件里的 ${name} 不同`, `another ${name} in the document of the bill`);
}

/** Throws INSTRUCTION_ALTERED, with what is different, unless the calls and the sentence are what was asked for. */
export function checkAct(asked: Asked, shown: Shown, signing: Signing): void {
  const calls = new Reader(shown.calls, signing.pin);
  const sentences = (CHECKS[asked.type] as Check<Asked['type']>)(asked as never, calls, signing, shown);
  calls.end();
  checkSentence(sentences, shown.meaning, signing);
}

/** Bills that the platform read from a file: nothing but issues, and together what the sentence says. */
export function checkBatch(shown: Shown, signing: Signing): { bills: number; amount: bigint } {
  const calls = new Reader(shown.calls, signing.pin);
  const terms = shown.calls.map(() => (calls.next('issue') as unknown as [readonly Value[]])[0]);
  const all = terms as readonly (readonly bigint[])[];
  const dues = all.map((terms) => legalDateOf(terms[2]!)).sort();
  const amount = sum(all.map((terms) => terms[3]!));
  const suppliers = new Set(all.map((terms) => terms[1])).size;
  const limits = terms.map((each) => ({
    restrictions: namesOf(RESTRICTION_BITS, Number(big(each[4]))),
    named: (each[8] as readonly bigint[]).map(Number),
  }));
  const many = { ...manyOf(all.length, suppliers, amount, dues, 'CNY'), ...limitsOfAll(limits) };
  const one: ActMeaning = { act: 'issue', to: NAME, amount, currency: 'CNY', due: dues[0]!, ...limits[0]! };
  const ways = all.length === 1 ? [many, one] : [many];
  checkSentence(
    [ways.flatMap((way) => BACKED.map((known) => ({ ...way, ...known })))],
    shown.meaning,
    signing,
  );
  return { bills: all.length, amount };
}

export type AskedQuote = Readonly<Partial<QuoteFields>>;

/** Throws unless every field that the bank stated is in the quote, and the quote is the bank's. */
export function checkQuote(asked: AskedQuote, quote: QuoteFields, { member }: Signing): void {
  same('bank', quote.bank, member);
  for (const [name, value] of Object.entries(asked)) same(name, quote[name as keyof QuoteFields], value);
}

function checkSentence(
  parts: readonly (readonly ActMeaning[])[],
  shown: Text,
  { name = { zh: NAME, en: NAME } }: Signing,
): void {
  for (const [language, between] of [
    ['zh', '；'],
    ['en', '; '],
  ] as const) {
    const patterns = parts.map(
      (ways) => `(?:${ways.map((act) => patternOf(meaningOf(name, act)[language])).join('|')})`,
    );
    if (!new RegExp(`^${patterns.join(between)}$`, 'u').test(shown[language]))
      refused(`说明与内容不符（“${shown.zh}”）`, `the sentence says something else ("${shown.en}")`);
  }
}

/** Where the signer knows better nothing may differ; where it cannot know, one name, date or amount stands. */
const patternOf = (text: string): string =>
  text
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replace(/987,654,321,098,765\\\.4[34]/g, '[\\d,]+\\.\\d\\d')
    .replaceAll('98765\\.4321%', '[\\d.]+%')
    .replaceAll(NAME, '[^；;¥]{1,200}?')
    .replaceAll(DATE, '\\d{4}-\\d\\d-\\d\\d');
