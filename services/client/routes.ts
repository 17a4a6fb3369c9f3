/** What each route of the API takes and gives, by the address as a caller writes it: `/api/bills/${billNo}`. */
import type { paths } from './generated/schema.ts';

export type Method = 'get' | 'post' | 'patch' | 'delete';

/** `/api/bills/{billNo}` as the address of any bill. */
type Filled<Path extends string> = Path extends `${infer Head}{${string}}${infer Tail}`
  ? `${Head}${string}${Filled<Tail>}`
  : Path;

type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: { responses: object } } ? P : never;
}[keyof paths];

/** Every address that answers to a method. */
export type Address<M extends Method> = Filled<PathsWith<M>>;

/** The one operation whose address is exactly this, not merely one that would fit. */
type Operation<M extends Method, A extends string> = {
  [P in PathsWith<M>]: [A, Filled<P>] extends [Filled<P>, A] ? paths[P][M] : never;
}[PathsWith<M>];

/** What a caller hands in is only read. */
export type Given<T> = T extends (infer I)[]
  ? readonly Given<I>[]
  : T extends object
    ? { readonly [K in keyof T]: Given<T[K]> }
    : T;

type JsonOf<R> = R extends { content: { 'application/json': infer Body } } ? Body : undefined;

export type Answer<M extends Method, A extends string> =
  Operation<M, A> extends { responses: infer R } ? JsonOf<R[keyof R & (200 | 201 | 202 | 204)]> : unknown;

export type QueryOf<M extends Method, A extends string> =
  Operation<M, A> extends { parameters: { query?: infer Q } } ? Exclude<Q, undefined> : never;

export type BodyOf<M extends Method, A extends string> =
  Operation<M, A> extends { requestBody?: { content: { 'application/json': infer Body } } }
    ? Given<Body>
    : undefined;

/** Addresses of lists, which answer page by page. */
export type ListAddress = {
  [P in PathsWith<'get'>]: Answer<'get', Filled<P>> extends { items: unknown[]; next: string | null }
    ? Filled<P>
    : never;
}[PathsWith<'get'>];

export type Item<A extends string> = Answer<'get', A> extends { items: (infer I)[] } ? I : unknown;
