/** A bank's limits on what it holds of an obligor's paper, and of a group's. */
import { instruction, optional } from '../instructions/instruction.ts';
import { cash, en, yuan, zh, type Money, type Name } from '../instructions/phrases.ts';

export const lineInstructions = {
  /** `group`: 0 for none. */
  setLine: instruction<Money & { readonly obligor: Name; readonly group: number }>()({
    by: 'member',
    title: { zh: '设定额度', en: 'Set a credit line' },
    asks: { obligor: 'member', limit: 'money', group: optional('groupOrNone') },
    gas: 'simple',
    scenario: 'a bank sets its line on an obligor',
    sentence: (f, tense) => ({
      zh: `把对 ${zh(f.obligor)} 的授信额度设为 ${yuan(f)}，${f.group === 0 ? '不归入集团' : `归入集团 ${f.group}`}`,
      en: `${tense('set', 'set')} its credit line on ${en(f.obligor)} to ${cash(f)}, ${f.group === 0 ? 'in no group' : `in the group ${f.group}`}`,
    }),
  }),

  setGroupLine: instruction<Money & { readonly group: number }>()({
    by: 'member',
    title: { zh: '设定集团额度', en: 'Set a group’s line' },
    asks: { group: 'group', limit: 'money' },
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `把对集团 ${f.group} 的授信额度设为 ${yuan(f)}`,
      en: `${tense('set', 'set')} its credit line on the group ${f.group} to ${cash(f)}`,
    }),
  }),
};
