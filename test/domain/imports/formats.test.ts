import { describe, expect, it } from 'vitest';
import {
  bareNumber,
  DATE_FORMATS,
  NUMBER_FORMATS,
  PLAIN_DATES,
  readDate,
  readNumber,
  surveyDates,
  surveyNumbers,
  type DateFormat,
  type Survey,
} from '#domain/imports/formats.ts';

function learn<Format>(survey: Survey<Format>, cells: readonly string[]) {
  cells.forEach(survey.take);
  return survey.result();
}
const detectDates = (cells: readonly string[]) => learn(surveyDates(), cells);
const detectNumbers = (cells: readonly string[]) => learn(surveyNumbers(), cells);

const readAny = (text: string) => PLAIN_DATES.map((format) => readDate(text, format)).find(Boolean);

describe('dates', () => {
  const written: Record<DateFormat, string> = {
    'YYYY-MM-DD': '2026-06-30',
    'YYYY/MM/DD': '2026/6/30',
    'YYYY.MM.DD': '2026.6.30',
    YYYYMMDD: '20260630',
    YYYY年M月D日: '2026年6月30日',
    'DD-MMM-YYYY': '30-Jun-2026',
    'MMM D, YYYY': 'June 30, 2026',
    'DD.MM.YYYY': '30.6.2026',
    'DD/MM/YYYY': '30/06/2026',
    'MM/DD/YYYY': '6/30/2026',
    'DD-MM-YYYY': '30-06-2026',
    'MM-DD-YYYY': '06-30-2026',
    'DD.MM.YY': '30.06.26',
    'YY.MM.DD': '26.06.30',
    'DD/MM/YY': '30/06/26',
    'MM/DD/YY': '06/30/26',
    'YY/MM/DD': '26/06/30',
    'DD-MM-YY': '30-06-26',
    'MM-DD-YY': '06-30-26',
    'YY-MM-DD': '26-06-30',
  };

  it.each(DATE_FORMATS.map((format) => [format, written[format]] as const))(
    'reads %s from %s, with or without a time of day',
    (format, text) => {
      for (const time of ['', ' 0:00', ' 10:21:33', 'T23:59:59+08:00']) {
        expect(readDate(`${text}${time}`, format)).toBe('2026-06-30');
      }
      expect(readDate(text.replaceAll('-', '\u2011'), format)).toBe('2026-06-30');
    },
  );

  it.each(DATE_FORMATS.filter((format) => !/(^|[^Y])YY($|[^Y])/.test(format)))(
    'tells %s by one date',
    (format) => expect(detectDates([written[format], ''])).toEqual({ decided: true, formats: [format] }),
  );

  it('asks about a year of two digits, and is told by a day that only one way has', () => {
    expect(detectDates(['01.03.27'])).toEqual({
      decided: false,
      choices: ['DD.MM.YY', 'YY.MM.DD'],
      mixed: false,
    });
    expect(detectDates(['1/3/27'])).toMatchObject({ choices: ['DD/MM/YY', 'MM/DD/YY'] });
    expect(detectDates(['1/3/27', '31.12.32'])).toMatchObject({ choices: ['DD/MM/YY', 'MM/DD/YY'] });
    expect(detectDates(['01.03.27', '31.12.32'])).toEqual({ decided: true, formats: ['DD.MM.YY'] });
  });

  it.each(['2026-11-02 10:21', '2026/11/2 上午10:21', '2026年11月2日 10时21分33秒', '20261102102133'])(
    'reads the day of %s',
    (text) => expect(detectDates([text]).decided && readAny(text)).toBe('2026-11-02'),
  );

  it.each(['2027.3.1', '01-Mar-2027', '1 March 2027', 'Mar 1, 2027', "'2027-03-01", '2027. 3. 1.'])(
    'reads 1 March 2027 from %s',
    (text) => expect(readAny(text)).toBe('2027-03-01'),
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

  it.each(['1,23.45', '12,34,56', '1,23,45.67', '1.2.3', '', 'abc', '1,234.', '.5', '1 23', '1e5'])(
    'reads no number in %j',
    (text) => {
      expect(NUMBER_FORMATS.map((format) => readNumber(text, format)).filter(Boolean)).toEqual([]);
    },
  );

  it.each([
    ['1,234.50-', '-', '1234', '50'],
    ['(¥1,234.50)', '-', '1234', '50'],
    ['-(1,234.50)', '-', '1234', '50'],
    ['¥(1,234.50)', '-', '1234', '50'],
    ['1,234.50 CR', '-', '1234', '50'],
    ['1,234.50 DR', '', '1234', '50'],
    ["1'234.50", '', '1234', '50'],
    ['1,23,456.78', '', '123456', '78'],
    ['+5800.00', '', '5800', '00'],
    ['5800.00元整', '', '5800', '00'],
    ['人民币5800元', '', '5800', ''],
    ["'5800.00'", '', '5800', '00'],
    ['3万', '', '30000', ''],
    ['1.23456万元', '', '12345', '6'],
    ['0.5亿', '', '50000000', ''],
  ])('reads %s', (text, sign, whole, fraction) => {
    expect(readNumber(bareNumber(text, 'CNY'), '1234.56')).toEqual({
      isNegative: sign === '-',
      whole,
      fraction,
    });
  });

  it.each(['(1,234.50', '1,234.50)', '((5))', '--5', '5-5', '+-5', '5k', '5万3', '-5+', '伍元整'])(
    'reads no number in %s, half a bracket or two signs',
    (text) => expect(readNumber(bareNumber(text, 'CNY'), '1234.56')).toBeUndefined(),
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
