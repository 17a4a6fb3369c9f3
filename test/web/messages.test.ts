import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Variant = { match: Record<string, string> };
type Messages = Record<string, string | Variant[]>;
const read = (locale: string): Messages => {
  const file = new URL(`../../web/messages/${locale}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Messages;
};
const variants = (message: string | Variant[]): string[] =>
  typeof message === 'string' ? [message] : message.flatMap(({ match }) => Object.values(match));
const inputs = (message: string | Variant[]): string[] =>
  [
    ...new Set(
      variants(message).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)),
    ),
  ].sort();

const zh = read('zh');
const en = read('en');

describe('messages', () => {
  it('are the same in both languages', () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  });

  it('say something in both languages, with the same inputs', () => {
    const wrong = Object.keys(zh).filter((key) => {
      const [inZh, inEn] = [zh[key]!, en[key]!];
      const isPlural = typeof inEn !== 'string';
      const isEmpty = [...variants(inZh), ...variants(inEn)].some((text) => text.trim() === '');
      return isEmpty || (!isPlural && inputs(inZh).join() !== inputs(inEn).join());
    });
    expect(wrong).toEqual([]);
  });

  it('are Chinese in the Chinese file', () => {
    const notChinese = Object.entries(zh).filter(
      ([key, message]) =>
        key !== '$schema' && variants(message).every((text) => !/\p{Script=Han}/u.test(text)),
    );
    expect(notChinese).toEqual([]);
  });
});
