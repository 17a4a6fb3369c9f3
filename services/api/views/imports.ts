import type { Static } from 'typebox';
import type { ImportRow as StoredImport, PayableRow } from '#db/app/imports.ts';
import { formatId } from '#domain/intervals.ts';
import type { Currency } from '#domain/money.ts';
import type { Given, Reading, StoredError, StoredPayable } from '../imports/read.ts';
import type { Import, ImportRow } from '../schemas/imports.ts';
import { money } from './money.ts';
import type { Names } from './names.ts';

export function importView(
  { id, name, created_at, reading, counts, total_minor }: StoredImport<Given, Reading>,
  currency: Currency,
): Static<typeof Import> {
  const { ok, error, prepared, issued } = counts;
  return {
    id,
    name,
    createdAt: created_at.toISOString(),
    columns: reading.columns.map((column) => ({ ...column, samples: [...column.samples] })),
    mapping: reading.mapping as Static<typeof Import>['mapping'],
    formats: reading.formats as Static<typeof Import>['formats'],
    questions: reading.questions.map(({ column = null, choices, ...question }) => ({
      ...question,
      column,
      choices: [...choices],
    })),
    counts: { rows: ok + error + prepared + issued, ok, error, prepared, issued },
    total: money(total_minor, currency),
  };
}

export function importRowView(
  { row, state, payable, errors, act_id, bill_no }: PayableRow<StoredPayable, StoredError>,
  ref: Awaited<ReturnType<Names['of']>>,
  currency: Currency,
): Static<typeof ImportRow> {
  const isTaken = state === 'prepared' || state === 'issued';
  return {
    row,
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
            note: payable.note ?? null,
          },
    errors: errors.map(({ column = null, code, message, value }) => ({ column, code, message, value })),
    act: isTaken ? act_id : null,
    billNo: isTaken && bill_no !== null ? formatId(bill_no) : null,
  };
}
