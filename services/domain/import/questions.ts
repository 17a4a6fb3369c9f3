import type { Text } from '../problems.ts';
import { FIELD_TITLES, type Field } from './columns.ts';
import type { Detected } from './formats.ts';

/** Something that the file leaves open and that is asked rather than guessed. */
export type Question = {
  /** `column`: which column holds the field (answer by `mapping`); `format`: how it is written (answer by `formats`). */
  readonly kind: 'column' | 'format';
  readonly field: Field;
  readonly column: string | undefined;
  readonly choices: readonly string[];
  readonly message: Text;
};

export const askColumn = (field: Field, choices: readonly string[]): Question => ({
  kind: 'column',
  field,
  column: undefined,
  choices,
  message: {
    zh: `哪一列是${FIELD_TITLES[field].zh}？`,
    en: `Which column holds the ${FIELD_TITLES[field].en}?`,
  },
});

export function askFormat(
  field: Field,
  column: string,
  detected: Detected<string> & { decided: false },
): Question {
  const { choices, mixed } = detected;
  return {
    kind: 'format',
    field,
    column,
    choices,
    message: mixed
      ? {
          zh: `“${column}”列里 ${choices.join(' 和 ')} 两种写法混在一起，应按哪一种读？`,
          en: `Column "${column}" mixes ${choices.join(' and ')}; which of the two is right?`,
        }
      : {
          zh: `“${column}”列既可读作 ${choices.join('，也可读作 ')}，应按哪一种读？`,
          en: `Column "${column}" could be read as ${choices.join(' or as ')}; which is right?`,
        },
  };
}
