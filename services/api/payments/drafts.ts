/** Money: paying in for a bill, deposits and their redemption, allowances. */
import { findBill } from '#db/bills/read.ts';
import { listParcels } from '#db/bills/parcels.ts';
import { billNumber } from '#domain/bills/bill-number.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { parseBillNo } from '#domain/bills/intervals.ts';
import { currencyOfNumber, MAX_FACE } from '#domain/money.ts';
import { keccak256 } from '#chain/keccak.ts';
import { keepWording } from '#db/cash/wording.ts';
import { toHex } from '#db/wire/bytes.ts';
import type { Database } from '#db/wire/connect.ts';
import { findRedemption } from '#db/cash/redemptions.ts';
import type { MemberPerson } from '../app-types.ts';
import type { MoneyInput } from '../schemas/common.ts';
import type { Services } from '../services.ts';
import { readMoney } from '../schemas/money.ts';
import { atMost, must, NOTHING_MADE, requireMembers, type Drafter } from '../instructions/draft.ts';
import { gasOf } from '../instructions/gas.ts';

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
      return {
        act: 'fund',
        bill: billNumber(billNo),
        distribute: firsts.length > 0,
        amount,
        currency: currencyOfNumber(number),
        due: parseLegalDate(due_on),
      };
    },
  };
};

type PayForInput = { readonly bill: string; readonly amount: MoneyInput };

/** Paying in for the acceptor, by anybody: the payer need not be party to the bill, so nothing of it is told. */
export const draftPayFor: Drafter<PayForInput> = async (services, by, input) => {
  const { calls, contracts, deployment, names } = services;
  const billNo = parseBillNo(input.bill);
  const amount = readMoney(input.amount, deployment.currency);
  const acceptor = Number(billNo >> 32n);
  const allowance = await contracts.cash.allowance(by.account, deployment.addresses.bills);
  const paidIn = atMost(amount, MAX_FACE);
  return {
    calls: [...(allowance >= LASTING ? [] : [calls.approveFunding(paidIn)]), calls.payFor(billNo, paidIn)],
    gas: gasOf('fund') + gasOf('simple'),
    objections: amount > MAX_FACE ? [{ code: 'OVERPAID' }] : [],
    meaning: async () => {
      const ref = await names.of([acceptor]);
      return {
        act: 'pay_for',
        acceptor: ref(acceptor).name,
        bill: billNumber(billNo),
        ...inCurrency(services, amount),
      };
    },
  };
};

export const draftApproveCash: Drafter<{ readonly amount?: MoneyInput }> = async (services, _by, input) => {
  const { currency } = services.deployment;
  const amount = input.amount === undefined ? undefined : readMoney(input.amount, currency);
  return {
    calls: [services.calls.allowDesk(), services.calls.approveDesk(amount)],
    gas: gasOf('simple', 2),
    meaning: () => ({
      act: 'approve_cash',
      purpose: 'buy',
      currency,
      ...(amount === undefined ? {} : { amount }),
    }),
  };
};

const MAX_DEPOSIT = 2n ** 64n - 1n;

type DepositInput = { readonly member: number; readonly amount: MoneyInput; readonly reference: string };

export const draftDeposit: Drafter<DepositInput> = async (services, _by, input) => {
  const { calls, db, deployment, names } = services;
  const amount = readMoney(input.amount, deployment.currency);
  await requireMembers(services, [input.member]);
  const booking = await hashKept(db, input.reference);
  return {
    calls: [calls.deposit(input.member, atMost(amount, MAX_DEPOSIT), booking)],
    gas: gasOf('simple'),
    objections: amount > MAX_DEPOSIT ? [{ code: 'CAP_EXCEEDED' }] : [],
    meaning: async () => {
      const ref = await names.of([input.member]);
      const to = ref(input.member).name;
      return { act: 'deposit', to, reference: input.reference, ...inCurrency(services, amount) };
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
    calls: [services.calls.requestRedemption(input.bank, atMost(amount, MAX_DEPOSIT))],
    gas: gasOf('simple', 2),
    objections: amount > MAX_DEPOSIT ? [{ code: 'REDEMPTION_EXCEEDED' }] : [],
    meaning: async () => {
      const ref = await services.names.of([input.bank]);
      return { act: 'redeem', bank: ref(input.bank).name, ...inCurrency(services, amount) };
    },
  };
};

type ConfirmInput = { readonly redemption: string; readonly reference: string };

/** The hash (`0x…`) of words that go to the chain as their hash alone. */
async function hashKept(db: Database, text: string): Promise<string> {
  const hash = toHex(keccak256(Buffer.from(text)));
  await keepWording(db, hash, text);
  return hash;
}

/** The settlement bank has paid: it says under which reference. */
export const draftConfirmRedemption: Drafter<ConfirmInput> = async (services, by, input) => {
  const { redemption, reference } = input;
  const payment = await hashKept(services.db, reference);
  return {
    calls: [services.calls.confirmRedemption(BigInt(redemption), payment)],
    gas: gasOf('simple'),
    meaning: async () => ({
      act: 'confirm_redemption',
      reference,
      ...(await aboutRedemption(services, by, redemption)),
    }),
  };
};

type RefuseInput = { readonly redemption: string; readonly reason: string };

export const draftRefuseRedemption: Drafter<RefuseInput> = async (services, by, input) => {
  const { redemption, reason } = input;
  const reasonHash = await hashKept(services.db, reason);
  return {
    calls: [services.calls.refuseRedemption(BigInt(redemption), reasonHash)],
    gas: gasOf('simple'),
    meaning: async () => ({
      act: 'refuse_redemption',
      reason,
      ...(await aboutRedemption(services, by, redemption)),
    }),
  };
};

async function aboutRedemption(services: Services, by: MemberPerson, number: string) {
  const found = must(await findRedemption(services.db, by.viewer, BigInt(number)));
  const ref = await services.names.of([found.member]);
  return { number, member: ref(found.member).name, ...inCurrency(services, found.amount_minor) };
}

export const draftMoveAccount: Drafter<{ readonly account: string }> = async (
  services,
  _by,
  { account },
) => ({
  calls: [services.calls.moveAccount(account)],
  gas: gasOf('simple'),
  meaning: () => ({ act: 'move_account', account }),
});

const inCurrency = ({ deployment }: Services, amount: bigint) => ({ amount, currency: deployment.currency });
