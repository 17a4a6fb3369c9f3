import { daysBetween, parseLegalDate } from '#domain/dates.ts';
import type { Member } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import { session } from '#web/state/session.svelte.ts';
import type { Fact } from '#web/ui/facts.ts';
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

/** From so many days before its end on a credential is spoken of. */
const SOON = 30;

/** Days that a credential still has, when they are few; undefined if they are many, or it is over. */
export function daysLeft({ credentialExpiry }: Pick<Member, 'credentialExpiry'>): number | undefined {
  if (credentialExpiry === null) return undefined;
  const days = daysBetween(parseLegalDate(session.today), parseLegalDate(credentialExpiry));
  return days > 0 && days <= SOON ? days : undefined;
}

export function credentialFact(member: Member): Fact {
  const days = daysLeft(member);
  const until = member.credentialExpiry ?? m.unlimited();
  return {
    label: m.credential_until(),
    value: days === undefined ? until : `${until} · ${m.credential_days_left({ days })}`,
    ...(days === undefined ? {} : { tone: 'bad' as const, strong: true }),
  };
}
