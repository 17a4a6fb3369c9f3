import { displayRange } from '#domain/bills/intervals.ts';
import type { Stage } from './stage.ts';

/**
 * Names what changed while `act` ran, of all that the contracts know of: bills and their parcels, cash, lines, members.
 * So a test says what an act touches, and with that what it leaves alone.
 */
export async function changesOf(s: Stage, act: () => Promise<unknown>): Promise<string[]> {
  const before = await factsOf(s);
  await act();
  const after = await factsOf(s);
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key)).sort();
}

async function factsOf(s: Stage): Promise<Map<string, string>> {
  const { cash, lines, bills } = s.contracts;
  const facts = new Map<string, string>();
  const note = (key: string, value: unknown): void => void facts.set(key, String(value));
  const issues = await bills.queryFilter(bills.filters.BillIssued());
  for (const bill of new Set(issues.map(({ args }) => args.billNo))) {
    const name = `bill ${bill >> 32n}/${bill % 2n ** 32n}`;
    note(`${name} terms`, await bills.terms(bill));
    note(`${name} paid`, await bills.paid(bill));
    for (const view of await bills.parcelsFrom(bill, 0, 10_000)) note(`${name} ${displayRange(view)}`, view);
  }
  for (const { name, account, number } of s.members) {
    note(`cash of ${name}`, await cash.balanceOf(account));
    note(`member ${name}`, await bills.member(number));
    for (const obligor of [s.coreFirm, s.coreFirm2]) {
      note(`line of ${name} on ${obligor.name}`, await lines.line(number, obligor.number));
    }
  }
  note('cash of the bills', await cash.balanceOf(bills));
  return facts;
}
