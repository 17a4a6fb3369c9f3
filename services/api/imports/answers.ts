/** What a member answers to an import: how its file is to be read, and cells put right. */
import { rowsNotOpen } from '#db/imports/own.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { FIELD_TITLES, type Field } from '#domain/imports/columns.ts';
import { OF_DOCUMENTS } from '#domain/imports/corrections.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import type { Given, Reading } from './read.ts';
import { refused } from '../problems/refused.ts';

/** Rows that a refusal names. */
const NAMED = 10;

/** Throws REQUEST_INVALID for a day that the calendar does not have. */
export function givenOf({
  terms,
  ...stated
}: Omit<Given, 'terms'> & { terms?: { days: number } | { date: string } }): Given {
  if (terms === undefined) return stated;
  return { ...stated, terms: 'date' in terms ? { date: parseLegalDate(terms.date) } : terms };
}

type Changes = readonly { readonly row: number; readonly field: Field; readonly value: string | null }[];

/** Throws REQUEST_INVALID for what the file has no place for, ALREADY_DONE for rows that went on. */
export async function checkCorrections(
  { db, clock }: Services,
  by: MemberPerson,
  id: string,
  { reading }: { reading: Reading },
  changes: Changes,
): Promise<void> {
  const isTable = reading.columns.length > 0;
  const can = (field: Field) =>
    isTable ? reading.mapping[field] !== undefined : OF_DOCUMENTS.includes(field);
  const odd = changes.find(({ field }) => !can(field));
  if (odd !== undefined) throw refused('COLUMN_NOT_READ', { field: FIELD_TITLES[odd.field] });
  const rows = [...new Set(changes.map(({ row }) => row))];
  const gone = await rowsNotOpen(db, by.viewer, id, rows, await clock.now());
  if (gone.length > 0) throw refused('ROWS_GONE_ON', { rows: gone.slice(0, NAMED) });
}
