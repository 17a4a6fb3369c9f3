/**
 * Pages that remember how each row was written. A row comes as one text, in which stands all that decides what its viewer
 * gets to know of it, but for the clock and names: the same text is answered with the same bytes.
 */
import type { FastifyReply } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Static, TSchema } from 'typebox';
import { ask, type Query, type Viewer } from '#db/access/access.ts';
import { statusQuery } from '#db/status/read.ts';
import type { Page, PageOf } from '#db/wire/page.ts';
import type { Names } from '../members/names.ts';
import { bytesAsText, writerOf } from '../plugins/app/serialization.ts';
import type { Services } from '../services.ts';
import { momentAt, momentView } from '../status/moment.ts';
import { filtersOf, pageOf, type KeyPart, type PageQuery } from './lists.ts';

/** What each list remembers at most, and what an entry takes beside its texts. */
const MAX_BYTES = 24 * 1024 * 1024;
const ENTRY = 250;

type Written<Row, Item extends TSchema> = {
  readonly item: Item;
  readonly read: (text: string) => Row;
  readonly members: (row: Row) => (number | null)[];
  /** Instants (seconds) from which on the row reads otherwise. */
  readonly turns: (row: Row) => (bigint | null)[];
  /** `now`: instant (seconds). */
  readonly view: (row: Row, ref: Awaited<ReturnType<Names['of']>>, now: number) => Static<Item>;
};

/** What was written, each byte a character; true from `since` until before `until`. */
type Kept = { readonly bytes: string; readonly since: number; readonly until: number };

/** From the texts of rows to the items of a page with commas between them, each byte a character. */
type Writer = (texts: readonly string[], now: number) => Promise<string>;

export function remembered<Row, Item extends TSchema>(
  names: Names,
  { item, read, members, turns, view }: Written<Row, Item>,
): Writer {
  const write = writerOf(item);
  const known = new LRUCache<string, Kept>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ bytes }, text) => bytes.length + text.length + ENTRY,
  });

  let epoch = names.epoch;

  /** A name that is not known yet is not remembered. */
  async function writeAgain(texts: readonly string[], now: number): Promise<Kept[]> {
    const begun = names.epoch;
    const rows = texts.map(read);
    const ref = await names.of(rows.flatMap(members));
    return rows.map((row, n) => {
      const kept = { bytes: bytesAsText(write(view(row, ref, now))), ...spanOf(turns(row), now) };
      if (begun === names.epoch && names.know(members(row))) known.set(texts[n]!, kept);
      return kept;
    });
  }

  return async (texts, now) => {
    if (epoch !== names.epoch) known.clear();
    epoch = names.epoch;
    const isTrue = (kept: Kept | undefined): kept is Kept =>
      kept !== undefined && kept.since <= now && now < kept.until;
    const page = texts.map((text) => known.get(text));
    const missing = texts.filter((_, n) => !isTrue(page[n]));
    const again = missing.length === 0 ? [] : await writeAgain(missing, now);
    let next = 0;
    return page.map((kept) => (isTrue(kept) ? kept : again[next++]!).bytes).join();
  };
}

/** Between which of its turns an instant lies. */
function spanOf(turns: readonly (bigint | null)[], now: number): { since: number; until: number } {
  const instants = turns.filter((turn) => turn !== null).map(Number);
  return {
    since: Math.max(-Infinity, ...instants.filter((turn) => turn <= now)),
    until: Math.min(Infinity, ...instants.filter((turn) => turn > now)),
  };
}

type Asked = {
  readonly viewer: Viewer;
  readonly query: PageQuery;
  /** Tells the list from others, see {@link pageOf}. */
  readonly name: string;
  readonly key: readonly KeyPart[];
  readonly question: (page: PageOf, now: number) => Query<Page<string>>;
  readonly write: Writer;
};

/** Answers a page, and of which block it is: one message to the database asks for both. */
export async function sendPage(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  reply: FastifyReply,
  { viewer, query, name, key, question, write }: Asked,
): Promise<FastifyReply> {
  const now = await clock.now();
  const { items, next } = await pageOf(
    query,
    [name, viewer.member, filtersOf(query)],
    key,
    async (page) => {
      const [status, rows] = await ask(db, viewer, statusQuery, question(page, now));
      return { ...rows, moment: momentAt(now, status) };
    },
    async (rows, { moment }) => ({ bytes: await write(rows, now), ...momentView(moment) }),
  );
  const top = `"next":${JSON.stringify(next)},"provedAt":${items.provedAt},"asOf":${items.asOf}`;
  // A cursor is ASCII.
  return reply
    .type('application/json; charset=utf-8')
    .send(Buffer.from(`{"items":[${items.bytes}],${top}}`, 'latin1'));
}
