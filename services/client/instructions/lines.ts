/** Checks a bank's lines. */
import { cents, NAME, same, type Check } from './reader.ts';

const setLine: Check<'setLine'> = ({ obligor, limit, group = 0 }, calls) => {
  const [on, upTo, within] = calls.next('lines', 'setLine');
  same('obligor', on, obligor);
  same('limit', upTo, cents(limit));
  same('group', within, group);
  return [[{ obligor: NAME, group, amount: cents(limit), currency: 'CNY' }]];
};

const setGroupLine: Check<'setGroupLine'> = ({ group, limit }, calls) => {
  const [of, upTo] = calls.next('lines', 'setGroupLine');
  same('group', of, group);
  same('limit', upTo, cents(limit));
  return [[{ group, amount: cents(limit), currency: 'CNY' }]];
};

export const lineChecks = { setLine, setGroupLine };
