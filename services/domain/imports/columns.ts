import type { Text } from '../problems.ts';
import type { TableRow } from './table.ts';
import { splitHeader } from './units.ts';

export const FIELDS = [
  'supplier',
  'supplierTaxNumber',
  'invoiceNumber',
  'digitalNumber',
  'invoiceCode',
  'invoiceDate',
  'dueDate',
  'amount',
  'invoiceTotal',
  'net',
  'tax',
  'currency',
  'corrects',
  'correctsCode',
  'status',
  'isVoid',
  'isPositive',
  'buyer',
  'buyerTaxNumber',
  'voucher',
  'note',
] as const;
export type Field = (typeof FIELDS)[number];
/** A due date may come from terms that the user states instead. */
export const REQUIRED_FIELDS = [
  'supplier',
  'invoiceNumber',
  'dueDate',
  'amount',
] as const satisfies readonly Field[];

export const FIELD_TITLES: Readonly<Record<Field, Text>> = {
  supplier: { zh: '供应商', en: 'supplier' },
  supplierTaxNumber: { zh: '供应商税号', en: 'supplier’s tax number' },
  invoiceNumber: { zh: '发票号码', en: 'invoice number' },
  digitalNumber: { zh: '数电发票号码', en: 'number of the fully digital invoice' },
  invoiceCode: { zh: '发票代码', en: 'invoice code' },
  invoiceDate: { zh: '开票日期', en: 'invoice date' },
  dueDate: { zh: '到期日', en: 'due date' },
  amount: { zh: '应付金额', en: 'amount' },
  invoiceTotal: { zh: '发票金额', en: 'invoice total' },
  net: { zh: '不含税金额', en: 'net amount' },
  tax: { zh: '税额', en: 'tax' },
  currency: { zh: '币种', en: 'currency' },
  corrects: { zh: '所冲发票号码', en: 'corrected invoice' },
  correctsCode: { zh: '所冲发票代码', en: 'code of the corrected invoice' },
  status: { zh: '发票状态', en: 'invoice status' },
  isVoid: { zh: '是否作废', en: 'is void' },
  isPositive: { zh: '是否正数发票', en: 'is positive' },
  buyer: { zh: '核心企业', en: 'buyer' },
  buyerTaxNumber: { zh: '核心企业税号', en: 'buyer’s tax number' },
  voucher: { zh: '凭证号', en: 'voucher number' },
  note: { zh: '备注', en: 'note' },
};

