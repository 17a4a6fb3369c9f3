/** What the model and the contracts both know, in one form, so that the two can be compared. */
import { bookOf, cashOf, groupLineOf, lineOf, type Act, type State } from '../../model/model.ts';
import { billOf, type Line } from '../../model/state.ts';
import { partsOfParcelId, billNo } from '#domain/bills/intervals.ts';
import { banks, cores, groups, invoiceNames, issuers } from '../../model/support/random-act.ts';
import { invoiceIdOf, type ModelStage } from './model-stage.ts';

/** Nested lists of decimal numbers and truth values, as the lens gives them. */
type Facts = string;

const textOf = (facts: unknown): Facts =>
  JSON.stringify(facts, (_, value: unknown) =>
    typeof value === 'bigint' || typeof value === 'number' ? String(value) : value,
  );

const STATUS = { offered: 1, active: 2, cancelled: 3 } as const;

export function modelFacts(state: State, bills: readonly bigint[]): Facts {
  const line = ({ limit, reserved, used, group }: Line) => [limit, reserved, used, group];
  const perBank = <T>(of: (bank: number) => T[]): T[] => banks.flatMap(of);
  const held = [...state.bills.values()].reduce((sum, bill) => sum + bill.paidIn - bill.paidOut, 0n);
  return textOf([
    bills.map((no) => billFacts(state, no)),
    [...state.members].map(([n, { isSuspended, hasStanding, limits }]) => [
      ...[cashOf(state, n), isSuspended, hasStanding],
      ...[[limits.acceptor, limits.counterparty], limits.least, limits.until],
    ]),
    held,
    [...state.redemptions.values()].reduce((sum, { amount }) => sum + amount, 0n),
    [...state.books.values()].reduce((sum, { issued }) => sum + issued, 0n),
    issuers.map((issuer) => {
      const { cap, issued, pending } = bookOf(state, issuer);
      return [cap, issued, pending];
    }),
    perBank((bank) => cores.map((obligor) => line(lineOf(state, bank, obligor)))),
    perBank((bank) => groups.map((group) => line(groupLineOf(state, bank, group)))),
    [...state.members.keys()].flatMap((payee) =>
      invoiceNames.map((name) => {
        const { total, used } = state.invoices.get(`${payee}:${name}`) ?? { total: 0n, used: 0n };
        return [total, used];
      }),
    ),
  ]);
}

function billFacts(state: State, no: bigint): unknown[] {
  const bill = billOf(state, no);
  if (!state.bills.has(no)) return [0, 0, 0, 0, 0, 0, 0, 0, []];
  return [
    ...[bill.acceptor, bill.payee, bill.due, bill.face, STATUS[bill.stored], bill.restrictions],
    ...[bill.paidIn, bill.paidOut],
    bill.parcels.map((p) => [
      (no << 64n) | p.first,
      ...[p.first, p.end, p.holder, p.offeredTo, p.pledgee, p.paidUpTo, p.offerUntil, p.flags],
    ]),
  ];
}

const invoiceIds = invoiceNames.map(invoiceIdOf);

/** Reads the same through the contract Lens. */
export async function chainFacts(
  { chain: { provider }, lens }: ModelStage,
  state: State,
  bills: readonly bigint[],
): Promise<Facts> {
  const question = [bills, state.members.size, banks, cores, groups, invoiceIds, issuers];
  const data = lens.interface.encodeFunctionData('read', [question]);
  const to = await lens.getAddress();
  const answer = (await provider.request({ method: 'eth_call', params: [{ to, data }, 'latest'] })) as string;
  return textOf(lens.interface.decodeFunctionResult('read', answer)[0]);
}

/** The bill that an act is about, if it is about one. */
export function billOfAct(act: Act): bigint | undefined {
  if (act.act === 'issue') return billNo(act.by, act.serial);
  if ('bill' in act) return act.bill;
  return 'parcel' in act ? partsOfParcelId(act.parcel).billNo : undefined;
}
