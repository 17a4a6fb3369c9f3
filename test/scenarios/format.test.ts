import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FormatError, parseScenario } from '#scripts/scenario/format.ts';
import { undefinedNames } from '#scripts/scenario/names.ts';
import { restrictionOf } from '#scripts/scenario/restrict.ts';

const folder = import.meta.dirname;
const scenario = (acts: unknown[], more: object = {}): string =>
  JSON.stringify({
    scenario: 'test',
    today: '2026-03-03',
    members: { c: 'core_enterprise', s1: ['supplier'], b1: 'bank' },
    acts,
    ...more,
  });
const faultsOf = (text: string): readonly string[] => {
  try {
    return undefinedNames(parseScenario(text));
  } catch (error) {
    if (error instanceof FormatError) return error.faults;
    throw error;
  }
};
const issue = { act: 'issue', by: 'c', to: 's1', face: '1.00', due: '2026-06-01', as: 'B1' };

describe('the form of a scenario', () => {
  it.each(globSync('*.json', { cwd: folder }))('%s is well formed', (file) => {
    expect(faultsOf(readFileSync(join(folder, file), 'utf8'))).toEqual([]);
  });

  it.each([
    ['text that is not JSON', '{', /not JSON/],
    ['an act that does not exist', scenario([{ act: 'burn', by: 'c' }]), /act 1: there is no act "burn"/],
    ['a field that does not exist', scenario([{ ...issue, color: 'red' }]), /act 1 \(issue\): .*color/],
    ['a field that is missing', scenario([{ act: 'take', by: 's1' }]), /act 1 \(take\): .*parcel/],
    ['a code that does not exist', scenario([{ ...issue, refused: 'NO' }]), /\/refused/],
    [
      'a date that the calendar does not have',
      scenario([], { today: '2026-02-30' }),
      /\/today must be a date/,
    ],
    ['a role that does not exist', scenario([], { members: { x: 'broker' } }), /\/members\/x/],
    ['a member without a role', scenario([], { members: { x: [] } }), /\/members\/x/],
    ['an amount that is a number', scenario([], { cash: { c: 5 } }), /\/cash\/c/],
  ])('refuses %s', (_, text, fault) => {
    expect(faultsOf(text).join('\n')).toMatch(fault);
  });

  it('leaves it to the platform to refuse amounts and dates in acts', () => {
    const refused = 'REQUEST_INVALID';
    const acts = [
      { ...issue, face: '-1', due: 'soon', refused },
      { act: 'date', to: '2026-02-30', refused },
    ];
    expect(faultsOf(scenario(acts))).toEqual([]);
  });
});

describe('the names of a scenario', () => {
  it.each([
    ['a member', [{ ...issue, to: 's9' }], 'act 1 (issue): there is no member "s9"'],
    ['a parcel', [{ act: 'take', by: 's1', parcel: 'B1' }], 'act 1 (take): no parcel is named "B1"'],
    ['a bill', [{ act: 'distribute', bill: 'B1' }], 'act 1 (distribute): no bill is named "B1"'],
    [
      'a bill, where a parcel is',
      [issue, { act: 'offer', by: 's1', parcel: 'B1', to: 'c', as: 'P1' }, { act: 'distribute', bill: 'P1' }],
      'act 3 (distribute): no bill is named "P1"',
    ],
    [
      'what a refused act would have made',
      [
        { ...issue, refused: 'ROLE_REQUIRED' },
        { act: 'take', by: 's1', parcel: 'B1' },
      ],
      'act 2 (take): no parcel is named "B1"',
    ],
    ['a member in a restriction', [{ ...issue, restrict: ['s9'] }], 'act 1 (issue): there is no member "s9"'],
    [
      'a restriction that is known',
      [{ ...issue, restrict: { passedOn: true } }],
      'act 1 (issue): there is no member "passedOn"',
    ],
    [
      'an expected bill',
      [{ ...issue, expect: { bills: { B2: { paid: '0.00' } } } }],
      'act 1 (issue): no bill is named "B2"',
    ],
  ])('must mean %s', (_, acts, fault) => {
    expect(faultsOf(scenario(acts))).toEqual([fault]);
  });

  it('may mean nobody where that is the reason of the refusal', () => {
    expect(faultsOf(scenario([{ ...issue, to: 's9', refused: 'MEMBER_UNKNOWN' }]))).toEqual([]);
  });

  it('are known from the act on that gives them', () => {
    const acts = [
      { ...issue, expect: { parcels: { B1: [['1-100', 'c', 'offered']] } } },
      { act: 'distribute', bill: 'B1' },
    ];
    expect(faultsOf(scenario(acts))).toEqual([]);
  });
});

describe('a restriction', () => {
  it.each([
    ['not_passed_on', { passOn: false }],
    ['no-transfer', { passOn: false }],
    [['Not financed', 'not_passed_on'], { passOn: false, finance: false }],
    [['s1', 'b1'], { members: ['s1', 'b1'] }],
    [
      { passOn: false, finance: true, members: ['s1'] },
      { passOn: false, members: ['s1'] },
    ],
    [{ notPassedOn: true, 'not financed': false }, { passOn: false }],
    [
      { transfer: false, only: 's1' },
      { passOn: false, members: ['s1'] },
    ],
    [{ finance: true, members: ['s1', 's1'] }, { members: ['s1'] }],
    [{ members: [] }, { members: [] }],
    [undefined, {}],
  ])('%j means %j', (field, meaning) => {
    expect(restrictionOf(field)).toEqual(meaning);
  });
});