/** Header names as people write them; compared without case, blanks, punctuation and unit. */
const NAMES: Readonly<Record<Field, string>> = {
  supplier:
    '供应商 供应商名称 供应商编号 供应商代码 收款方 收款方名称 收款人 收款人名称 收款单位 销方名称 销售方 销售方名称 supplier supplierName supplierId supplierNo supplierCode vendor vendorName vendorId vendorNo vendorCode payee payeeName seller sellerName creditor',
  supplierTaxNumber:
    '销方识别号 销方税号 销方纳税人识别号 销售方识别号 销售方税号 销售方纳税人识别号 供应商税号 供应商纳税人识别号 纳税人识别号 supplierTaxNumber supplierTaxNo supplierTaxId supplierVatNumber vendorTaxNumber vendorTaxNo vendorTaxId sellerTaxNumber sellerTaxNo sellerTaxId',
  invoiceNumber: '发票号码 发票号 发票编号 invoice invoiceNo invoiceNumber invoiceNr invoiceId billNumber',
  digitalNumber:
    '数电票号码 数电票号 数电发票号码 数电发票号 全电发票号码 全电票号码 全电发票号 全电票号 电子发票号码',
  invoiceCode: '发票代码 invoiceCode',
  invoiceDate:
    '开票日期 开票时间 发票日期 开具日期 开具时间 invoiceDate dateOfInvoice issueDate documentDate postingDate',
  dueDate:
    '到期日 到期日期 应付日期 付款日期 付款到期日 约定付款日 dueDate due dateDue paymentDueDate maturity maturityDate',
  amount:
    '金额 应付金额 付款金额 应付账款 应付余额 签发金额 amount payable payableAmount amountPayable amountDue openAmount outstandingAmount netPayable',
  invoiceTotal:
    '发票金额 发票总额 价税合计 含税金额 金额含税 发票金额含税 invoiceAmount invoiceTotal totalAmount grossAmount total',
  net: '不含税金额 未税金额 金额不含税 发票金额不含税 netAmount amountNet net taxExclusiveAmount amountExclTax amountExcludingTax',
  tax: '税额 税金 合计税额 tax taxAmount vat vatAmount',
  currency: '币种 货币 币别 currency currencyCode ccy',
  corrects:
    '所冲发票号码 原发票号码 原发票号 蓝字发票号码 对应蓝字发票号码 被红冲发票号码 被红冲蓝字发票号码 correctedInvoice correctsInvoice originalInvoice originalInvoiceNo originalInvoiceNumber precedingInvoice',
  correctsCode: '所冲发票代码 原发票代码 蓝字发票代码 对应蓝字发票代码 被红冲发票代码 被红冲蓝字发票代码',
  status:
    '发票状态 状态 票据状态 单据状态 发票状况 红冲状态 冲红状态 作废状态 invoiceStatus status documentStatus state',
  isVoid:
    '是否作废 作废标志 作废标识 作废 是否红冲 是否已红冲 红冲标志 红冲标识 是否冲红 isVoid void voided isCancelled cancelled canceled reversed isReversed',
  isPositive: '是否正数发票 是否正数',
  buyer:
    '核心企业 核心企业名称 付款方 付款人 购买方 购买方名称 购方名称 购方 买方 买方名称 公司 公司代码 buyer buyerName coreEnterprise companyCode payer debtor',
  buyerTaxNumber:
    '购方识别号 购方税号 购方纳税人识别号 购买方识别号 购买方税号 购买方纳税人识别号 买方税号 buyerTaxNumber buyerTaxNo buyerTaxId',
  voucher:
    '凭证号 凭证号码 凭证编号 凭证字号 会计凭证 会计凭证号 会计凭证编号 记账凭证号 记账凭证 单据号 单据号码 单据编号 voucher voucherNo voucherNumber voucherId documentNo documentNumber docNo accountingDocument accountingDocumentNo',
  note: '备注 说明 摘要 note notes remark remarks comment memo description',
};
/** Fields whose columns may state a unit. */
const OF_MONEY: readonly Field[] = ['amount', 'invoiceTotal', 'net', 'tax'];

const FIELD_OF_NAME: ReadonlyMap<string, Field> = new Map(
  FIELDS.flatMap((field) => NAMES[field].split(' ').map((name) => [simplify(name), field] as const)),
);

/** The field that a header cell names; undefined for unknown names and for amounts in other than single units. */
export function fieldOfHeader(header: string): Field | undefined {
  const whole = FIELD_OF_NAME.get(simplify(header));
  if (whole !== undefined) return whole;
  const { name, unit } = splitHeader(header);
  const field = unit && FIELD_OF_NAME.get(simplify(name));
  return field !== undefined && OF_MONEY.includes(field) && unit?.isScaled !== true ? field : undefined;
}

function simplify(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-*.:/#"'’()[\]]/g, '');
}

export type Column = {
  /** Position, 0-based; `letter` as a spreadsheet names it. */
  readonly index: number;
  readonly letter: string;
  /** The text of the header, made unique: "金额 (2)"; the letter when it is blank. */
  readonly name: string;
  readonly samples: readonly string[];
};

export type Mapping = Readonly<Partial<Record<Field, string>>>;
/** As the user states it: null is no column, whatever the header says. */
export type StatedMapping = Readonly<Partial<Record<Field, string | null>>>;

/** A cell may hold a book; its beginning will do. */
const shown = (cell: string): string => (cell.length > 100 ? `${cell.slice(0, 100).toWellFormed()}…` : cell);

/** How far down a title above the table may push its header. */
export const HEADER_SEARCH = 10;
/** Rows below it from which samples are taken. */
export const SAMPLED = 50;

/**
 * The place in `rows` of the header: the first with two names that we know, else the first row. Of a header over several rows
 * the last counts, which names the columns one by one.
 */
