/** What an instruction will do or has done, in a sentence to the person who signs it or looks back at it. */
import type { Facts } from './facts.ts';
import { instructions, type Meaning } from './instructions.ts';
import type { Tense } from './instruction.ts';
import { cash, nameIn, yuan, type Name } from './phrases.ts';
import type { Text } from '../problems.ts';

export { PLATFORM } from './platform.ts';

const AHEAD: Tense = (ahead) => ahead;
const DONE: Tense = (_, done) => done;

/** What is to be signed, with who does it: `… 将撤回 …`, `… will withdraw …`. Several are joined into one. */
export const ahead = ({ by, does }: Facts): Text => told(by, does, AHEAD, { zh: '将', en: ' will ' });

/** The same once it is done: `… 已撤回 …`, `… withdrew …`. */
export const done = ({ by, does }: Facts): Text => told(by, does, DONE, { zh: '已', en: ' ' });

function told(by: Name, meanings: readonly Meaning[], tense: Tense, between: Text): Text {
  const texts = meanings.map((meaning) => sentenceOf(meaning, tense));
  return {
    zh: texts.map(({ zh }) => `${nameIn('zh', by)}${between.zh}${zh}`).join('；'),
    en: texts.map(({ en }) => `${nameIn('en', by)}${between.en}${en}`).join('; '),
  };
}

/** The sentence without who does it. */
function sentenceOf(meaning: Meaning, tense: Tense): Text {
  const sentence = instructions[meaning.instruction].sentence as (facts: Meaning, tense: Tense) => Text;
  const said = sentence(meaning, tense);
  const { amount, face } = meaning.unbacked ?? { amount: 0n, face: 0n };
  if (amount === 0n || !('currency' in meaning) || meaning.currency === undefined) return said;
  const of = { currency: meaning.currency, amount };
  return amount === face
    ? { zh: `${said.zh}；没有发票支撑`, en: `${said.en}; no invoice is behind it` }
    : {
        zh: `${said.zh}；票面 ${yuan(of, face)} 中有 ${yuan(of)} 没有发票支撑`,
        en: `${said.en}; of the face of ${cash(of, face)}, ${cash(of)} has no invoice behind it`,
      };
}
