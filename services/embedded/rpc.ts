/** JSON-RPC to the embedded chain, for what its keeper needs; everything else talks to it through `#chain`. */

interface RpcCall {
  method: string;
  params: unknown[];
}

interface Answer {
  id: number;
  result?: unknown;
  error?: { message: string };
}

/** Answers in the order of the calls. Throws on the first that failed, with its message. */
export async function rpcBatch(url: string, calls: RpcCall[]): Promise<unknown[]> {
  if (calls.length === 0) return [];
  const body = JSON.stringify(calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call })));
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const answers = (await response.json()) as Answer[];
  return answers
    .toSorted((a, b) => a.id - b.id)
    .map(({ result, error }) => {
      if (error !== undefined) throw new Error(error.message);
      return result;
    });
}

export async function rpc<T>(url: string, method: string, ...params: unknown[]): Promise<T> {
  const [result] = await rpcBatch(url, [{ method, params }]);
  return result as T;
}

export async function blockNumber(url: string): Promise<number> {
  return Number(await rpc<string>(url, 'eth_blockNumber'));
}
