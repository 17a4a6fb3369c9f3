/** Prepares bills of the rows of an import, to be signed portion by portion. */
import type { Origin } from '#db/audit/write.ts';
import { creditsNow } from '#db/imports/credit-notes.ts';
import {
  bindRows,
  listFreeRows,
  lockFreeRows,
  refuseRows,
  wholeOf,
  type FreeRow,
} from '#db/imports/issue.ts';
import { keepVouchers } from '#db/imports/vouchers.ts';
import { registeredInvoices } from '#db/invoices/registered.ts';
import { findMembers } from '#db/members/read.ts';
import { limitsOf, type BillOrder, type Restrict } from '#domain/bills/order.ts';
import { chainTotal } from '#domain/imports/credits.ts';
import { errorAt, refuse, type Refusal } from '#domain/imports/errors.ts';
import type { Payable } from '#domain/imports/payables.ts';
import type { InvoiceName } from '#domain/invoices/canonical.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { ahead } from '#domain/instructions/sentences.ts';
import { formatMoney } from '#domain/money.ts';
import { Problem, problems, type ProblemCode, type Text } from '#domain/problems.ts';
import { draftOrders } from '../bills/drafts.ts';
import { inputOf } from '../bills/orders.ts';
import { throwFirst } from '../instructions/refusal.ts';
import { rehearse } from '../instructions/rehearse.ts';
import { storeDraft, VALID_FOR, type Prepared } from '../instructions/prepare.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import { Directory } from './directory.ts';
import { invoiceHasher } from './invoice-ids.ts';
import type { StoredError, StoredPayable } from './read.ts';
import { readStored } from './store.ts';
import { refused } from '../problems/refused.ts';

/** Bills of one instruction, and instructions of one portion: a large file is prepared and signed portion by portion. */
export const BATCH = 50;
export const PORTION = 10;

type RowOrder = { readonly row: number; readonly order: BillOrder; readonly voucher: string | undefined };

export type Portion = {
  readonly instructions: readonly Prepared[];
  /** Go on after this row; null when no row is left that can go. */
  readonly next: number | null;
};

export type Asked = {
  readonly rows: 'all-ok' | readonly number[];
  readonly except?: readonly number[] | undefined;
  readonly after?: number | undefined;
  readonly due?: string | undefined;
  /** What binds each of the bills. */
  readonly restrict?: Restrict | undefined;
};

/**
 * Prepares an act for each batch of the next rows that can go. A row that the chain refuses is marked with its reason, and
 * the others of its batch go on without it.
 */
export async function preparePortion(
  services: Services,
  by: MemberPerson,
  id: string,
  { rows, except = [], after = 0, due, restrict }: Asked,
  origin: Origin,
): Promise<Portion> {
  const { db, clock } = services;
  const limit = BATCH * PORTION;
  const wanted = { rows: rows === 'all-ok' ? ('all' as const) : rows, except, after, limit };
  const chosen = await listFreeRows<StoredPayable>(db, by.viewer, id, await clock.now(), wanted);
  if (rows !== 'all-ok' && after === 0 && chosen.length < Math.min(rows.length, limit)) {
    throw notFree(rows, chosen);
  }
  const orders = await ordersOfRows(services, by, id, chosen, { due, restrict });
  const instructions: Prepared[] = [];
  for (let n = 0; n < orders.length; n += BATCH) {
    const prepared = await prepareBatch(services, by, id, orders.slice(n, n + BATCH), origin);
    if (prepared !== undefined) instructions.push(prepared);
  }
  return { instructions, next: chosen.length < limit ? null : chosen.at(-1)!.row };
}

function notFree(wanted: readonly number[], chosen: readonly FreeRow<unknown>[]): Problem {
  const free = new Set(chosen.map(({ row }) => row));
  const taken = wanted.filter((row) => !free.has(row)).slice(0, 10);
  return refused('ROWS_NOT_FREE', { rows: taken });
}

/** What the signers agree to before the first portion is signed: all that goes, in one sentence. */
export async function outline(
  services: Services,
  by: MemberPerson,
  id: string,
  { rows, except = [], due, restrict = {} }: Asked,
): Promise<{ bills: number; amount: bigint; meaning: Text } | undefined> {
  const { db, clock, deployment } = services;
  const wanted = { rows: rows === 'all-ok' ? ('all' as const) : rows, except };
  const whole = await wholeOf(db, by.viewer, id, await clock.now(), wanted);
  if (whole.bills === 0) return undefined;
  const { bills, suppliers, amount, firstDue, lastDue } = whole;
  const self = await services.names.of([by.number]);
  const meaning = ahead({
    by: self(by.number).name,
    does: [
      {
        instruction: 'issue',
        bills,
        suppliers,
        amount,
        currency: deployment.currency,
        firstDue: parseLegalDate(due ?? firstDue!),
        lastDue: parseLegalDate(due ?? lastDue!),
        ...limitsOf(restrict),
      },
    ],
  });
  return { bills, amount, meaning };
}

