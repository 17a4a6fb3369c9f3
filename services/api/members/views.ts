/** From a member's row to JSON. */
import { isActive } from '#domain/members/active.ts';
import type { Static } from 'typebox';
import { namesOf, ROLE_BITS } from '#domain/codes.ts';
import { legalDateOf } from '#domain/dates.ts';
import type { MemberRow } from '#db/members/read.ts';
import type { Member } from './schema.ts';
import { accountOf } from './accounts.ts';
import { CURRENCY } from '../sales/price.ts';
import { money } from '../schemas/money.ts';
import { nameless } from './names.ts';

export const rolesOf = (bits: number) => namesOf(ROLE_BITS, bits);

/** @param now Instant (seconds) at which it is active or not. */
export function memberView(row: MemberRow, now: number): Static<typeof Member> {
  const { number, credential_expiry: expiry } = row;
  return {
    number,
    name: nameOf(row),
    taxId: row.tax_id,
    roles: rolesOf(row.roles),
    account: accountOf(row.account),
    active: isActive(row, now),
    suspended: row.suspended,
    standing: row.standing,
    standingLimits: row.standing ? standingLimits(row) : null,
    credentialExpiry: expiry === null ? null : legalDateOf(expiry),
  };
}

const standingLimits = (row: MemberRow) => ({
  acceptor: row.standing_acceptor,
  counterparty: row.standing_counterparty,
  least: row.standing_least === null ? null : money(row.standing_least, CURRENCY),
  until: row.standing_until === null ? null : new Date(Number(row.standing_until) * 1_000).toISOString(),
});

export const nameOf = ({ number, name_zh, name_en }: MemberRow) =>
  name_zh === null || name_en === null ? nameless(number) : { zh: name_zh, en: name_en };
