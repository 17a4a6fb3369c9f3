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
  /** How many rows of a table it is the sum of, where each is an item of it. */
  readonly lines?: number | undefined;
  /** Of the firm's own books: 凭证号. */
  readonly voucher?: string | undefined;
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

/** What stands in a row that is refused, as it was read: enough to find it again and to put it right. */
export type AsRead = {
  readonly supplier?: string | undefined;
  readonly supplierTaxNumber?: string | undefined;
  readonly invoiceNumber?: string | undefined;
  readonly invoiceDate?: string | undefined;
  readonly dueDate?: string | undefined;
  readonly amount?: string | undefined;
  /** What is owed by it, where that can be told. */
  readonly owed?: Minor | undefined;
};

type Refused = { readonly errors: readonly RowError[]; readonly asRead?: AsRead | undefined };

export type ImportedRow = {
  readonly row: number;
  /** The file within an archive. */
  readonly source?: string | undefined;
} & ({ readonly values: Payable } | { readonly credit: Credit } | Refused);
