/** Dates that a list is asked between. */
import { parseLegalDate } from '#domain/dates.ts';

/** Throws REQUEST_INVALID for a date that the calendar does not have. */
export function requireDates(...dates: (string | undefined)[]): void {
  for (const date of dates) if (date !== undefined) parseLegalDate(date);
}
