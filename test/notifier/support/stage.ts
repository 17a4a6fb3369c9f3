/** A real database with people and firms, and notifiers whose clock the test holds. */
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { connect, type Database } from '#db/wire/connect.ts';
import { migrate } from '#db/migrate.ts';
import { addPerson, giveSeat, type Language } from '#db/people/persons.ts';
import { tell } from '#db/notices/tell.ts';
import { newId } from '#db/wire/ids.ts';
import type { Right } from '#domain/people/rights.ts';
import { createDatabase, startTemporaryPostgres } from '#embedded/postgres.ts';
import { mailChannel } from '#notifier/channels/mail.ts';
import { Notifier, type Parts } from '#notifier/notifier.ts';
import { openMailbox, type Mailbox } from './mailbox.ts';
import { openReceiver, type Receiver } from './receiver.ts';

export const FIRM = 7;
export const ORIGIN = 'https://bills.example.com';
export const WEBHOOK_KEY = Buffer.alloc(32, 7);

export type Stage = {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly mailbox: Mailbox;
  readonly receiver: Receiver;
  readonly clock: { now: Date };
  /** Another process, so to speak. */
  notifier(more?: Partial<Parts>): Notifier;
  /** With a confirmed address and a seat. */
  person(email: string, more?: NewPerson): Promise<string>;
  /** Something for the firm: a quote that was lost, of bill `n`. */
  happen(n?: number, member?: number | null): Promise<void>;
  /** From now on. */
  later(milliseconds: number): void;
  close(): Promise<void>;
};

type NewPerson = {
  readonly language?: Language;
  readonly rights?: readonly Right[];
  readonly member?: number | null;
  readonly isVerified?: boolean;
};

export async function openStage(): Promise<Stage> {
  const stack = new AsyncDisposableStack();
  const postgres = await startTemporaryPostgres();
  stack.defer(() => postgres.close());
  const databaseUrl = await createDatabase(postgres.url);
  await migrate(databaseUrl);
  const db = connect(databaseUrl, { max: 4 });
  stack.defer(() => db.destroy());
  const mailbox = await openMailbox();
  stack.defer(() => mailbox.close());
  const receiver = await openReceiver();
  stack.defer(() => receiver.close());
  const clock = { now: new Date('2026-06-01T08:00:00Z') };
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
  let serial = 0;
  return {
    db,
    databaseUrl,
    mailbox,
    receiver,
    clock,
    notifier: (more = {}) => {
      const own = connect(databaseUrl, { role: 'tallystick_api', max: 4 });
      stack.defer(() => own.destroy());
      const mail = mailChannel({ smtpUrl: mailbox.url, from: 'Tallystick <notices@example.com>' });
      stack.defer(() => mail.close());
      return new Notifier({
        db: own,
        deployment: { currency: 'CNY' },
        origin: ORIGIN,
        webhookKey: WEBHOOK_KEY,
        isDemo: true,
        channels: [mail],
        now: () => clock.now,
        ledgerNow: async () => Math.floor(clock.now.getTime() / 1_000),
        remindMs: 60_000,
        log,
        ...more,
      });
    },
    person: async (
      email,
      { language = 'en', rights = ['see'] as const, member = FIRM, isVerified = true } = {},
    ) => {
      const id = newId();
      await addPerson(db, { id, name: email, email, language, userHandle: randomBytes(32) });
      if (isVerified)
        await db
          .updateTable('app.person')
          .set({ email_verified_at: clock.now })
          .where('id', '=', id)
          .execute();
      await giveSeat(db, id, { member, rights: [...rights] });
      return id;
    },
    happen: (n = ++serial, member = FIRM) =>
      tell(db, {
        kind: 'quote_lost',
        key: `quote_lost:${n}:${member}`,
        to: { member },
        facts: { bill: String((1n << 32n) + BigInt(n)), request: newId(), other: 9, amount: '123456' },
        at: clock.now,
      }),
    later: (milliseconds) => {
      clock.now = new Date(clock.now.getTime() + milliseconds);
    },
    close: () => stack.disposeAsync(),
  };
}
