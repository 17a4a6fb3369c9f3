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

/** One word, a list of words, or an object of what is allowed. A word that is no restriction is a member's name. */
export function restrictionOf(field: RestrictField = []): Restriction {
  if (typeof field === 'object' && !Array.isArray(field)) {
    return {
      ...(field.passOn === false ? { passOn: false as const } : {}),
      ...(field.finance === false ? { finance: false as const } : {}),
      ...(field.members === undefined ? {} : { members: field.members }),
    };
  }
  const words = Array.isArray(field) ? field : [field];
  const plain = (word: string): string => word.toLowerCase().replaceAll(/[- ]/g, '_');
  const isAmong = (list: readonly string[]) => (word: string) => list.includes(plain(word));
  const members = words.filter((word) => !isAmong([...NOT_PASSED_ON, ...NOT_FINANCED])(word));
  return {
    ...(words.some(isAmong(NOT_PASSED_ON)) ? { passOn: false as const } : {}),
    ...(words.some(isAmong(NOT_FINANCED)) ? { finance: false as const } : {}),
    ...(members.length === 0 ? {} : { members }),
  };
}
