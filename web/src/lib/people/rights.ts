/** What the rights of a seat are called. */
import { RIGHTS, type Right } from '#domain/people/rights.ts';
import { comma } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';

export const RIGHT_NAMES: Record<Right, () => string> = {
  see: m.right_see,
  prepare: m.right_prepare,
  sign: m.right_sign,
  administer: m.right_administer,
};

export const rightNames = (rights: readonly Right[]): string =>
  RIGHTS.filter((right) => rights.includes(right))
    .map((right) => RIGHT_NAMES[right]())
    .join(comma());
