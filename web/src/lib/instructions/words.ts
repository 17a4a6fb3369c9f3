/** Words for instructions and acts: what they are, and how far. */
import type { ActWord } from '#domain/acts/acts.ts';
import type { InstructionName } from '#domain/instructions/instructions.ts';
import type { InstructionState, Signing } from '#web/api/schema.ts';
import { text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { reader, type Word } from '#web/word.ts';
import { ACT_TITLES, TITLES } from './titles.ts';

export const instructionState = reader<InstructionState>({
  prepared: [m.act_state_prepared, 'plain'],
  submitted: [m.act_state_submitted, 'warn'],
  sent: [m.act_state_sent, 'warn'],
  done: [m.act_state_done, 'good'],
  failed: [m.act_state_failed, 'bad'],
  refused: [m.act_state_refused, 'bad'],
  withdrawn: [m.act_state_withdrawn, 'plain'],
  expired: [m.act_state_expired, 'plain'],
});

/** Of one that waits: how many have signed it. */
export function waitingState({ signatures }: Signing): Word {
  const { label, tone } = instructionState('prepared');
  return signatures.length === 0
    ? { label, tone }
    : { label: m.act_state_part_signed({ count: signatures.length }), tone: 'warn' };
}

export const titleOf = (name: InstructionName): string => text(TITLES[name]);
/** Of an instruction as the API names it: this page may be older than the server. */
export const titleOfType = (type: string): string =>
  type in TITLES ? titleOf(type as InstructionName) : type;
export const actTitle = (word: ActWord): string => text(ACT_TITLES[word]);
