import { api } from '#web/api/client.ts';
import type { NoticeChannel, NoticeGroup } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import { Query } from '#web/state/query.svelte.ts';
import { Form } from '#web/ui/form.svelte.ts';

export const CHANNEL_NAMES: Record<NoticeChannel, () => string> = {
  inbox: m.channel_inbox,
  mail: m.channel_mail,
  sms: m.channel_sms,
  wechat: m.channel_wechat,
};

/** What a person wants told where, for the seat that it has taken, and whether its address is confirmed. */
export class PreferencesState extends Form {
  readonly query = new Query((signal) => api.preferences(signal), { live: false });
  /** The mail that confirms the address was sent again. */
  isSent = $state(false);

  flip = (group: NoticeGroup, channel: NoticeChannel, isOn: boolean): Promise<boolean> =>
    this.#change({ switches: [{ group, channel, isOn }] });
  showDetails = (mailDetails: boolean): Promise<boolean> => this.#change({ mailDetails });

  resend(): Promise<boolean> {
    return this.run(async () => {
      await api.askForEmailProof();
      this.isSent = true;
    });
  }

  /** Read again, and not taken from the answer: answers to two quick changes may come in the other order. */
  #change(change: Parameters<typeof api.changePreferences>[0]): Promise<boolean> {
    return this.run(async () => {
      await api.changePreferences(change);
      await this.query.refresh();
    });
  }
}
