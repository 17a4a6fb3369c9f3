/** The audit trail as lines of JSON, each a link with those of its entries that its reader may see. */
import type { Kysely } from 'kysely';
import { rootOf } from '#domain/audit/chain.ts';
import { transact, type Viewer } from '../access/access.ts';
import type { DB } from '../types.ts';
import { chained, PORTION, readLinks, type LinkWithEntries } from './read.ts';
import { checkedLink } from './verify.ts';

export async function* exportLinks(db: Kysely<DB>, viewer: Viewer, after: bigint): AsyncGenerator<string> {
  for (let last = after; ;) {
    const from = last;
    const portion = await transact(db, viewer, (trx) => readLinks(trx, viewer, from, PORTION));
    if (portion.length > 0) yield `${portion.map(lineOf).join('\n')}\n`;
    if (portion.length < PORTION) return;
    last = portion.at(-1)!.link.no;
  }
}

/** What others did shows in nothing but the root: not even how much it was. */
function lineOf({ link, entries }: LinkWithEntries): string {
  const whole = checkedLink(link);
  if (!('digests' in whole)) throw new Error('a stored link has the digests of its entries');
  const { digests, entries: ids, ...head } = whole;
  return JSON.stringify({
    link: entries.size === 0 ? { ...head, root: rootOf(digests) } : { ...head, entries: ids, digests },
    entries: [...entries.values()].map(chained),
  });
}
