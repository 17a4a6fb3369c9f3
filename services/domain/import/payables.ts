/** What a file of payables comes to, row by row or document by document. Good rows stand on their own beside bad ones. */
import type { LegalDate } from '../dates.ts';
import type { Currency, Minor } from '../money.ts';
import type { RowError } from './errors.ts';

export type Payable = {
  readonly supplier: number;
  readonly supplierText: string;
  readonly invoiceNumber: string;
  /** What tells it from every other of its supplier: see invoiceKey. */
  readonly invoiceKey: string;
  readonly invoiceDate: LegalDate | undefined;
  readonly dueDate: LegalDate;
  /** What is owed; `invoiceTotal` is the same where the file knows one amount only. Both less what was credited. */
  readonly amount: Minor;
  readonly invoiceTotal: Minor;
  /** By credit notes, out of what the invoice said. */
  readonly credited: Minor;
  readonly currency: Currency;
  readonly buyer: string | undefined;
  readonly note: string | undefined;
};

/** A credit note or red invoice: nothing is owed for it, it reduces what its invoice can back. */
export type Credit = {
  readonly supplier: number;
  readonly supplierText: string;
  readonly number: string;
  readonly key: string;
  readonly corrects: string;
  /** The key of the invoice that it corrects. */
  readonly correctsKey: string;
  readonly issued: LegalDate | undefined;
  readonly amount: Minor;
  readonly currency: Currency;
};

export type ImportedRow = {
  readonly row: number;
  /** The file within an archive. */
  readonly source?: string | undefined;
} & ({ readonly values: Payable } | { readonly credit: Credit } | { readonly errors: readonly RowError[] });
