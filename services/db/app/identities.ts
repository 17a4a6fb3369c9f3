import type { Kysely } from 'kysely';
import { toBytes } from '../bytes.ts';
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
