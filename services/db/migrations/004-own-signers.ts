/** What people sign with beside passkeys, their wallets and UKeys: ADR 25. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table app.own_signer (
      id uuid primary key,
      person_id uuid not null references app.person,
      type text not null check (type in ('wallet', 'ukey')),
      signer bytea not null check (octet_length(signer) = case type when 'wallet' then 20 else 84 end),
      name text not null check (length(name) between 1 and 100),
      created_at timestamptz not null default now(),
      revoked_at timestamptz
    )`.execute(db);
  await sql`comment on table app.own_signer is
    'a wallet or UKey of a person, who has shown to have it: signs nobody in, and is a signer of its firm''s account where the account says so'`.execute(
    db,
  );
  await sql`comment on column app.own_signer.signer is 'as accounts name it (ERC-7913): an address, or verifier ‖ x ‖ y'`.execute(
    db,
  );
  await sql`create unique index own_signer_current on app.own_signer (signer) where revoked_at is null`.execute(
    db,
  );
  await sql`create index own_signer_person on app.own_signer (person_id)`.execute(db);
}
