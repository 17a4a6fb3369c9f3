/** What addresses have anchored of the audit trail, read from the chain. */
import type { Anchor } from '#domain/audit/check.ts';
import type { Contracts } from './contracts.ts';

/** Views that are under way at the same time. */
const AT_ONCE = 50;

/** All anchors of the addresses that are trusted; what others have written under their own does not count. */
export async function readAnchors(
  { auditAnchor }: Pick<Contracts, 'auditAnchor'>,
  trusted: readonly string[],
): Promise<Anchor[]> {
  const anchors: Anchor[] = [];
  for (const by of trusted) {
    const count = Number(await auditAnchor.count(by));
    for (let first = 0; first < count; first += AT_ONCE) {
      const indexes = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, n) => first + n);
      const found = await Promise.all(indexes.map((index) => auditAnchor.anchorOf(by, index)));
      anchors.push(...found.map(({ no, head }) => ({ no: String(no), head: head.slice(2) })));
    }
  }
  return anchors;
}
