/** Bills and quotes of a usual size: everything that makes calldata and day counts what they are in life. */
import { id, ZeroHash } from 'ethers';
import type { InvoiceUse } from '#chain/calls.ts';
import { encodeOrder, QUOTE_SCOPES, type Call, type Quote } from '#chain/typed-data.ts';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { billNo, parcelId } from '#domain/bills/intervals.ts';
import { currencyNumber } from '#domain/money.ts';
import type { Ledger, MemberName } from './ledger.ts';

/** By round: each begins after the bills of the one before have fallen due. */
const DUES = ['2026-06-01', '2026-09-01'];

/** Amounts in minor units. */
export function paperOf({ calls, deployment, numberOf, signs }: Ledger, round: number) {
  const face = 1_234_567_89n;
  const part = 9_876_54n;
  const due = instantOf(parseLegalDate(DUES[round - 1]!));
  let serial = round * 1000;

  const usesOf = (count: number): InvoiceUse[] =>
    Array.from({ length: count }, (_, n) => ({
      invoiceId: id(`invoice ${n} of ${serial}`),
      total: face,
      amount: part,
    }));
  return {
    face,
    part,
    due,
    /** The n-th part that was cut off a new bill. */
    piece: (root: bigint, n: number): bigint => root + face - BigInt(n) * part,
    /** From the core firm to the supplier. */
    newBill(invoices = 0): { issue: Call; bill: bigint; root: bigint } {
      const bill = billNo(numberOf('core'), ++serial);
      const issue = calls.bills.issue({
        serial,
        payee: numberOf('supplier'),
        due,
        face,
        restrictions: 0,
        rulePack: 1,
        documentHash: id(`terms of ${serial}`),
        invoices: usesOf(invoices),
        named: [],
      });
      return { issue, bill, root: parcelId(bill, 0n) };
    },
    /** A sale against a quote on the core firm's paper. @param nonce Four of them share a slot of the desk. */
    sale(bank: MemberName, parcel: bigint, amount: bigint, nonce: number): Call {
      const quote: Quote = {
        bank: numberOf(bank),
        scope: QUOTE_SCOPES.obligor,
        subject: BigInt(numberOf('core')),
        seller: 0,
        currency: currencyNumber('CNY'),
        amount: face,
        ratePpm: 32_500,
        fee: 100_00n,
        recourse: 0,
        recourseTerms: ZeroHash,
        validUntil: due,
        nonce: BigInt(round * 64 + nonce),
      };
      const order = encodeOrder(quote, signs(bank, quote));
      return calls.bills.sell(parcel, amount, quote.bank, deployment.addresses.desk, 0n, order);
    },
  };
}

export type Paper = ReturnType<typeof paperOf>;
