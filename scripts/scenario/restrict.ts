/** The field `restrict` of an issue: the format leaves its form open, so every plain way of saying it is understood. */
import type { RestrictField } from './format.ts';

/** `members`: names of the scenario. */
export type Restriction = { passOn?: false; finance?: false; members?: readonly string[] };

const NOT_PASSED_ON = [
  'not_passed_on',
  'not_to_be_passed_on',
  'no_passing_on',
  'no_pass_on',
  'no_transfer',
  'not_transferable',
  'non_transferable',
];
const NOT_FINANCED = ['not_financed', 'not_to_be_financed', 'no_financing', 'no_finance', 'no_discount'];
const ALL = [...NOT_PASSED_ON, ...NOT_FINANCED];
const NAMED_ONLY = ['members', 'named', 'only', 'named_members', 'named_members_only', 'only_named_members'];

/** "passOn", "pass-on" and "Pass on" are one word. */
const plain = (word: string): string =>
  word
    .replaceAll(/[a-z](?=[A-Z])/g, '$&_')
    .toLowerCase()
    .replaceAll(/[- ]/g, '_');

/**
 * One word, a list of words, or an object of what is forbidden (true) or allowed (false forbids it). What is no
 * restriction is a member's name, so that a word which nobody knows is found out as nobody's name.
 */
export function restrictionOf(field: RestrictField = []): Restriction {
  const words = wordsOf(field);
  const isAmong = (list: readonly string[]) => (word: string) => list.includes(plain(word));
  const members = [...new Set(words.filter((word) => !isAmong(ALL)(word)))];
  return {
    ...(words.some(isAmong(NOT_PASSED_ON)) ? { passOn: false as const } : {}),
    ...(words.some(isAmong(NOT_FINANCED)) ? { finance: false as const } : {}),
    ...(members.length === 0 && !hasList(field) ? {} : { members }),
  };
}

function wordsOf(field: RestrictField): readonly string[] {
  if (typeof field === 'string') return [field];
  if (Array.isArray(field)) return field;
  return Object.entries(field).flatMap(([key, value]) => {
    if (typeof value !== 'boolean') return NAMED_ONLY.includes(plain(key)) ? [value].flat() : [key];
    const denied = `no_${plain(key)}`;
    if (value) return ALL.includes(denied) ? [] : [key];
    return ALL.includes(plain(key)) ? [] : [denied];
  });
}

/** Named members only, though nobody may be named. */
const hasList = (field: RestrictField): boolean =>
  typeof field === 'object' &&
  !Array.isArray(field) &&
  Object.values(field).some((value) => typeof value !== 'boolean');
