/**
 * A plain model of the ledger in the vocabulary of the conformance scenarios: each act gives the new state or throws the
 * Problem whose code wins. Written to be obviously right rather than fast, and apart from the contracts, whose oracle it
 * is. Signatures, allowances and the scope of quotes are not its matter: every act here is its actor's own.
 */
import { refuseIf } from '../../services/domain/problems.ts';
import { fundActs } from './funds.ts';
import { NO_LIMITS, put, type StandingLimits, type State } from './state.ts';
import { parties, titleActs } from './titles.ts';

export * from './state.ts';
export { seenBy } from './titles.ts';
export type { Issue, Offer, OnParcel, Quote, Seen, Sell } from './titles.ts';

const setSuspended = (state: State, member: number, isSuspended: boolean): State => {
  const known = state.members.get(member);
  refuseIf({ MEMBER_UNKNOWN: known === undefined, REQUEST_INVALID: known?.isSuspended === isSuspended });
  return { ...state, members: put(state.members, member, { ...known!, isSuspended }) };
};

const ACTS = {
  ...titleActs,
  ...fundActs,
  /** Without limits everything is covered. */
  setStanding(
    state: State,
    { by, standing, limits = NO_LIMITS }: { by: number; standing: boolean; limits?: StandingLimits },
  ): State {
    refuseIf(parties(state, by));
    const member = { ...state.members.get(by)!, hasStanding: standing, limits };
    return { ...state, members: put(state.members, by, member) };
  },
  suspend: (state: State, { member }: { member: number }): State => setSuspended(state, member, true),
  restore: (state: State, { member }: { member: number }): State => setSuspended(state, member, false),
  /** The clock moves to an instant; never back. */
  clock(state: State, { to }: { to: number }): State {
    refuseIf({ REQUEST_INVALID: to < state.now });
    return { ...state, now: to };
  },
};

/** One act: its name in `act`, and its fields. */
export type Act = {
  [Name in keyof typeof ACTS]: { act: Name } & Parameters<(typeof ACTS)[Name]>[1];
}[keyof typeof ACTS];

/** Throws Problem, and then nothing has changed. */
export function perform(state: State, act: Act): State {
  return (ACTS[act.act] as (state: State, act: Act) => State)(state, act);
}
