/** Rule packs that the operator publishes. */
import type { LegalDate } from '../dates.ts';
import { instruction } from '../instructions/instruction.ts';

export const ruleInstructions = {
  publish: instruction<{ readonly effectiveFrom: LegalDate; readonly tenorMonths: number }>()({
    by: 'operator',
    title: { zh: '发布规则包', en: 'Publish a rule pack' },
    asks: {},
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `发布规则包，自 ${f.effectiveFrom} 起生效：最长期限 ${f.tenorMonths} 个月`,
      en: `${tense('publish', 'published')} a rule pack in force from ${f.effectiveFrom}: a tenor of at most ${f.tenorMonths} months`,
    }),
  }),
};
