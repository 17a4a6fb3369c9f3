import type { Ask } from '#chain/nodes.ts';
import { Retry } from './errors.ts';

export type RpcCall = { readonly method: string; readonly params: readonly unknown[] };
type Answer = { id: number; result?: unknown; error?: { code: number; message: string; data?: unknown } };

/** The node understood the call and refuses it. */
export class RpcRefusal extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(method: string, error: NonNullable<Answer['error']>) {
    super(`${method}: ${error.message}`);
    this.code = error.code;
    this.data = error.data;
  }
}

/** Calls in one HTTP request at most. */
const BATCH = 100;
const TIMEOUT_MS = 30_000;

export type Rpc = {
  /** Answers in the order of the calls. Throws {@link RpcRefusal} for the first that was refused, {@link NoAnswer} or {@link Retry}. */
  batch(calls: readonly RpcCall[]): Promise<unknown[]>;
  one<T>(method: string, ...params: unknown[]): Promise<T>;
};

/** @param patienceMs Milliseconds for one answer. */
export function connectRpc(ask: Ask, patienceMs = TIMEOUT_MS): Rpc {
  const batch = async (calls: readonly RpcCall[]): Promise<unknown[]> => {
    const answers: unknown[] = [];
    for (let at = 0; at < calls.length; at += BATCH)
      answers.push(...(await send(ask, patienceMs, calls.slice(at, at + BATCH))));
    return answers;
  };
  return {
    batch,
    one: async <T>(method: string, ...params: unknown[]) => (await batch([{ method, params }]))[0] as T,
  };
}

async function send(ask: Ask, patienceMs: number, calls: readonly RpcCall[]): Promise<unknown[]> {
  const answers = await ask(
    patienceMs,
    calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params })),
  );
  if (!Array.isArray(answers)) throw new Retry('the node does not answer a batch with a batch');
  const byId = new Map((answers as Answer[]).map((answer) => [answer.id, answer]));
  return calls.map(({ method }, id) => {
    const answer = byId.get(id);
    if (answer === undefined) throw new Retry(`the node gave no answer to ${method}`);
    if (answer.error) throw new RpcRefusal(method, answer.error);
    return answer.result;
  });
}
