/** A member gives a bank sight of the documents of a bill: signed like an instruction, and for no chain. */
import { en, zh, type Name } from '../instructions/phrases.ts';
import type { Text } from '../problems.ts';

export type SightFacts = {
  /** As people write it. */
  readonly bill: string;
  readonly reader: Name;
};

export const sightSentence = (by: Name, { bill, reader }: SightFacts): Text => ({
  zh: `${zh(by)}允许 ${zh(reader)} 查看票据 ${bill} 的全部附件，直至收回；已看过的无法收回`,
  en: `${en(by)} will let ${en(reader)} read all documents attached to bill ${bill} until it takes this back; what was read stays read`,
});
