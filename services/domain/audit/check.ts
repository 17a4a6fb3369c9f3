/** Goes along the audit trail, link by link, and says what is not as it was written. */
import { digestOf, linkHash, NO_LINK, rootOf, type ChainedEntry } from './chain.ts';

/** A link as it is stored or exported. Who may not see any of its entries has their root alone. */
export type CheckedLink = {
  readonly no: string;
  readonly at: string;
  readonly previous: string;
  readonly hash: string;
} & (
  { readonly digests: readonly string[]; readonly entries: readonly string[] } | { readonly root: string }
);

/** What an address that is trusted wrote on the chain: the hash of a link. */
export type Anchor = { readonly no: string; readonly head: string };

export type Finding =
  /** A link is not there: it was taken out, or links stand in another order. */
  | { readonly what: 'link missing'; readonly link: string }
  /** It follows another link than the one before it. */
  | { readonly what: 'link displaced'; readonly link: string }
  /** Its hash is not that of what it holds. */
  | { readonly what: 'link altered'; readonly link: string }
  | { readonly what: 'entry missing'; readonly link: string; readonly entry: string }
  | { readonly what: 'entry altered'; readonly link: string; readonly entry: string }
  /** It stands there, and no link knows it: it was put in afterwards. */
  | { readonly what: 'entry inserted'; readonly entry: string }
  /** The link has another hash than the one that was anchored: all of the trail was written anew. */
  | { readonly what: 'anchor differs'; readonly link: string }
  /** A link was anchored that is not there: the end of the trail was cut off, or an old backup was put back. */
  | { readonly what: 'anchor beyond'; readonly link: string };

const FROM_START = { no: 0n, hash: NO_LINK };

export class TrailCheck {
  #next: bigint;
  #head: string;
  readonly #anchors: ReadonlyMap<string, readonly string[]>;
  readonly #seen = new Set<string>();

  /** @param after The link before the first that is looked at, if the trail is not looked at from its beginning. */
  constructor(
    anchors: readonly Anchor[],
    after: { readonly no: bigint; readonly hash: string } = FROM_START,
  ) {
    this.#next = after.no + 1n;
    this.#head = after.hash;
    const byNo = Map.groupBy(anchors, ({ no }) => no);
    this.#anchors = new Map([...byNo].map(([no, of]) => [no, of.map(({ head }) => head)]));
  }

  /** The last link that was looked at, and its hash as it is stored. */
  get head(): { readonly no: string; readonly hash: string } {
    return { no: String(this.#next - 1n), hash: this.#head };
  }

  /** How many anchors fit the links that were looked at. */
  get anchored(): number {
    return this.#seen.size;
  }

  /**
   * The next link, with those of its entries that are at hand.
   *
   * @param isWhole Whether all of its entries must be at hand.
   */
  link(link: CheckedLink, entries: ReadonlyMap<string, ChainedEntry>, isWhole: boolean): Finding[] {
    const found: Finding[] = [];
    const no = BigInt(link.no);
    // One is named; how many after it are gone as well, the next number says.
    if (no !== this.#next) found.push({ what: 'link missing', link: String(this.#next) });
    if (no === this.#next && link.previous !== this.#head)
      found.push({ what: 'link displaced', link: link.no });
    if ('digests' in link) {
      const { digests } = link;
      link.entries.forEach((id, n) => {
        const entry = entries.get(id);
        if (entry === undefined) {
          if (isWhole) found.push({ what: 'entry missing', link: link.no, entry: id });
        } else if (digestOf(entry) !== digests[n]) {
          found.push({ what: 'entry altered', link: link.no, entry: id });
        }
      });
      if (digests.length !== link.entries.length) found.push({ what: 'link altered', link: link.no });
    }
    const root = 'digests' in link ? rootOf(link.digests) : link.root;
    if (linkHash(link.previous, { no: link.no, at: link.at, root }) !== link.hash)
      found.push({ what: 'link altered', link: link.no });
    for (const head of this.#anchors.get(link.no) ?? []) {
      if (head === link.hash) this.#seen.add(link.no);
      else found.push({ what: 'anchor differs', link: link.no });
    }
    this.#head = link.hash;
    this.#next = no + 1n;
    return found;
  }

  /** After the last link: what was anchored beyond it. */
  end(): Finding[] {
    return [...this.#anchors.keys()]
      .filter((no) => BigInt(no) >= this.#next)
      .map((link) => ({ what: 'anchor beyond', link }));
  }
}
