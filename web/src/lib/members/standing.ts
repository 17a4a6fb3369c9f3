import type { Member } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import type { Tone } from '#web/word.ts';

/** Whether a member may act, in a word. */
export const standingOf = ({
  active,
  suspended,
}: Pick<Member, 'active' | 'suspended'>): { label: string; tone: Tone } =>
  suspended
    ? { label: m.suspended(), tone: 'bad' }
    : active
      ? { label: m.active(), tone: 'good' }
      : { label: m.credential_over(), tone: 'warn' };
