import { sql, type RawBuilder } from 'kysely';

/** A value for a jsonb column: bigints become decimal strings. */
export const json = <T>(value: T): RawBuilder<never> =>
  sql`${JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner))}::jsonb`;
