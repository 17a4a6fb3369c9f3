import type { Static } from 'typebox';
import { documentHash, invoiceId } from '#chain/typed-data.ts';
import type { InvoiceUse } from '#chain/calls.ts';
import { takeSerials } from '#db/instructions/counters.ts';
import { keepDocuments, type BillDocument } from '#db/bills/documents.ts';
import { transact, type Trx } from '#db/access/access.ts';
import { rulePackAt, type RulePackInForce } from '#db/status/read.ts';
import { bitsOf, RESTRICTION_BITS, type Restriction } from '#domain/codes.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { limitsOfAll } from '#domain/instructions/meaning.ts';
import { billNo, formatId, parcelId } from '#domain/bills/intervals.ts';
import { formatAmount, MAX_FACE } from '#domain/money.ts';
import type { InvoiceName } from '#domain/invoices/canonical.ts';
import { Problem } from '#domain/problems.ts';
import { canonicalJson } from '#domain/rules/rule-packs.ts';
import type { MemberPerson } from '../app-types.ts';
import type { BillInput } from '../instructions/schema.ts';
import type { Services } from '../services.ts';
import { invoicesOf } from '../invoices/backing.ts';
import { unbacked } from './documents.ts';
import { readMoney } from '../schemas/money.ts';
import { dueOf, requireMembers, requireOthers, type Draft } from '../instructions/draft.ts';
import { gasOfIssue } from '../instructions/gas.ts';

export type IssueDraft = Draft & {
  readonly bills: readonly { readonly billNo: bigint }[];
  /** As their hashes in the calls stand for. */
  readonly documents: readonly string[];
  /** Stores the documents of the bills, in the transaction that stores the act. */
  readonly keep: (trx: Trx) => Promise<void>;
};

type Bill = Static<typeof BillInput>;
type Prepared = {
  readonly call: ReturnType<Services['calls']['issue']>;
  readonly document: BillDocument;
  gas: bigint;
};

/** Bills of a core enterprise under its next numbers. A number is given once, whatever becomes of the bill. */
export async function draftIssue(
  services: Services,
  by: MemberPerson,
  { bills }: { readonly bills: readonly Bill[] },
): Promise<IssueDraft> {
  const { db, clock, names } = services;
  await requireOthers(
    services,
    by.number,
    bills.map(({ payee }) => payee),
  );
  await requireMembers(
    services,
    bills.flatMap(({ restrict }) => restrict?.members ?? []),
  );
  const pack = await rulePackAt(db, 'CERTIFICATE', await clock.now());
  if (pack === undefined) throw new Problem('UNAVAILABLE');
  const invoices = await invoicesOf(services, bills);
  // Refuses before numbers are taken.
  const checked = bills.map((bill, n) => readBill(services, bill, invoices[n]!));
  const firstSerial = await transact(db, by.viewer, (trx) => takeSerials(trx, by.number, bills.length));
  const prepared = checked.map((bill, n) => prepareBill(services, by, bill, pack, firstSerial + n));
  const numbers = prepared.map(({ document }) => document.billNo);
  return {
    calls: prepared.map(({ call }) => call),
    gas: prepared.reduce((sum, { gas }) => sum + gas, 0n),
    bills: numbers.map((number) => ({ billNo: number })),
    documents: prepared.map(({ document }) => document.canonical),
    keep: (trx) =>
      keepDocuments(
        trx,
        prepared.map(({ document }) => document),
      ),
    makes: () => ({
      bills: numbers.map(formatId),
      parcels: numbers.map((number) => formatId(parcelId(number, 0n))),
    }),
    meaning: async () => {
      const ref = await names.of(bills.map(({ payee }) => payee));
      const currency = services.deployment.currency;
      const dues = bills.map(({ due }) => parseLegalDate(due)).sort();
      const [only] = checked;
      if (checked.length === 1 && only !== undefined) {
        const { payee, face, due, restrictions } = only;
        return {
          act: 'issue',
          unbacked: unbackedOf([only]),
          to: ref(payee).name,
          amount: face,
          currency,
          due: parseLegalDate(due),
          restrictions,
          named: only.named,
        };
      }
      return {
        act: 'issue_many',
        unbacked: unbackedOf(checked),
        bills: bills.length,
        suppliers: new Set(bills.map(({ payee }) => payee)).size,
        amount: checked.reduce((sum, { face }) => sum + face, 0n),
        currency,
        firstDue: dues[0]!,
        lastDue: dues.at(-1)!,
        ...limitsOfAll(checked),
      };
    },
  };
}

