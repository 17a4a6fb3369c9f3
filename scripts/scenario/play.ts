import { Problem } from '#domain/problems.ts';
import { ApiProblem } from '#client/http.ts';
import type { FreshNetwork } from '../fresh-network.ts';
import { carryOut, type Stage } from './acts.ts';
import { Cast } from './cast.ts';
import { disappointments } from './expect.ts';
import type { Scenario, ScenarioAct } from './format.ts';
import { broken, changes, stateOf, type State } from './state.ts';

/** `acts`: how many were played. */
export type Outcome = { readonly acts: number; readonly failures: readonly string[] };

/**
 * Plays a scenario. An act that does not end as the file says ends the play, for what follows would mean nothing; what is
 * merely not as expected is noted, and the play goes on. `stopping` ends it before the next act.
 */
export async function play(
  network: FreshNetwork,
  scenario: Scenario,
  stopping: AbortSignal,
): Promise<Outcome> {
  const cast = await Cast.enter(network.apiUrl, scenario);
  const stage: Stage = { network, cast, bills: new Map(), parcels: new Map() };
  const billNoOf = (name: string): string | undefined => stage.bills.get(name);
  const failures: string[] = [];
  let state = await settledState(stage);
  for (const [n, act] of scenario.acts.entries()) {
    if (stopping.aborted) return { acts: n, failures: [...failures, 'stopped'] };
    const fail = (...faults: string[]): unknown =>
      failures.push(...faults.map((fault) => `act ${n + 1} (${act.act}): ${fault}`));
    const fault = await tryAct(stage, act);
    const after = await settledState(stage);
    if (fault !== undefined) fail(fault);
    if (act.refused !== undefined)
      fail(...changes(state, after).map((what) => `refused, but changed ${what}`));
    fail(...(await broken(network, cast, after)));
    if (fault !== undefined) return { acts: n + 1, failures };
    if (act.expect !== undefined) fail(...disappointments(act.expect, after, billNoOf));
    state = after;
  }
  if (scenario.expect !== undefined) {
    failures.push(
      ...disappointments(scenario.expect, state, billNoOf).map((fault) => `at the end: ${fault}`),
    );
  }
  return { acts: scenario.acts.length, failures };
}

/** Undefined when the act succeeded or was refused just as the file says. */
async function tryAct(stage: Stage, act: ScenarioAct): Promise<string | undefined> {
  try {
    await carryOut(stage, act);
  } catch (error) {
    if (!(error instanceof ApiProblem || error instanceof Problem)) return messageOf(error);
    if (error.code === act.refused) return undefined;
    return `refused with ${error.message}${act.refused === undefined ? '' : `, not with ${act.refused}`}`;
  }
  return act.refused === undefined ? undefined : `succeeded, but was to be refused with ${act.refused}`;
}

async function settledState({ network, cast }: Stage): Promise<State> {
  await network.caughtUp();
  return stateOf(cast);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
