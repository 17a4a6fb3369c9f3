/** Who signs for the account of a firm, or of the platform. */
import { instruction } from '../instructions/instruction.ts';
import type { Policy } from '../accounts/policy.ts';
import { policyWords } from '../accounts/words.ts';
import type { Currency } from '../money.ts';

/** A device as people compare it: the two ends of its public key. Hex, 32 bytes each. */
export const nameOfKey = (x: string, y: string): string =>
  `${x.replace(/^0x/, '').slice(0, 8)}…${y.slice(-8)}`.toLowerCase();

type Signature = {
  readonly person: string;
  readonly device: string;
  readonly instead?: string;
  /** From then on. */
  readonly policy: Policy;
  readonly currency: Currency;
  /** Where the account has one signer: else its other signers can stop it for a time. */
  readonly isAtOnce: boolean;
};

export const peopleInstructions = {
  giveSignature: instruction<Signature>()({
    by: 'account',
    title: { zh: '增加签名设备', en: 'Give a device a signature' },
    asks: {},
    gas: 'policy',
    sentence: (f, tense) => {
      const words = policyWords(f.policy, f.currency);
      const instead = {
        zh: f.instead === undefined ? '' : `，取代设备（公钥 ${f.instead}）`,
        en: f.instead === undefined ? '' : ` in place of the device (key ${f.instead})`,
      };
      return {
        zh: `让 ${f.person} 的设备（公钥 ${f.device}）参与签名${instead.zh}；${f.isAtOnce ? '此后' : '公示期内其他签名人可以否决，期满后'}规则为：${words.zh}`,
        en: `${tense('give', 'gave')} ${f.person}’s device (key ${f.device}) a signature${instead.en}; ${f.isAtOnce ? 'from then on' : 'its other signers can stop that until its time has come, and then'}: ${words.en}`,
      };
    },
  }),
};
