/** What must be true at the end, worked out from the lives alone and compared with what the API says. */
import { formatAmount, parseAmount } from '#domain/money.ts';
import type { Money } from '#client/generated/schema.ts';
import type { FreshNetwork } from '../fresh-network.ts';
import type { Life } from './lives.ts';
import { endowment, type Enrolment } from './network.ts';

export type Closing = { readonly paid: bigint; readonly faults: readonly string[] };

/** Every bill settled, every total the file's, every account what the lives say, nothing left in between. */
export async function closeBooks(
  network: FreshNetwork,
  { firms, auditor }: Enrolment,
  lives: readonly Life[],
): Promise<Closing> {
  const faults: string[] = [];
  const same = (what: string, is: bigint, expected: bigint): void => {
    if (is !== expected) faults.push(`${what}: ${yuan(is)} instead of ${yuan(expected)}`);
  };
  const bills = await auditor.http.list('/api/bills');
  if (bills.length !== lives.length) faults.push(`${bills.length} bills instead of ${lives.length}`);
  const open = bills.filter(({ status }) => status !== 'settled');
  if (open.length > 0) faults.push(`${open.length} bills are not settled, ${open[0]!.billNo} first`);
  for (const [core, total] of totalsBy(lives)) {
    const mine = bills.filter(({ acceptor }) => acceptor.number === firms.get(core)?.number);
    same(`face of ${core}`, sum(mine.map(({ face }) => cents(face))), total);
    same(`paid by ${core}`, sum(mine.map(({ paid }) => cents(paid))), total);
  }
  for (const [name, expected] of expectedCash(lives)) {
    const { balance } = await firms.get(name)!.http.get('/api/cash');
    same(`cash of ${name}`, cents(balance), expected);
  }
  same('left in the ledger of bills', await network.contracts.cash.balanceOf(network.contracts.bills), 0n);
  return { paid: sum(bills.map(({ paid }) => cents(paid))), faults };
}

function totalsBy(lives: readonly Life[]): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const { core, amount } of lives) totals.set(core, (totals.get(core) ?? 0n) + amount);
  return totals;
}

function expectedCash(lives: readonly Life[]): Map<string, bigint> {
  const cash = endowment(lives);
  const book = (name: string, amount: bigint): unknown => cash.set(name, (cash.get(name) ?? 0n) + amount);
  for (const { core, amount, transfers, paid } of lives) {
    book(core, -amount);
    for (const [holder, share] of paid) book(holder, share);
    for (const transfer of transfers) {
      if (transfer.kind !== 'sell') continue;
      book(transfer.to, -transfer.price);
      book(transfer.from, transfer.price);
    }
  }
  return cash;
}

const cents = ({ amount }: Money): bigint => parseAmount(amount, 'CNY');
const yuan = (amount: bigint): string => formatAmount(amount, 'CNY');
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);
