/** What a firm asks for about its own account: another policy, or one no longer; and what the keeper does with it. */
import { instruction } from '../instructions/instruction.ts';
import type { Currency } from '../money.ts';
import type { Policy } from './policy.ts';
import { policyWords } from './words.ts';

type Change = { readonly change: string };

export const accountInstructions = {
  changePolicy: instruction<{ readonly policy: Policy; readonly currency: Currency }>()({
    by: 'member',
    title: { zh: '变更签署规则', en: 'Change the signing policy' },
    asks: { policy: 'policy' },
    gas: 'policy',
    sentence: ({ policy, currency }, tense) => {
      const words = policyWords(policy, currency);
      return {
        zh: `公布本企业签署规则的变更，公示期内其他签名人可以否决，期满后规则为：${words.zh}`,
        en: `${tense('announce', 'announced')} another signing policy, which its other signers can stop until its time has come: ${words.en}`,
      };
    },
  }),

  callOffChange: instruction<Change>()({
    by: 'member',
    title: { zh: '撤回签署规则变更', en: 'Call off a change of the policy' },
    asks: { change: 'change' },
    gas: 'simple',
    sentence: ({ change }, tense) => ({
      zh: `撤回已公布的签署规则变更 ${change}`,
      en: `${tense('call off', 'called off')} the announced change ${change} of its signing policy`,
    }),
  }),

  vetoChange: instruction<Change>()({
    by: 'keeper',
    title: { zh: '否决签署规则变更', en: 'Veto a change of the policy' },
    asks: {},
    gas: 'simple',
    sentence: ({ change }, tense) => ({
      zh: `由一名签名人否决已公布的签署规则变更 ${change}`,
      en: `${tense('stop', 'stopped')} the announced change ${change} of its signing policy, by the veto of one signer`,
    }),
  }),

  carryOutChange: instruction<Change>()({
    by: 'keeper',
    title: { zh: '使签署规则变更生效', en: 'Carry out a change of the policy' },
    asks: {},
    gas: 'policy',
    sentence: ({ change }, tense) => ({
      zh: `使公示期满的签署规则变更 ${change} 生效`,
      en: `${tense('carry out', 'carried out')} the change ${change} of the signing policy, whose time has come`,
    }),
  }),
};
