import type { InstructionRow } from '#db/instructions/own.ts';
import type { Services } from '../services.ts';

const isOver = (act: InstructionRow): boolean => act.state === 'done' || act.state === 'failed';

/** The act as it stands when it is over, or after the time (milliseconds). Undefined when there is none. */
export async function follow(
  { hub }: Pick<Services, 'hub'>,
  id: string,
  find: () => Promise<InstructionRow | undefined>,
  patience: number,
): Promise<InstructionRow | undefined> {
  const deadline = Date.now() + patience;
  for (;;) {
    const left = deadline - Date.now();
    if (left <= 0 || hub.isClosing) return find();
    // First listen, then look: what happens in between is not missed.
    const { moved, cancel } = hub.untilIsOver(id, left);
    const act = await find();
    if (act === undefined || isOver(act)) {
      cancel();
      return act;
    }
    await moved;
  }
}
