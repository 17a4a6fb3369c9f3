/** What waits for the signature of who sits here; many can be signed one after the other. */
import { SvelteSet } from 'svelte/reactivity';
import { api } from '#web/api/client.ts';
import { asProblem, type ApiProblem } from '#web/api/problem.ts';
import type { Instruction } from '#web/api/schema.ts';
import { live } from '#web/state/live.svelte.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';
import { requireTrue, signSheet } from './check.svelte.ts';

export class ToCheckState {
  readonly list = new PagedQuery<Instruction>((page, signal) =>
    api.instructions({ waiting: 'me', ...page }, signal),
  );
  readonly others = new PagedQuery<Instruction>((page, signal) =>
    api.instructions({ waiting: 'others', ...page }, signal),
  );
  readonly chosen = new SvelteSet<string>();
  busy = $state(false);
  problem = $state.raw<ApiProblem>();

  constructor() {
    $effect(() =>
      live.onact(() => {
        void this.list.refresh();
        void this.others.refresh();
      }),
    );
  }

  toggle(id: string): void {
    if (!this.chosen.delete(id)) this.chosen.add(id);
  }

  /** Each is read, compared and signed by itself; the first that does not go stops the others. */
  async sign(): Promise<void> {
    this.busy = true;
    this.problem = undefined;
    try {
      for (const id of [...this.chosen]) {
        const sheet = await api.instructionSheet(id, new AbortController().signal);
        await requireTrue(sheet);
        await signSheet(sheet);
        this.chosen.delete(id);
      }
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.busy = false;
      await Promise.all([this.list.refresh(), this.others.refresh()]);
    }
  }
}
