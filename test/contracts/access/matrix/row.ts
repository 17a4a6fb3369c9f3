import type { Call } from '#chain/typed-data.ts';
import { GOVERNANCE_DELAY } from '#chain/governance.ts';
import { ethers, networkHelpers } from '../../support/chain.ts';
import { MEMBER_NAMES, type Caller, type CallerName, type Ground } from './ground.ts';

/** What somebody is told: the name of an error, or that it is done. */
export type Answer = string;
export const DONE = 'done';

/**
 * One use of a function, with arguments against which nothing speaks: who may, and what everybody else is told.
 * `suspended` and `expired` stand for the first of those who may, if that is a member, else for `regulator`.
 */
export type Row = {
  /** Where a function has several rows. */
  readonly when?: string;
  readonly call: (g: Ground, caller: Caller) => Call | Promise<Call>;
  readonly may: readonly CallerName[] | 'anybody';
  readonly members: Answer;
  readonly outside: Answer;
  readonly suspended: Answer;
  /** Of single callers, where it is neither of these. */
  readonly but?: Readonly<Record<CallerName, Answer>>;
  /** Brings about the state in which the function does something. */
  readonly before?: (g: Ground) => Promise<unknown>;
  /** For what anybody may: all that changes when a stranger does it, as `rights.ts` words it. */
  readonly changes?: readonly string[];
};

type Use = Pick<Row, 'call'> & Partial<Row>;

/** A member's right. Who is no member is unknown, who is suspended may not; other members lack what `members` says. */
export const byMembers = (may: readonly CallerName[], members: Answer, use: Use): Row => ({
  may,
  members,
  outside: 'ParticipantsUnknownAccount',
  suspended: 'ParticipantsNotActive',
  ...use,
});

/** Every member's right. */
export const byAnyMember = (use: Use): Row => byMembers(MEMBER_NAMES, DONE, use);

/** The right of those alone who are named; all others get the same answer. */
export const byNobodyElse = (may: readonly CallerName[], answer: Answer, use: Use): Row => ({
  may,
  ...{ members: answer, outside: answer, suspended: answer },
  ...use,
});

export const byRole = (may: readonly CallerName[], use: Use): Row =>
  byNobodyElse(may, 'AccessManagedUnauthorized', use);

/** The ledger's alone, in the midst of an act of a member. */
export const byLedger = (answer: Answer, use: Use): Row => byNobodyElse(['ledger'], answer, use);

export const byAnybody = (use: Use & Required<Pick<Row, 'changes'>>): Row => ({
  may: 'anybody',
  ...{ members: DONE, outside: DONE, suspended: DONE },
  ...use,
});

/** What DESKS or PRIVILEGES may once it was announced for its time; and that it may not before. */
export const byAnnouncement = (call: (g: Ground) => Call): Row[] => [
  byRole(['desks'], {
    when: 'announced',
    call,
    before: async (g) => {
      const { target, data } = call(g);
      await sends(g, 'desks', g.on('accessManager', 'schedule', target, data, 0));
      await networkHelpers.time.increase(GOVERNANCE_DELAY);
    },
  }),
  byRole([], { when: 'not announced', call, but: { desks: 'AccessManagerNotScheduled' } }),
];

/** Somebody does it, whoever it is. Throws if it is refused. */
export async function sends(g: Ground, name: CallerName, { target, data }: Call): Promise<void> {
  const signer = await ethers.getSigner(g.addressOf(name));
  await signer.sendTransaction({ to: target, data, gasLimit: 15_000_000n });
}

export type Rows = Readonly<Record<string, Row | readonly Row[]>>;
