import { JsonRpcProvider, Network, type JsonRpcPayload, type JsonRpcResult } from 'ethers';
import { NoAnswer, post } from './post.ts';

/** Milliseconds that somebody who waits for us can wait for the node. */
const PATIENCE = 8_000;

/** ethers waits five minutes for an answer, and for ever for one that trickles in; this throws {@link NoAnswer}. */
class Node extends JsonRpcProvider {
  readonly #url: string;

  constructor(url: string, network: Network) {
    super(url, network, { staticNetwork: network, cacheTimeout: -1, batchStallTime: 0 });
    this.#url = url;
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const answers = [await post(this.#url, PATIENCE, payload)].flat() as (JsonRpcResult | null)[];
    const answered = new Set(answers.map((answer) => answer?.id));
    const missing = [payload].flat().find(({ id }) => !answered.has(id));
    if (missing !== undefined) throw new NoAnswer(`the node gives no answer to ${missing.method}`);
    return answers as JsonRpcResult[];
  }
}

/** A node of this chain. What it refuses, and what reverts, comes as ethers says it. */
export const connectNode = (url: string, chainId: number): JsonRpcProvider =>
  new Node(url, Network.from(chainId));
