import { api } from '#web/api/client.ts';
import type { ClaimedInvoice } from '#web/api/schema.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';

/** The seller's own invoices that bills lay claim to. */
export class InvoicesState {
  readonly list = new PagedQuery<ClaimedInvoice>((page, signal) => api.invoices(page, signal));
}
