import { id } from 'ethers';
import type { Kysely } from 'kysely';
import { toBytes } from '../bytes.ts';
import type { DB } from '../types.ts';

/** Keeps words of which the chain knows the hash alone, and returns that hash (`0x…`, keccak-256 of the UTF-8 text). */
export async function keepWording(db: Kysely<DB>, text: string): Promise<string> {
  const hash = id(text);
  await db
    .insertInto('app.wording')
    .values({ hash: toBytes(hash), text })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return hash;
}
