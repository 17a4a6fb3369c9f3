import type { Snippet } from 'svelte';
import type { Cell } from './cell.ts';

/**
 * A column of a table: what it is called, what it holds and how that looks. Without `cell` the value is shown as it is;
 * without `value` it is for the screen alone and stays out of exported files.
 */
export type Column<Row> = {
  label: string;
  value?: (row: Row) => Cell;
  cell?: Snippet<[Row]>;
  /** Right-aligned: amounts, counts, rates. */
  end?: boolean;
  hideLabel?: boolean;
  look?: 'strong' | 'muted';
  /** Always fits its column: in a long table nothing has to be cut off, which costs more than all else of a cell. */
  brief?: boolean;
  /** What the API calls the order by this column. */
  sort?: string;
};

export type Shown<Row> = readonly (Column<Row> | false | undefined)[];
