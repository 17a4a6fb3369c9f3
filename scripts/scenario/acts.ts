/** How a client carries out each act of the format through the API. */
import { parseLegalDate } from '#domain/dates.ts';
import type { Field } from '#domain/instructions/instruction.ts';
import type { InstructionInput, InstructionName } from '#domain/instructions/instructions.ts';
import { parcelId, parseBillNo } from '#domain/bills/intervals.ts';
import { parseAmount, parseRate } from '#domain/money.ts';
import { Problem } from '#domain/problems.ts';
import type { FreshNetwork } from '../fresh-network.ts';
import { money } from '#client/money.ts';
import { taxNumberFor } from '../made-up-tax-numbers.ts';
import type { Cast } from './cast.ts';
import { asksOf, derivedFrom, type DerivedAct } from './derived.ts';
import type { HandAct, HandName, ScenarioAct } from './format.ts';
import { restrictionOf } from './restrict.ts';

/** What the acts are played on, and what the names in the file have come to mean. */
export type Stage = {
  readonly network: FreshNetwork;
  readonly cast: Cast;
  readonly bills: Map<string, string>;
  readonly parcels: Map<string, string>;
};

type Play<A extends HandName> = (stage: Stage, act: HandAct<A>) => Promise<void>;

/** Throws ApiProblem or Problem when the act is refused, and FormatError when the file makes no sense. */
export async function carryOut(stage: Stage, act: ScenarioAct): Promise<void> {
  if ('by' in act && !stage.cast.has(act.by)) requireWellFormed(act);
  const name = derivedFrom(act.act);
  if (name !== undefined) return playDerived(stage, name, act as DerivedAct);
  return (PLAYS[act.act as HandName] as Play<HandName>)(stage, act as HandAct);
}

/**
 * Throws REQUEST_INVALID. The platform finds this out by itself, but not before it knows who asks, nor in the first step of
 * a sale what belongs to the second; what is malformed wins over all else.
 */
function requireWellFormed(act: ScenarioAct): void {
  type Field = 'face' | 'amount' | 'fee' | 'rate' | 'due' | 'until' | 'kind';
  const { face, amount, fee, rate, due, until, kind } = act as Partial<Record<Field, string>>;
  const invoices = act.act === 'issue' ? (act.invoices ?? []) : [];
  for (const text of [face, amount, fee, ...invoices.flatMap((use) => [use.total, use.amount])]) {
    if (text !== undefined) parseAmount(text, 'CNY');
  }
  for (const text of [due, until]) if (text !== undefined) parseLegalDate(text);
  if (rate !== undefined) parseRate(rate);
  if (kind !== undefined && kind.toUpperCase() !== 'CERTIFICATE') throw new Problem('REQUEST_INVALID');
}

const PLAYS: { readonly [A in HandName]: Play<A> } = {
  issue: async ({ cast, bills, parcels }, act) => {
    const { members, ...allowed } = restrictionOf(act.restrict);
    const named = members === undefined ? {} : { members: members.map((name) => cast.number(name)) };
    const invoices = act.invoices?.map(({ seller, code, number, total, amount }) => ({
      seller: taxNumberFor(seller),
      ...(code === undefined ? {} : { code }),
      number,
      total: money(total),
      amount: money(amount),
    }));
    const bill = {
      payee: cast.number(act.to),
      face: money(act.face),
      due: act.due,
      ...(act.kind === undefined ? {} : { kind: act.kind.toUpperCase() as 'CERTIFICATE' }),
      ...(act.restrict === undefined ? {} : { restrict: { ...allowed, ...named } }),
      ...(invoices === undefined ? {} : { invoices }),
    };
    const { makes } = await (await cast.member(act.by)).perform({ type: 'issue', bills: [bill] });
    const billNo = made(makes.bills[0]);
    nameIt(bills, act.as, () => billNo);
    nameIt(parcels, act.as, () => parcelId(parseBillNo(billNo), 0n).toString());
  },
  take: async ({ cast, parcels }, act) => {
    await (await cast.member(act.by)).perform({ type: 'take', parcels: [get(parcels, act.parcel)] });
  },
  discount: (stage, act) => sell(stage, act, 'discount'),
  rediscount: (stage, act) => sell(stage, act, 'rediscount'),
  distribute: async ({ cast, bills }, act) => {
    await cast.auditor.distribute(get(bills, act.bill));
  },
  date: async ({ network }, act) => {
    const to = parseLegalDate(act.to);
    if (to < (await network.today())) throw new Problem('REQUEST_INVALID');
    await network.moveTo(to);
  },
  suspend: async ({ cast }, act) => {
    await cast.operator.suspend(cast.number(act.member), 'suspended by the scenario');
  },
  restore: async ({ cast }, act) => {
    await cast.operator.restore(cast.number(act.member), 'restored by the scenario');
  },
};

/** As the instruction is asked for: names of the file become parcels, bills and members. */
async function playDerived(
  { cast, bills, parcels }: Stage,
  name: InstructionName,
  act: DerivedAct,
): Promise<void> {
  const read: Partial<Record<Field, (value: string) => unknown>> = {
    parcel: (value) => get(parcels, value),
    bill: (value) => get(bills, value),
    member: (value) => cast.number(value),
    money,
  };
  const asked = asksOf(name).flatMap(([field, kind]) => {
    const value = act[field];
    return value === undefined ? [] : [[field, read[kind]?.(value as string) ?? value] as const];
  });
  const instruction = { type: name, ...Object.fromEntries(asked) } as InstructionInput;
  const { makes } = await (await cast.member(act.by)).perform(instruction);
  nameIt(parcels, act.as, () => made(makes.parcels[0]));
}

/** The holder asks one bank, the bank quotes, the holder sells. */
async function sell(
  { cast, parcels }: Stage,
  act: HandAct<'discount' | 'rediscount'>,
  purpose: 'discount' | 'rediscount',
): Promise<void> {
  requireWellFormed(act);
  const seller = await cast.member(act.by);
  const parcel = get(parcels, act.parcel);
  const part = act.amount === undefined ? {} : { amount: money(act.amount) };
  const request = await seller.ask({ parcel, ...part, banks: [cast.number(act.bank)], purpose });
  const bank = await cast.member(act.bank);
  const quote = await bank.quote({
    request,
    rate: act.rate,
    ...(act.fee === undefined ? {} : { fee: money(act.fee) }),
  });
  const { makes } = await seller
    .perform({ type: 'sell', parcel, ...part, quote })
    .catch(async (refusal: unknown) => {
      // It was for this sale alone: nothing of the bank's line is kept for it.
      await bank.http.post(`/api/quotes/${quote}/withdraw`);
      throw refusal;
    });
  nameIt(parcels, act.as, () => made(makes.parcels[0]));
}

function get(names: ReadonlyMap<string, string>, key: string): string {
  const found = names.get(key);
  if (found === undefined) throw new Error(`nothing is named "${key}"`);
  return found;
}

/** A name that is given again means what it was given to last. */
function nameIt(names: Map<string, string>, key: string | undefined, id: () => string): void {
  if (key !== undefined) names.set(key, id());
}

function made<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the API does not say what the act made');
  return value;
}
