/** What a member answers to an import: how its file is to be read, and cells put right. */
import { rowsNotOpen } from '#db/imports/own.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { FIELD_TITLES, type Field } from '#domain/imports/columns.ts';
import { OF_DOCUMENTS } from '#domain/imports/corrections.ts';
import { Problem } from '#domain/problems.ts';
import type { MemberPerson } from '../app-types.ts';
import type { Services } from '../services.ts';
import type { Given, Reading } from './read.ts';

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
  if (odd !== undefined) throw new Problem('REQUEST_INVALID', notThere(odd.field));
  const rows = [...new Set(changes.map(({ row }) => row))];
  const gone = await rowsNotOpen(db, by.viewer, id, rows, await clock.now());
  if (gone.length > 0) throw new Problem('ALREADY_DONE', goneOn(gone));
}

const notThere = (field: Field) => ({
  zh: `没有读取“${FIELD_TITLES[field].zh}”的列，无法更正这一格`,
  en: `No column is read as the ${FIELD_TITLES[field].en}: there is nothing to correct`,
});
const goneOn = (rows: readonly number[]) => ({
  zh: `第 ${rows.slice(0, 10).join('、')} 行已签发、正在签发或不存在，不能更正`,
  en: `Rows ${rows.slice(0, 10).join(', ')} are issued, on their way or not there, and cannot be corrected`,
});
