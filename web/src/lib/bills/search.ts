import { billNo, formatId } from '#domain/intervals.ts';

/** "3/17" is a bill's number as people read it; everything else is looked for as it is. */
export function searchText(typed: string): string {
  const match = /^(\d{1,10})\/(\d{1,10})$/.exec(typed.trim());
  if (match === null) return typed.trim();
  try {
    return formatId(billNo(Number(match[1]), Number(match[2])));
  } catch {
    return typed.trim();
  }
}
