import { api } from '#web/api/client.ts';
import type { Cash, CashEntry, Redemption } from '#web/api/schema.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { m } from '#web/paraglide/messages.js';
import { flows } from '#web/instructions/flow.svelte.ts';
import { filter } from '#web/state/address.ts';
import { PagedQuery, Query } from '#web/state/query.svelte.ts';

export type CashAct = 'deposit' | 'redeem';

/** The member's deposits and what moved them. */
export class CashState extends Form {
  readonly balance = new Query<Cash>((signal) => api.cash(signal));
  readonly statement = new PagedQuery<CashEntry>(
    (page, signal) => {
      const [from, to] = [filter('from'), filter('to')];
      return api.statement({ ...(from ? { from } : {}), ...(to ? { to } : {}), ...page }, signal);
    },
    { keep: true },
  );
  readonly redemptions = new PagedQuery<Redemption>((page, signal) => api.redemptions(page, signal));
  doing = $state<CashAct>();

  /** Lets the desk pay purchases under quotes that the bank signed. */
  approve(): Promise<boolean> {
    return this.run(() => flows.begin({ type: 'approveCash' }, { warning: m.approve_warning() }));
  }
}
