/** Ticks of an axis, and months: what charts need to be drawn, and nothing of how they look. */
import { addDays, addMonths, daysBetween, parseLegalDate, type LegalDate } from '#domain/dates.ts';

/** Round numbers from zero (or below the least) to above the most, about `count` of them. */
export function ticks(least: number, most: number, count = 4): number[] {
  const span = most - least || Math.abs(most) || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough)!;
  const from = Math.floor(least / step);
  const to = Math.max(from + 1, Math.ceil(most / step));
  return Array.from({ length: to - from + 1 }, (_, at) => Number(((from + at) * step).toPrecision(12)));
}

export type Month = { month: string; label: string; from: LegalDate; to: LegalDate };

/** The month of a date and those after it, each with its first and last day. */
export function monthsFrom(today: string, count: number): Month[] {
  const first = parseLegalDate(`${today.slice(0, 7)}-01`);
  return Array.from({ length: count }, (_, at) => {
    const from = addMonths(first, at);
    const month = from.slice(0, 7);
    return {
      month,
      label: month.slice(2).replace('-', '/'),
      from,
      to: addDays(addMonths(first, at + 1), -1),
    };
  });
}

export type Bucket = { key: string; from: LegalDate | undefined; to: LegalDate | undefined };

/** How long money is still outstanding: late, within 30, 60, 90, 180 days, later. */
export function buckets(today: string): Bucket[] {
  const start = parseLegalDate(today);
  const edges = [0, 30, 60, 90, 180];
  return [
    { key: 'late', from: undefined, to: addDays(start, -1) },
    ...edges.slice(1).map((edge, at) => ({
      key: `${edges[at] === 0 ? 0 : edges[at]! + 1}–${edge}`,
      from: addDays(start, edges[at] === 0 ? 0 : edges[at]! + 1),
      to: addDays(start, edge),
    })),
    { key: '>180', from: addDays(start, 181), to: undefined },
  ];
}

export const isIn = ({ from, to }: Bucket, date: string): boolean =>
  (from === undefined || date >= from) && (to === undefined || date <= to);

/** The mean number of days until money is due, weighted with the amounts; undefined when there is none. */
export function meanDays(
  entries: readonly { due: string; amount: bigint }[],
  today: string,
): number | undefined {
  const total = entries.reduce((sum, { amount }) => sum + amount, 0n);
  if (total === 0n) return undefined;
  const weighted = entries.reduce(
    (sum, { due, amount }) => sum + BigInt(daysBetween(parseLegalDate(today), parseLegalDate(due))) * amount,
    0n,
  );
  return Number((weighted * 10n) / total) / 10;
}
