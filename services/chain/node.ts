import { JsonRpcProvider, Network, type JsonRpcPayload, type JsonRpcResult } from 'ethers';
import type { Nodes } from './nodes.ts';
import { NoAnswer } from './post-json.ts';

/** Milliseconds that somebody who waits for us can wait for the node. */
const PATIENCE_MS = 8_000;

/** ethers waits five minutes for an answer, and for ever for one that trickles in; this throws {@link NoAnswer}. */
class Node extends JsonRpcProvider {
  readonly #nodes: Nodes;

  constructor(nodes: Nodes, network: Network) {
    super('', network, { staticNetwork: network, cacheTimeout: -1, batchStallTime: 0 });
    this.#nodes = nodes;
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const answers = [await this.#nodes.ask(PATIENCE_MS, payload)].flat() as (JsonRpcResult | null)[];
    const answered = new Set(answers.map((answer) => answer?.id));
    const missing = [payload].flat().find(({ id }) => !answered.has(id));
    if (missing !== undefined) throw new NoAnswer(`the node gives no answer to ${missing.method}`);
    return answers as JsonRpcResult[];
  }

  override destroy(): void {
    this.#nodes.close();
    super.destroy();
  }
}

/** The node of this chain that is in use. What it refuses, and what reverts, comes as ethers says it. */
export const connectNode = (nodes: Nodes, chainId: number): JsonRpcProvider =>
  new Node(nodes, Network.from(chainId));
