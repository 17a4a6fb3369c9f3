/** One round of all that is to be told and sent. Several notifiers can go round side by side. */
import type { Logger } from 'pino';
import type { Deployment } from '#chain/deployment.ts';
import { findMembers } from '#db/members/read.ts';
import { dispatch, type AddressOf } from '#db/notices/dispatch.ts';
import { followLedger } from '#db/notices/ledger.ts';
import { nextDue, type Waiting } from '#db/notices/outbox.ts';
import { remind } from '#db/notices/reminders.ts';
import type { Database } from '#db/wire/connect.ts';
import type { Channel } from '#domain/notices/channels.ts';
import { membersIn, type Words } from '#domain/notices/notices.ts';
import { formatMoney } from '#domain/money.ts';
import type { PersonChannel } from './channels/channel.ts';
import { noticesOf, TOLD_ACTS } from './ledger/acts.ts';
import { horizonsAt, remindersOf } from './ledger/reminders.ts';
import { sendToPeople } from './people.ts';
import { sendToSystems } from './webhooks/systems.ts';

export type Parts = {
  readonly db: Database;
  readonly deployment: Pick<Deployment, 'currency'>;
  readonly origin: string;
  readonly webhookKey: Buffer;
  readonly isDemo: boolean;
  readonly channels: readonly PersonChannel[];
  /** The machine's time: by it things wait and are tried again. */
  readonly now: () => Date;
  /** The ledger's time (seconds): by it offers end and bills fall due. */
  readonly ledgerNow: () => Promise<number>;
  readonly remindMs: number;
  readonly log: Logger;
};

export class Notifier {
  readonly #parts: Parts;
  readonly #addresses: ReadonlyMap<Channel, AddressOf>;
  #remindedAt = -Infinity;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#addresses = new Map(parts.channels.map(({ name, addressOf }) => [name, addressOf]));
  }

  /** Until nothing is left that can be done now. What one part cannot do keeps none of the others from theirs. */
  async round(): Promise<{ readonly nextAt: Date | undefined; readonly failure: unknown }> {
    let failure: unknown;
    const untilDone = async (work: () => Promise<boolean>): Promise<void> => {
      try {
        while (await work());
      } catch (error) {
        failure ??= error;
      }
    };
    await untilDone(() => this.follow());
    await untilDone(() => this.remind());
    await untilDone(() => this.dispatch());
    await Promise.all([
      untilDone(() => this.sendToSystems()),
      ...this.#parts.channels.map((channel) => untilDone(() => this.sendToPeople(channel))),
    ]);
    await untilDone(() => this.dispatch()); // what sending brought about: a webhook that was switched off
    const nextAt = failure === undefined ? await nextDue(this.#parts.db) : undefined;
    return { nextAt, failure };
  }

  follow(): Promise<boolean> {
    return followLedger(this.#parts.db, TOLD_ACTS, noticesOf);
  }

  async remind(): Promise<false> {
    const { db, now, ledgerNow, remindMs } = this.#parts;
    if (now().getTime() - this.#remindedAt < remindMs) return false;
    const at = await ledgerNow();
    await remind(db, horizonsAt(at, now()), remindersOf(at));
    this.#remindedAt = now().getTime();
    return false;
  }

  async dispatch(): Promise<boolean> {
    return (await dispatch(this.#parts.db, this.#parts.now(), this.#addresses)).isMore;
  }

  sendToSystems(): Promise<boolean> {
    const { db, webhookKey: key, origin, isDemo, now, log } = this.#parts;
    return sendToSystems({ db, key, origin, isDemo, now, log });
  }

  sendToPeople(channel: PersonChannel): Promise<boolean> {
    const { db, origin, now, log } = this.#parts;
    return sendToPeople({ db, channel, origin, now, log, words: (waiting) => this.#words(waiting) });
  }

  async #words(waiting: readonly Waiting[]): Promise<Words> {
    const { db, deployment } = this.#parts;
    const numbers = [...new Set(waiting.flatMap(membersIn))];
    const rows = numbers.length === 0 ? [] : await findMembers(db, numbers);
    const names = new Map(rows.map(({ number, name_zh, name_en }) => [number, { zh: name_zh, en: name_en }]));
    return {
      name: (number) => ({
        zh: names.get(number)?.zh ?? `成员 ${number}`,
        en: names.get(number)?.en ?? `Member ${number}`,
      }),
      money: (amount) => ({
        zh: formatMoney(BigInt(amount), deployment.currency, 'zh-CN'),
        en: formatMoney(BigInt(amount), deployment.currency, 'en'),
      }),
    };
  }
}