/** Rows for which credit notes came in since they were read are refused: what they say is no longer true. */
async function ordersOfRows(
  services: Services,
  by: MemberPerson,
  id: string,
  rows: readonly FreeRow<StoredPayable>[],
  { due, restrict = {} }: Pick<Asked, 'due' | 'restrict'>,
): Promise<RowOrder[]> {
  const { db } = services;
  const payables = rows.map(({ row, payable }) => ({ row, ...readStored(payable) }));
  const credited = await creditsNow(
    db,
    by.viewer,
    payables.map(({ supplier, invoiceKey: key }) => ({ supplier, key })),
  );
  const stale = payables.flatMap((payable, n) =>
    payable.credited === credited[n]! ? [] : [creditedSince(payable, credited[n]!)],
  );
  await refuseRows(db, by.viewer, id, stale);
  const fresh = payables.filter((payable, n) => payable.credited === credited[n]!);
  const members = new Directory(
    await findMembers(
      db,
      fresh.map(({ supplier }) => supplier),
    ),
  );
  const named = fresh.map((payable) => ({ payable, name: members.invoiceOf(payable) }));
  await refuseRows(
    db,
    by.viewer,
    id,
    named.flatMap(({ payable: { row }, name }) =>
      name === undefined ? [{ row, error: errorIn(row, refuse('SUPPLIER_WITHOUT_TAX_NUMBER')) }] : [],
    ),
  );
  const good = named.flatMap(({ payable, name }) => (name === undefined ? [] : [{ payable, name }]));
  const hash = await invoiceHasher();
  const registered = await registeredInvoices(
    db,
    good.map(({ payable, name }) => ({ payee: payable.supplier, id: hash(name) })),
  );
  return good.map(({ payable, name }, n) => ({
    row: payable.row,
    voucher: payable.voucher,
    order: {
      ...orderOf(payable, name, chainTotal(payable, registered[n])),
      ...limitsOf(restrict),
      ...(due === undefined ? {} : { due: parseLegalDate(due) }),
    },
  }));
}

function creditedSince({ row, currency }: Payable & { row: number }, credited: bigint) {
  return { row, error: errorIn(row, refuse('CREDITED_SINCE', formatMoney(credited, currency, 'en'))) };
}

function errorIn(row: number, refusal: Refusal): StoredError {
  const { column, code, message, value } = errorAt(refusal, row, undefined, '');
  return { column, code, message, value };
}

const orderOf = ({ supplier, amount, dueDate, note = '' }: Payable, name: InvoiceName, total: bigint) => ({
  payee: supplier,
  face: amount,
  due: dueDate,
  invoices: [{ ...name, total, amount }],
  note: note === '' ? null : note,
});

async function prepareBatch(
  services: Services,
  by: MemberPerson,
  id: string,
  batch: readonly RowOrder[],
  origin: Origin,
): Promise<Prepared | undefined> {
  try {
    return await prepareBills(services, by, id, batch, origin);
  } catch (error) {
    if (!(error instanceof Problem) || !isOfOneRow(error.code)) throw error;
    const refused = await refusedRows(services, by, batch);
    if (refused.size === 0) throw error; // each goes by itself: it is what they are together
    await refuseRows(
      services.db,
      by.viewer,
      id,
      [...refused].map(([row, code]) => ({ row, error: errorOf(code) })),
    );
    const good = batch.filter(({ row }) => !refused.has(row));
    return good.length === 0 ? undefined : prepareBills(services, by, id, good, origin);
  }
}

/** Codes that one bill of a batch may bring upon all of it. */
const isOfOneRow = (code: ProblemCode): boolean =>
  [
    'MEMBER_UNKNOWN',
    'MEMBER_NOT_ACTIVE',
    'AMOUNT_INVALID',
    'DUE_DATE_INVALID',
    'TENOR_TOO_LONG',
    'INVOICE_OCCUPIED',
  ].includes(code);

const errorOf = (code: ProblemCode): StoredError => {
  const { zh, en } = problems[code];
  return { column: undefined, code, message: { zh, en }, value: '' };
};

async function prepareBills(
  services: Services,
  by: MemberPerson,
  id: string,
  batch: readonly RowOrder[],
  origin: Origin,
): Promise<Prepared> {
  const { currency } = services.deployment;
  const input = { type: 'issue' as const, bills: batch.map(({ order }) => inputOf(order, currency)) };
  const draft = await draftOrders(
    services,
    by,
    batch.map(({ order }) => order),
  );
  const now = await services.clock.now();
  return storeDraft(services, by, input, draft, {
    validFor: VALID_FOR,
    origin,
    also: async (trx, act) => {
      const rows = batch.map(({ row }) => row);
      const free = await lockFreeRows(trx, id, rows, now);
      if (free.length < rows.length) throw new Problem('ALREADY_DONE');
      const bound = rows.map((row, n) => ({ row, billNo: draft.bills[n]!.billNo }));
      await bindRows(trx, id, act, bound);
      const vouchers = batch.flatMap(({ voucher }, n) =>
        voucher === undefined ? [] : [{ billNo: bound[n]!.billNo, voucher }],
      );
      await keepVouchers(trx, by.number, vouchers);
    },
  });
}

/** Which rows the chain refuses by themselves, and why. Their numbers of bills are gone: they are not given twice. */
async function refusedRows(
  services: Services,
  by: MemberPerson,
  batch: readonly RowOrder[],
): Promise<Map<number, ProblemCode>> {
  const found = await Promise.all(
    batch.map(async ({ row, order }) => {
      try {
        const draft = await draftOrders(services, by, [order]);
        throwFirst(await rehearse(services, by.account, draft.calls));
        return [];
      } catch (error) {
        if (error instanceof Problem && isOfOneRow(error.code)) return [[row, error.code] as const];
        throw error;
      }
    }),
  );
  return new Map(found.flat());
}
