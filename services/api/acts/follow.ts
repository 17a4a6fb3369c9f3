import type { ActRow } from '#db/app/acts.ts';
import type { Services } from '../services.ts';

const isOver = (act: ActRow): boolean => act.state === 'done' || act.state === 'failed';

/** The act as it stands when it is over, or after the time (milliseconds). Undefined when there is none. */
export async function followAct(
  { hub }: Pick<Services, 'hub'>,
  find: () => Promise<ActRow | undefined>,
  patience: number,
): Promise<ActRow | undefined> {
  const deadline = Date.now() + patience;
  for (;;) {
    // First listen, then look: a change in between is not missed.
    const first = await find();
    const left = deadline - Date.now();
    if (first === undefined || isOver(first) || left <= 0) return first;
    const { moved, cancel } = hub.untilActMoves(first.id, left);
    const again = await find();
    if (again === undefined || isOver(again)) {
      cancel();
      return again;
    }
    await moved;
  }
}
