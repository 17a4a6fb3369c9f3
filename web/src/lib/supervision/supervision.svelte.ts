import { api } from '#web/api/client.ts';
import type { Bill, InvoiceBill, Member, Supervision } from '#web/api/schema.ts';
import { minorOf, sum } from '#web/format.ts';
import { filter } from '#web/state/address.ts';
import { Query } from '#web/state/query.svelte.ts';

export type Found = { members: Member[]; bills: Bill[]; invoices: InvoiceBill[] };
const SHOWN = 8;

/** What a supervisor watches, and looks for. */
export class SupervisionState {
  readonly all = new Query<Supervision>((signal) => api.supervision(signal));
  /** By member, bill or invoice: whatever was typed is looked for in all three. */
  readonly found = new Query<Found | null>(
    async (signal) => {
      const q = filter('q')?.trim();
      if (!q) return null;
      const [members, bills, invoices] = await Promise.all([
        api.members({ q, limit: SHOWN }, signal),
        api.bills({ q, role: 'all', limit: SHOWN }, signal),
        api.invoiceBills(q, signal),
      ]);
      return { members: members.items, bills: bills.items, invoices: invoices.items };
    },
    { keep: true },
  );

  get open(): bigint {
    const open = this.all.value?.totals.open;
    return open ? minorOf(open) : 0n;
  }

  get held(): bigint {
    return sum((this.all.value?.layers ?? []).map(({ amount }) => amount));
  }
}
