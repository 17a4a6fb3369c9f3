/** Recomputes the audit trail from the database, and compares it with what was anchored. */
import type { Kysely } from 'kysely';
import { TrailCheck, type Anchor, type CheckedLink, type Finding } from '#domain/audit/check.ts';
import { SYSTEM, transact } from '../access/access.ts';
import type { DB } from '../types.ts';
import { chained, PORTION, readLinks, unlinkedEntries, type LinkRow } from './read.ts';
import { sealAll } from './seal.ts';

export type TrailVerification = {
  readonly links: string;
  /** Hash of the last link. */
  readonly head: string;
  readonly entries: number;
  /** Links whose hash an anchor confirms. */
  readonly anchored: number;
  /** The first in the order of the trail, at most {@link MOST}. */
  readonly findings: readonly Finding[];
};

const MOST = 100;

export const checkedLink = ({ no, at, previous, hash, entries, digests }: LinkRow): CheckedLink => ({
  no: String(no),
  at: at.toISOString(),
  previous: previous.toString('hex'),
  hash: hash.toString('hex'),
  entries: entries.map(String),
  digests: Array.from({ length: digests.length / 32 }, (_, n) =>
    digests.toString('hex', 32 * n, 32 * n + 32),
  ),
});

/** Seals what waits, then reads all of the trail. */
export async function verifyTrail(db: Kysely<DB>, anchors: readonly Anchor[]): Promise<TrailVerification> {
  await sealAll(db);
  const check = new TrailCheck(anchors);
  const findings: Finding[] = [];
  let entries = 0;
  for (let last = 0n, isMore = true; isMore;) {
    const from = last;
    const portion = await transact(db, SYSTEM, (trx) => readLinks(trx, SYSTEM, from, PORTION));
    for (const { link, entries: known } of portion) {
      const rows = new Map([...known].map(([id, row]) => [id, chained(row)]));
      findings.push(...check.link(checkedLink(link), rows, true));
      entries += link.entries.length;
      last = link.no;
    }
    isMore = portion.length === PORTION;
  }
  const inserted = await unlinkedEntries(db, MOST);
  findings.push(
    ...check.end(),
    ...inserted.map((id): Finding => ({ what: 'entry inserted', entry: String(id) })),
  );
  return {
    links: check.head.no,
    head: check.head.hash,
    entries,
    anchored: check.anchored,
    findings: findings.slice(0, MOST),
  };
}
