/** The form of an act: what the ledger records, one definition for each event of its trail. */
import type { Text } from '../problems.ts';

export type ActDefinition<Word extends string = string> = {
  /** Its name in the API; several events may share one. */
  readonly word: Word;
  /** What is done is told in the past tense. */
  readonly title: Text;
  /** The whole bill, or a parcel, whose first cent is then the first word of the event's data. */
  readonly about: 'bill' | 'parcel';
  /** Whether everybody who may see the bill may see it; an act on a parcel is seen by its parties and by those to whom it came. */
  readonly isSeenByAll: boolean;
  /** Whether who caused it is told the parcel that it is about: one that was issued, offered, passed on or sold. */
  readonly makesParcel?: true;
};

export const act = <const Word extends string>(definition: ActDefinition<Word>): ActDefinition<Word> =>
  definition;
