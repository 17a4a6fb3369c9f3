import { api } from '#web/api/client.ts';
import type { Delivery, NoticeKind, Webhook } from '#web/api/schema.ts';
import { PagedQuery, Query } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';
import { Form } from '#web/ui/form.svelte.ts';

/** The addresses of the firm's systems. */
export class Webhooks extends Form {
  readonly query = new Query((signal) => api.webhooks(signal));
  /** A secret that was made anew, as long as it is shown. */
  rotated = $state.raw<{ url: string; secret: string }>();
  /** Whose deliveries are shown. */
  log = $state<string>();
  /** How many tests were sent: each has the deliveries read again. */
  tests = $state(0);

  rotate = (id: string): Promise<boolean> =>
    this.#change(async () => {
      const { secret, webhook } = await api.rotateWebhook(id);
      this.rotated = { url: webhook.url, secret };
    });
  switchTo = (id: string, isOn: boolean): Promise<boolean> =>
    this.#change(() => api.changeWebhook(id, { isOn }));
  remove = (id: string): Promise<boolean> => this.#change(() => api.deleteWebhook(id));

  test(id: string): Promise<boolean> {
    return this.run(async () => {
      await api.testWebhook(id);
      this.log = id;
      this.tests += 1;
      await this.query.refresh();
    });
  }

  #change(work: () => Promise<unknown>): Promise<boolean> {
    return this.run(async () => {
      await session.fresh();
      await work();
      await this.query.refresh();
    });
  }
}

/** A new webhook, or another address and other kinds for one that there is. */
export class WebhookForm extends Form {
  readonly #id: string | undefined;
  url = $state('https://');
  wantsAll = $state(true);
  kinds = $state<NoticeKind[]>([]);
  /** Once it is made. */
  secret = $state<string>();

  constructor(webhook?: Webhook) {
    super();
    if (webhook === undefined) return;
    this.#id = webhook.id;
    this.url = webhook.url;
    this.kinds = webhook.kinds as NoticeKind[];
    this.wantsAll = webhook.kinds.length === 0;
  }

  get isReady(): boolean {
    return URL.canParse(this.url.trim()) && (this.wantsAll || this.kinds.length > 0);
  }

  send(): Promise<boolean> {
    const asked = { url: this.url.trim(), kinds: this.wantsAll ? [] : $state.snapshot(this.kinds) };
    return this.run(async () => {
      await session.fresh();
      if (this.#id === undefined) this.secret = (await api.makeWebhook(asked)).secret;
      else await api.changeWebhook(this.#id, asked);
    });
  }
}

/** What was sent to one of them, newest first. */
export class Deliveries {
  readonly list: PagedQuery<Delivery>;

  constructor(webhook: string) {
    this.list = new PagedQuery((page, signal) => api.deliveries(webhook, page, signal));
  }
}
