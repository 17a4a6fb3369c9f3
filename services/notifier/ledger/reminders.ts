/** What runs out, and when that is told: nothing is told before it is time, nor twice for the same time. */
import type { DueRow, Horizons, OfferRow, RunningOut } from '#db/notices/reminders.ts';
import { addDays, daysBetween, formatInstant, legalDateOf, parseLegalDate } from '#domain/dates.ts';
import type { Notice } from '#domain/notices/notices.ts';

const [HOUR, DAY] = [3_600, 86_400];
const OFFER_S = DAY;
const QUOTE_S = 4 * HOUR;
const SIGNATURE_S = HOUR;
/** Whoever prepares to sign himself has done so by then (ms). */
const SIGNS_HIMSELF_MS = 10 * 60_000;
const DUE_DAYS = [7, 3, 1, 0];
const CREDENTIAL_DAYS = [30, 7, 1];
/** What has been overdue for longer was told before, or nobody was listening then. */
const OVERDUE_DAYS = 7;

/** @param now Of the ledger (seconds). @param machine Of the machine: instructions are made by its clock. */
export function horizonsAt(now: number, machine: Date): Horizons {
  const today = legalDateOf(now);
  return {
    now,
    today,
    offers: now + OFFER_S,
    quotes: now + QUOTE_S,
    credentials: now + Math.max(...CREDENTIAL_DAYS) * DAY,
    dueUntil: addDays(today, Math.max(...DUE_DAYS)),
    overdueSince: addDays(today, -OVERDUE_DAYS),
    preparedBefore: new Date(machine.getTime() - SIGNS_HIMSELF_MS),
  };
}

/** The nearest of these that was reached: the others before it are over. */
const reached = (days: number, steps: readonly number[]): number =>
  Math.min(...steps.filter((step) => days <= step));

export const remindersOf =
  (now: number) =>
  (found: RunningOut): Notice[] => {
    const today = legalDateOf(now);
    return [
      ...found.ending.map((row): Notice => ({
        kind: 'offer_ending',
        key: `offer_ending:${row.bill_no}:${row.first}:${row.offered_to}:${row.offer_until}`,
        to: { member: row.offered_to },
        facts: { ...pieceOf(row, row.holder), until: formatInstant(Number(row.offer_until)) },
      })),
      ...found.expired.map((row): Notice => ({
        kind: 'offer_expired',
        key: `offer_expired:${row.bill_no}:${row.first}:${row.offered_to}:${row.offer_until ?? row.due_on}`,
        to: { member: row.holder },
        facts: pieceOf(row, row.offered_to),
      })),
      ...found.quotes.map((row): Notice => ({
        kind: 'quote_ending',
        key: `quote_ending:${row.quote}`,
        to: { member: row.seller },
        facts: {
          ...{ bill: String(row.bill_no), request: row.request, other: row.bank },
          ...{ amount: String(row.amount_minor), until: formatInstant(Number(row.valid_until)) },
        },
      })),
      ...found.unsigned.flatMap(({ instruction, member, type, branch, valid_until }): Notice[] => {
        const until = formatInstant(Number(valid_until));
        const isEnding = valid_until - BigInt(now) <= BigInt(SIGNATURE_S);
        const [to, facts] = [
          { member, branch },
          { instruction, type },
        ];
        return [
          { kind: 'signature_wanted', key: `signature_wanted:${instruction}`, to, facts },
          ...(isEnding
            ? [
                {
                  kind: 'signature_ending',
                  key: `signature_ending:${instruction}`,
                  to,
                  facts: { ...facts, until },
                } as const,
              ]
            : []),
        ];
      }),
      ...found.due.map((row): Notice => {
        const days = daysBetween(today, parseLegalDate(row.due_on));
        const step = reached(days, DUE_DAYS);
        return {
          kind: 'due_soon',
          key: `due_soon:${row.member}:${row.due_on}:${step}`,
          to: { member: row.member },
          facts: { ...sumOf(row), days },
        };
      }),
      ...found.overdue.map((row): Notice => ({
        kind: 'overdue',
        key: `overdue:${row.member}:${row.due_on}`,
        to: { member: row.member },
        facts: sumOf(row),
      })),
      ...found.overdueHeld.map((row): Notice => ({
        kind: 'overdue_held',
        key: `overdue_held:${row.member}:${row.other}:${row.due_on}`,
        to: { member: row.member },
        facts: { ...sumOf(row), other: row.other! },
      })),
      ...found.credentials.map(({ member, expiry }): Notice => {
        const days = Math.ceil((Number(expiry) - now) / DAY);
        const step = reached(days, CREDENTIAL_DAYS);
        return {
          kind: 'credential_ending',
          key: `credential_ending:${member}:${expiry}:${step}`,
          to: { member },
          facts: { until: legalDateOf(expiry), days },
        };
      }),
    ];
  };

const pieceOf = (row: OfferRow, other: number) => ({
  bill: String(row.bill_no),
  other,
  amount: String(row.amount_minor),
  due: row.due_on,
});

const sumOf = (row: DueRow) => ({
  due: row.due_on,
  bills: Number(row.bills),
  amount: String(row.amount_minor),
});
