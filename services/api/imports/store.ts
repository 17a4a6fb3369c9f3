/** Keeps what was read: less the credit notes that were confirmed, and beside what the chain knows of the invoices. */
import { countedElsewhere, creditsOf } from '#db/imports/credit-notes.ts';
import type { ImportWriter, NewRow } from '#db/imports/own.ts';
import { directory } from '#db/members/read.ts';
import { registeredInvoices } from '#db/invoices/registered.ts';
import { rulePackAt } from '#db/status/read.ts';
import { legalDateOf } from '#domain/dates.ts';
import type { Terms } from '#domain/imports/context.ts';
import { besideChain, lessCredits } from '#domain/imports/credits.ts';
import { isRefusal } from '#domain/imports/cells.ts';
import { errorAt, refuse, type Refusal, type RowError } from '#domain/imports/errors.ts';
import type { AsRead, ImportedRow, Payable } from '#domain/imports/payables.ts';
import { formatAmount, minor } from '#domain/money.ts';
import { Problem } from '#domain/problems.ts';
import type { Services } from '../services.ts';
import type { Books } from './books.ts';
import { Directory } from './directory.ts';
import { invoiceHasher } from './invoice-ids.ts';
import { memoryOf } from './memory.ts';
import type { Given, Reading, StoredPayable } from './read.ts';
import { readApart } from './reader/read-apart.ts';

/** Reads a file into an import. Throws what FILE_PROBLEMS names, and then nothing is kept. */
export async function fillImport(
  services: Services,
  content: Uint8Array,
  given: Given,
  writer: ImportWriter,
): Promise<Reading> {
  const books = {
    ...(await booksOf(services, writer.member, given.terms)),
    ...(await memoryOf(writer.trx, writer.member)),
  };
  const members = new Directory(books.members);
  const hash = await invoiceHasher();
  const settle = settler(writer, (payable) => hash(members.invoiceOf(payable)!));
  const keep = async (batch: readonly ImportedRow[]) => {
    const known = await knownCredits(writer, batch);
    await writer.put(await settle(batch.map((row) => (known.has(row.row) ? known.get(row.row)! : row))));
  };
  return readApart({ content, given, books }, keep, services);
}

/** What the member's file is read against, as of now. */
async function booksOf(
  { db, clock, deployment }: Services,
  member: number,
  terms: Terms | undefined,
): Promise<Books> {
  const now = await clock.now();
  const [rows, pack] = await Promise.all([directory(db), rulePackAt(db, 'CERTIFICATE', now)]);
  if (pack === undefined) throw new Problem('UNAVAILABLE');
  return {
    member,
    currency: deployment.currency,
    today: legalDateOf(now),
    tenorMonths: pack.tenorMonths,
    terms,
    members: rows.map(({ number, name_zh, name_en, tax_id }) => ({ number, name_zh, name_en, tax_id })),
  };
}

/** Credit notes that count already, as rows that say so. */
async function knownCredits(
  { trx, member, id }: ImportWriter,
  batch: readonly ImportedRow[],
): Promise<Map<number, ImportedRow>> {
  const credits = batch.flatMap((row) => ('credit' in row ? [{ row: row.row, ...row.credit }] : []));
  const counted = await countedElsewhere(trx, member, id, credits);
  return new Map(
    credits
      .filter(({ row }) => counted.has(row))
      .map(({ row, number, supplierText, issued, amount, currency }) => [
        row,
        {
          row,
          errors: [errorAt(refuse('CREDIT_KNOWN'), row, undefined, number)],
          asRead: {
            supplier: supplierText,
            invoiceNumber: number,
            invoiceDate: issued,
            amount: `-${formatAmount(amount, currency)}`,
          },
        },
      ]),
  );
}

/** Rows as they can be kept: payables reduced by all credit notes so far, or refused for what the chain knows. */
const settler =
  ({ trx, member }: ImportWriter, idOf: (payable: Payable) => Buffer) =>
  async (batch: readonly ImportedRow[]): Promise<NewRow[]> => {
    const payables = batch.flatMap((row) => ('values' in row ? [row.values] : []));
    const names = payables.map(({ supplier, invoiceKey: key }) => ({ supplier, key }));
    const credited = await creditsOf(trx, member, names);
    const registered = await registeredInvoices(
      trx,
      payables.map((payable) => ({ payee: payable.supplier, id: idOf(payable) })),
    );
    let n = 0;
    return batch.map((row) => {
      if ('errors' in row) return newRow(row, { errors: row.errors, asRead: row.asRead });
      if ('credit' in row) return newRow(row, { credit: row.credit });
      const at = n++;
      const reduced = lessCredits(row.values, credited[at]!);
      const refused = isRefusal(reduced) ? reduced : besideChain(reduced, registered[at]);
      if (refused !== undefined)
        return newRow(row, {
          errors: [invoiceError(row, row.values, refused)],
          asRead: asReadOf(row.values),
        });
      return newRow(row, { payable: reduced as Payable });
    });
  };

const invoiceError = ({ row }: ImportedRow, { invoiceNumber }: Payable, refused: Refusal): RowError =>
  errorAt(refused, row, undefined, invoiceNumber);

const newRow = (
  { row, source }: ImportedRow,
  {
    payable,
    credit,
    errors = [],
    asRead,
  }: { payable?: Payable; credit?: unknown; errors?: readonly RowError[]; asRead?: AsRead | undefined },
): NewRow => ({
  row,
  source,
  payable: payable ?? null,
  credit: credit ?? null,
  amount: payable?.amount ?? null,
  errors: errors.map(({ column, field, code, message, value }) => ({ column, field, code, message, value })),
  asRead: asRead ?? null,
});

/** Of a row that could be read and is refused for what is known besides. */
const asReadOf = ({
  supplierText,
  invoiceNumber,
  invoiceDate,
  dueDate,
  amount,
  currency,
}: Payable): AsRead => ({
  supplier: supplierText,
  invoiceNumber,
  invoiceDate,
  dueDate,
  amount: formatAmount(amount, currency),
  owed: amount,
});

export const readStored = (stored: StoredPayable): Payable => ({
  ...stored,
  amount: minor(BigInt(stored.amount)),
  invoiceTotal: minor(BigInt(stored.invoiceTotal)),
  // Payables that were kept before credit notes were known have none.
  credited: minor(BigInt(stored.credited ?? '0')),
});
