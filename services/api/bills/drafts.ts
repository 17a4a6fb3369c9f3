/** From orders of bills to calls that issue them. */
import { documentHash, invoiceId, type Call } from '#chain/typed-data.ts';
import type { InvoiceUse } from '#chain/calls.ts';
import { takeSerials } from '#db/instructions/counters.ts';
import { keepDocuments, type BillDocument } from '#db/bills/documents.ts';
import { transact, type Trx } from '#db/access/access.ts';
import { rulePackAt, type RulePackInForce } from '#db/status/read.ts';
import { bitsOf, RESTRICTION_BITS } from '#domain/codes.ts';
import { limitsOfAll } from '#domain/instructions/phrases.ts';
import { billNo, formatId, parcelId } from '#domain/bills/intervals.ts';
import type { BillOrder } from '#domain/bills/order.ts';
import { formatAmount, MAX_FACE } from '#domain/money.ts';
import { Problem } from '#domain/problems.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import type { MemberPerson } from '../app-types.ts';
import type { BillInput } from '#domain/instructions/instruction.ts';
import type { Services } from '../services.ts';
import { unbacked } from './documents.ts';
import { ordersOf } from './orders.ts';
import { dueOf, requireMembers, requireOthers, type Draft } from '../instructions/draft.ts';
import { gasOfIssue } from '../instructions/gas.ts';

export type IssueDraft = Draft<'issue'> & {
  readonly bills: readonly { readonly billNo: bigint }[];
  /** As their hashes in the calls stand for. */
  readonly documents: readonly string[];
  /** Stores the documents of the bills, in the transaction that stores the act. */
  readonly keep: (trx: Trx) => Promise<void>;
};

type Prepared = {
  readonly call: Call;
  readonly document: BillDocument;
  gas: bigint;
};

/** Bills of a core enterprise as a request asks for them. */
export async function draftIssue(
  services: Services,
  by: MemberPerson,
  { bills }: { readonly bills: readonly BillInput[] },
): Promise<IssueDraft> {
  await requireParties(
    services,
    by,
    bills.map(({ payee, restrict }) => ({ payee, named: restrict?.members ?? [] })),
  );
  return draftChecked(services, by, await ordersOf(services, bills));
}

/** Bills of a core enterprise whose invoices are known to be of their payees. */
export async function draftOrders(
  services: Services,
  by: MemberPerson,
  orders: readonly BillOrder[],
): Promise<IssueDraft> {
  await requireParties(services, by, orders);
  return draftChecked(services, by, orders);
}

async function requireParties(
  services: Services,
  by: MemberPerson,
  bills: readonly Pick<BillOrder, 'payee' | 'named'>[],
): Promise<void> {
  const payees = bills.map(({ payee }) => payee);
  await requireOthers(services, by.number, payees);
  await requireMembers(
    services,
    bills.flatMap(({ named }) => named),
  );
}

/** Gives them the next numbers. A number is given once, whatever becomes of the bill. */
async function draftChecked(
  services: Services,
  by: MemberPerson,
  orders: readonly BillOrder[],
): Promise<IssueDraft> {
  const { db, clock, names } = services;
  const pack = await rulePackAt(db, 'CERTIFICATE', await clock.now());
  if (pack === undefined) throw new Problem('UNAVAILABLE');
  const firstSerial = await transact(db, by.viewer, (trx) => takeSerials(trx, by.number, orders.length));
  const prepared = orders.map((order, n) => prepareBill(services, by, order, pack, firstSerial + n));
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
    facts: async () => {
      const ref = await names.of(orders.map(({ payee }) => payee));
      const currency = services.deployment.currency;
      const dues = orders.map(({ due }) => due).sort();
      const [only] = orders;
      if (orders.length === 1 && only !== undefined) {
        const { payee, face, due, restrictions } = only;
        return {
          unbacked: unbackedOf([only]),
          to: ref(payee).name,
          amount: face,
          currency,
          due,
          restrictions,
          named: only.named,
        };
      }
      return {
        unbacked: unbackedOf(orders),
        bills: orders.length,
        suppliers: new Set(orders.map(({ payee }) => payee)).size,
        amount: orders.reduce((sum, { face }) => sum + face, 0n),
        currency,
        firstDue: dues[0]!,
        lastDue: dues.at(-1)!,
        ...limitsOfAll(orders),
      };
    },
  };
}

/** Of each bill what its face exceeds its invoices by. */
function unbackedOf(bills: readonly BillOrder[]): { amount: bigint; face: bigint } {
  const parts = bills.map(({ face, invoices }) => ({ face, amount: unbacked(face, invoices) }));
  return {
    face: parts.reduce((sum, { face }) => sum + face, 0n),
    amount: parts.reduce((sum, { amount }) => sum + amount, 0n),
  };
}

function prepareBill(
  { calls, deployment }: Services,
  by: MemberPerson,
  bill: BillOrder,
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
    call: calls.bills.issue({
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

export const billDrafters = { issue: draftIssue };
