/** Which names a scenario uses before they mean something. */
import type { InstructionName } from '#domain/instructions/instructions.ts';
import { asksOf, derivedFrom } from './derived.ts';
import type { Expectation, Scenario, ScenarioAct } from './format.ts';
import { restrictionOf } from './restrict.ts';

/** Follows the names through the file without playing it; returns what is wrong, in order. */
export function undefinedNames(scenario: Scenario): string[] {
  const known: Known = {
    members: new Set(Object.keys(scenario.members)),
    bills: new Set(),
    parcels: new Set(),
  };
  const faults = [...unknownMembers(known, membersOfSetUp(scenario))];
  for (const [n, act] of scenario.acts.entries()) {
    const inAct = [...namesOfAct(known, act), ...namesOfExpectation(known, act.expect)];
    faults.push(...inAct.map((fault) => `act ${n + 1} (${act.act}): ${fault}`));
  }
  return [...faults, ...namesOfExpectation(known, scenario.expect).map((fault) => `expect: ${fault}`)];
}

type Known = { members: Set<string>; bills: Set<string>; parcels: Set<string> };

const membersOfSetUp = ({ cash = {}, lines = [], standing = [] }: Scenario): string[] => [
  ...Object.keys(cash),
  ...lines.flatMap(({ bank, obligor }) => [bank, obligor]),
  ...standing,
];

/** Also takes in the name that the act gives. */
function namesOfAct(known: Known, act: ScenarioAct): string[] {
  const faults: string[] = [];
  if (!mayNameNobody(act)) faults.push(...unknownMembers(known, membersOf(act)));
  const { parcel, bill } = act as { parcel?: string; bill?: string };
  if (parcel !== undefined && !known.parcels.has(parcel)) faults.push(`no parcel is named "${parcel}"`);
  if (bill !== undefined && !known.bills.has(bill)) faults.push(`no bill is named "${bill}"`);
  if ('as' in act && act.as !== undefined && act.refused === undefined) {
    if (act.act === 'issue') known.bills.add(act.as);
    known.parcels.add(act.as);
  }
  return faults;
}

/** Where that is why the act is refused, or where what is malformed wins over it. */
const mayNameNobody = ({ refused }: ScenarioAct): boolean =>
  refused === 'MEMBER_UNKNOWN' || refused === 'REQUEST_INVALID';

function membersOf(act: ScenarioAct): string[] {
  const name = derivedFrom(act.act);
  const fields = act as Readonly<Record<string, string | undefined>>;
  const asked = name === undefined ? ['to', 'bank', 'member'] : membersAskedBy(name);
  const named = act.act === 'date' ? [] : ['by', ...asked].map((field) => fields[field]);
  const restricted = act.act === 'issue' ? restrictionOf(act.restrict).members : undefined;
  return [...named, ...(restricted ?? [])].filter((each) => each !== undefined);
}

const membersAskedBy = (name: InstructionName): string[] =>
  asksOf(name).flatMap(([field, kind]) => (kind === 'member' ? [field] : []));

function namesOfExpectation(known: Known, expected: Expectation = {}): string[] {
  const { cash = {}, bills = {}, parcels = {}, lines = [] } = expected;
  const holders = Object.values(parcels).flatMap((list) => list.map(([, holder]) => holder));
  const members = [
    ...Object.keys(cash),
    ...holders,
    ...lines.flatMap(({ bank, obligor }) => [bank, obligor]),
  ];
  return [
    ...unknownMembers(known, members),
    ...[...Object.keys(bills), ...Object.keys(parcels)]
      .filter((name) => !known.bills.has(name))
      .map((name) => `no bill is named "${name}"`),
  ];
}

const unknownMembers = ({ members }: Known, names: readonly string[]): string[] =>
  [...new Set(names)].filter((name) => !members.has(name)).map((name) => `there is no member "${name}"`);
