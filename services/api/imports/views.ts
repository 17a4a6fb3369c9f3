/** From rows of imports to JSON. */
import type { Static } from 'typebox';
import type { Alias } from '#db/imports/memory.ts';
import type { ImportRow as StoredImport, PayableRow, UnknownSupplier } from '#db/imports/own.ts';
import { formatId } from '#domain/bills/intervals.ts';
import type { Currency } from '#domain/money.ts';
import type { Correction } from '#domain/imports/corrections.ts';
import type { Field } from '#domain/imports/columns.ts';
import type { MemberRef } from '../schemas/common.ts';
import type { Given, Reading, StoredAsRead, StoredCredit, StoredError, StoredPayable } from './read.ts';
import type { Import, ImportRow } from './schema/import.ts';
import { money } from '../schemas/money.ts';
import type { Names } from '../members/names.ts';

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
    remembered: reading.isRemembered ?? false,
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
    instruction_id,
    bill_no,
    as_read,
  }: PayableRow<StoredPayable, StoredError, StoredCredit, StoredAsRead>,
  ref: Awaited<ReturnType<Names['of']>>,
  currency: Currency,
  correction: Correction = {},
): Static<typeof ImportRow> {
  const isTaken = state === 'prepared' || state === 'held' || state === 'sent' || state === 'issued';
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
            voucher: payable.voucher ?? null,
            lines: payable.lines ?? 1,
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
    asRead:
      as_read === null
        ? null
        : {
            supplier: as_read.supplier ?? null,
            supplierTaxNumber: as_read.supplierTaxNumber ?? null,
            invoiceNumber: as_read.invoiceNumber ?? null,
            invoiceDate: as_read.invoiceDate ?? null,
            dueDate: as_read.dueDate ?? null,
            amount: as_read.amount ?? null,
          },
    corrected: Object.keys(correction) as Field[],
    errors: errors.map(({ column = null, field = null, code, message, value }) => ({
      ...{ column, field, code, message, value },
    })),
    act: isTaken ? instruction_id : null,
    billNo: isTaken && bill_no !== null ? formatId(bill_no) : null,
  };
}

export const unknownSupplierView = (
  { name, taxNumber, isAmbiguous, rows, total }: UnknownSupplier,
  alike: Static<typeof MemberRef>[],
  currency: Currency,
) => ({ name, taxNumber, isAmbiguous, rows, total: money(total, currency), alike });

export const aliasView = ({ name, supplier }: Alias, ref: Awaited<ReturnType<Names['of']>>) => ({
  name,
  supplier: ref(supplier),
});
