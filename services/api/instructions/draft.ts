/** What every draft of an instruction needs: its parts, and what it looks up. */
import type { Call } from '#chain/typed-data.ts';
import type { Database } from '#db/wire/connect.ts';
import { findMembers } from '#db/members/read.ts';
import { billQuery, type BillRow } from '#db/bills/read.ts';
import { parcelQuery, type ParcelRow } from '#db/bills/parcels.ts';
import { ask, type Trx } from '#db/access/access.ts';
import type { Makes } from '#db/instructions/own.ts';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { parseParcelId, partsOfParcelId } from '#domain/bills/intervals.ts';
import type {
  AskedFor,
  FactsFor,
  InstructionName,
  MemberInstructionName,
  Meaning,
} from '#domain/instructions/instructions.ts';
import { instructions } from '#domain/instructions/instructions.ts';
import { MAX_FACE } from '#domain/money.ts';
import { Problem } from '#domain/problems.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import { gasOf } from './gas.ts';
import type { Objection } from './refusal.ts';

/** An instruction before it is rehearsed. What is a function is asked only when the chain has nothing against it. */
export type Draft<N extends InstructionName = InstructionName> = {
  readonly calls: readonly Call[];
  /** Left out: what its definition says, for each call. */
  readonly gas?: bigint;
  /** What its sentence tells. Several: what does several things at once says all of them. */
  readonly facts: () => Told<N> | Promise<Told<N>>;
  readonly makes?: () => Makes | Promise<Makes>;
  /** More to be stored in the transaction that stores it; throws where it may not be. */
  readonly keep?: (trx: Trx, id: string) => Promise<unknown>;
  /** What we have against it, to be weighed with what the chain has. */
  readonly objections?: readonly Objection[];
};

type FactsOf<N extends InstructionName> = FactsFor<N> & Pick<Meaning, 'unbacked'>;
type Told<N extends InstructionName> = FactsOf<N> | readonly FactsOf<N>[];

/** Turns what a member asks for into calls. */
export type Drafter<N extends MemberInstructionName> = (
  services: Services,
  by: MemberPerson,
  asked: AskedFor<N>,
) => Promise<Draft<N>>;

export const meaningsOf = async <N extends InstructionName>(name: N, draft: Draft<N>): Promise<Meaning[]> =>
  [await draft.facts()].flat().map((facts) => ({ instruction: name, ...facts }) as unknown as Meaning);

export const gasOfDraft = (name: InstructionName, { gas, calls }: Draft): bigint =>
  gas ?? gasOf(instructions[name].gas, calls.length);

export const NOTHING_MADE: Makes = { bills: [], parcels: [] };

/** Throws REQUEST_INVALID for what would be done with oneself, MEMBER_UNKNOWN for a number that is nobody's. */
export async function requireOthers(
  { db }: Pick<Services, 'db'>,
  by: number,
  numbers: readonly number[],
): Promise<void> {
  if (numbers.includes(by)) {
    throw new Problem('REQUEST_INVALID', { zh: '不能与自己办理', en: 'This cannot be done with oneself' });
  }
  await requireMembers({ db }, numbers);
}

export async function requireMembers({ db }: { db: Database }, numbers: readonly number[]): Promise<void> {
  const wanted = [...new Set(numbers)];
  const found = new Set((await findMembers(db, wanted)).map(({ number }) => number));
  const unknown = wanted.find((number) => !found.has(number));
  if (unknown !== undefined) {
    throw new Problem('MEMBER_UNKNOWN', {
      zh: `没有编号为 ${unknown} 的成员`,
      en: `Nobody has the number ${unknown}`,
    });
  }
}

/** An amount that the ledger has no room for, in its place one that it refuses for the same reason. */
export const atMost = (amount: bigint, most: bigint): bigint => (amount > most ? most : amount);

/** A part of a parcel: the largest number means all of it, so a larger amount is one too large. */
export const partOf = (amount: bigint): bigint => atMost(amount, MAX_FACE - 1n);

/** The instant at which a due date begins; dates that no chain knows become one that it refuses. */
export const dueOf = (date: string): number => Math.max(0, instantOf(parseLegalDate(date)));

/** The instant at which the date is over. */
export const endOf = (date: string): number => Math.max(1, instantOf(parseLegalDate(date)) + 86_400);

export type Known = { readonly bill: BillRow; readonly parcel: ParcelRow };

/** A parcel by its id as the viewer may see it; undefined if there is none for him. */
export async function lookUp(
  { db }: Pick<Services, 'db'>,
  { viewer }: MemberPerson,
  id: string,
): Promise<{
  readonly id: bigint;
  readonly billNo: bigint;
  readonly first: bigint;
  readonly known: Known | undefined;
}> {
  const parcelId = parseParcelId(id);
  const { billNo, first } = partsOfParcelId(parcelId);
  const place = { id: parcelId, billNo, first };
  if (billNo >= 2n ** 63n || first >= 2n ** 63n) return { ...place, known: undefined };
  const [bill, parcel] = await ask(db, viewer, billQuery(viewer, billNo), parcelQuery(viewer, billNo, first));
  return { ...place, known: bill && parcel && { bill, parcel } };
}

/** The chain knows what the read model does not yet: soon it will. */
export function must<T>(known: T | undefined): T {
  if (known === undefined) {
    throw new Problem('UNAVAILABLE', {
      zh: '账本尚未同步到最新，请稍后再试',
      en: 'The read model has not caught up yet; try again in a moment',
    });
  }
  return known;
}
