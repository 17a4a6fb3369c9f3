/** Paying in for a bill. */
import { findBill } from '#db/bills/read.ts';
import { listParcels } from '#db/bills/parcels.ts';
import { billNumber } from '#domain/bills/bill-number.ts';
import { parseBillNo } from '#domain/bills/intervals.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { currencyOfNumber, MAX_FACE } from '#domain/money.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import { readMoney } from '../schemas/money.ts';
import { atMost, must, type Drafter } from '../instructions/draft.ts';
import { gasOf } from '../instructions/gas.ts';

/** Parcels that are paid in the same transaction as the paying in; the rest the platform's keeper sees to. */
const PAID_AT_ONCE = 60;
/** An allowance from here on is meant to last. */
const LASTING = 1n << 128n;

/** Each batch allows what it pays in, unless that is allowed for good: batches then do not depend on each other. */
async function allowing({ calls, contracts, deployment }: Services, by: MemberPerson, amount: bigint) {
  const { bills } = deployment.addresses;
  const allowance = await contracts.cash.allowance(by.account, bills);
  return allowance >= LASTING ? [] : [calls.cash.approve(bills, amount)];
}

const fund: Drafter<'fund'> = async (services, by, asked) => {
  const { calls, db, deployment, clock } = services;
  const billNo = parseBillNo(asked.bill);
  const amount = readMoney(asked.amount, deployment.currency);
  const bill = billNo < 2n ** 63n ? await findBill(db, by.viewer, billNo) : undefined;
  const isDue = bill !== undefined && BigInt(await clock.now()) >= bill.due;
  const firsts =
    asked.distribute === true && isDue
      ? (await listParcels(db, by.viewer, billNo, undefined, { limit: PAID_AT_ONCE })).rows.map(
          ({ first }) => first,
        )
      : [];
  const paidIn = atMost(amount, MAX_FACE);
  return {
    calls: [
      ...(await allowing(services, by, paidIn)),
      calls.bills.fund(billNo, paidIn),
      ...(firsts.length === 0 ? [] : [calls.bills.distribute(billNo, firsts)]),
    ],
    gas: gasOf('fund') + gasOf('simple') + gasOf('pay', firsts.length),
    objections: amount > MAX_FACE ? [{ code: 'OVERPAID' }] : [],
    facts: () => {
      const { due_on, currency } = must(bill);
      return {
        bill: billNumber(billNo),
        distribute: firsts.length > 0,
        amount,
        currency: currencyOfNumber(currency),
        due: parseLegalDate(due_on),
      };
    },
  };
};

/** Paying in for the acceptor, by anybody: the payer need not be party to the bill, so nothing of it is told. */
const payFor: Drafter<'payFor'> = async (services, by, asked) => {
  const { calls, deployment, names } = services;
  const { currency } = deployment;
  const billNo = parseBillNo(asked.bill);
  const amount = readMoney(asked.amount, currency);
  const acceptor = Number(billNo >> 32n);
  const paidIn = atMost(amount, MAX_FACE);
  return {
    calls: [...(await allowing(services, by, paidIn)), calls.bills.payFor(billNo, paidIn)],
    gas: gasOf('fund') + gasOf('simple'),
    objections: amount > MAX_FACE ? [{ code: 'OVERPAID' }] : [],
    facts: async () => {
      const ref = await names.of([acceptor]);
      return { acceptor: ref(acceptor).name, bill: billNumber(billNo), amount, currency };
    },
  };
};

export const paymentDrafters = { fund, payFor };
