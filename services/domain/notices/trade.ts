/** Notices of bills, offers, requests, quotes and payments. Amounts are minor units as decimal text; members are numbers. */
import { billNumber } from '../bills/bill-number.ts';
import type { Text } from '../problems.ts';
import { kind, text, type Words } from './kind.ts';

type OfBill = { readonly bill: string };
/** A piece of a bill, and the other side. */
type Piece = OfBill & { readonly other: number; readonly amount: string; readonly due: string };
type OfRequest = OfBill & { readonly request: string; readonly other: number; readonly amount: string };
/** What is due on one date, taken together. */
type DueSum = { readonly due: string; readonly bills: number; readonly amount: string };
type OfRedemption = { readonly redemption: string; readonly other: number; readonly amount: string };

const no = ({ bill }: OfBill): string => billNumber(BigInt(bill));
const billPath = ({ bill }: OfBill): string => `/bills/${bill}`;
const offersPath = (): string => '/offers';
const requestPath = ({ request }: OfRequest): string => `/financing/${request}`;
const cashPath = (): string => '/cash';
const sayAll = (facts: Piece | OfRequest, { name, money }: Words) => ({
  who: name(facts.other),
  sum: money(facts.amount),
});
const piece =
  (
    zh: (who: string, no: string, sum: string) => string,
    en: (who: string, no: string, sum: string) => string,
  ) =>
  (facts: Piece | OfRequest, words: Words): Text => {
    const { who, sum } = sayAll(facts, words);
    return text(zh(who.zh, no(facts), sum.zh), en(who.en, no(facts), sum.en));
  };

const trade = { group: 'trade', right: 'see' } as const;
const financing = { group: 'financing', right: 'see' } as const;
const money = { group: 'money', right: 'see' } as const;

