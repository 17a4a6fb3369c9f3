/** When to try again: soon, then later and later, for three days in all. */

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** Milliseconds after the first, second, … try that failed: some 72 hours together. */
export const PAUSES_MS: readonly number[] = [
  5 * SECOND,
  MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  20 * HOUR,
];

/** @param tries That have failed. @returns undefined: it is given up. */
export function nextTry(tries: number, now: Date): Date | undefined {
  const pause = PAUSES_MS[tries - 1];
  return pause === undefined ? undefined : new Date(now.getTime() + pause);
}
