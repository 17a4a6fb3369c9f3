/** Waits for the end of an instruction. */
import type { InstructionRow } from '#db/instructions/own.ts';
import { Problem } from '#domain/problems.ts';
import type { Services } from '../services.ts';

const OVER: ReadonlySet<string> = new Set(['done', 'failed', 'refused', 'withdrawn']);
export const isOverIn = (state: string): boolean => OVER.has(state);
const isOver = ({ state }: InstructionRow): boolean => isOverIn(state);

/** The act as it stands when it is over, or after the time (milliseconds). Undefined when there is none. */
export async function follow(
  { announcements }: Pick<Services, 'announcements'>,
  id: string,
  find: () => Promise<InstructionRow | undefined>,
  patienceMs: number,
): Promise<InstructionRow | undefined> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const left = deadline - Date.now();
    if (left <= 0 || announcements.isClosing) return find();
    // First listen, then look: what happens in between is not missed.
    const { moved, cancel } = announcements.untilIsOver(id, left);
    const act = await find();
    if (act === undefined || isOver(act)) {
      cancel();
      return act;
    }
    await moved;
  }
}

/** Throws why it failed, or UNAVAILABLE if it is not over yet. */
export function requireDone(act: InstructionRow | undefined): void {
  if (act?.state === 'done') return;
  if (act?.state === 'failed') throw new Problem(act.code ?? 'INTERNAL', act.detail ?? undefined);
  throw new Problem('UNAVAILABLE', {
    zh: '已受理，但账本尚未记下，请稍后查看',
    en: 'It is under way, but not in the ledger yet; look again later',
  });
}
