/** Sends to people: by whichever channel, so often an hour and then together, in their language. */
import type { Logger } from 'pino';
import { makeProof } from '#db/notices/email.ts';
import {
  claimForPerson,
  failedForPerson,
  peopleDue,
  sentToPerson,
  type Plan,
  type ToPerson,
  type Waiting,
} from '#db/notices/outbox.ts';
import type { Database } from '#db/wire/connect.ts';
import { newId } from '#db/wire/ids.ts';
import { groupOf, sentenceOf, titleOf, type Words } from '#domain/notices/notices.ts';
import { Undeliverable, type Message, type PersonChannel } from './channels/channel.ts';
import { nextTry } from './pauses.ts';

/** Messages to one person within an hour; what comes then goes together when the hour is over. */
export const MOST_AN_HOUR = 10;
const HOUR_MS = 3_600_000;
/** People at a time. */
const AT_ONCE = 16;

type Wanted = {
  readonly db: Database;
  readonly channel: PersonChannel;
  readonly origin: string;
  readonly words: (waiting: readonly Waiting[]) => Promise<Words>;
  readonly now: () => Date;
  readonly log: Logger;
};

/** @returns whether anything was sent, so that there may be more. */
export async function sendToPeople(wanted: Wanted): Promise<boolean> {
  const { db, channel, now } = wanted;
  const people = await peopleDue(db, channel.name, now(), AT_ONCE);
  const sent = await Promise.all(
    people.map(async (person) => {
      const messages = await claimForPerson(db, channel.name, person, now(), planAt(now()));
      for (const message of messages) await sendOne(wanted, message);
      return messages.length > 0;
    }),
  );
  return sent.includes(true);
}

/**
 * 1) What was tried before goes as it was, in the same message. 2) What concerns the person's safety goes by itself, at once. 3) The
 * rest goes one by one while there is room within the hour, 4) or waits until there is, and then goes together.
 */
export const planAt =
  (now: Date): Plan =>
  (waiting, sent) => {
    const again = Map.groupBy(
      waiting.filter(({ batch }) => batch !== null),
      ({ batch }) => batch!,
    );
    const fresh = waiting.filter(({ batch }) => batch === null);
    const urgent = fresh.filter((each) => groupOf(each) === 'security');
    const others = fresh.filter((each) => groupOf(each) !== 'security');
    const messages = [...again].map(([id, deliveries]) => ({ id, deliveries }));
    for (const each of urgent) messages.push({ id: newId(), deliveries: [each] });
    const room = MOST_AN_HOUR - sent.length - messages.length;
    if (others.length === 0) return { messages, later: undefined };
    if (room <= 0) {
      const first = sent[sent.length - MOST_AN_HOUR] ?? sent[0] ?? now;
      const until = new Date(Math.max(first.getTime() + HOUR_MS, now.getTime() + 1_000));
      return { messages, later: { ids: others.map(({ id }) => id), until } };
    }
    if (others.length <= room) for (const each of others) messages.push({ id: newId(), deliveries: [each] });
    else messages.push({ id: newId(), deliveries: others });
    return { messages, later: undefined };
  };

async function sendOne(wanted: Wanted, toPerson: ToPerson): Promise<void> {
  const { db, channel, now, log } = wanted;
  try {
    await channel.send(await messageOf(wanted, toPerson));
  } catch (error) {
    const tries = Math.max(...toPerson.deliveries.map(({ attempts }) => attempts)) + 1;
    const next = error instanceof Undeliverable ? undefined : nextTry(tries, now());
    log.warn({ err: error, batch: toPerson.id, channel: channel.name, next }, 'a message was not taken');
    return failedForPerson(db, toPerson, (error as Error).message.slice(0, 500), next);
  }
  await sentToPerson(db, toPerson, now());
}

const MANY = {
  zh: (count: number) => `${count} 条新通知`,
  en: (count: number) => `${count} notices`,
} as const;

async function messageOf(wanted: Wanted, { id, person, deliveries }: ToPerson): Promise<Message> {
  const { origin, words } = wanted;
  const { language } = person;
  const said = person.wantsDetails ? await words(deliveries) : undefined;
  const items = await Promise.all(
    deliveries.map(async (each) => {
      const title = titleOf(each)[language];
      const link = await linkOf(wanted, person.id, each);
      return said === undefined ? { title, link } : { title, link, detail: sentenceOf(each, said)[language] };
    }),
  );
  const subject = items.length === 1 ? items[0]!.title : MANY[language](items.length);
  const address = deliveries[0]!.address;
  return { id, address, language, subject, items, preferences: `${origin}/preferences` };
}

/** By the notice's own name: the address says nothing of what it is about. */
async function linkOf({ origin, db, now }: Wanted, person: string, told: Waiting): Promise<string> {
  if (told.kind === 'email_check')
    return `${origin}/verify#${await makeProof(db, person, told.address, now())}`;
  return `${origin}/notices?open=${told.notice}`;
}
