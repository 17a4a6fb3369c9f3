/** Which names are most like one that nobody has: for a question to a person, never for an answer in his place. */

/** What firms' names end with says nothing of which firm it is. */
const FORMS =
  /股份有限公司|有限责任公司|有限公司|集团|公司|\b(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|gmbh|plc|sa|ag|group)\b/g;
/** Below this, two names have nothing to do with each other. */
const LEAST = 0.35;

function pairsOf(name: string): Set<string> {
  const plain = name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ');
  const core = (plain.replace(FORMS, ' ').trim() || plain).replace(/ /g, '');
  const letters = [...core];
  return new Set(letters.length < 2 ? letters : letters.slice(1).map((letter, n) => letters[n]! + letter));
}

/** Names by the pairs of letters in them, so that one that is looked for is compared only with those that share some. */
export class Names<Whose> {
  readonly #named: { readonly whose: Whose; readonly pairs: number }[] = [];
  readonly #with = new Map<string, number[]>();

  constructor(names: Iterable<readonly [name: string, whose: Whose]>) {
    for (const [name, whose] of names) {
      const pairs = pairsOf(name);
      const at = this.#named.push({ whose, pairs: pairs.size }) - 1;
      for (const pair of pairs) {
        const places = this.#with.get(pair);
        if (places === undefined) this.#with.set(pair, [at]);
        else places.push(at);
      }
    }
  }

  /** The most alike first. A name that is part of another is nearly that name. */
  mostAlike(text: string, most: number): Whose[] {
    const pairs = pairsOf(text);
    const shared = new Map<number, number>();
    for (const pair of pairs)
      for (const at of this.#with.get(pair) ?? []) shared.set(at, (shared.get(at) ?? 0) + 1);
    const scores = [...shared].map(([at, count]) => {
      const own = this.#named[at]!.pairs;
      const isPart = count === Math.min(own, pairs.size);
      return { at, score: (2 * count) / (own + pairs.size) + (isPart ? 0.3 : 0) };
    });
    const best = scores
      .filter(({ score }) => score >= LEAST)
      .sort((a, b) => b.score - a.score || a.at - b.at);
    return [...new Set(best.map(({ at }) => this.#named[at]!.whose))].slice(0, most);
  }
}
