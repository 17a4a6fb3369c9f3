import type { Static } from 'typebox';
import type { ImportRow as StoredImport, PayableRow } from '#db/app/imports.ts';
import { formatId } from '#domain/intervals.ts';
import type { Currency } from '#domain/money.ts';
import type { Given, Reading, StoredCredit, StoredError, StoredPayable } from '../imports/read.ts';
import type { Import, ImportRow } from '../schemas/imports.ts';
import { money } from './money.ts';
import type { Names } from './names.ts';

export function importView(
  {
    id,
    name,
    created_at,
    given,
    reading,
    counts,
    row_count: rows,
    total_minor,
  }: StoredImport<Given, Reading>,
  currency: Currency,
): Static<typeof Import> {
  return {
    id,
    name,
    createdAt: created_at.toISOString(),
    // What was read before other kinds were known is CSV.
    kind: reading.kind ?? 'csv',
    encoding: reading.encoding ?? null,
    sheet: reading.sheet ?? null,
    sheets: [...(reading.sheets ?? [])],
    terms: given.terms ?? null,
    columns: reading.columns.map((column) => ({ ...column, samples: [...column.samples] })),
    mapping: reading.mapping as Static<typeof Import>['mapping'],
    formats: reading.formats as Static<typeof Import>['formats'],
    questions: reading.questions.map(({ field = null, column = null, choices, ...question }) => ({
      ...question,
      field,
      column,
      choices: [...choices],
    })),
    counts: { rows, ...counts },
    total: money(total_minor, currency),
  };
}

export function importRowView(
  {
    row,
    source,
    state,
    payable,
    credit,
    errors,
    act_id,
    bill_no,
  }: PayableRow<StoredPayable, StoredError, StoredCredit>,
  ref: Awaited<ReturnType<Names['of']>>,
  currency: Currency,
): Static<typeof ImportRow> {
  const isTaken = state === 'prepared' || state === 'sent' || state === 'issued';
  return {
    row,
    source,
    state,
    payable:
      payable === null
        ? null
        : {
            supplier: ref(payable.supplier),
            supplierText: payable.supplierText,
            invoiceNumber: payable.invoiceNumber,
            invoiceDate: payable.invoiceDate ?? null,
            dueDate: payable.dueDate,
            amount: money(BigInt(payable.amount), currency),
            invoiceTotal: money(BigInt(payable.invoiceTotal), currency),
            credited: money(BigInt(payable.credited ?? '0'), currency),
            note: payable.note ?? null,
          },
    credit:
      credit === null
        ? null
        : {
            supplier: ref(credit.supplier),
            supplierText: credit.supplierText,
            number: credit.number,
            corrects: credit.corrects,
            amount: money(BigInt(credit.amount), currency),
          },
    errors: errors.map(({ column = null, code, message, value }) => ({ column, code, message, value })),
    act: isTaken ? act_id : null,
    billNo: isTaken && bill_no !== null ? formatId(bill_no) : null,
  };
}
