/** Who has which tax number: as the file says, else the seller of the first invoice in a bill to the member. */
import { taxNumberFor } from '../made-up-tax-numbers.ts';
import type { Scenario } from './format.ts';

export function taxNumbersOf({ members, taxNumbers = {}, acts }: Scenario): ReadonlyMap<string, string> {
  const found = new Map(Object.entries(taxNumbers).map(([name, text]) => [name, taxNumberFor(text)]));
  for (const act of acts) {
    const [first] = act.act === 'issue' ? (act.invoices ?? []) : [];
    if (act.act !== 'issue' || first === undefined) continue;
    if (found.has(act.to) || !(act.to in members)) continue;
    const seller = taxNumberFor(first.seller);
    // A number that another bears already is not the member's, whatever the bill says: it has one of its own.
    found.set(act.to, [...found.values()].includes(seller) ? taxNumberFor(`member ${act.to}`) : seller);
  }
  return found;
}
