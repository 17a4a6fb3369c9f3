-- A seat or a device that is taken away holds the firm's key no longer; a document is removed by who attached it, and that it was stays.

alter table app.document_key_holder add column passkey_id uuid references app.passkey;
comment on column app.document_key_holder.passkey_id is 'the device of the person, as its browser says; null: it did not say';
create index document_key_holder_passkey on app.document_key_holder (passkey_id) where passkey_id is not null;

delete from app.document_key_holder h where h.person_id is not null
  and not exists (select from app.seat s where s.person_id = h.person_id and s.member = h.member);
alter table app.document_key_holder add constraint document_key_holder_seat
  foreign key (person_id, member) references app.seat (person_id, member) on delete cascade;
create index document_key_holder_person on app.document_key_holder (person_id, member) where person_id is not null;

-- Whoever takes a device away sees no holder of a firm's key.
create function app.forget_revoked_holder() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
begin
  delete from app.document_key_holder h where h.passkey_id = new.id;
  return null;
end $$;
revoke execute on function app.forget_revoked_holder from public;
create trigger revoked after update of revoked_at on app.passkey
  for each row when (new.revoked_at is not null) execute function app.forget_revoked_holder();

alter table app.bill_file
  alter column content drop not null,
  alter column facts drop not null,
  add column removed_at timestamptz,
  add column removed_by uuid references app.person,
  add constraint bill_file_removed check (
    (removed_at is null and content is not null and facts is not null)
    or (removed_at is not null and content is null and facts is null));
comment on column app.bill_file.removed_at is 'by who attached it: ciphertext and what it said of it are gone, its hash and size stay';
