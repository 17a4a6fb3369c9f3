import { api } from '#web/api/client.ts';
import type { PolicyChange } from '#web/api/schema.ts';
import { Query } from './query.svelte.ts';
import { session } from './session.svelte.ts';

/** Changes of who signs that wait: on every page of those who can stop them. Read as long as the app is open. */
class PolicyChangesState {
  query = $state.raw<Query<PolicyChange[]>>();

  /** While a component starts. People of a firm only: visitors of the demonstration have no devices to veto with. */
  open(): void {
    this.query =
      session.member === null || session.person === null
        ? undefined
        : new Query(async (signal) => (await api.policy(signal)).changes, { keep: true });
  }

  get shown(): PolicyChange[] {
    return this.query?.value ?? [];
  }
}

export const policyChanges = new PolicyChangesState();
