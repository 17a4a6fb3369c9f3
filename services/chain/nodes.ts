/**
 * The nodes through which one chain is asked. One of them is in use until there is a reason to leave it:
 * 1) It does not answer, or is further behind the best than `lag` blocks: the first in the list that does better is in use.
 * 2) One that was left is looked at like the others, and may be in use again when the one after it fails.
 * 3) One of another chain (by its id or its first block) is never asked again.
 * Only one is asked at a time: no answer is put together of several. With a single node there is nothing to choose, and it is
 * asked whatever it says.
 */
import type { Deployment } from './deployment.ts';
import { NoAnswer, post } from './post-json.ts';

/** What all nodes of a chain say alike. */
export type Identity = Pick<Deployment, 'chainId' | 'genesisHash'>;

type Warn = { warn(facts: object, message: string): void };

type Options = {
  readonly log: Warn;
  /** Milliseconds between looks at all of them; default 5000. */
  readonly lookMs?: number;
  /** Blocks that the one in use may be behind the best; default 8. */
  readonly lag?: number;
};

/** Sends a JSON-RPC request; throws {@link NoAnswer} after so many milliseconds at the latest. */
export type Ask = (patienceMs: number, body: unknown) => Promise<unknown>;

type Node = { readonly url: string; state: 'away' | 'good' | 'foreign'; head: number };

export type Where = 'elsewhere' | 'unknown' | 'nowhere';

/** Milliseconds that a look waits for a node. */
const PATIENCE_MS = 3_000;

/** The addresses in a setting that names one or several, separated by commas. */
export const urlsOf = (rpcUrl: string): string[] => rpcUrl.split(',').map((url) => url.trim());

/** What a node says of itself. Throws {@link NoAnswer}. */
export async function lookAtNode(
  url: string,
  patienceMs = PATIENCE_MS,
): Promise<Identity & { head: number }> {
  const [id, first, newest] = await askAll(url, patienceMs, [
    ['eth_chainId', []],
    ['eth_getBlockByNumber', ['0x0', false]],
    ['eth_blockNumber', []],
  ]);
  const [chainId, head] = [Number(id), Number(newest)];
  const { hash: genesisHash } = (first ?? {}) as { hash?: unknown };
  if (!Number.isInteger(chainId) || !Number.isInteger(head) || typeof genesisHash !== 'string')
    throw new NoAnswer('what answers there is not a chain');
  return { chainId, genesisHash, head };
}

/** What it refuses has no answer. */
async function askAll(
  url: string,
  patienceMs: number,
  calls: readonly (readonly [method: string, params: readonly unknown[]])[],
): Promise<unknown[]> {
  const body = calls.map(([method, params], id) => ({ jsonrpc: '2.0', id, method, params }));
  const answers = await post(url, patienceMs, body);
  if (!Array.isArray(answers)) throw new NoAnswer('what answers there is not a chain');
  const byId = new Map(
    (answers as ({ id: number; result?: unknown } | null)[]).map((each) => [each?.id, each?.result]),
  );
  return calls.map((_, id) => byId.get(id));
}

export const isSameChain = (a: Identity, b: Identity): boolean =>
  a.chainId === b.chainId && a.genesisHash === b.genesisHash;

/** An address without the password that may stand in it. */
const shown = (url: string): string => url.replace(/\/\/[^/@]*@/, '//');

export class Nodes {
  readonly #nodes: readonly Node[];
  readonly #identity: Identity;
  readonly #log: Warn;
  readonly #lag: number;
  readonly #looks: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #inUse: Node;
  #turn = 0;

