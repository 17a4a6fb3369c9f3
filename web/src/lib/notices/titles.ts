/** What kinds of notices are called, and which are switched together. Made when the app is built (web/at-build.ts). */
import { GROUP_NAMES, kindsOf, KINDS, titleOf, type Kind } from '#domain/notices/notices.ts';
import type { Text } from '#domain/problems.ts';

export const KIND_TITLES = Object.fromEntries(
  KINDS.map((kind) => [kind, titleOf({ kind, facts: {} })]),
) as Readonly<Record<Kind, Text>>;
export const KINDS_OF: Readonly<Record<string, readonly Kind[]>> = Object.fromEntries(
  GROUP_NAMES.map((group) => [group, kindsOf(group)]),
);
