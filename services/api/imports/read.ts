import {
  readPayables,
  type Formats,
  type Import,
  type ImportedRow,
  type Payable,
} from '#domain/import/payables.ts';
import type { Mapping } from '#domain/import/columns.ts';
import type { RowError } from '#domain/import/errors.ts';
import type { NewRow } from '#db/app/imports.ts';
import { directory } from '#db/read/members.ts';
import { rulePackAt } from '#db/read/status.ts';
import { legalDateOf } from '#domain/dates.ts';
import { Problem } from '#domain/problems.ts';
import type { Services } from '../services.ts';
import { Directory } from './directory.ts';

export const LIMITS = { bytes: 8 * 1024 * 1024, rows: 20_000 } as const;

/** What the user stated. */
export type Given = { readonly mapping?: Mapping | undefined; readonly formats?: Formats | undefined };
/** What was found in the file, but for its rows. */
export type Reading = Pick<Import, 'columns' | 'mapping' | 'formats' | 'questions'>;
/** A payable as it lies in the database: amounts are decimal strings of minor units. */
export type StoredPayable = Omit<Payable, 'amount' | 'invoiceTotal'> & {
  readonly amount: string;
  readonly invoiceTotal: string;
};
export type StoredError = Pick<RowError, 'column' | 'message' | 'value'> & { readonly code: string };

/** Reads a file of payables as the books of one member. Throws FileRefused when there is no table in it. */
export async function readFile(
  { db, clock, deployment }: Services,
  member: number,
  text: string,
  { mapping, formats }: Given,
): Promise<{ reading: Reading; rows: NewRow[] }> {
  const now = await clock.now();
  const [members, pack] = await Promise.all([directory(db), rulePackAt(db, 'CERTIFICATE', now)]);
  if (pack === undefined) throw new Problem('UNAVAILABLE');
  const known = new Directory(members);
  const { columns, rows, questions, ...found } = readPayables(text, {
    currency: deployment.currency,
    today: legalDateOf(now),
    tenorMonths: pack.tenorMonths,
    limits: LIMITS,
    resolveSupplier: (name) => known.find(name).filter((number) => number !== member),
    // A name that means nobody whom we know may be the books' own code for this firm.
    isBuyer: (name) => known.find(name).length === 0 || known.find(name).includes(member),
    ...(mapping === undefined ? {} : { mapping }),
    ...(formats === undefined ? {} : { formats }),
  });
  const reading = { columns, questions, mapping: found.mapping, formats: found.formats };
  return { reading, rows: rows.map(newRow) };
}

const newRow = (row: ImportedRow): NewRow =>
  'values' in row
    ? { row: row.row, payable: row.values, amount: row.values.amount, errors: [] }
    : { row: row.row, payable: null, amount: null, errors: row.errors };
