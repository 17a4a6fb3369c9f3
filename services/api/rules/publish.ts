/** The operator publishes a rule pack. */
import { id as hashOf } from 'ethers';
import type { Static } from 'typebox';
import { interfaces } from '#chain/contracts.ts';
import type { Call } from '#chain/typed-data.ts';
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
export async function publish(services: Services, input: Input, requestId: string): Promise<RulePackRow> {
  const { kind, effectiveFrom, tenorMonths, basis, maxSplits } = input;
  const start = instantOf(parseLegalDate(effectiveFrom));
  if (start <= (await services.clock.now()))
    throw invalid('生效日须晚于今天', 'A pack takes effect on a later day than today');
  const documentHash = hashOf(canonicalJson(input));
  const terms = [KIND_NUMBERS[kind], start, tenorMonths, basis, maxSplits, documentHash];
  const call: Call = {
    target: services.deployment.addresses.rulebook,
    data: interfaces.rulebook.encodeFunctionData('publish', terms),
  };
  throwFirst(await rehearseFrom(services, services.operator, call));
  const meaning = {
    zh: `平台将发布规则包，自 ${effectiveFrom} 起生效：最长期限 ${tenorMonths} 个月`,
    en: `The platform will publish a rule pack in force from ${effectiveFrom}: a tenor of at most ${tenorMonths} months`,
  };
  await carryOut(services, { type: 'publish', input, meaning, calls: [call], requestId });
  const newest = (await listRulePacks(services.db)).find((pack) => pack.kind === kind);
  if (newest === undefined) throw new Error('a published rule pack is not in the read model');
  return newest;
}
