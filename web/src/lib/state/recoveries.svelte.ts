import { api } from '#web/api/client.ts';
import type { Recovery } from '#web/api/schema.ts';
import { Query } from './query.svelte.ts';
import { session } from './session.svelte.ts';

/** Recoveries that concern whoever looks: shown on every page as long as they are proposed. Read as long as the app is open. */
class RecoveriesState {
  query = $state.raw<Query<{ items: Recovery[] }>>();

  /** While a component starts. Nothing concerns whoever has no seat. */
  open(): void {
    this.query = session.isSeatless
      ? undefined
      : new Query((signal) => api.recoveries(signal), { keep: true });
  }

  /** One's own first; of others only what a helper or the operator has a part in. */
  get shown(): Recovery[] {
    const items = this.query?.value?.items ?? [];
    const mine = items.filter(({ member }) => member.number === session.me);
    const others = session.has('regulator') ? [] : items.filter(({ member }) => member.number !== session.me);
    return [...mine, ...others];
  }
}

export const recoveries = new RecoveriesState();
