/** Words for what a bill forbids. */
import type { Restriction } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import { one } from '#web/word.ts';

export const restriction = one<Restriction>({
  not_to_be_passed_on: m.restriction_not_to_be_passed_on,
  not_to_be_financed: m.restriction_not_to_be_financed,
  named_members_only: m.restriction_named_members_only,
});