export const tradeKinds = {
  offered: kind<Piece>()({
    ...trade,
    title: { zh: '有票据待你签收', en: 'Something is offered to you' },
    sentence: piece(
      (who, bill, sum) => `${who} 向你提示签收票据 ${bill} 的 ${sum}`,
      (who, bill, sum) => `${who} offers you ${sum} of bill ${bill}`,
    ),
    path: offersPath,
  }),
  offer_ending: kind<Piece & { readonly until: string }>()({
    ...trade,
    title: { zh: '提示签收即将到期', en: 'An offer to you is about to end' },
    sentence: (f, words) => {
      const { who, sum } = sayAll(f, words);
      return text(
        `${who.zh} 提示签收的票据 ${no(f)} 的 ${sum.zh} 须在 ${f.until} 前答复`,
        `Answer by ${f.until}: ${who.en} offers you ${sum.en} of bill ${no(f)}`,
      );
    },
    path: offersPath,
  }),
  received: kind<Piece>()({
    ...trade,
    title: { zh: '已收到票据', en: 'You have received a bill' },
    sentence: piece(
      (who, bill, sum) => `${who} 把票据 ${bill} 的 ${sum} 转让给你，按你的预先同意已签收`,
      (who, bill, sum) => `${who} passed ${sum} of bill ${bill} on to you; your standing acceptance took it`,
    ),
    path: billPath,
  }),
  offer_taken: kind<Piece>()({
    ...trade,
    title: { zh: '你提示的票据已签收', en: 'Your offer was taken' },
    sentence: piece(
      (who, bill, sum) => `${who} 已签收票据 ${bill} 的 ${sum}`,
      (who, bill, sum) => `${who} took ${sum} of bill ${bill}`,
    ),
    path: billPath,
  }),
  offer_refused: kind<Piece>()({
    ...trade,
    title: { zh: '你提示的票据被拒收', en: 'Your offer was refused' },
    sentence: piece(
      (who, bill, sum) => `${who} 拒收票据 ${bill} 的 ${sum}`,
      (who, bill, sum) => `${who} refused ${sum} of bill ${bill}`,
    ),
    path: billPath,
  }),
  offer_withdrawn: kind<Piece>()({
    ...trade,
    title: { zh: '向你的提示已撤回', en: 'An offer to you was withdrawn' },
    sentence: piece(
      (who, bill, sum) => `${who} 撤回了票据 ${bill} 的 ${sum}`,
      (who, bill, sum) => `${who} withdrew ${sum} of bill ${bill}`,
    ),
    path: billPath,
  }),
  offer_expired: kind<Piece>()({
    ...trade,
    title: { zh: '你提示的票据逾期未签收', en: 'Your offer ended without an answer' },
    sentence: piece(
      (who, bill, sum) => `${who} 未在期限内签收票据 ${bill} 的 ${sum}`,
      (who, bill, sum) => `${who} did not take ${sum} of bill ${bill} in time`,
    ),
    path: billPath,
  }),

  document_removed: kind<OfBill & { readonly other: number; readonly document: string }>()({
    ...trade,
    title: { zh: '一份附件被删除', en: 'A document was removed' },
    sentence: (f, { name }) =>
      text(
        `${name(f.other).zh} 删除了其上传到票据 ${no(f)} 的一份附件`,
        `${name(f.other).en} removed a document that it had attached to bill ${no(f)}`,
      ),
    path: billPath,
  }),
  document_key_replaced: kind<OfBill & { readonly other: number }>()({
    ...trade,
    title: { zh: '一个成员更换了附件密钥', en: 'A member has a new key for documents' },
    sentence: (f, { name }) =>
      text(
        `${name(f.other).zh} 的附件密钥已更换；请打开票据 ${no(f)}，其附件才能重新授予该成员`,
        `${name(f.other).en} has a new key for documents; open bill ${no(f)}, so that what you have is given to it anew`,
      ),
    path: billPath,
  }),

  quote_wanted: kind<OfRequest>()({
    ...financing,
    title: { zh: '有融资询价', en: 'You are asked for a quote' },
    sentence: piece(
      (who, bill, sum) => `${who} 就票据 ${bill} 的 ${sum} 询价`,
      (who, bill, sum) => `${who} asks for a quote on ${sum} of bill ${bill}`,
    ),
    path: requestPath,
  }),
  quoted: kind<OfRequest>()({
    ...financing,
    title: { zh: '收到银行报价', en: 'A bank has quoted' },
    sentence: piece(
      (who, bill, sum) => `${who} 就票据 ${bill} 的 ${sum} 给出报价`,
      (who, bill, sum) => `${who} quotes for ${sum} of bill ${bill}`,
    ),
    path: requestPath,
  }),
  quote_ending: kind<OfRequest & { readonly until: string }>()({
    ...financing,
    title: { zh: '报价即将失效', en: 'A quote to you is about to end' },
    sentence: (f, words) => {
      const { who, sum } = sayAll(f, words);
      return text(
        `${who.zh} 就票据 ${no(f)} 的 ${sum.zh} 的报价在 ${f.until} 后失效`,
        `The quote of ${who.en} for ${sum.en} of bill ${no(f)} ends at ${f.until}`,
      );
    },
    path: requestPath,
  }),
  quote_taken: kind<Piece>()({
    ...financing,
    title: { zh: '你的报价已成交', en: 'Your quote was taken' },
    sentence: piece(
      (who, bill, sum) => `${who} 按你的报价卖出票据 ${bill} 的 ${sum}`,
      (who, bill, sum) => `${who} sold you ${sum} of bill ${bill} under your quote`,
    ),
    path: billPath,
  }),
  quote_lost: kind<OfRequest>()({
    ...financing,
    title: { zh: '你的报价未成交', en: 'Your quote was not taken' },
    sentence: piece(
      (who, bill, sum) => `${who} 已把票据 ${bill} 的 ${sum} 卖给其他银行`,
      (who, bill, sum) => `${who} sold ${sum} of bill ${bill} to somebody else`,
    ),
    path: requestPath,
  }),

  paid: kind<Piece>()({
    ...money,
    title: { zh: '收到兑付款', en: 'A payment has come' },
    sentence: piece(
      (who, bill, sum) => `${who} 承兑的票据 ${bill} 已兑付 ${sum}`,
      (who, bill, sum) => `${sum} was paid out of bill ${bill} of ${who}`,
    ),
    path: cashPath,
  }),
  due_soon: kind<DueSum & { readonly days: number }>()({
    ...money,
    title: { zh: '有票据即将到期', en: 'Bills are about to fall due' },
    sentence: (f, words) => {
      const sum = words.money(f.amount);
      return text(
        `${f.due} 到期 ${f.bills} 张，尚须付入 ${sum.zh}（${f.days === 0 ? '今天' : `还有 ${f.days} 天`}）`,
        `${sum.en} is still to be paid in for ${f.bills} bill${f.bills === 1 ? '' : 's'} due on ${f.due} (${f.days === 0 ? 'today' : `in ${f.days} day${f.days === 1 ? '' : 's'}`})`,
      );
    },
    path: () => '/payments',
  }),
  overdue: kind<DueSum>()({
    ...money,
    title: { zh: '有票据已逾期未付', en: 'Bills of yours are overdue' },
    sentence: (f, words) => {
      const sum = words.money(f.amount);
      return text(
        `${f.due} 到期的 ${f.bills} 张票据尚欠 ${sum.zh}`,
        `${sum.en} of ${f.bills} bill${f.bills === 1 ? '' : 's'} due on ${f.due} was not paid in`,
      );
    },
    path: () => '/payments',
  }),
  overdue_held: kind<DueSum & { readonly other: number }>()({
    ...money,
    title: { zh: '你持有的票据已逾期', en: 'Bills that you hold are overdue' },
    sentence: (f, words) => {
      const [who, sum] = [words.name(f.other), words.money(f.amount)];
      return text(
        `${who.zh} 未付清 ${f.due} 到期的票据，你持有其中 ${sum.zh}`,
        `${who.en} has not paid bills due on ${f.due}, of which you hold ${sum.en}`,
      );
    },
    path: () => '/holdings',
  }),
  redemption_wanted: kind<OfRedemption>()({
    ...money,
    title: { zh: '有支取申请', en: 'A redemption is asked for' },
    sentence: (f, words) => {
      const [who, sum] = [words.name(f.other), words.money(f.amount)];
      return text(`${who.zh} 申请支取 ${sum.zh}`, `${who.en} asks to redeem ${sum.en}`);
    },
    path: cashPath,
  }),
  redemption_paid: kind<OfRedemption>()({
    ...money,
    title: { zh: '支取已付款', en: 'Your redemption was paid' },
    sentence: (f, words) => {
      const [who, sum] = [words.name(f.other), words.money(f.amount)];
      return text(`${who.zh} 已付出 ${sum.zh}`, `${who.en} has paid out ${sum.en}`);
    },
    path: cashPath,
  }),
  redemption_refused: kind<OfRedemption>()({
    ...money,
    title: { zh: '支取被退回', en: 'Your redemption was refused' },
    sentence: (f, words) => {
      const [who, sum] = [words.name(f.other), words.money(f.amount)];
      return text(`${who.zh} 退回了 ${sum.zh} 的支取申请`, `${who.en} refused to redeem ${sum.en}`);
    },
    path: cashPath,
  }),
};
