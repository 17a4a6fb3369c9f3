import type { ProblemCode } from '#domain/problems.ts';

type ProblemBody = {
  readonly code?: ProblemCode;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
};

/** The API or the chain refused: `code` is for programs, the message for people. */
export class ApiProblem extends Error {
  readonly code: ProblemCode;
  readonly status: number;

  constructor(code: ProblemCode, status: number, text: string) {
    super(`${code}: ${text}`);
    this.name = 'ApiProblem';
    this.code = code;
    this.status = status;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

type Options = {
  readonly query?: Query;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** JSON over HTTP with one session's token. Throws ApiProblem on every answer that is no success. */
export class Http {
  readonly baseUrl: string;
  readonly #token: string | undefined;

  constructor(baseUrl: string, token?: string) {
    this.baseUrl = baseUrl.replace(/\/$/, '');
    this.#token = token;
  }

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.#send('GET', path, { query });
  }

  post<T>(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> {
    return this.#send('POST', path, { body, headers });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#send('PATCH', path, { body });
  }

  /** All items of a list, page after page. */
  async list<T>(path: string, query: Query = {}): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const page: { items: T[]; next: string | null } = await this.get(path, {
        limit: 200,
        ...query,
        cursor,
      });
      items.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return items;
  }

  async #send<T>(method: string, path: string, { query = {}, body, headers = {} }: Options): Promise<T> {
    const url = new URL(this.baseUrl + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const response = await fetch(url, {
      method,
      headers: {
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw problemOf(response.status, text, `${method} ${path}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}

function problemOf(status: number, text: string, request: string): ApiProblem {
  let body: ProblemBody = {};
  try {
    body = JSON.parse(text) as ProblemBody;
  } catch {
    // Not from the API itself (a proxy, say): the status has to do.
  }
  const fields = (body.errors ?? []).map(({ path, message }) => `${path} ${message}`).join(', ');
  const words = [body.detail ?? body.title ?? text.slice(0, 200), fields].filter((part) => part !== '');
  return new ApiProblem(body.code ?? 'INTERNAL', status, `${words.join(': ')} (${status}, ${request})`);
}
