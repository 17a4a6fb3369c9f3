/** A route as its capability states it: method, address, whom it is for, and what it takes and answers. */
import type { FastifySchema } from 'fastify';
import type { Right } from '#domain/people/rights.ts';

/** 'known': whoever has a session or a key. 'people': of them persons, with a seat or without. 'signed in': members and the operator. */
export type Audience = 'everybody' | 'known' | 'people' | 'signed in' | 'members' | 'operator';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

type Needs = {
  /** On the seat. Left out: to read one sees, to change something one prepares. Nothing where the audience has no seats. */
  readonly right?: Right;
  /** Only soon after it was proven who this is. */
  readonly isFresh?: true;
  /** Requests a minute from one address: what anybody may try. */
  readonly perMinute?: number;
};

export type Route<M extends Method = Method, U extends string = string, S = FastifySchema> = {
  readonly method: M;
  readonly url: U;
  readonly audience: Audience;
  readonly schema: S;
  readonly needs: Needs;
};

export const route = <const M extends Method, const U extends `/${string}`, S extends FastifySchema>(
  method: M,
  url: U,
  audience: Audience,
  schema: S,
  needs: Needs = {},
): Route<M, U, S> => ({ method, url, audience, schema, needs });

/** What right the route asks for; undefined: none. */
export const rightFor = ({ audience, method, needs }: Route): Right | undefined =>
  audience === 'everybody' || audience === 'known' || audience === 'people'
    ? undefined
    : (needs.right ?? (method === 'GET' ? 'see' : 'prepare'));
