/** From rows of credit lines to what is left of them. */
import type { Static } from 'typebox';
import type { LineRow } from '#db/lines/read.ts';
import type { Currency } from '#domain/money.ts';
import type { Line } from './schema.ts';
import { money } from '../schemas/money.ts';
import type { Names } from '../members/names.ts';

type Standing = { readonly limit: bigint; readonly reserved: bigint; readonly used: bigint };

/** What can still be used; a limit that was lowered below it leaves nothing. */
export const availableOf = ({ limit, reserved, used }: Standing): bigint =>
  limit > reserved + used ? limit - reserved - used : 0n;

const standingOf = (line: LineRow): Standing => ({
  limit: line.limit_minor,
  reserved: line.reserved_minor + line.quoted,
  used: line.used_minor,
});

const groupOf = (line: LineRow): Standing => ({
  limit: line.group_limit ?? 0n,
  reserved: (line.group_reserved ?? 0n) + (line.group_quoted ?? 0n),
  used: line.group_used ?? 0n,
});

const isGrouped = (line: LineRow): boolean => line.group_no !== null && line.group_no !== 0n;

/** What the bank can still take on of an obligor: the line and its group together decide. */
export const availableOn = (line: LineRow): bigint =>
  isGrouped(line)
    ? min(availableOf(standingOf(line)), availableOf(groupOf(line)))
    : availableOf(standingOf(line));

export function lineView(
  line: LineRow,
  ref: Awaited<ReturnType<Names['of']>>,
  currency: Currency,
): Static<typeof Line> {
  const [own, group] = [standingOf(line), groupOf(line)];
  const inMoney = (amount: bigint) => money(amount, currency);
  return {
    bank: ref(line.bank),
    obligor: ref(line.obligor),
    limit: inMoney(own.limit),
    reserved: inMoney(own.reserved),
    used: inMoney(own.used),
    available: inMoney(availableOn(line)),
    group: isGrouped(line)
      ? {
          number: Number(line.group_no),
          limit: inMoney(group.limit),
          used: inMoney(group.used),
          available: inMoney(availableOf(group)),
        }
      : null,
  };
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
