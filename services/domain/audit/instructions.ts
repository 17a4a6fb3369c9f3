/** What the keeper does for the audit trail. */
import { instruction } from '../instructions/instruction.ts';

export const auditInstructions = {
  anchor: instruction<{ readonly link: string }>()({
    by: 'keeper',
    title: { zh: '审计存证', en: 'Anchor the audit trail' },
    asks: {},
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `把审计流水第 ${f.link} 环的摘要写到链上`,
      en: `${tense('write', 'wrote')} the hash of link ${f.link} of the audit trail on the chain`,
    }),
  }),
};
