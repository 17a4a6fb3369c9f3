/** Instructions that change who signs for a firm, or where it is. */
import { Problem } from '#domain/problems.ts';
import { isFresh } from '../access/rules.ts';
import type { MemberPerson } from '../app-types.ts';

const CHANGE_WHO_SIGNS: ReadonlySet<string> = new Set([
  'changePolicy',
  'callOffChange',
  'giveSignature',
  'moveAccount',
  'nameHelper',
  'openBranch',
]);

/** Whoever prepares one administers the firm; whose signatures it takes, the account says. Throws RIGHT_REQUIRED. */
export function requireAdministers(type: string, { rights }: MemberPerson): void {
  if (CHANGE_WHO_SIGNS.has(type) && !rights.includes('administer')) throw new Problem('RIGHT_REQUIRED');
}

/** Nobody signs one with a session that was left open. Throws SIGN_IN_AGAIN. */
export function requireFresh(type: string, by: MemberPerson): void {
  if (CHANGE_WHO_SIGNS.has(type) && by.person !== undefined && !isFresh(by))
    throw new Problem('SIGN_IN_AGAIN');
}
