/** Rows and amounts to look at: made up, the same each time. */
import { billNo, displayRange, formatId, parcelId } from '#domain/bills/intervals.ts';
import { addDays, parseLegalDate } from '#domain/dates.ts';
import { formatAmount } from '#domain/money.ts';
import { session } from '#web/state/session.svelte.ts';
import type { Bill, Holding, Money } from '#web/api/schema.ts';

const NAMES = [
  { zh: '衡川汽车股份有限公司', en: 'Hengchuan Motors' },
  {
    zh: '新疆生产建设兵团第八师石河子市天富现代农业装备制造有限责任公司',
    en: 'A firm with a rather long name (Shihezi) Ltd',
  },
  { zh: '江海重工', en: 'Jianghai Heavy Industries' },
];
const STATES = ['held', 'held', 'held', 'offered', 'pledged'] as const;

export const cny = (amount: bigint): Money => ({ amount: formatAmount(amount, 'CNY'), currency: 'CNY' });

/** A holding like those of the API; each number gives another one. */
export function sampleHolding(number: number): Holding {
  const amount = BigInt((number * 7_919_113) % 90_000_000) + 1_000_000n;
  const no = billNo(1 + (number % 3), number + 1);
  const acceptor = { number: 1 + (number % 3), name: NAMES[number % 3]! };
  const range = { first: 0n, end: amount };
  const bill: Bill = {
    billNo: formatId(no),
    serial: number + 1,
    kind: 'CERTIFICATE',
    status: 'active',
    acceptor,
    payee: acceptor,
    guarantor: null,
    face: cny(amount),
    paid: cny(0n),
    open: cny(amount),
    due: addDays(parseLegalDate(session.today), 3 + Math.floor(number / 4)),
    issuedAt: '2026-09-01T02:00:00Z',
    currency: 'CNY',
    restrictions: [],
    basis: 360,
    rulePack: 1,
    documentHash: `0x${'0'.repeat(64)}`,
    trail: `0x${'0'.repeat(60)}`,
    splits: 10,
    visibleRange: displayRange(range),
  };
  return {
    bill,
    parcel: {
      id: formatId(parcelId(no, 0n)),
      billNo: formatId(no),
      first: '0',
      end: String(amount),
      range: displayRange(range),
      amount: cny(amount),
      holder: acceptor,
      offeredTo: null,
      offerUntil: null,
      pledgee: null,
      state: STATES[number % STATES.length]!,
      paid: cny(0n),
      financed: false,
      hidden: false,
    },
  };
}

export const sampleHoldings = (rows: number): Holding[] =>
  Array.from({ length: rows }, (_, number) => sampleHolding(number));
