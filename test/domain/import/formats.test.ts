import { describe, expect, it } from 'vitest';
import {
  bareNumber,
  DATE_FORMATS,
  NUMBER_FORMATS,
  readDate,
  readNumber,
  surveyDates,
  surveyNumbers,
  type Survey,
} from '#domain/import/formats.ts';

function learn<Format>(survey: Survey<Format>, cells: readonly string[]) {
  cells.forEach(survey.take);
  return survey.result();
}
const detectDates = (cells: readonly string[]) => learn(surveyDates(), cells);
const detectNumbers = (cells: readonly string[]) => learn(surveyNumbers(), cells);

describe('dates', () => {
  const written = [
    '2026-06-30',
    '2026/6/30',
    '20260630',
    '2026年6月30日',
    '30/06/2026',
    '6/30/2026',
    '30.6.2026',
  ];

  it.each(DATE_FORMATS.map((format, i) => [format, written[i]!] as const))(
    'reads %s from %s',
    (format, text) => {
      expect(readDate(text, format)).toBe('2026-06-30');
      expect(readDate(`${text} 0:00`, format)).toBe('2026-06-30');
      expect(detectDates([text, ''])).toEqual({ decided: true, formats: [format] });
    },
  );

  it('reads no day that the calendar does not have', () => {
    expect(readDate('2026-02-29', 'YYYY-MM-DD')).toBeUndefined();
    expect(readDate('31/06/2026', 'DD/MM/YYYY')).toBeUndefined();
    expect(readDate('1/2/26', 'DD/MM/YYYY')).toBeUndefined();
  });

  it('asks when every day could be a month', () => {
    expect(detectDates(['01/02/2026', '12/12/2026'])).toEqual({
      decided: false,
      choices: ['DD/MM/YYYY', 'MM/DD/YYYY'],
      mixed: false,
    });
  });

  it('is told by one day above twelve, and asks when two tell different things', () => {
    expect(detectDates(['01/02/2026', '13/02/2026'])).toEqual({ decided: true, formats: ['DD/MM/YYYY'] });
    expect(detectDates(['01/02/2026', '02/13/2026'])).toEqual({ decided: true, formats: ['MM/DD/YYYY'] });
    expect(detectDates(['13/02/2026', '02/13/2026'])).toMatchObject({ decided: false, mixed: true });
  });

  it('does not ask about a day that is its month', () => {
    expect(detectDates(['13/02/2026', '05/05/2026', 'soon'])).toEqual({
      decided: true,
      formats: ['DD/MM/YYYY'],
    });
  });

  it('lets formats stand side by side that cannot be mistaken', () => {
    expect(detectDates(['2026-01-02', '20260103', 'n/a'])).toEqual({
      decided: true,
      formats: ['YYYY-MM-DD', 'YYYYMMDD'],
    });
  });
});

describe('numbers', () => {
  it.each(NUMBER_FORMATS.map((format) => [format] as const))('reads %s', (format) => {
    const text = format.replace('1', '-12 '.trim());
    expect(readNumber(text, format)).toEqual({ isNegative: true, whole: '12234', fraction: '56' });
    expect(detectNumbers([format, '7'])).toEqual({ decided: true, formats: [format] });
  });

  it.each(['1,23.45', '12,34,567', '1.2.3', '', 'abc', '1,234.', '.5', '1 23', '1e5'])(
    'reads no number in %j',
    (text) => {
      expect(NUMBER_FORMATS.map((format) => readNumber(text, format)).filter(Boolean)).toEqual([]);
    },
  );

  it('asks when a mark could part thousands or decimals', () => {
    for (const cell of ['1,234', '1.234']) {
      expect(detectNumbers([cell, '500'])).toEqual({
        decided: false,
        choices: ['1,234.56', '1.234,56'],
        mixed: false,
      });
    }
  });

  it('is told by one number that reads only one way', () => {
    expect(detectNumbers(['1,234', '5.50'])).toEqual({ decided: true, formats: ['1,234.56'] });
    expect(detectNumbers(['1.234', '5,50'])).toEqual({ decided: true, formats: ['1.234,56'] });
    expect(detectNumbers(['1,234,567'])).toEqual({ decided: true, formats: ['1,234.56'] });
    expect(detectNumbers(['1 234,50', '7,10'])).toEqual({ decided: true, formats: ['1 234,56'] });
    expect(detectNumbers(['12', '', 'n/a'])).toEqual({ decided: true, formats: ['1234.56'] });
  });

  it('asks when two tell different things', () => {
    expect(detectNumbers(['1,234.56', '1.234,56'])).toMatchObject({ decided: false, mixed: true });
  });

  it('sets the currency aside', () => {
    const texts = ['¥1,234.56', '¥ 1,234.56', 'CNY 1,234.56', '1,234.56元', '1,234.56 rmb', '人民币1,234.56'];
    expect(texts.map((text) => bareNumber(text, 'CNY'))).toEqual(texts.map(() => '1,234.56'));
    expect(bareNumber('-¥5', 'CNY')).toBe('-5');
    expect(bareNumber('$5', 'CNY')).toBe('$5');
    expect(bareNumber('€ 5', 'EUR')).toBe('5');
  });
});
