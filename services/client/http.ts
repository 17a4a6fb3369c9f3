import type { ProblemCode } from '../domain/problems.ts';
import { eventsOf, type LiveEvent } from './events.ts';
import type { Problem } from './generated/schema.ts';
import type { Address, Answer, BodyOf, Item, ListAddress, QueryOf } from './routes.ts';

/** The API or the chain refused: `code` is for programs, the message for people. */
export class ApiProblem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  /** What the answer says, if it comes from the API itself: `errors` names fields, `requestId` finds it in the log. */
  readonly problem: Partial<Problem>;

  constructor(code: ProblemCode, status: number, text: string, problem: Partial<Problem> = {}) {
    super(`${code}: ${text}`);
    this.name = 'ApiProblem';
    this.code = code;
    this.status = status;
    this.problem = problem;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;
export type Headers = Readonly<Record<string, string>>;

type Options = { readonly query?: Query; readonly body?: unknown; readonly headers?: Headers };

/**
 * JSON over HTTP with one session's token. Addresses as docs/openapi.json has them give answers with their types; others
 * are typed by the caller. Throws ApiProblem on every answer that is no success.
 */
export class Http {
  readonly baseUrl: string;
  readonly #own: Headers;

  /** @param member Whom the session is thought to be of: the API refuses to act for another. */
  constructor(baseUrl: string, token?: string, member?: number | 'operator') {
    this.baseUrl = baseUrl.replace(/\/$/, '');
    this.#own = {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(member === undefined ? {} : { 'tallystick-member': String(member) }),
    };
  }

  get<const A extends Address<'get'>>(address: A, query?: QueryOf<'get', A>): Promise<Answer<'get', A>>;
  get<T>(address: string, query?: Query): Promise<T>;
  get(address: string, query: Query = {}): Promise<unknown> {
    return this.#json('GET', address, { query });
  }

  post<const A extends Address<'post'>>(
    address: A,
    body?: BodyOf<'post', A>,
    headers?: Headers,
  ): Promise<Answer<'post', A>>;
  post<T>(address: string, body?: unknown, headers?: Headers): Promise<T>;
  post(address: string, body?: unknown, headers: Headers = {}): Promise<unknown> {
    return this.#json('POST', address, { body, headers });
  }

  patch<const A extends Address<'patch'>>(address: A, body: BodyOf<'patch', A>): Promise<Answer<'patch', A>>;
  patch<T>(address: string, body: unknown): Promise<T>;
  patch(address: string, body: unknown): Promise<unknown> {
    return this.#json('PATCH', address, { body });
  }

  async delete(address: Address<'delete'>, query: Query = {}, body?: unknown): Promise<void> {
    await this.#json('DELETE', address, { query, ...(body === undefined ? {} : { body }) });
  }

  /** All items of a list, page after page. */
  list<const A extends ListAddress>(address: A, query?: QueryOf<'get', A>): Promise<Item<A>[]>;
  list<T>(address: string, query?: Query): Promise<T[]>;
  async list(address: string, query: Query = {}): Promise<unknown[]> {
    const items: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page: { items: unknown[]; next: string | null } = await this.get(address, {
        limit: 200,
        ...query,
        cursor,
      });
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return items;
  }

  /** A file. Throws as well where it breaks off before its end. */
  async file(address: string): Promise<Blob> {
    return (await this.#send('GET', address, {})).blob();
  }

  /** What happens from now on, until `signal` ends it or the connection breaks: then read anew and call again. */
  async *events(signal: AbortSignal): AsyncGenerator<LiveEvent> {
    const response = await this.#send(
      'GET',
      '/api/events',
      { headers: { accept: 'text/event-stream' } },
      signal,
    );
    if (response.body !== null) yield* eventsOf(response.body, signal);
  }

  async #json(method: string, address: string, options: Options): Promise<unknown> {
    const text = await (await this.#send(method, address, options)).text();
    return text === '' ? undefined : JSON.parse(text);
  }

  async #send(
    method: string,
    address: string,
    { query = {}, body, headers = {} }: Options,
    signal: AbortSignal | null = null,
  ): Promise<Response> {
    const url = new URL(this.baseUrl + address);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const response = await fetch(url, {
      method,
      headers: {
        ...this.#own,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    if (response.ok) return response;
    throw problemOf(response.status, await response.text(), `${method} ${address}`);
  }
}

function problemOf(status: number, text: string, request: string): ApiProblem {
  let problem: Partial<Problem> = {};
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    // Not from the API itself (a proxy, say): the status has to do.
  }
  const fields = (problem.errors ?? []).map(({ path, message }) => `${path} ${message}`).join(', ');
  const words = [problem.detail ?? problem.title ?? text.slice(0, 200), fields].filter((part) => part !== '');
  const code = (problem.code ?? 'INTERNAL') as ProblemCode;
  return new ApiProblem(code, status, `${words.join(': ')} (${status}, ${request})`, problem);
}
