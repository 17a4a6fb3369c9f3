/** Words for what was done to a bill, and for what it forbids. */
import type { BillActName, Restriction } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import { one } from '#web/word.ts';

export const billActName = one<BillActName>({
  issued: m.billact_issued,
  taken: m.billact_taken,
  cancelled: m.billact_cancelled,
  offered: m.billact_offered,
  passed_on: m.billact_passed_on,
  refused: m.billact_refused,
  withdrawn: m.billact_withdrawn,
  expired: m.billact_expired,
  sold: m.billact_sold,
  funded: m.billact_funded,
  paid: m.billact_paid,
  named: m.billact_named,
});

export const restriction = one<Restriction>({
  not_to_be_passed_on: m.restriction_not_to_be_passed_on,
  not_to_be_financed: m.restriction_not_to_be_financed,
  named_members_only: m.restriction_named_members_only,
});
