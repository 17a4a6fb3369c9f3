/** The operator publishes a rule pack. */
import { id as hashOf } from 'ethers';
import type { Static } from 'typebox';
import type { Origin } from '#db/audit/write.ts';
import { listRulePacks, type RulePackRow } from '#db/rules/read.ts';
import { KIND_NUMBERS } from '#domain/codes.ts';
import { instantOf, parseLegalDate } from '#domain/dates.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import type { ruleRoutes } from './schema.ts';
import type { Services } from '../services.ts';
import { carryOut, invalid } from '../members/admission.ts';
import { throwFirst } from '../instructions/refusal.ts';
import { rehearseFrom } from '../instructions/rehearse.ts';

type Input = Static<typeof ruleRoutes.publishRulePack.schema.body>;

/** Publishes a rule pack and waits until it can be read. Its text is kept with the act, its hash on the chain. */
export async function publish(services: Services, input: Input, origin: Origin): Promise<RulePackRow> {
  const { kind, effectiveFrom, tenorMonths, basis, maxSplits } = input;
  const start = instantOf(parseLegalDate(effectiveFrom));
  if (start <= (await services.clock.now()))
    throw invalid('生效日须晚于今天', 'A pack takes effect on a later day than today');
  const documentHash = hashOf(canonicalJson(input));
  const call = services.calls.rulebook.publish(
    KIND_NUMBERS[kind],
    start,
    tenorMonths,
    basis,
    maxSplits,
    documentHash,
  );
  throwFirst(await rehearseFrom(services, services.operator, call));
  const meaning = {
    instruction: 'publish',
    effectiveFrom: parseLegalDate(effectiveFrom),
    tenorMonths,
  } as const;
  await carryOut(services, {
    input,
    meaning,
    calls: [call],
    audited: { ...origin, action: 'rulesPublished', facts: { documentHash } },
  });
  const newest = (await listRulePacks(services.db)).find((pack) => pack.kind === kind);
  if (newest === undefined) throw new Error('a published rule pack is not in the read model');
  return newest;
}
