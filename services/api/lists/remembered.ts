/**
 * Pages that remember how each row was written. A row comes as one text, in which stands all that decides what its viewer is
 * told of it, but for the clock, the newest block and names: the same text is answered with the same bytes.
 */
import type { FastifyReply } from 'fastify';
import { LRUCache } from 'lru-cache';
import { Type, type Static, type TSchema } from 'typebox';
import { bytesAsText, writerOf } from '../plugins/app/serialization.ts';
import { Bill } from '../bills/schema.ts';
import { momentView, type Moment } from '../status/moment.ts';
import type { Names } from '../members/names.ts';

/** What each list remembers at most, and what an entry takes beside its texts. */
const MOST_BYTES = 24 * 1024 * 1024;
const ENTRY = 250;

type Written<Row, Item extends TSchema> = {
  readonly item: Item;
  readonly read: (text: string) => Row;
  readonly members: (row: Row) => (number | null)[];
  /** Instants (seconds) from which on something else is told of the row. */
  readonly turns: (row: Row) => (bigint | null)[];
  readonly view: (row: Row, ref: Awaited<ReturnType<Names['of']>>, moment: Moment) => Static<Item>;
  /** What is closed after the bill, which stands last. */
  readonly closing: '' | '}';
};

/** What was written, up to the moment, each byte a character; true from `since` until before `until`. */
type Kept = { readonly bytes: string; readonly since: number; readonly until: number };

const writeMoment = writerOf(Type.Pick(Bill, ['provedAt', 'asOf']));

/** Returns what writes the items of a page from the texts of their rows, each byte a character. */
export function remembered<Row, Item extends TSchema>(
  names: Names,
  { item, read, members, turns, view, closing }: Written<Row, Item>,
): (texts: readonly string[], moment: Moment) => Promise<string> {
  const write = writerOf(item);
  const known = new LRUCache<string, Kept>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ bytes }, text) => bytes.length + text.length + ENTRY,
  });

  /** A name that is not known yet is not remembered. */
  async function writeAnew(texts: readonly string[], moment: Moment, end: string): Promise<Kept[]> {
    const rows = texts.map(read);
    const ref = await names.of(rows.flatMap(members));
    return rows.map((row, n) => {
      const json = write(view(row, ref, moment));
      if (!json.endsWith(end)) throw new Error(`something is written after the moment: ${json}`);
      const kept = { bytes: bytesAsText(json.slice(0, -end.length)), ...spanOf(turns(row), moment.now) };
      if (names.know(members(row))) known.set(texts[n]!, kept);
      return kept;
    });
  }

  return async (texts, moment) => {
    const isTrue = (kept: Kept | undefined): kept is Kept =>
      kept !== undefined && kept.since <= moment.now && moment.now < kept.until;
    const end = writeMoment(momentView(moment)).slice(1) + closing;
    const page = texts.map((text) => known.get(text));
    const missing = texts.filter((_, n) => !isTrue(page[n]));
    const anew = missing.length === 0 ? [] : await writeAnew(missing, moment, end);
    let next = 0;
    return page.map((kept) => (isTrue(kept) ? kept : anew[next++]!).bytes + end).join();
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

/** Sends a page whose items are written already. A cursor is ASCII. */
export const sendPage = (reply: FastifyReply, { items, next }: { items: string; next: string | null }) =>
  reply
    .type('application/json; charset=utf-8')
    .send(Buffer.from(`{"items":[${items}],"next":${JSON.stringify(next)}}`, 'latin1'));
