/** What is wrong with a cell, and what to do about it. The place (row and column) stands beside the message. */
import type { Text } from '../problems.ts';

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
  INVOICE_DUPLICATE: (row: string) =>
    t(
      `与第 ${row} 行是同一张发票，请删去其中一行`,
      `The same invoice stands in row ${row}; remove one of the two`,
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
  AMOUNT_NOT_POSITIVE: () => t('金额须大于零', 'The amount must be more than zero'),
  AMOUNT_DECIMALS: (decimals: string) =>
    t(
      `最多 ${decimals} 位小数，请更正，系统不代为取舍`,
      `At most ${decimals} decimals; correct it, we do not round for you`,
    ),
  AMOUNT_TOO_LARGE: (most: string) => t(`金额最大为 ${most}`, `The amount can be ${most} at most`),
  AMOUNT_EXCEEDS_INVOICE: () =>
    t('应付金额超过发票金额，请更正', 'The amount exceeds the invoice total; correct it'),
  CURRENCY_OTHER: (currency: string) =>
    t(`只能导入 ${currency}，请另行处理`, `Only ${currency} can be imported; leave this row out`),
  BUYER_OTHER: () =>
    t('这是另一家企业的应付款，请从文件中删去', 'This is another firm’s payable; leave it out'),
} as const satisfies Record<string, (argument: string) => Text>;

export type RowErrorCode = keyof typeof MESSAGES;

export type RowError = {
  /** As a spreadsheet counts, from 1. */
  readonly row: number;
  /** The header of the column; undefined when the whole row is meant. */
  readonly column: string | undefined;
  readonly code: RowErrorCode;
  readonly message: Text;
  readonly value: string;
};

/** Why a value was not accepted; where it stands is the reader's to add. */
export type Refusal = { readonly refused: RowErrorCode; readonly argument: string };

export const refuse = (refused: RowErrorCode, argument = ''): Refusal => ({ refused, argument });

export const messageOf = ({ refused, argument }: Refusal): Text => MESSAGES[refused](argument);
