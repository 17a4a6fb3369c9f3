/** A route as its capability states it: method, address, whom it is for, and what it takes and answers. */
import type { FastifySchema } from 'fastify';

/** 'signed in' is members and the operator. */
export type Audience = 'everybody' | 'signed in' | 'members' | 'operator';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export type Route<M extends Method = Method, U extends string = string, S = FastifySchema> = {
  readonly method: M;
  readonly url: U;
  readonly audience: Audience;
  readonly schema: S;
};

export const route = <const M extends Method, const U extends `/${string}`, S extends FastifySchema>(
  method: M,
  url: U,
  audience: Audience,
  schema: S,
): Route<M, U, S> => ({ method, url, audience, schema });
