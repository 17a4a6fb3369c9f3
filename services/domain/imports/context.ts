import type { LegalDate } from '../dates.ts';
import type { Currency } from '../money.ts';
import type { StatedMapping } from './columns.ts';
import type { Formats } from './sheet.ts';

/** When a payable is due that does not say so itself. */
export type Terms = { readonly days: number } | { readonly date: LegalDate };

/** How the columns of a table are called and written, as a person has said it. */
export type Remembered = { readonly mapping?: StatedMapping; readonly formats?: Formats };

/** What the reader must know of the world to tell a payable from a mistake. */
export type ImportContext = {
  readonly currency: Currency;
  readonly today: LegalDate;
  readonly tenorMonths: number;
  /** Members that a name, tax number or code of the file may mean: none, one, or several. Never the firm that imports. */
  readonly resolveSupplier: (text: string) => readonly number[];
  /** Whom a buyer's name or number means. In a firm's own books an unknown one may be its own code for itself. */
  readonly buyerIs?: (text: string) => 'us' | 'other' | 'unknown';
  /** By which the invoices of a supplier are known; undefined for one that has none. */
  readonly taxNumberOf: (supplier: number) => string | undefined;
  /** What the user stated of an earlier table with the same header. */
  readonly remembered?: (names: readonly string[]) => Remembered | undefined;
  readonly terms?: Terms | undefined;
};
