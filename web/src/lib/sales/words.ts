/** Words for requests, quotes and recourse. */
import type { QuoteState, Recourse, RequestState } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import { one, reader } from '#web/word.ts';

export const requestState = reader<RequestState>({
  open: [m.request_open, 'accent'],
  accepted: [m.request_accepted, 'good'],
  cancelled: [m.request_cancelled, 'plain'],
  closed: [m.request_closed, 'plain'],
});

export const quoteState = reader<QuoteState>({
  prepared: [m.quote_prepared, 'plain'],
  open: [m.quote_open, 'accent'],
  expired: [m.quote_expired, 'plain'],
  withdrawn: [m.quote_withdrawn, 'plain'],
  cancelled: [m.quote_cancelled, 'plain'],
  part_filled: [m.quote_part_filled, 'good'],
  filled: [m.quote_filled, 'good'],
  lost: [m.quote_lost, 'plain'],
});

export const recourseName = one<Recourse>({
  without: m.recourse_without,
  with: m.recourse_with,
  limited: m.recourse_limited,
});
