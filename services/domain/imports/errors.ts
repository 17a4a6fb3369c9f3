/** What is wrong with a cell, and what to do about it. The place (row and column) stands beside the message. */
import type { FileProblemCode, Text } from '../problems.ts';
import type { Field } from './columns.ts';

const t = (zh: string, en: string): Text => ({ zh, en });

const MESSAGES = {
  CELLS_MISPLACED: () =>
    t(
      '这一行的单元格比表头多：值里若有分隔符，须用引号括起来',
      'The row has more cells than the header: put quotes around a value that contains the delimiter',
    ),
  VALUE_MISSING: () => t('没有填写，请补上', 'Nothing is filled in; add it'),
  VALUE_TOO_LONG: (most: string) =>
    t(`超过 ${most} 个字，请缩短`, `Longer than ${most} characters; shorten it`),
  SUPPLIER_UNKNOWN: () =>
    t(
      '没有找到这家供应商，请核对名称、税号或编号，或先邀请它加入',
      'No member has this name, tax number or code; correct it, or invite the supplier first',
    ),
  SUPPLIER_AMBIGUOUS: () =>
    t('不止一家成员与此相符，请改填税号', 'More than one member answers to this; use the tax number instead'),
  INVOICE_NUMBER_ROUNDED: () =>
    t(
      '号码被表格软件改写成了科学计数法，请把该列设为文本后重填',
      'The spreadsheet has rounded the number; format the column as text and enter it again',
    ),
  SUPPLIER_WITHOUT_TAX_NUMBER: () =>
    t(
      '这家供应商没有登记税号，无法核对发票，请先由平台补登',
      'This supplier has no tax number by which its invoices are known; have the operator record it first',
    ),
  INVOICE_NUMBER_UNREADABLE: () =>
    t(
      '号码只能含数字、字母 A–Z、汉字与常用符号，请照发票填写',
      'A number has digits, letters A–Z, Han characters and plain signs; write it as the invoice does',
    ),
  INVOICE_CODE_MISSING: () =>
    t(
      '八位号码须同时写明发票代码，请补上“发票代码”一列',
      'A number of eight digits needs its code; add it in a column 发票代码 (invoice code)',
    ),
  INVOICE_CODE_INVALID: () =>
    t(
      '发票代码应为 10 位或 12 位数字（开头的 0 可能已丢失），且与号码一致',
      'A code has 10 or 12 digits (zeros at its beginning may be lost) and agrees with the number',
    ),
  INVOICE_DUPLICATE: (row: string) =>
    t(
      `与第 ${row} 行是同一张发票，请删去其中一行`,
      `The same invoice stands in row ${row}; remove one of the two`,
    ),
  INVOICE_SEVERAL_ROWS: (rows: string) =>
    t(
      `第 ${rows} 行是同一张发票而内容不同：若每行是一个明细，请合计成一行；若有多余的，请删去`,
      `Rows ${rows} name the same invoice and differ: if each is one of its lines, add them up to one row; if not, remove what is not owed`,
    ),
  INVOICE_LINE_WRONG: (rows: string) =>
    t(
      `同一张发票的第 ${rows} 行有误：更正之后，各行才能合计成一张发票`,
      `Row ${rows} of the same invoice is wrong: correct it, and the rows add up to one invoice`,
    ),
  INVOICE_NOT_OWED: () =>
    t(
      '表中注明该发票已作废、红冲或已付，不能作为应付款；请更正或删去该行',
      'By its own words it is void, reversed or paid, and no payable; correct or remove the row',
    ),
  ROW_HIDDEN: () =>
    t(
      '工作表隐藏（筛选掉）了这一行，没有读取；如需导入，请取消隐藏后再导入',
      'The sheet hides this row (a filter, perhaps), so it is left out; show it and import again if it is meant',
    ),
  CHARACTER_BROKEN: () =>
    t(
      '有半个或损坏的字符，请更正这一格后再导入',
      'A character in it is broken or cut in half; correct the cell and import again',
    ),
  AMOUNT_MERGED: () =>
    t(
      '金额单元格与上下行合并，分不清各行多少；请拆分后逐行填写',
      'One merged cell holds the amount of several rows; split it and enter the amount of each',
    ),
  DATE_UNREADABLE: (format: string) =>
    t(
      `不能按 ${format} 读成日期，请改写，例如 2026-06-30`,
      `Not a date written as ${format}; write it like 2026-06-30`,
    ),
  DATE_NOT_IN_CALENDAR: () => t('日历上没有这一天，请更正', 'The calendar has no such day; correct it'),
  DATE_AMBIGUOUS: () =>
    t(
      '日与月分不清，请先说明该列的日期格式',
      'Day and month cannot be told apart; say first how the dates of this column are written',
    ),
  DUE_DATE_PAST: (today: string) =>
    t(`到期日须在今天（${today}）之后`, `The due date must lie after today (${today})`),
  TENOR_TOO_LONG: (latest: string) =>
    t(`到期日最晚为 ${latest}`, `The due date can be ${latest} at the latest`),
  AMOUNT_UNREADABLE: (format: string) =>
    t(
      `不能按 ${format} 读成金额，请改写，例如 1234.56`,
      `Not an amount written as ${format}; write it like 1234.56`,
    ),
  AMOUNT_AMBIGUOUS: () =>
    t(
      '千位与小数分不清，请先说明该列的数字格式',
      'Thousands and decimals cannot be told apart; say first how the numbers of this column are written',
    ),
  AMOUNT_NOT_POSITIVE: () =>
    t(
      '金额须大于零；红字（贷项）须写明所冲的发票号码',
      'The amount must be more than zero; a credit must name the invoice that it corrects',
    ),
  AMOUNT_IN_THOUSANDS: () =>
    t(
      '该列以万元（千元）计，请换算成元后再导入',
      'This column counts in thousands; convert it to single units and import again',
    ),
  AMOUNT_DECIMALS: (decimals: string) =>
    t(
      `最多 ${decimals} 位小数，请更正，系统不代为取舍`,
      `At most ${decimals} decimals; correct it, we do not round for you`,
    ),
  AMOUNT_TOO_LARGE: (most: string) => t(`金额最大为 ${most}`, `The amount can be ${most} at most`),
  AMOUNT_EXCEEDS_INVOICE: () =>
    t('应付金额超过发票金额，请更正', 'The amount exceeds the invoice total; correct it'),
  TOTALS_DISAGREE: (sum: string) =>
    t(`与各部分之和 ${sum} 不符，请核对`, `Does not equal the sum of its parts, ${sum}; check the figures`),
  TOTAL_ROW_DISAGREES: (sum: string) =>
    t(
      `合计与能读出的各行之和 ${sum} 不符，请核对是否缺行`,
      `The total differs from the sum of the rows that could be read, ${sum}; check whether rows are missing`,
    ),
  DUE_DATE_MISSING: () =>
    t(
      '没有写明到期日，请在页面上说明账期或到期日',
      'It does not say when it is due; state the terms or a due date on the page',
    ),
  DUE_DATE_SEVERAL: () =>
    t(
      '有几个不同的到期日，请每期填一张表，写明应付金额与发票金额，分别导入',
      'It names several due dates; enter each instalment in a table of its own, with its amount and the invoice total',
    ),
  DUE_DATE_OF_PART: () =>
    t(
      '到期日只针对一部分金额，请每期填一张表，写明应付金额与发票金额，分别导入',
      'The due date is that of a part; enter each instalment in a table of its own, with its amount and the invoice total',
    ),
  TEST_INVOICE: () =>
    t('这是测试发票，不是真实的应付款', 'It says that it is a test: no invoice, and no payable'),
  CURRENCIES_DISAGREE: (currencies: string) =>
    t(
      `金额的货币与单据的货币不一致（${currencies}），请让对方更正后重开`,
      `Its amounts are in different currencies (${currencies}); have it corrected by whoever made it`,
    ),
  CURRENCY_UNKNOWN: (currency: string) =>
    t(
      `不认识这种货币，应为三位代码，例如 ${currency}`,
      `Not a currency that we know; write its code, for example ${currency}`,
    ),
  CURRENCY_OTHER: (currency: string) =>
    t(`只能导入 ${currency}，请另行处理`, `Only ${currency} can be imported; leave this row out`),
  PAYEE_OTHER: () =>
    t(
      '收款方不是销售方，债权可能已转让，请核实后再处理',
      'It is to be paid to somebody else than the seller: the claim may have been assigned; find out first',
    ),
  BUYER_UNKNOWN: () =>
    t(
      '购买方与贵公司的名称、税号都不相符，请核对抬头',
      'The buyer is neither your name nor your tax number; check whom it is addressed to',
    ),
  INVOICE_OCCUPIED: (left: string) =>
    t(
      `链上已有票据以这张发票作支撑，只剩 ${left} 可用`,
      `Bills are backed by this invoice already; only ${left} of it is left`,
    ),
  INVOICE_TOTAL_DIFFERS: (total: string) =>
    t(
      `链上记录的这张发票总额为 ${total}，请核对发票金额`,
      `The chain knows this invoice with a total of ${total}; check the invoice total`,
    ),
  INVOICE_CREDITED: (credited: string) =>
    t(
      `已被贷项（红字）冲减 ${credited}，没有可支撑的余额`,
      `Credit notes of ${credited} leave nothing that it could back`,
    ),
  CREDITED_SINCE: (credited: string) =>
    t(
      `读取之后又收到 ${credited} 的贷项，请重新读取文件`,
      `Credit notes of ${credited} in all apply to it by now; read the file again`,
    ),
  CREDIT_KNOWN: () =>
    t('这张贷项（红字）已导入过，不会再次冲减', 'This credit note came in before; it is counted once'),
  CREDIT_EXCEEDS: (amounts: string) =>
    t(
      `发票已冲减/总额 ${amounts}，再计入这张红字就超过总额：是否重复？如确须计入，请先撤回先前的一张`,
      `Of the invoice is credited already / its total: ${amounts}; with this one it would be more: is it a credit given twice? If this one is right, take the other back first`,
    ),
  CREDIT_NAMES_NO_INVOICE: () =>
    t(
      '贷项（红字）没有写明所冲的发票，请补上蓝字发票号码',
      'The credit note does not name the invoice that it corrects; add its number',
    ),
  DOCUMENT_KIND: (code: string) =>
    t(
      `这类单据（代码 ${code}）不作应付款导入，请人工处理`,
      `A document of this kind (code ${code}) is no payable; deal with it by hand`,
    ),
  ELEMENT_REPEATED: () => t('出现了不止一次，只能有一个', 'It stands there more than once; one is allowed'),
  BUYER_OTHER: () =>
    t('这是另一家企业的应付款，请从文件中删去', 'This is another firm’s payable; leave it out'),
} as const satisfies Record<string, (argument: string) => Text>;

export type RowErrorCode = keyof typeof MESSAGES;

export type RowError = {
  /** As a spreadsheet counts, from 1. */
  readonly row: number;
  /** The header of the column, or the element of a document; undefined when the whole row is meant. */
  readonly column: string | undefined;
  /** What the column holds, where that is known. */
  readonly field?: Field | undefined;
  readonly code: RowErrorCode | FileProblemCode;
  readonly message: Text;
  readonly value: string;
};

/** Why a value was not accepted; where it stands is the reader's to add. */
export type Refusal = { readonly refused: RowErrorCode; readonly argument: string };

export const refuse = (refused: RowErrorCode, argument = ''): Refusal => ({ refused, argument });

/** How much of what stood there is shown. */
const SHOWN = 200;

export const errorAt = (
  refusal: Refusal,
  row: number,
  column: string | undefined,
  value: string,
  field?: Field,
): RowError => ({
  row,
  column,
  field,
  code: refusal.refused,
  message: messageOf(refusal),
  value: shortened(value),
});

export const shortened = (text: string): string =>
  text.length > SHOWN ? `${text.slice(0, SHOWN).toWellFormed()}…` : text;

export const messageOf = ({ refused, argument }: Refusal): Text => MESSAGES[refused](argument);
