/** A node between the indexer and the chain whose answers a test can spoil. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Answer = { id: number; result?: unknown; error?: { code: number; message: string } };
type Call = { id: number; method: string; params: unknown[] };

export type Proxy = {
  readonly url: string;
  /** What becomes of an answer; by default nothing. */
  spoil: (call: Call, answer: Answer) => Answer;
  /** Answers with this HTTP status while it is not 200. */
  status: number;
  /** How much of each answer comes, with status 200 all the same; undefined: all. */
  cutAt: number | undefined;
  /** What each answer waits for. */
  hold: Promise<void> | undefined;
  /** The node that it stands for. */
  target: string;
  /** How many requests came. */
  requests: number;
  close(): Promise<void>;
};

export async function openProxy(target: string): Promise<Proxy> {
  const server = createServer((request, response) => {
    const work = async () => {
      const body = await text(request);
      proxy.requests++;
      if (proxy.status !== 200) return response.writeHead(proxy.status).end();
      await proxy.hold;
      const answered = (await (await post(proxy.target, body)).json()) as Answer | Answer[];
      const calls = [JSON.parse(body) as Call | Call[]].flat();
      const spoil = (answer: Answer): Answer =>
        proxy.spoil(
          calls.find(({ id }) => id === answer.id)!,
          answer,
        );
      const whole = JSON.stringify(Array.isArray(answered) ? answered.map(spoil) : spoil(answered));
      const given = whole.slice(0, proxy.cutAt);
      return response.writeHead(200, { 'content-type': 'application/json' }).end(given);
    };
    work().catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: Proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spoil: (_call, answer) => answer,
    status: 200,
    cutAt: undefined,
    hold: undefined,
    target,
    requests: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

const post = (url: string, body: string): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
