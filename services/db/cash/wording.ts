/** Words of which the chain knows the hash alone. */
import type { Kysely } from 'kysely';
import { toBytes } from '../wire/bytes.ts';
import type { DB } from '../types.ts';

/** @param hash `0x…`, keccak-256 of the UTF-8 text. */
export async function keepWording(db: Kysely<DB>, hash: string, text: string): Promise<void> {
  await db
    .insertInto('app.wording')
    .values({ hash: toBytes(hash), text })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
