/** The operator publishes a rule pack. Its text is kept with the instruction, its hash on the chain. */
import { id as hashOf } from 'ethers';
import { KIND_NUMBERS } from '#domain/codes.ts';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { invalid } from '../members/admission.ts';
import type { OperatorDrafter } from '../operator/drafters.ts';

const publish: OperatorDrafter<'publish'> = async ({ calls, clock }, asked) => {
  const { kind, effectiveFrom, tenorMonths, basis, maxSplits, citation } = asked;
  const start = instantOf(parseLegalDate(effectiveFrom));
  if (start <= (await clock.now()))
    throw invalid('生效日须晚于今天', 'A pack takes effect on a later day than today');
  const document = { kind, effectiveFrom, tenorMonths, basis, maxSplits, citation };
  const documentHash = hashOf(canonicalJson(document));
  return {
    calls: [calls.rulebook.publish(KIND_NUMBERS[kind], start, tenorMonths, basis, maxSplits, documentHash)],
    facts: () => ({ effectiveFrom: parseLegalDate(effectiveFrom), tenorMonths }),
    audited: { action: 'rulesPublished', facts: { documentHash } },
  };
};

export const ruleDecisions = { publish };
