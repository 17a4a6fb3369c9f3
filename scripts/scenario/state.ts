/** What the API says is true, and whether it covers every bill and equals the chain. */
import { covers, displayRange, parseRange } from '#domain/bills/intervals.ts';
import { parseAmount } from '#domain/money.ts';
import type { Bill, Line, Money } from '#client/generated/schema.ts';
import type { FreshNetwork } from '../fresh-network.ts';
import type { Cast } from './cast.ts';

/** Amounts in minor units, members by their names in the file. */
export type State = {
  readonly bills: Readonly<Record<string, BillState>>;
  readonly cash: Readonly<Record<string, bigint>>;
  readonly lines: readonly LineState[];
};
export type BillState = {
  readonly status: string;
  readonly face: bigint;
  readonly paid: bigint;
  readonly parcels: readonly { readonly range: string; readonly holder: string; readonly state: string }[];
};
export type LineState = {
  readonly bank: string;
  readonly obligor: string;
  readonly limit: bigint;
  readonly used: bigint;
};

/** Read through the API: bills as the auditor sees them, cash and lines as each member sees its own. */
export async function stateOf(cast: Cast): Promise<State> {
  const bills = await cast.auditor.http.list('/api/bills');
  const withParcels = bills.map(async (bill) => [bill.billNo, await billState(cast, bill)] as const);
  const cash = [...cast.members].map(async ([name, { http }]) => {
    const { balance } = await http.get('/api/cash');
    return [name, cents(balance)] as const;
  });
  const lines = [...cast.members].map(async ([name, { http }]) => {
    const items = await http.list('/api/lines');
    return items.filter(({ bank }) => cast.nameOf(bank.number) === name).map((line) => lineState(cast, line));
  });
  return {
    bills: Object.fromEntries((await Promise.all(withParcels)).sort()),
    cash: Object.fromEntries(await Promise.all(cash)),
    lines: (await Promise.all(lines)).flat(),
  };
}

async function billState(cast: Cast, { billNo, status, face, paid }: Bill): Promise<BillState> {
  const parcels = await cast.auditor.http.list(`/api/bills/${billNo}/parcels`);
  return {
    status,
    face: cents(face),
    paid: cents(paid),
    parcels: parcels.map(({ range, holder, state }) => ({
      range,
      holder: holder === null ? 'hidden' : cast.nameOf(holder.number),
      state,
    })),
  };
}

const lineState = (cast: Cast, { bank, obligor, limit, used }: Line): LineState => ({
  bank: cast.nameOf(bank.number),
  obligor: cast.nameOf(obligor.number),
  limit: cents(limit),
  used: cents(used),
});

const cents = ({ amount }: Money): bigint => parseAmount(amount, 'CNY');

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));

/** Names the parts of the state that differ. */
export function changes(before: State, after: State): string[] {
  const billNos = [...new Set([...Object.keys(before.bills), ...Object.keys(after.bills)])];
  return [
    ...billNos.filter((no) => textOf(before.bills[no]) !== textOf(after.bills[no])).map((no) => `bill ${no}`),
    ...Object.keys(after.cash)
      .filter((name) => before.cash[name] !== after.cash[name])
      .map((name) => `cash of ${name}`),
    ...(textOf(before.lines) === textOf(after.lines) ? [] : ['lines']),
  ];
}

/** More parcels than a scenario makes. */
const MANY = 10_000;

/** What must hold after every act, whatever the act was. */
export async function broken(network: FreshNetwork, cast: Cast, { bills }: State): Promise<string[]> {
  const uncovered = Object.entries(bills)
    .filter(
      ([, { parcels, face }]) =>
        !covers(
          parcels.map(({ range }) => parseRange(range)),
          face,
        ),
    )
    .map(([no]) => `the parcels of bill ${no} do not cover it`);
  const elsewhere = Object.entries(bills).map(async ([no, { parcels }]) => {
    const onChain = (await network.contracts.bills.parcelsFrom(no, 0, MANY)).map(({ first, end, holder }) => [
      displayRange({ first, end }),
      cast.nameOf(Number(holder)),
    ]);
    const same = textOf(onChain) === textOf(parcels.map(({ range, holder }) => [range, holder]));
    return same ? [] : [`the parcels of bill ${no} are others on chain: ${textOf(onChain)}`];
  });
  return [...uncovered, ...(await Promise.all(elsewhere)).flat(), ...(await network.verify())];
}
