/** What goes over LISTEN/NOTIFY: `app` for people's live screens, `queue` for the relayer, `ledger` from the indexer. */
import { sql, type Kysely } from 'kysely';
import type pg from 'pg';
import { createClient } from '../wire/connect.ts';
import type { AppInstruction, DB } from '../types.ts';

type SignedBy = AppInstruction['signed_by'];

export type ActNotice = { readonly act: string; readonly state: string; readonly member: number | null };
export type InboxNotice = { readonly inbox: readonly number[] };
export type BlockNotice = { readonly block: number; readonly proved: number | null };

/** An act waits to be sent, by this kind of key; without one: any may. */
export type QueueNotice = { readonly signedBy?: SignedBy };
const queued = (signedBy?: SignedBy): QueueNotice => (signedBy === undefined ? {} : { signedBy });

/** A session was closed: the hash of its token, see `sessionOf`. */
export type SessionNotice = { readonly session: string };

/** Who is behind a member was blotted out: what is remembered of its name is to be forgotten. */
export type ErasedNotice = { readonly erased: number };

const notify = (db: Kysely<DB>, channel: string, payload: unknown) =>
  sql`select pg_notify(${channel}, ${JSON.stringify(payload)})`.execute(db);

/** Sent when the transaction is through. */
export const noticeActs = (trx: Kysely<DB>, notices: readonly ActNotice[]) =>
  sql`select pg_notify('app', notice) from unnest(${sql.val(
    notices.map((notice) => JSON.stringify(notice)),
  )}::text[]) notice`.execute(trx);
/** The same for rows (id, state, member): a column of a select. */
export const noticeOfAct = sql`
  pg_notify('app', json_build_object('act', id, 'state', state, 'member', member)::text)`;
/** The same for an act that the relayer has to take up: columns of a select. */
export const noticesOfSubmitted = (notice: ActNotice) =>
  sql`pg_notify('app', ${JSON.stringify(notice)}), pg_notify('queue', ${JSON.stringify(queued('firm'))})`;
export const noticeInbox = (trx: Kysely<DB>, members: readonly number[]) =>
  notify(trx, 'app', { inbox: members } satisfies InboxNotice);
/** The same beside other statements. */
export const tellingInbox = (members: readonly number[]) =>
  sql`select pg_notify('app', ${JSON.stringify({ inbox: members } satisfies InboxNotice)})`;
export const noticeSession = (db: Kysely<DB>, session: string) =>
  notify(db, 'app', { session } satisfies SessionNotice);
/** Somebody's seat, key or session is another now: nobody is who he was until he was looked up again. */
export const noticePeople = (db: Kysely<DB>) => noticeSession(db, '');
export const noticeErased = (trx: Kysely<DB>, member: number) =>
  notify(trx, 'app', { erased: member } satisfies ErasedNotice);
export const wakingRelayer = (signedBy?: SignedBy) =>
  sql`select pg_notify('queue', ${JSON.stringify(queued(signedBy))})`;
export const wakeRelayer = (trx: Kysely<DB>, signedBy?: SignedBy) => wakingRelayer(signedBy).execute(trx);

export type Listener = {
  /** False between a connection that broke and the next one. */
  readonly isOpen: boolean;
  close(): Promise<void>;
};

/**
 * One connection that listens, opened again whenever it breaks; `onOpen` after each time, since what was said in between
 * is lost.
 */
export async function listen(
  databaseUrl: string,
  channels: readonly string[],
  onNotice: (channel: string, payload: unknown) => void,
  onOpen: () => void = () => {},
): Promise<Listener> {
  let closing = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;

  const open = async (): Promise<void> => {
    const fresh = createClient(databaseUrl, 'tallystick listener');
    fresh.on('notification', ({ channel, payload }) => onNotice(channel, JSON.parse(payload ?? 'null')));
    fresh.on('error', () => {});
    fresh.once('end', () => reopen(fresh));
    try {
      await fresh.connect();
      for (const channel of channels) await fresh.query(`listen ${fresh.escapeIdentifier(channel)}`);
    } catch (error) {
      await fresh.end().catch(() => undefined);
      throw error;
    }
    client = fresh;
    onOpen();
  };
  const reopen = (ended: pg.Client): void => {
    if (closing || client !== ended) return;
    client = undefined;
    const again = (): void => {
      if (closing) return;
      open().catch(() => (retry = setTimeout(again, 1_000)));
    };
    again();
  };
  await open();
  return {
    get isOpen() {
      return client !== undefined;
    },
    close: async () => {
      closing = true;
      clearTimeout(retry);
      await client?.end();
    },
  };
}
