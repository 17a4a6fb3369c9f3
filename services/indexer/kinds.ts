import { KIND_NUMBERS, type BillKind } from '#domain/codes.ts';

const kinds = Object.keys(KIND_NUMBERS) as BillKind[];

/** Throws for a number that names no kind of bill. */
export function kindOf(number: bigint): BillKind {
  const kind = kinds.find((name) => BigInt(KIND_NUMBERS[name]) === number);
  if (kind === undefined) throw new Error(`no kind of bill has the number ${number}`);
  return kind;
}
