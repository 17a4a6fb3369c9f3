/** What an act has done, in a sentence for whoever looks back at it: that of `meaning.ts`, in the past tense. */
import { deedOf, nameIn, type ActMeaning, type ActName, type Name } from './meaning.ts';
import type { Text } from '../problems.ts';

/** What is said when it is signed, and what once it is done. */
type Words = readonly [ahead: string, past: string];

/** The verb that a sentence begins with in English, and what else in it speaks of what was to come. */
const PAST: Readonly<Record<ActName, readonly [Words, ...Words[]]>> = {
  issue: [
    ['issue', 'issued'],
    [' and pay it in full on that day', ', to be paid in full on that day'],
  ],
  issue_many: [['issue', 'issued']],
  take: [
    ['take', 'took'],
    ['and accept it', 'and accepted it'],
  ],
  refuse: [
    ['refuse', 'refused'],
    ['the bill is cancelled', 'the bill was cancelled'],
  ],
  withdraw: [
    ['withdraw', 'withdrew'],
    ['the bill is cancelled', 'the bill was cancelled'],
  ],
  expire: [
    ['clear', 'cleared'],
    ['the bill is cancelled', 'the bill was cancelled'],
  ],
  offer: [
    ['pass on', 'passed on'],
    ['whose it is at once if it still accepts', 'whose it was at once if it still accepted'],
    ['who can take', 'who could take'],
  ],
  sell: [['sell', 'sold']],
  quote: [['quote', 'quoted']],
  cancel_quote: [['cancel', 'cancelled']],
  fund: [
    ['pay in', 'paid in'],
    ['and pay the holders', 'and paid the holders'],
  ],
  pay_for: [
    ['pay in', 'paid in'],
    ['it gets nothing', 'it got nothing'],
  ],
  distribute: [
    ['pay out', 'paid out'],
    ['what is paid in and not yet paid out', 'what was paid in and not yet paid out'],
  ],
  set_line: [['set', 'set']],
  set_group_line: [['set', 'set']],
  set_standing_acceptance: [
    ['accept', 'accepted'],
    ['end its', 'ended its'],
  ],
  approve_cash: [['let', 'let']],
  deposit: [['credit', 'credited']],
  redeem: [
    ['ask', 'asked'],
    ['they are locked until it has answered', 'locked until it answers'],
  ],
  confirm_redemption: [
    ['confirm', 'confirmed'],
    ['then cease', 'then ceased'],
  ],
  refuse_redemption: [
    ['refuse', 'refused'],
    ['the deposits go back', 'the deposits went back'],
  ],
  move_account: [['move', 'moved']],
};

const PROMISE: Words = ['，并于到期日足额付款', '，承诺于到期日足额付款'];

function inThePast(act: ActName, sentence: string): string {
  const [[ahead, past], ...others] = PAST[act];
  const told = sentence.startsWith(ahead) ? past + sentence.slice(ahead.length) : sentence;
  return others.reduce(replaced, told);
}

/** What a sentence says of its own stands behind the names in it. */
function replaced(text: string, [ahead, past]: Words): string {
  const at = text.lastIndexOf(ahead);
  return at < 0 ? text : text.slice(0, at) + past + text.slice(at + ahead.length);
}

/** What one signature has done, in both languages, with who did it. */
export function toldOf(by: Name, acts: readonly ActMeaning[]): Text {
  const deeds = acts.map((act) => ({ act: act.act, ...deedOf(act) }));
  return {
    zh: deeds.map(({ zh }) => `${nameIn('zh', by)}已${replaced(zh, PROMISE)}`).join('；'),
    en: deeds.map(({ act, en }) => `${nameIn('en', by)} ${inThePast(act, en)}`).join('; '),
  };
}
