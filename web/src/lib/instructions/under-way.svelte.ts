import type { InstructionState } from '#web/api/schema.ts';
import type { Flow } from './flow.svelte.ts';
import { live } from '../state/live.svelte.ts';

const OVER: readonly InstructionState[] = ['done', 'failed', 'refused', 'withdrawn', 'expired'];
export const isOver = (state: InstructionState): boolean => OVER.includes(state);

/**
 * Everything that was signed here and is not over yet, and the one confirmation that is open: what every page looks at. What
 * signs and follows them (`flow.svelte.ts`) comes when there is something to sign or to follow.
 */
class UnderWay {
  open = $state.raw<Flow>();
  running = $state.raw<Flow[]>([]);

  constructor() {
    live.onact(({ id, state }) => {
      const part = this.partOf(id);
      if (part && !isOver(part.state) && (state === 'submitted' || state === 'sent')) part.state = state;
    });
  }

  add(flow: Flow): void {
    if (!this.running.includes(flow)) this.running = [...this.running, flow];
  }

  remove(flow: Flow): void {
    this.running = this.running.filter((each) => each !== flow);
  }

  /** Of an act by its id. */
  partOf(id: string): Flow['parts'][number] | undefined {
    return this.running.flatMap(({ parts }) => parts).find(({ toSign }) => toSign.id === id);
  }

  /** Whether something that was signed here changes this bill or parcel. */
  touches(id: string): boolean {
    return this.running.some((flow) => flow.started && flow.view.touches?.includes(id));
  }

  forget(): void {
    this.running = [];
    this.open = undefined;
  }
}

export const underWay = new UnderWay();
