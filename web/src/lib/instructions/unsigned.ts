/** What becomes of a confirmation that is not signed by who opened it. Loaded with its sheet. */
import { api } from '#web/api/client.ts';
import { asProblem } from '#web/api/problem.ts';
import type { Flow } from './flow.svelte.ts';
import { underWay } from './under-way.svelte.ts';

const signingOf = async (id: string) =>
  (await api.instructionSheet(id, new AbortController().signal)).signing;

/** Leaves the signing to colleagues: the sheet shows whom it waits for, and they find it among what waits for them. */
export async function handOn(flow: Flow): Promise<void> {
  flow.signing = true;
  flow.problem = undefined;
  try {
    const read = flow.view.readSigning ?? signingOf;
    for (const part of flow.parts) part.signing = await read(part.toSign.id);
    flow.started = true;
    flow.view.ondone?.();
  } catch (error) {
    flow.problem = asProblem(error);
  } finally {
    flow.signing = false;
  }
}

/** Closes the sheet. What was only looked at waits for nobody: it is given up. */
export function close(flow: Flow): void {
  underWay.open = undefined;
  if (flow.signing || flow.started) return;
  const giveUp = flow.view.giveUp ?? api.withdrawInstruction;
  // Whoever is too late for it finds it in the list, and can give it up there.
  void Promise.allSettled(flow.parts.map(({ toSign }) => giveUp(toSign.id)));
}
