import type { Text } from '../problems.ts';
import { FIELD_TITLES, type Field } from './columns.ts';
import type { Detected } from './formats.ts';

/** Something that the file leaves open and that is asked rather than guessed. */
export type Question = {
  /**
   * What answers it: `column` by `mapping`, `format` by `formats`, `terms` by `terms` (when it is due), `sheet` by `sheet`
   * (which of a workbook), `encoding` by `encoding` (of the text).
   */
  readonly kind: 'column' | 'format' | 'terms' | 'sheet' | 'encoding';
  readonly field: Field | undefined;
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

const askOther = (kind: Question['kind'], choices: readonly string[], zh: string, en: string): Question => ({
  kind,
  field: undefined,
  column: undefined,
  choices,
  message: { zh, en },
});

export const askTerms = (documents: number): Question =>
  askOther(
    'terms',
    [],
    `${documents} 张发票没有写明到期日，应何时付款？`,
    documents === 1
      ? 'One invoice does not say when it is due; when is that?'
      : `${documents} invoices do not say when they are due; when is that?`,
  );

export const askSheet = (sheets: readonly string[]): Question =>
  askOther(
    'sheet',
    sheets,
    '工作簿里有几张工作表，导入哪一张？',
    'The workbook has several sheets; which one is it?',
  );

/** @param readings How the same piece of the text reads in each encoding. */
export function askEncoding(readings: Readonly<Record<string, string>>): Question {
  const samples = Object.entries(readings).map(([encoding, sample]) => `${encoding}: ${sample}`);
  return askOther(
    'encoding',
    Object.keys(readings),
    `文字可按几种编码读出，哪一种读出来是对的？${samples.join('；')}`,
    `The text can be read in several encodings; in which of them does it read right? ${samples.join('; ')}`,
  );
}
