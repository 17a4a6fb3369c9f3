import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { play, type Scenario } from './support/play.ts';

const folder = new URL('../scenarios/', import.meta.url);
/** About what the API reads before the ledger is asked: spellings of invoices, words of restrictions, what is malformed. */
const OF_THE_API = new Set(
  [
    ...['invoice-codes', 'invoice-in-many-spellings', 'invoice-of-another-seller', 'invoices-over-bills'],
    ...['issue-refused', 'leap-day-odd-face-five-payments', 'offers-refused', 'refusals-piled-up'],
    ...['resale-between-banks', 'restrictions-and-parts', 'restrictions', 'sales-refused'],
    ...['unusual-names', 'what-is-malformed-wins'],
  ].map((name) => `${name}.json`),
);
const files = readdirSync(folder).filter((name) => name.endsWith('.json') && !OF_THE_API.has(name));

describe('the model', () => {
  it.each(files)('plays %s', (name) => {
    const scenario = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Scenario;
    expect(play(scenario)).toEqual([]);
  });

  it('says where a scenario is wrong', () => {
    const scenario: Scenario = {
      scenario: 'wrong in every way',
      today: '2026-03-03',
      members: { core: 'core_enterprise', s1: 'supplier' },
      cash: { core: '10.00' },
      acts: [
        {
          act: 'issue',
          by: 'core',
          to: 's1',
          face: '5.00',
          due: '2026-06-01',
          as: 'B1',
          refused: 'ROLE_REQUIRED',
        },
        { act: 'take', by: 'core', parcel: 'B1' },
      ],
      expect: {
        cash: { core: '9.00' },
        bills: { B1: { status: 'active' } },
        parcels: { B1: [['1-500', 's1', 'held']] },
      },
    };
    expect(play(scenario)).toEqual([
      'act 1 issue: undefined, not ROLE_REQUIRED',
      'act 2 take: NOT_OFFERED_TO_YOU, not undefined',
      'cash of core is "10.00", not "9.00"',
      'status of B1 is "offered", not "active"',
      'parcels of B1 is [["1-500","core","offered"]], not [["1-500","s1","held"]]',
    ]);
  });
});
