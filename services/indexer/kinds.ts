import { KIND_NUMBERS, type BillKind } from '#domain/codes.ts';

const kinds = new Map(
  Object.entries(KIND_NUMBERS).map(([kind, number]) => [number as number, kind as BillKind]),
);

/** Throws for a number that names no kind of bill. */
export function kindOf(number: number): BillKind {
  const kind = kinds.get(number);
  if (kind === undefined) throw new Error(`no kind of bill has the number ${number}`);
  return kind;
}
