import type { Kysely } from 'kysely';
import { toHex } from '../wire/bytes.ts';
import { keccak256 } from '../ledger/keccak.ts';
import type { DB } from '../types.ts';

/** Keeps words of which the chain knows the hash alone, and returns that hash (`0x…`, keccak-256 of the UTF-8 text). */
export async function keepWording(db: Kysely<DB>, text: string): Promise<string> {
  const hash = keccak256(Buffer.from(text));
  await db
    .insertInto('app.wording')
    .values({ hash, text })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return toHex(hash);
}
