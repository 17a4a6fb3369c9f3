import { minor, type Minor } from '../money.ts';
import type { TableRow } from './table.ts';

const ALL = /^(合计|总计|总额|共计|total|grand ?total|sum)[:：]?$/i;
const PART = /^(小计|本页小计|sub-?total)[:：]?$/i;

/** Lines of a table that are no payable but the sum of those above: they are checked and left out. */
export class RowTotals {
  /** What is owed, and that with what is void or hidden: a total may count either. */
  #all: readonly [bigint, bigint] = [0n, 0n];
  #part: readonly [bigint, bigint] = [0n, 0n];

  /** A line that says of itself that it is a total, and names no invoice. */
  kindOf({ cells }: TableRow, invoiceColumn: number | undefined): 'all' | 'part' | undefined {
    const first = cells.find((cell) => cell !== '') ?? '';
    const isElsewhere =
      invoiceColumn === undefined || (cells[invoiceColumn] ?? '') === '' || cells[invoiceColumn] === first;
    if (!isElsewhere) return undefined;
    return ALL.test(first) ? 'all' : PART.test(first) ? 'part' : undefined;
  }

  add(amount: bigint, isOwed: boolean): void {
    const more = isOwed ? amount : 0n;
    this.#all = [this.#all[0] + more, this.#all[1] + amount];
    this.#part = [this.#part[0] + more, this.#part[1] + amount];
  }

  /** The sums so far, or since the last total of a part: of what is owed, and of all. */
  take(kind: 'all' | 'part'): readonly [Minor, Minor] {
    const [owed, all] = kind === 'all' ? this.#all : this.#part;
    this.#part = [0n, 0n];
    return [minor(owed), minor(all)];
  }
}
