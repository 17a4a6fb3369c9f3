/** What stands on the sheet of a bill, in both languages side by side. */
import { acts } from '#domain/acts/acts.ts';
import { displayRange } from '#domain/bills/intervals.ts';
import { formatAmount, parseAmount } from '#domain/money.ts';
import type { Text } from '#domain/problems.ts';
import type { Manifest } from '#domain/leaving/format.ts';
import type { OneAct, OneBill } from '../bills.ts';

type Cells = readonly string[];
type Table = {
  readonly heading: string;
  readonly widths: readonly (number | '*')[];
  readonly columns: Cells;
  readonly rows: readonly Cells[];
};
export type Sheet = {
  readonly title: string;
  readonly subject: string;
  readonly madeAt: string;
  readonly facts: readonly Cells[];
  readonly tables: readonly Table[];
  readonly foot: string;
};

/** Parcels and acts that a sheet lists; beyond them it names the file that has all. */
const MOST = 100;

const KINDS = {
  CERTIFICATE: '电子债权凭证 Certificate',
  DRAFT: '商业汇票 Draft',
  LC_CLAIM: '信用证项下债权 Claim under a letter of credit',
};
const STATES = { offered: '待签收 Offered', active: '有效 Active', cancelled: '已作废 Cancelled' };

/** @param shown The first acts that its viewer sees, {@link SHEET_ACTS} at most. @param all How many there are. */
export function sheetOf(
  { facts: bill }: OneBill,
  shown: readonly OneAct[],
  all: number,
  { chain, madeAt }: Pick<Manifest, 'chain' | 'madeAt'>,
  nameOf: (member: number) => Text,
): Sheet {
  const who = (member: number | null) => {
    if (member === null) return '–';
    const { zh, en } = nameOf(member);
    return zh === en ? `${zh} (${member})` : `${zh} ${en} (${member})`;
  };
  const money = (text: string) => `${bill.currency} ${text.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}`;
  const length = ({ first, end }: { first: string; end: string }) =>
    money(formatAmount(BigInt(end) - BigInt(first), bill.currency));
  const open = parseAmount(bill.face, bill.currency) - parseAmount(bill.paidIn, bill.currency);
  return {
    title: `${KINDS[bill.kind]} ${bill.billNo}`,
    subject: `区块 block ${chain.block.number} ${chain.block.hash}`,
    madeAt,
    facts: [
      ['状态 Status', STATES[bill.status]],
      ['承兑人 Acceptor', who(bill.acceptor)],
      ['收款人 Payee', who(bill.payee)],
      ['票面 Face', money(bill.face)],
      ['已付入 Paid in', money(bill.paidIn)],
      ['未付 Open', money(formatAmount(open, bill.currency))],
      ['到期日 Due', bill.dueOn],
      ['签发 Issued', bill.issuedAt],
      ['文件摘要 Document', bill.documentHash],
      ['履历摘要 Trail', bill.trail],
    ],
    tables: [
      {
        heading: `子票 Parcels (${bill.parcels.length})`,
        widths: [150, 130, '*'],
        columns: ['区间 Range', '金额 Amount', '持有人 Holder'],
        rows: bill.parcels
          .slice(0, MOST)
          .map((parcel) => [
            displayRange({ first: BigInt(parcel.first), end: BigInt(parcel.end) }),
            length(parcel),
            parcel.isHidden ? '他人持有 Others' : who(parcel.holder),
          ]),
      },
      {
        heading: `履历 Acts (${all})`,
        widths: [42, 110, 110, '*'],
        columns: ['序号 No', '时间 At', '事项 Act', '内容 Facts'],
        rows: shown.map(({ position, at, name, facts }) => [
          String(position),
          at,
          name === null ? '–' : `${acts[name].title.zh} ${acts[name].title.en}`,
          Object.entries(facts ?? {})
            .filter(([field]) => field !== 'billNo')
            .map(([field, value]) => `${field} ${String(value)}`)
            .join(', '),
        ]),
      },
    ],
    foot:
      `本页依据导出包中 bills/${bill.billNo}.json 制作，以该文件及链上记载为准；子票与履历各列前 ${MOST} 项。\n` +
      `Made from bills/${bill.billNo}.json of the export; that file and the chain decide. Lists the first ${MOST} parcels and acts.`,
  };
}

export const SHEET_ACTS = MOST;
