/** Requests as a client would make them, with the answer as it is: status, code, body. */
export type Answer = {
  readonly status: number;
  readonly code: string;
  readonly headers: Headers;
  readonly body: never;
};

type Options = {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
};

/** `code`: of the problem, or "ok". */
export async function ask(
  apiUrl: string,
  method: string,
  path: string,
  { token, body, headers = {} }: Options = {},
): Promise<Answer> {
  const response = await fetch(apiUrl + path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
  const parsed = (isJson ? JSON.parse(text) : text) as { code?: string };
  const code = response.ok ? 'ok' : (parsed.code ?? 'no code');
  return { status: response.status, code, headers: response.headers, body: parsed as never };
}

export async function tokenFor(
  apiUrl: string,
  who: { member: number } | { operator: true },
): Promise<string> {
  const { body } = await ask(apiUrl, 'POST', '/api/session', { body: who });
  return (body as { token: string }).token;
}
