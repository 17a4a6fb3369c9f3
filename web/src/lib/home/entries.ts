import type { InboxEntry, Money } from '#web/api/schema.ts';
import { text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';

export type Entry = {
  key: string;
  kind: InboxEntry['kind'];
  title: string;
  href: string;
  from: string;
  amount: Money;
  due: string | null;
  isUrgent: boolean;
};

type Line = {
  title: (entry: InboxEntry, today: string) => string;
  href: (entry: InboxEntry) => string;
  isUrgent?: boolean;
};

const LINES: Record<InboxEntry['kind'], Line> = {
  sign_for_bill: { title: () => m.inbox_sign_for_bill(), href: () => '/offers' },
  take_parcel: { title: () => m.inbox_take_parcel(), href: () => '/offers' },
  quote_request: { title: () => m.inbox_quote_request(), href: (entry) => `/financing/${entry.request}` },
  choose_quote: {
    title: ({ count }) => m.inbox_choose_quote({ count }),
    href: (entry) => `/financing/${entry.request}`,
  },
  quote_lost: { title: () => m.inbox_quote_lost(), href: (entry) => `/financing/${entry.request}` },
  payment_due: {
    title: ({ due }, today) =>
      due !== null && due < today ? m.inbox_payment_overdue() : m.inbox_payment_due(),
    href: (entry) => `/bills/${entry.billNo}`,
    isUrgent: true,
  },
  offer_over: { title: () => m.inbox_offer_over(), href: () => '/offers?direction=out' },
  distribution_due: {
    title: () => m.inbox_distribution_due(),
    href: (entry) => `/bills/${entry.billNo}`,
  },
};

/** One line of the inbox: what to do, for whom, how much, and where. */
export function entryOf(entry: InboxEntry, today: string): Entry {
  const { title, href, isUrgent = false } = LINES[entry.kind];
  return {
    key: [entry.kind, entry.billNo, entry.parcel, entry.request].join(),
    kind: entry.kind,
    title: title(entry, today),
    href: href(entry),
    from: entry.from ? text(entry.from.name) : '',
    amount: entry.amount,
    due: entry.due,
    isUrgent,
  };
}