export function findHeader(rows: readonly TableRow[]): number {
  const known = rows
    .slice(0, HEADER_SEARCH)
    .map(({ cells }) => cells.filter((cell) => fieldOfHeader(cell) !== undefined).length);
  let at = Math.max(
    0,
    known.findIndex((names) => names >= 2),
  );
  while (known[at]! >= 2 && known[at + 1]! >= known[at]!) at += 1;
  return at;
}

export function columnsOf(header: TableRow, rows: readonly TableRow[]): Column[] {
  const seen = new Map<string, number>();
  const width = header.cells.findLastIndex((cell) => cell !== '') + 1;
  return header.cells.slice(0, width).map((cell, index) => {
    const letter = letterOf(index);
    const text = cell === '' ? letter : shown(cell);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    const samples = rows.slice(0, SAMPLED).map(({ cells }) => cells[index] ?? '');
    return {
      index,
      letter,
      name: times === 1 ? text : `${text} (${times})`,
      samples: samples.filter(Boolean).slice(0, 3).map(shown),
    };
  });
}

/**
 * Which column holds which field: as the user says, else by the names in the header. A field that two columns could hold
 * is left out; `rivals` names them.
 */
export function mapColumns(
  columns: readonly Column[],
  given: StatedMapping,
): { mapping: Mapping; rivals: Map<Field, string[]> } {
  const taken = new Set(Object.values(given));
  const found = new Map<Field, string[]>();
  for (const { name } of columns) {
    const field = fieldOfHeader(name.replace(/ \(\d+\)$/, ''));
    if (field !== undefined && given[field] === undefined && !taken.has(name)) {
      found.set(field, [...(found.get(field) ?? []), name]);
    }
  }
  if (given.amount === undefined) settleAmount(found);
  settle(found, given, 'supplierTaxNumber', 'supplier');
  settle(found, given, 'digitalNumber', 'invoiceNumber');
  settle(found, given, 'buyerTaxNumber', 'buyer');
  settleVoucher(found, given);
  const entries = [...found]
    .filter(([, names]) => names.length === 1)
    .map(([field, names]) => [field, names[0]!] as const);
  return {
    mapping: { ...Object.fromEntries(entries), ...named(given) },
    rivals: new Map([...found].filter(([, names]) => names.length > 1)),
  };
}

/**
 * 1) A bare 金额 beside 税额 is net, as the tax bureau's lists have it, when 价税合计 is there to check it by; without that it
 *    may be either and is asked for.
 * 2) A file that knows one amount only, the invoice's, owes that.
 */
function settleAmount(found: Map<Field, string[]>): void {
  const [amount, total] = [found.get('amount'), found.get('invoiceTotal')];
  const isBare = amount?.length === 1 && /^(金额|amount)$/.test(simplify(splitHeader(amount[0]!).name));
  if (isBare && found.has('tax') && !found.has('net')) {
    found.delete('amount');
    if (total === undefined) return;
    found.set('net', amount);
  }
  if (total?.length === 1 && !found.has('amount')) {
    found.set('amount', total);
    found.delete('invoiceTotal');
  }
}

/** What alone names it stands for it: a tax number for the supplier, where there is no name. */
function settle(found: Map<Field, string[]>, given: StatedMapping, closer: Field, field: Field): void {
  const names = found.get(closer);
  if (names === undefined || found.has(field) || given[field] !== undefined) return;
  found.delete(closer);
  found.set(field, names);
}

/** Books name their own documents 单据号 or Document No. beside 发票号码; where nothing else names the invoice, these do. */
function settleVoucher(found: Map<Field, string[]>, given: StatedMapping): void {
  const names = found.get('voucher');
  if (names === undefined || found.has('invoiceNumber') || given.invoiceNumber !== undefined) return;
  const open = names.filter((name) => /^(单据|doc)/.test(simplify(name)));
  if (open.length === 0) return;
  const others = names.filter((name) => !open.includes(name));
  if (others.length === 0) found.delete('voucher');
  else found.set('voucher', others);
  found.set('invoiceNumber', open);
}

const named = (given: StatedMapping): Mapping =>
  Object.fromEntries(Object.entries(given).filter(([, name]) => name !== null)) as Mapping;

const letterOf = (index: number): string =>
  (index >= 26 ? letterOf(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));
