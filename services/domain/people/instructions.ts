/** Who signs for the account of a firm, or of the platform. */
import { instruction } from '../instructions/instruction.ts';
import { plural } from '../instructions/phrases.ts';

/** A device as people compare it: the two ends of its public key. Hex, 32 bytes each. */
export const nameOfKey = (x: string, y: string): string =>
  `${x.replace(/^0x/, '').slice(0, 8)}…${y.slice(-8)}`.toLowerCase();

type Signature = {
  readonly person: string;
  readonly device: string;
  readonly instead?: string;
  readonly threshold: number;
};

export const peopleInstructions = {
  giveSignature: instruction<Signature>()({
    by: 'account',
    title: { zh: '增加签名设备', en: 'Give a device a signature' },
    asks: {},
    gas: 'simple',
    sentence: (f, tense) => ({
      zh: `让 ${f.person} 的设备（公钥 ${f.device}）参与签名${f.instead === undefined ? '' : `，取代设备（公钥 ${f.instead}）`}；此后每项须 ${f.threshold} 个签名`,
      en: `${tense('give', 'gave')} ${f.person}’s device (key ${f.device}) a signature${f.instead === undefined ? '' : ` in place of the device (key ${f.instead})`}; from then on each instruction takes ${plural(f.threshold, 'signature')}`,
    }),
  }),
};
