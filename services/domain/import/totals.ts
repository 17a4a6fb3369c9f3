import { minor, type Minor } from '../money.ts';
import type { TableRow } from './table.ts';

const ALL = /^(合计|总计|总额|共计|total|grand ?total|sum)[:：]?$/i;
const PART = /^(小计|本页小计|sub-?total)[:：]?$/i;

/** Lines of a table that are no payable but the sum of those above: they are checked and left out. */
export class RowTotals {
  #all = 0n;
  #part = 0n;

  /** A line that says of itself that it is a total, and names no invoice. */
  kindOf({ cells }: TableRow, invoiceColumn: number | undefined): 'all' | 'part' | undefined {
    const first = cells.find((cell) => cell !== '') ?? '';
    const isElsewhere =
      invoiceColumn === undefined || (cells[invoiceColumn] ?? '') === '' || cells[invoiceColumn] === first;
    if (!isElsewhere) return undefined;
    return ALL.test(first) ? 'all' : PART.test(first) ? 'part' : undefined;
  }

  add(amount: bigint): void {
    this.#all += amount;
    this.#part += amount;
  }

  /** The sum so far, or since the last total of a part. */
  take(kind: 'all' | 'part'): Minor {
    const sum = kind === 'all' ? this.#all : this.#part;
    this.#part = 0n;
    return minor(sum);
  }
}
