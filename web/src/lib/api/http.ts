/** HTTP with the types of openapi-fetch and none of its code: what the pages need of it are these lines. */
import type { Client } from 'openapi-fetch';
import type { paths } from './schema.ts';

type Init = {
  params?: {
    path?: Record<string, string | number>;
    query?: Record<string, unknown>;
    header?: Record<string, string>;
  };
  body?: unknown;
  signal?: AbortSignal;
};

/** Fills in an address: `{billNo}` by what it stands for, and the query without what is left out. */
export function addressOf(
  path: string,
  { path: parts = {}, query = {} }: NonNullable<Init['params']>,
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null) search.set(name, String(value));
  return search.size === 0 ? filled : `${filled}?${search}`;
}

/** Whom this tab shows: the API refuses what it asks for once another member has signed in. */
export const shown: { member: string | undefined } = { member: undefined };
export const forShown = (): Record<string, string> =>
  shown.member === undefined ? {} : { 'tallystick-member': shown.member };

export function httpIn(language: string): Pick<Client<paths>, 'GET' | 'POST' | 'PATCH' | 'DELETE'> {
  const call =
    (method: string) =>
    async (path: string, { params = {}, body, signal }: Init = {}) => {
      const response = await fetch(addressOf(path, params), {
        method,
        headers: {
          'accept-language': language,
          ...forShown(),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...params.header,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      const answer: unknown = isJson ? await response.json() : undefined;
      return response.ok ? { data: answer, response } : { error: answer, response };
    };
  const http = { GET: call('GET'), POST: call('POST'), PATCH: call('PATCH'), DELETE: call('DELETE') };
  return http as unknown as Client<paths>;
}
