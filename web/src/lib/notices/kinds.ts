/** Kinds of notices in the words of the page's language. */
import type { NoticeGroup } from '#web/api/schema.ts';
import { text } from '#web/format.ts';
import { getLocale } from '#web/paraglide/runtime.js';
import { KIND_TITLES, KINDS_OF } from './titles.ts';

const isKnown = (kind: string): kind is keyof typeof KIND_TITLES => Object.hasOwn(KIND_TITLES, kind);

/** A kind that a newer server knows has its identifier for a name. */
export const kindTitle = (kind: string): string => (isKnown(kind) ? text(KIND_TITLES[kind]) : kind);

export const kindTitles = (kinds: readonly string[]): string =>
  kinds.map(kindTitle).join(getLocale() === 'zh' ? '、' : ' · ');

export const titlesOf = (group: NoticeGroup): string => kindTitles(KINDS_OF[group] ?? []);
