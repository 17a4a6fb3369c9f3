/** Tables that have a row for each item of an invoice: such rows come to one invoice, the sum of its items. */
import { MAX_FACE, formatMoney, minor } from '../money.ts';
import type { Column } from './columns.ts';
import { refuse, type Refusal } from './errors.ts';
import type { Payable } from './payables.ts';
import type { TableRow } from './table.ts';

const ITEM =
  /^(货物名称|货物或应税劳务(、?服务)?名称|项目名称|商品(名称|编码)?|品名|物料(名称|编码|号)?|规格(型号)?|行号|行项目|明细|line(no|number|item)?|item(no|number|name)?|product(name)?|sku|material)$/;
const QUANTITY = /^(数量|quantity|qty)$/;
const PRICE = /^(单价|不含税单价|unitprice|priceperunit)$/;

/** Where a table of items has how many of them and what one costs. */
export type ItemColumns = { readonly quantity: number | undefined; readonly price: number | undefined };

/** Undefined when nothing in the header says that rows are items. */
export function itemColumns(columns: readonly Column[]): ItemColumns | undefined {
  const names = columns.map(({ name }) => name.toLowerCase().replace(/[\s_\-.*:()（）/]|元/g, ''));
  const at = (shape: RegExp) => {
    const index = names.findIndex((name) => shape.test(name));
    return index < 0 ? undefined : columns[index]!.index;
  };
  const [quantity, price] = [at(QUANTITY), at(PRICE)];
  const isOfItems = at(ITEM) !== undefined || (quantity !== undefined && price !== undefined);
  return isOfItems ? { quantity, price } : undefined;
}

export type Line = { readonly table: TableRow; readonly values: Payable; readonly net: bigint | undefined };

/**
 * The invoice of all its lines. Refused is what could be read in two ways: lines that differ in date or buyer, that say the
 * same word for word, or an amount that stands on each of them and may be the whole invoice's.
 */
export function invoiceOfLines(lines: readonly Line[], items: ItemColumns): Payable | Refusal {
  const [first] = lines as readonly [Line, ...Line[]];
  const several = refuse('INVOICE_SEVERAL_ROWS', lines.map(({ table }) => table.row).join(', '));
  const common = ({ values: { invoiceDate, dueDate, buyer, voucher } }: Line) =>
    [invoiceDate, dueDate, buyer, voucher].join('\u0000');
  if (lines.some((line) => common(line) !== common(first))) return several;
  if (new Set(lines.map(({ table }) => table.cells.join('\u0000'))).size < lines.length) return several;
  const areSame = (of: (values: Payable) => bigint) =>
    lines.every(({ values }) => of(values) === of(first.values));
  if (areSame(({ amount }) => amount) && !lines.every((line) => isPriced(line, items))) return several;
  const sum = (of: (values: Payable) => bigint) => lines.reduce((all, { values }) => all + of(values), 0n);
  const amount = sum((values) => values.amount);
  const { invoiceTotal: stated, currency } = first.values;
  // A total that stands on each line is the invoice's when the lines come to it.
  const isTotal = areSame(({ invoiceTotal }) => invoiceTotal) && !areSame(({ amount }) => amount);
  if (isTotal && stated !== amount) return several;
  const total = isTotal ? stated : sum(({ invoiceTotal }) => invoiceTotal);
  if (amount <= 0n) return refuse('AMOUNT_NOT_POSITIVE');
  if (total > MAX_FACE) return refuse('AMOUNT_TOO_LARGE', formatMoney(MAX_FACE, currency, 'en'));
  return { ...first.values, amount: minor(amount), invoiceTotal: minor(total), lines: lines.length };
}

/** Whether how many there are and what one costs come to what the line says: then it is the line's own amount. */
function isPriced({ table, values, net }: Line, { quantity, price }: ItemColumns): boolean {
  if (quantity === undefined || price === undefined) return false;
  const [many, each] = [quantity, price].map((at) => Number((table.cells[at] ?? '').replaceAll(',', '')));
  const product = many! * each! * 100;
  // Prices are rounded: what many of them come to may be off by as many halves.
  const room = Math.abs(many!) / 2 + 1;
  return [values.amount, net].some((owed) => owed !== undefined && Math.abs(product - Number(owed)) <= room);
}
