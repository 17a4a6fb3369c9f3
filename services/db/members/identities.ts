/** Who is behind a member: kept here, and on chain only by a salted hash. */
import { sql, type Kysely } from 'kysely';
import type { Text } from '#domain/problems.ts';
import { toBytes } from '../wire/bytes.ts';
import { PLATFORM_NUMBER, type Trx } from '../access/access.ts';
import { noticeErased } from '../instructions/notices.ts';
import type { DB } from '../types.ts';

export type Identity = {
  readonly identityHash: string;
  readonly account: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly taxId: string | null;
  /** The text of which identityHash is the hash; it holds the salt. */
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

type Erasure = {
  readonly number: number;
  readonly reason: string;
  /** What stands where the name was told in the operator's own acts. */
  readonly instead: Text;
};

/**
 * Blots out name, tax number and the document with its salt, and the same in what the operator did about the member and in answers
 * that are kept for repeated requests. False if it was done before, or if we never knew who it is.
 */
export async function eraseIdentity(trx: Trx, { number, reason, instead }: Erasure): Promise<boolean> {
  const { rows } = await sql<{ hash: string; name_zh: string; name_en: string }>`
    with known as (
      select i.identity_hash, i.name_zh, i.name_en
      from app.identity i join ledger.member m on m.identity_hash = i.identity_hash and m.to_block is null
      where m.number = ${number} and i.erased_at is null for update of i)
    update app.identity i
    set name_zh = null, name_en = null, tax_id = null, document = null, erased_at = now(), erasure_reason = ${reason}
    from known where i.identity_hash = known.identity_hash
    returning encode(i.identity_hash, 'hex') as hash, known.name_zh, known.name_en`.execute(trx);
  const [erased] = rows;
  if (erased === undefined) return false;
  await sql`
    update app.instruction
    set input = input - 'name' - 'taxId' - 'taxKind',
      facts = jsonb_set(facts, '{does}', (
        select jsonb_agg(case when does ? 'member'
          then (does - 'taxNumber') || jsonb_build_object('member', ${JSON.stringify(instead)}::jsonb) else does end)
        from jsonb_array_elements(facts -> 'does') does))
    where (signed_by = 'operator' or member = ${PLATFORM_NUMBER})
      and (coalesce(input ->> 'member', input ->> 'number') = ${String(number)} or type = 'admit' and calls::text like ${`%${erased.hash}%`})
  `.execute(trx);
  await sql`
    delete from app.idempotency_key where subject = 'operator'
      and (strpos(body, ${JSON.stringify(erased.name_zh)}) > 0 or strpos(body, ${JSON.stringify(erased.name_en)}) > 0)
  `.execute(trx);
  await noticeErased(trx, number);
  return true;
}

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
