/** From a rule pack's row to JSON. */
import { toHex } from '#db/wire/bytes.ts';
import type { RulePackRow } from '#db/rules/read.ts';
import { legalDateOf } from '#domain/dates.ts';

/** `now`: seconds. */
export const rulePackView = (pack: RulePackRow, now: number) => ({
  number: pack.number,
  kind: pack.kind,
  effectiveFrom: legalDateOf(pack.effective_from),
  effectiveTo: pack.effective_to === null ? null : legalDateOf(pack.effective_to),
  tenorMonths: pack.tenor_months,
  basis: pack.basis,
  maxSplits: pack.max_splits,
  documentHash: toHex(pack.document_hash),
  inForce: pack.effective_from <= BigInt(now) && (pack.effective_to ?? BigInt(now) + 1n) > BigInt(now),
});
