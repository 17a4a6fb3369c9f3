/** Checks what issues bills. */
import { billNo } from '../../domain/bills/intervals.ts';
import { bitsOf, namesOf, RESTRICTION_BITS } from '../../domain/codes.ts';
import { instantOf, legalDateOf, parseLegalDate, type LegalDate } from '../../domain/dates.ts';
import type { BillInput } from '../../domain/instructions/instruction.ts';
import { limitsOfAll } from '../../domain/instructions/phrases.ts';
import { formatAmount, type Currency } from '../../domain/money.ts';
import { keccakOfText, type Value } from './abi.ts';
import { BACKED, big, cents, NAME, refused, same, sum, type Check, type Reader } from './reader.ts';

const issue: Check<'issue'> = ({ bills }, calls, { member }, { documents = [] }) => {
  bills.forEach((bill, n) => {
    const [terms] = calls.next('bills', 'issue') as unknown as [readonly Value[]];
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
  const limits = bills.map((bill) => ({
    restrictions: namesOf(RESTRICTION_BITS, restrictionsOf(bill)),
    named: bill.restrict?.members ?? [],
  }));
  const [only] = bills;
  if (bills.length === 1 && only !== undefined) {
    const due = parseLegalDate(only.due);
    return [[{ to: NAME, amount: cents(only.face), currency, due, ...limits[0], unbacked }]];
  }
  const dues = bills.map(({ due }) => parseLegalDate(due)).sort();
  const several = {
    bills: bills.length,
    suppliers: new Set(bills.map(({ payee }) => payee)).size,
    firstDue: dues[0]!,
    lastDue: dues.at(-1)!,
  };
  return [[{ ...several, amount: unbacked.face, currency, ...limitsOfAll(limits), unbacked }]];
};

export type Issued = { readonly payee: number; readonly due: LegalDate; readonly face: bigint };

/** Bills that the platform read from a file: nothing but issues; what their sentence may tell, and each of them. */
export function issuesOf(calls: Reader, count: number) {
  const all = Array.from(
    { length: count },
    () => (calls.next('bills', 'issue') as unknown as [readonly Value[]])[0],
  );
  const each = all.map((terms): Issued => ({
    payee: Number(big(terms[1])),
    due: legalDateOf(Number(big(terms[2]))),
    face: big(terms[3]),
  }));
  const dues = each.map(({ due }) => due).sort();
  const amount = sum(each.map(({ face }) => face));
  const limits = all.map((terms) => ({
    restrictions: namesOf(RESTRICTION_BITS, Number(big(terms[4]))),
    named: (terms[8] as readonly bigint[]).map(Number),
  }));
  const several = {
    bills: count,
    suppliers: new Set(each.map(({ payee }) => payee)).size,
    firstDue: dues[0]!,
    lastDue: dues.at(-1)!,
  };
  const paper = { amount, currency: 'CNY' } as const;
  const ways = [
    { ...paper, ...several, ...limitsOfAll(limits) },
    ...(count === 1 ? [{ ...paper, to: NAME, due: dues[0]!, ...limits[0]! }] : []),
  ];
  return {
    bills: count,
    amount,
    each,
    facts: ways.flatMap((way) => BACKED.map((known) => ({ ...way, ...known }))),
  };
}

const restrictionsOf = ({ restrict = {} }: BillInput): number =>
  bitsOf(RESTRICTION_BITS, [
    ...(restrict.passOn === false ? (['not_to_be_passed_on'] as const) : []),
    ...(restrict.finance === false ? (['not_to_be_financed'] as const) : []),
    ...(restrict.members !== undefined ? (['named_members_only'] as const) : []),
  ]);

/**
 * The serial and the rule pack are the platform's to choose; the document binds both, and it says what the request says. How an
 * invoice is written in it is the platform's canonical form: its hash is compared as a whole, its amounts one by one.
 */
function issueFits(
  bill: BillInput,
  terms: readonly Value[],
  member: number,
  document: string | undefined,
): void {
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
  if (document === undefined || BigInt(keccakOfText(document)) !== documentHash)
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

export const billChecks = { issue };
