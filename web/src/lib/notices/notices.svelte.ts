import { goto } from '$app/navigation';
import { api } from '#web/api/client.ts';
import type { Notice } from '#web/api/schema.ts';
import { PagedQuery } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { unread } from '#web/state/unread.svelte.ts';
import { Form } from '#web/ui/form.svelte.ts';

/** What was told to who is here, newest first. */
export class NoticesState {
  readonly list = new PagedQuery<Notice>((page, signal) => api.notices(page, signal));

  /** @param ids All if left out. */
  async read(ids?: string[]): Promise<void> {
    await api.readNotices(ids);
    await Promise.all([this.list.refresh(), unread.refresh()]);
  }
}

/** A link of a mail: it names a notice, and not what the notice is about. */
export class OpenedNotice extends Form {
  /** Marks it as read and goes to what it is about, on the seat that it was told to. */
  open(id: string): Promise<boolean> {
    return this.run(async () => {
      const notice = await api.notice(id);
      const seat = otherSeatOf(notice);
      if (seat !== undefined) {
        await session.sit(seat, `/notices?open=${id}`);
        return;
      }
      await api.readNotices([id]);
      await Promise.all([unread.refresh(), goto(notice.path, { replace: true })]);
    });
  }
}

/** Another seat of the person to which it was told; null: the platform; undefined: it can be looked at from here. */
function otherSeatOf({ member, isPersonal }: Notice): number | null | undefined {
  const taken = session.isOperator ? null : session.me;
  const isOwn = isPersonal && member === null;
  const hasSeat = session.seats.some((seat) => (seat.member?.number ?? null) === member);
  return isOwn || member === taken || !hasSeat ? undefined : member;
}
