import { api } from '#web/api/client.ts';
import type { Inbox } from '#web/api/schema.ts';

/** What waits for the member: read by the home page, counted beside the places. */
class InboxState {
  current = $state.raw<Inbox>();

  get offers(): number {
    const counts = this.current?.counts;
    return counts ? counts.sign_for_bill + counts.take_parcel : 0;
  }

  get financing(): number {
    const counts = this.current?.counts;
    return counts ? counts.quote_request + counts.choose_quote : 0;
  }

  async read(signal: AbortSignal): Promise<Inbox> {
    return (this.current = await api.inbox(signal));
  }
}

export const inbox = new InboxState();
