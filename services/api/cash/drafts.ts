/** Deposits and their redemption. */
import { findRedemption } from '#db/cash/redemptions.ts';
import { keccak256 } from '#chain/keccak.ts';
import { keepWording } from '#db/cash/wording.ts';
import { toHex } from '#db/wire/bytes.ts';
import type { Database } from '#db/wire/connect.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import { readMoney } from '../schemas/money.ts';
import { atMost, must, requireMembers, type Drafter } from '../instructions/draft.ts';
import { gasOf } from '../instructions/gas.ts';

const MAX_DEPOSIT = 2n ** 64n - 1n;

const deposit: Drafter<'deposit'> = async (services, _by, { member, amount: asked, reference }) => {
  const { calls, db, deployment, names } = services;
  const { currency } = deployment;
  const amount = readMoney(asked, currency);
  await requireMembers(services, [member]);
  const booking = await hashKept(db, reference);
  return {
    calls: [calls.cash.deposit(member, atMost(amount, MAX_DEPOSIT), booking)],
    objections: amount > MAX_DEPOSIT ? [{ code: 'CAP_EXCEEDED' }] : [],
    facts: async () => {
      const ref = await names.of([member]);
      return { to: ref(member).name, reference, amount, currency };
    },
  };
};

const redeem: Drafter<'redeem'> = async (services, _by, { bank, amount: asked }) => {
  const { currency } = services.deployment;
  const amount = readMoney(asked, currency);
  await requireMembers(services, [bank]);
  return {
    calls: [services.calls.cash.requestRedemption(bank, atMost(amount, MAX_DEPOSIT))],
    gas: gasOf('simple', 2),
    objections: amount > MAX_DEPOSIT ? [{ code: 'REDEMPTION_EXCEEDED' }] : [],
    facts: async () => {
      const ref = await services.names.of([bank]);
      return { bank: ref(bank).name, amount, currency };
    },
  };
};

/** The settlement bank has paid: it says under which reference. */
const confirmRedemption: Drafter<'confirmRedemption'> = async (services, by, { redemption, reference }) => {
  const payment = await hashKept(services.db, reference);
  return {
    calls: [services.calls.cash.confirmRedemption(BigInt(redemption), payment)],
    facts: async () => ({ reference, ...(await aboutRedemption(services, by, redemption)) }),
  };
};

const refuseRedemption: Drafter<'refuseRedemption'> = async (services, by, { redemption, reason }) => {
  const reasonHash = await hashKept(services.db, reason);
  return {
    calls: [services.calls.cash.refuseRedemption(BigInt(redemption), reasonHash)],
    facts: async () => ({ reason, ...(await aboutRedemption(services, by, redemption)) }),
  };
};

async function aboutRedemption(services: Services, by: MemberPerson, number: string) {
  const found = must(await findRedemption(services.db, by.viewer, BigInt(number)));
  const ref = await services.names.of([found.member]);
  const { currency } = services.deployment;
  return { number, member: ref(found.member).name, amount: found.amount_minor, currency };
}

/** The hash (`0x…`) of words that go to the chain as their hash alone. */
async function hashKept(db: Database, text: string): Promise<string> {
  const hash = toHex(keccak256(Buffer.from(text)));
  await keepWording(db, hash, text);
  return hash;
}

export const cashDrafters = { deposit, redeem, confirmRedemption, refuseRedemption };
