import type { Static } from 'typebox';
import { bindRows, listImportRows, lockFreeRows, refuseRows, type PayableRow } from '#db/app/imports.ts';
import { findMembers } from '#db/read/members.ts';
import { formatAmount } from '#domain/money.ts';
import { Problem, problems, type ProblemCode } from '#domain/problems.ts';
import { draftIssue } from '../acts/issue.ts';
import { throwFirst } from '../acts/refusal.ts';
import { rehearse } from '../acts/rehearse.ts';
import { storeDraft, VALID_FOR, type Prepared } from '../acts/prepare.ts';
import type { MemberPerson } from '../app-types.ts';
import type { BillInput } from '../schemas/acts.ts';
import type { Services } from '../services.ts';
import type { StoredError, StoredPayable } from './read.ts';

/** Bills of one act. */
export const BATCH = 50;
const ALL = 100_000;

type Row = PayableRow<StoredPayable, StoredError>;
type Bill = Static<typeof BillInput>;

/**
 * Prepares an act for each batch of rows that can go. A row that the chain refuses is marked with its reason, and the
 * others of its batch go on without it.
 */
export async function prepareRows(
  services: Services,
  by: MemberPerson,
  id: string,
  { rows: wanted, due }: { rows: 'all-ok' | readonly number[]; due?: string | undefined },
): Promise<Prepared[]> {
  const { db, clock } = services;
  const { rows } = await listImportRows<StoredPayable, StoredError>(
    db,
    by.viewer,
    id,
    'ok',
    await clock.now(),
    { limit: ALL },
  );
  const chosen = wanted === 'all-ok' ? rows : rows.filter(({ row }) => wanted.includes(row));
  if (wanted !== 'all-ok' && chosen.length < wanted.length) {
    const free = new Set(chosen.map(({ row }) => row));
    const taken = wanted.filter((row) => !free.has(row));
    throw new Problem('ALREADY_DONE', {
      zh: `第 ${taken.slice(0, 10).join('、')} 行有错或已签发，不能再签发`,
      en: `Rows ${taken.slice(0, 10).join(', ')} have errors or are issued already`,
    });
  }
  const bills = await billsOf(services, chosen, due);
  const prepared: Prepared[] = [];
  for (let n = 0; n < bills.length; n += BATCH) {
    const act = await prepareBatch(services, by, id, bills.slice(n, n + BATCH));
    if (act !== undefined) prepared.push(act);
  }
  return prepared;
}

type RowBill = { readonly row: number; readonly bill: Bill };

/** The seller of an invoice is known by its tax number, or by what we know it by. */
async function billsOf({ db, deployment }: Services, rows: readonly Row[], due?: string): Promise<RowBill[]> {
  const payables = rows.map(({ row, payable }) => ({ row, ...payable! }));
  const members = await findMembers(
    db,
    payables.map(({ supplier }) => supplier),
  );
  const taxIds = new Map(members.map(({ number, tax_id }) => [number, tax_id]));
  const money = (minor: string) => ({
    amount: formatAmount(BigInt(minor), deployment.currency),
    currency: deployment.currency,
  });
  return payables.map(({ row, supplier, amount, invoiceTotal, invoiceNumber, dueDate, note }) => ({
    row,
    bill: {
      payee: supplier,
      face: money(amount),
      due: due ?? dueDate,
      invoices: [
        {
          seller: taxIds.get(supplier) ?? `member ${supplier}`,
          number: invoiceNumber,
          total: money(invoiceTotal),
          amount: money(amount),
        },
      ],
      ...(note === undefined || note === null || note === '' ? {} : { note }),
    },
  }));
}

async function prepareBatch(
  services: Services,
  by: MemberPerson,
  id: string,
  batch: readonly RowBill[],
): Promise<Prepared | undefined> {
  try {
    return await prepareBills(services, by, id, batch);
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
    return good.length === 0 ? undefined : prepareBills(services, by, id, good);
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
  batch: readonly RowBill[],
): Promise<Prepared> {
  const input = { type: 'issue' as const, bills: batch.map(({ bill }) => bill) };
  const draft = await draftIssue(services, by, input);
  const now = await services.clock.now();
  return storeDraft(services, by, input, draft, {
    validFor: VALID_FOR,
    also: async (trx, act) => {
      const rows = batch.map(({ row }) => row);
      const free = await lockFreeRows(trx, id, rows, now);
      if (free.length < rows.length) throw new Problem('ALREADY_DONE');
      const bound = rows.map((row, n) => ({ row, billNo: draft.bills[n]!.billNo }));
      await bindRows(trx, id, act, bound);
    },
  });
}

/** Which rows the chain refuses by themselves, and why. Their numbers of bills are gone: they are not given twice. */
async function refusedRows(
  services: Services,
  by: MemberPerson,
  batch: readonly RowBill[],
): Promise<Map<number, ProblemCode>> {
  const found = await Promise.all(
    batch.map(async ({ row, bill }) => {
      try {
        const draft = await draftIssue(services, by, { bills: [bill] });
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