/** Of each bill what its face exceeds its invoices by. */
function unbackedOf(bills: readonly Checked[]): { amount: bigint; face: bigint } {
  const parts = bills.map(({ face, invoices }) => ({ face, amount: unbacked(face, invoices) }));
  return {
    face: parts.reduce((sum, { face }) => sum + face, 0n),
    amount: parts.reduce((sum, { amount }) => sum + amount, 0n),
  };
}

type Checked = {
  readonly payee: number;
  readonly face: bigint;
  readonly due: string;
  readonly restrictions: readonly Restriction[];
  readonly named: readonly number[];
  readonly invoices: readonly (InvoiceName & { total: bigint; amount: bigint })[];
  readonly note: string | null;
};

export const restrictionsOf = ({
  passOn,
  finance,
  members,
}: NonNullable<Bill['restrict']>): Restriction[] => [
  ...(passOn === false ? (['not_to_be_passed_on'] as const) : []),
  ...(finance === false ? (['not_to_be_financed'] as const) : []),
  ...(members !== undefined ? (['named_members_only'] as const) : []),
];

function readBill({ deployment }: Services, bill: Bill, names: readonly InvoiceName[]): Checked {
  const { restrict = {}, invoices = [], note } = bill;
  parseLegalDate(bill.due);
  return {
    payee: bill.payee,
    face: readMoney(bill.face, deployment.currency),
    due: bill.due,
    restrictions: restrictionsOf(restrict),
    named: restrict.members ?? [],
    invoices: merge(
      invoices.map(({ total, amount }, n) => ({
        ...names[n]!,
        total: readMoney(total, deployment.currency),
        amount: readMoney(amount, deployment.currency),
      })),
    ),
    note: note ?? null,
  };
}

/** An invoice that a bill names twice is used once, by the sum. With two totals it stays twice: the chain refuses that. */
function merge(invoices: Checked['invoices']): Checked['invoices'] {
  const merged = new Map<string, Checked['invoices'][number]>();
  for (const invoice of invoices) {
    const { seller, code, number, total } = invoice;
    const key = canonicalJson([seller, code, number, String(total)]);
    const before = merged.get(key)?.amount ?? 0n;
    merged.set(key, { ...invoice, amount: before + invoice.amount });
  }
  return [...merged.values()];
}

function prepareBill(
  { calls, deployment }: Services,
  by: MemberPerson,
  bill: Checked,
  pack: RulePackInForce,
  serial: number,
): Prepared {
  const number = billNo(by.number, serial);
  const amount = (value: bigint) => formatAmount(value, deployment.currency);
  const canonical = canonicalJson({
    billNo: formatId(number),
    kind: 'CERTIFICATE',
    acceptor: by.number,
    payee: bill.payee,
    face: amount(bill.face),
    currency: deployment.currency,
    due: bill.due,
    rulePack: pack.number,
    restrictions: bill.restrictions,
    named: bill.named,
    invoices: bill.invoices.map(({ seller, code, number: of, total, amount: used }) => ({
      seller,
      code,
      number: of,
      total: amount(total),
      amount: amount(used),
    })),
    note: bill.note,
  });
  const hash = documentHash(canonical);
  const invoices = bill.invoices.map((invoice) => ({
    ...invoice,
    invoiceId: invoiceId(invoice.seller, invoice.number, invoice.code),
  }));
  const uses = invoices.map((invoice): InvoiceUse => ({
    invoiceId: invoice.invoiceId,
    ...fitting(invoice),
  }));
  const { named } = bill;
  return {
    document: { billNo: number, documentHash: hash, acceptor: by.number, canonical, named, invoices },
    gas: gasOfIssue(uses.length, named.length),
    call: calls.issue({
      serial,
      payee: bill.payee,
      due: dueOf(bill.due),
      face: bill.face > MAX_FACE ? 0n : bill.face, // refused as impossible, at its place in the order
      restrictions: bitsOf(RESTRICTION_BITS, bill.restrictions),
      rulePack: pack.number,
      documentHash: hash,
      invoices: uses,
      named,
    }),
  };
}

/** An invoice that the chain has no room for is used beyond its total there: refused as occupied. */
const fitting = ({ total, amount }: { total: bigint; amount: bigint }) =>
  total > MAX_FACE || amount > MAX_FACE ? { total: 0n, amount: 1n } : { total, amount };
