import { formatAmount, parseAmount } from '#domain/money.ts';
import type { Expectation } from './format.ts';
import type { State } from './state.ts';

const yuan = (cents: bigint | undefined): string =>
  cents === undefined ? 'nothing' : formatAmount(cents, 'CNY');

/** What is not as the file expects it. `billNoOf` gives the bill of a name. */
export function disappointments(
  { cash = {}, bills = {}, parcels = {}, lines = [] }: Expectation,
  state: State,
  billNoOf: (name: string) => string | undefined,
): string[] {
  const found: string[] = [];
  const same = (what: string, is: string, expected: string): void => {
    if (is !== expected) found.push(`${what} is ${is}, not ${expected}`);
  };
  const sameAmount = (what: string, is: bigint | undefined, expected: string | undefined): void => {
    if (expected !== undefined) same(what, yuan(is), yuan(parseAmount(expected, 'CNY')));
  };

  for (const [name, amount] of Object.entries(cash)) sameAmount(`cash of ${name}`, state.cash[name], amount);
  for (const [name, { status, paid }] of Object.entries(bills)) {
    const bill = state.bills[billNoOf(name) ?? ''];
    if (status !== undefined) same(`status of ${name}`, bill?.status ?? 'unknown', status);
    sameAmount(`paid of ${name}`, bill?.paid, paid);
  }
  for (const [name, list] of Object.entries(parcels)) {
    const bill = state.bills[billNoOf(name) ?? ''];
    const are = bill?.parcels.map(({ range, holder, state }) => [range, holder, state]) ?? [];
    same(`parcels of ${name}`, JSON.stringify(are), JSON.stringify(list));
  }
  for (const { bank, obligor, used, limit } of lines) {
    const line = state.lines.find((one) => one.bank === bank && one.obligor === obligor);
    sameAmount(`use of ${bank}'s line on ${obligor}`, line?.used ?? 0n, used);
    sameAmount(`limit of ${bank}'s line on ${obligor}`, line?.limit ?? 0n, limit);
  }
  return found;
}
