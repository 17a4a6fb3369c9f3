/** Money: paying in for a bill, deposits, allowances. */
import { id as hashOf } from 'ethers';
import { findBill } from '#db/read/bills.ts';
import { listParcels } from '#db/read/parcels.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { parseBillNo } from '#domain/intervals.ts';
import { currencyOfNumber, MAX_FACE } from '#domain/money.ts';
import { newId } from '#db/app/ids.ts';
import type { MoneyInput } from '../schemas/common.ts';
import type { Services } from '../services.ts';
import { readMoney } from '../views/money.ts';
import { atMost, must, NOTHING_MADE, requireMembers, type Drafter } from './draft.ts';
import { gasOf } from './gas.ts';

/** Parcels that are paid in the same transaction as the paying in; the rest the platform's keeper sees to. */
const PAID_AT_ONCE = 60;
/** An allowance from here on is meant to last. */
const LASTING = 1n << 128n;

type FundInput = { readonly bill: string; readonly amount: MoneyInput; readonly distribute?: boolean };

/** Each batch allows what it pays in, unless that is allowed for good: batches then do not depend on each other. */
export const draftFund: Drafter<FundInput> = async (services, by, input) => {
  const { calls, contracts, db, deployment, clock } = services;
  const { addresses, currency } = deployment;
  const billNo = parseBillNo(input.bill);
  const amount = readMoney(input.amount, currency);
  const bill = billNo < 2n ** 63n ? await findBill(db, by.viewer, billNo) : undefined;
  const allowance = await contracts.cash.allowance(by.account, addresses.bills);
  const isDue = bill !== undefined && BigInt(await clock.now()) >= bill.due;
  const firsts =
    input.distribute === true && isDue
      ? (await listParcels(db, by.viewer, billNo, undefined, { limit: PAID_AT_ONCE })).rows.map(
          ({ first }) => first,
        )
      : [];
  const paidIn = atMost(amount, MAX_FACE);
  return {
    calls: [
      ...(allowance >= LASTING ? [] : [calls.approveFunding(paidIn)]),
      calls.fund(billNo, paidIn),
      ...(firsts.length === 0 ? [] : [calls.distribute(billNo, firsts)]),
    ],
    gas: gasOf('fund') + gasOf('simple') + gasOf('pay', firsts.length),
    objections: amount > MAX_FACE ? [{ code: 'OVERPAID' }] : [],
    makes: () => NOTHING_MADE,
    meaning: () => {
      const { due_on, currency: number } = must(bill);
      return { act: 'fund', amount, currency: currencyOfNumber(number), due: parseLegalDate(due_on) };
    },
  };
};

export const draftApproveCash: Drafter<{ readonly amount?: MoneyInput }> = async (services, _by, input) => {
  const { currency } = services.deployment;
  const amount = input.amount === undefined ? undefined : readMoney(input.amount, currency);
  return {
    calls: [services.calls.approveDesk(amount)],
    gas: gasOf('simple'),
    meaning: () => ({
      act: 'approve_cash',
      purpose: 'buy',
      currency,
      ...(amount === undefined ? {} : { amount }),
    }),
  };
};

/** Stands for the bank's own booking until banks send theirs. */
const newBooking = (): string => hashOf(`tallystick booking ${newId()}`);

export const draftDeposit: Drafter<{ readonly member: number; readonly amount: MoneyInput }> = async (
  services,
  _by,
  input,
) => {
  const amount = readMoney(input.amount, services.deployment.currency);
  await requireMembers(services, [input.member]);
  return {
    calls: [services.calls.deposit(input.member, amount, newBooking())],
    gas: gasOf('simple'),
    objections: amount === 0n ? [{ code: 'AMOUNT_INVALID' }] : [],
    meaning: async () => {
      const ref = await services.names.of([input.member]);
      return { act: 'mint', to: ref(input.member).name, ...inCurrency(services, amount) };
    },
  };
};

export const draftRedeem: Drafter<{ readonly bank: number; readonly amount: MoneyInput }> = async (
  services,
  _by,
  input,
) => {
  const amount = readMoney(input.amount, services.deployment.currency);
  await requireMembers(services, [input.bank]);
  return {
    calls: [services.calls.redeem(input.bank, amount, newBooking())],
    gas: gasOf('simple'),
    objections: amount === 0n ? [{ code: 'AMOUNT_INVALID' }] : [],
    meaning: () => ({ act: 'redeem', ...inCurrency(services, amount) }),
  };
};

const inCurrency = ({ deployment }: Services, amount: bigint) => ({ amount, currency: deployment.currency });
