import { sql, type Kysely } from 'kysely';
import { toBytes } from '../wire/bytes.ts';
import type { Trx } from '../access/access.ts';
import type { DB } from '../types.ts';

export type Identity = {
  readonly identityHash: string;
  readonly account: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly taxId: string | null;
  /** The text of which identityHash is the hash. */
  readonly document: string;
};

/** Kept before the member is admitted: the chain then names it by the hash. */
export const keepIdentity = (db: Kysely<DB>, identity: Identity) =>
  db
    .insertInto('app.identity')
    .values({
      identity_hash: toBytes(identity.identityHash),
      account: toBytes(identity.account),
      name_zh: identity.nameZh,
      name_en: identity.nameEn,
      tax_id: identity.taxId,
      document: identity.document,
    })
    .onConflict((conflict) => conflict.column('identity_hash').doNothing())
    .execute();

/**
 * Whether a member has the tax number, or one is being admitted with it. Whoever asks next waits until the transaction ends,
 * so that of two admissions at once the second sees the first.
 *
 * @param now Instant (seconds): an admission that can be signed no more takes nothing.
 */
export async function isTaxNumberTaken(trx: Trx, taxId: string, now: number): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtext('tax number'))`.execute(trx);
  const { rows } = await sql<{ taken: boolean }>`
    select exists (
      select from app.identity i join ledger.member m on m.identity_hash = i.identity_hash and m.to_block is null
      where upper(regexp_replace(i.tax_id, '[^0-9A-Za-z]', '', 'g')) = ${taxId}
    ) or exists (
      select from app.instruction where type = 'admit' and upper(regexp_replace(input ->> 'taxId', '[^0-9A-Za-z]', '', 'g')) = ${taxId}
        and (state in ('submitted', 'sent') or (state = 'prepared' and valid_until >= ${now}))
    ) as taken`.execute(trx);
  return rows[0]!.taken;
}