  /** @param rpcUrl One address, or several separated by commas. */
  constructor(rpcUrl: string, identity: Identity, { log, lookMs = 5_000, lag = 8 }: Options) {
    this.#nodes = urlsOf(rpcUrl).map((url) => ({ url, state: 'away', head: 0 }));
    this.#identity = identity;
    this.#log = log;
    this.#lag = lag;
    this.#inUse = this.#nodes[0]!;
    if (this.#isAlone) return;
    this.#looks = setInterval(() => void this.#look(), lookMs);
    this.#looks.unref();
  }

  /** How often another one came into use: what was said in two turns may be of two nodes. */
  get turn(): number {
    return this.#turn;
  }

  /** Asks the one in use; if it does not answer, the next. */
  readonly ask: Ask = async (patienceMs, body) => {
    const node = await this.#ready();
    try {
      return await post(node.url, patienceMs, body);
    } catch (error) {
      if (this.#isAlone) throw error;
      this.#gone(node);
      const next = await this.#ready();
      return post(next.url, patienceMs, body);
    }
  };

  /** Asks the one that is in use now, and no other, however long. */
  async pinned(): Promise<{ readonly turn: number; readonly ask: Ask }> {
    const node = await this.#ready();
    const ask: Ask = async (patienceMs, body) => {
      try {
        return await post(node.url, patienceMs, body);
      } catch (error) {
        this.#gone(node);
        throw error;
      }
    };
    return { turn: this.#turn, ask };
  }

  /**
   * Where else a block is that the one in use does not have: 'elsewhere' if another one has it and is at least as far as `head`;
   * then that one is in use from now on. 'unknown' if none has it, but not all of them answer.
   */
  async whereIs(block: { number: bigint; hash: string }, head: bigint): Promise<Where> {
    const node = this.#inUse;
    const others = this.#nodes.filter((other) => other !== node && other.state !== 'foreign');
    const has = await Promise.all(others.map(({ url }) => hasBlock(url, block, head)));
    const keeper = others.find((_, n) => has[n] === true);
    if (keeper === undefined) return has.includes(undefined) ? 'unknown' : 'nowhere';
    keeper.state = 'good'; // who has the block is of this chain
    if (this.#inUse === node) this.#use(keeper, 'another one still has the blocks that it does not have');
    return 'elsewhere';
  }

  close(): void {
    clearInterval(this.#looks);
  }

  get #isAlone(): boolean {
    return this.#nodes.length === 1;
  }

  async #ready(): Promise<Node> {
    if (this.#isAlone) return this.#inUse;
    this.#choose();
    if (this.#inUse.state !== 'good') await this.#look();
    if (this.#inUse.state !== 'good') throw new NoAnswer('no node of this chain answers');
    return this.#inUse;
  }

  /** Who needs it while one is under way waits for its end. */
  #look(): Promise<void> {
    this.#looking ??= Promise.all(this.#nodes.map((node) => this.#lookAt(node)))
      .then(() => this.#choose())
      .finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #lookAt(node: Node): Promise<void> {
    if (node.state === 'foreign') return;
    try {
      const { head, ...identity } = await lookAtNode(node.url);
      node.head = head;
      node.state = isSameChain(identity, this.#identity) ? 'good' : 'foreign';
      if (node.state === 'foreign')
        this.#log.warn({ node: shown(node.url) }, 'a node is of another chain and is not asked any more');
    } catch {
      node.state = 'away';
    }
  }

  /** Until the next look: it may come back as another. */
  #gone(node: Node): void {
    if (node.state === 'good') node.state = 'away';
  }

  #good(): readonly Node[] {
    return this.#nodes.filter(({ state }) => state === 'good');
  }

  #choose(): void {
    const good = this.#good();
    const best = Math.max(...good.map(({ head }) => head));
    const { state, head } = this.#inUse;
    if (state === 'good' && best - head <= this.#lag) return;
    const next = good.find((other) => best - other.head <= this.#lag);
    if (next === undefined) return;
    const reasons = { away: 'it does not answer', foreign: 'it is of another chain' };
    this.#use(next, state === 'good' ? `it is ${best - head} blocks behind` : reasons[state]);
  }

  #use(node: Node, why: string): void {
    this.#log.warn({ left: shown(this.#inUse.url), node: shown(node.url) }, `a node is left: ${why}`);
    this.#inUse = node;
    this.#turn++;
  }
}

/** Whether a node has it and is so far; undefined: it does not answer. */
async function hasBlock(
  url: string,
  { number, hash }: { number: bigint; hash: string },
  head: bigint,
): Promise<boolean | undefined> {
  try {
    const [block, newest] = await askAll(url, PATIENCE_MS, [
      ['eth_getBlockByNumber', [`0x${number.toString(16)}`, false]],
      ['eth_blockNumber', []],
    ]);
    return (block as { hash: string } | null)?.hash === hash && BigInt(newest as string) >= head;
  } catch {
    return undefined;
  }
}
