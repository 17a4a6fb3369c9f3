import { covers, isFinanced, lengthOf } from '#domain/bills/intervals.ts';
import type { State } from '../model.ts';
import { share } from '#domain/rounding.ts';

const sum = (amounts: Iterable<bigint>): bigint => [...amounts].reduce((total, amount) => total + amount, 0n);

/** What of design.md section 7 does not hold in a state; empty when all is well. `brought`: deposits less what was paid out. */
export function brokenInvariants(state: State, brought: bigint): string[] {
  const broken: string[] = [];
  const must = (holds: boolean, what: string): void => void (holds || broken.push(what));
  const used = new Map<string, bigint>();
  const backed = new Map<string, bigint>();
  for (const [no, bill] of state.bills) {
    must(covers(bill.parcels, bill.face), `parcels of ${no} cover it`);
    must(bill.paidOut <= bill.paidIn && bill.paidIn <= bill.face, `money of ${no}`);
    for (const parcel of bill.parcels) {
      const paid = share(parcel.paidUpTo, parcel.first, parcel.end, bill.face);
      must(paid <= lengthOf(parcel), `${no} pays a parcel its length at most`);
      if (!isFinanced(parcel)) continue;
      const line = `${parcel.holder}:${bill.acceptor}`;
      used.set(line, (used.get(line) ?? 0n) + lengthOf(parcel) - paid);
    }
    const paidToHolders = bill.parcels.map((p) => share(p.paidUpTo, p.first, p.end, bill.face));
    must(sum(paidToHolders) === bill.paidOut, `${no} paid out what its parcels got`);
    for (const { invoice, amount } of bill.stored === 'cancelled' ? [] : bill.invoices) {
      const key = `${bill.payee}:${invoice}`;
      backed.set(key, (backed.get(key) ?? 0n) + amount);
    }
  }
  for (const [key, line] of state.lines) {
    must(line.used === (used.get(key) ?? 0n), `line ${key} is used by what its bank holds`);
  }
  must(
    [...used].every(([key, amount]) => amount === 0n || state.lines.has(key)),
    'no use without a line',
  );
  for (const [key, group] of state.groupLines) {
    const members = [...state.lines].filter(([k, line]) => `${k.split(':')[0]}:${line.group}` === key);
    must(group.used === sum(members.map(([, line]) => line.used)), `group ${key} is used by its members`);
  }
  const booked = sum([...state.books.values()].map(({ issued }) => issued));
  must(booked === brought, 'what is there was issued by the banks');
  for (const [bank, { issued, pending }] of state.books) {
    const waiting = [...state.redemptions.values()].filter((redemption) => redemption.bank === bank);
    must(pending === sum(waiting.map(({ amount }) => amount)), `${bank} is asked for what waits`);
    must(pending <= issued, `${bank} is asked for no more than it issued`);
  }
  const locked = sum([...state.redemptions.values()].map(({ amount }) => amount));
  for (const [invoice, { total, used: amount }] of state.invoices) {
    must(
      amount <= total && amount === (backed.get(invoice) ?? 0n),
      `invoice ${invoice} backs at most its total`,
    );
  }
  const inBills = sum([...state.bills.values()].map(({ paidIn, paidOut }) => paidIn - paidOut));
  must(sum(state.cash.values()) + inBills + locked === brought, 'cash in equals cash out');
  must(
    [...state.cash.values()].every((amount) => amount >= 0n),
    'nobody owes cash',
  );
  return broken;
}
