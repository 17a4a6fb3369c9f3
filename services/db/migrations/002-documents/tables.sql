-- Documents of bills, encrypted by those who attach them. No key stands here that is not wrapped for somebody.

create table app.document_key (
  id uuid primary key,
  member integer not null,
  account bytea not null check (octet_length(account) = 20),
  public_key bytea not null check (octet_length(public_key) = 65),
  signer bytea not null,
  signature bytea not null,
  made_by uuid references app.person,
  created_at timestamptz not null default now(),
  replaced_at timestamptz
);
comment on table app.document_key is 'public keys of members, each signed by a signer of its account: known to all members';
create unique index document_key_current on app.document_key (member) where replaced_at is null;

create table app.document_key_holder (
  id uuid primary key,
  key_id uuid not null references app.document_key,
  member integer not null,
  person_id uuid references app.person,
  kind text not null check (kind in ('passkey', 'browser', 'recovery')),
  name text not null check (length(name) between 1 and 100),
  public_key bytea not null check (octet_length(public_key) = 65),
  wrapped bytea check (octet_length(wrapped) = 113),
  created_at timestamptz not null default now(),
  unique (key_id, public_key)
);
comment on table app.document_key_holder is 'who opens a member''s key: devices of people and a code on paper';
comment on column app.document_key_holder.wrapped is 'the member''s key, wrapped for this holder; null: it waits for another holder to do so';
create index document_key_holder_of on app.document_key_holder (member);

create table app.bill_key (
  id uuid primary key,
  bill_no bigint not null,
  commitment bytea not null check (octet_length(commitment) = 32),
  made_by integer not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz
);
comment on table app.bill_key is 'under which documents of a bill are encrypted: each wrapped in app.bill_key_wrap';
comment on column app.bill_key.commitment is 'a hash of the key, by which everybody who opens it knows that it is the same for all';
comment on column app.bill_key.retired_at is 'sight was taken back from somebody who has it: nothing new is encrypted under it';
create index bill_key_of on app.bill_key (bill_no, id);

create table app.bill_key_wrap (
  bill_key_id uuid not null references app.bill_key,
  document_key_id uuid not null references app.document_key,
  sender_key_id uuid not null references app.document_key,
  member integer not null,
  wrapped_by integer not null,
  wrapped bytea not null check (octet_length(wrapped) = 113),
  created_at timestamptz not null default now(),
  primary key (bill_key_id, document_key_id, sender_key_id)
);
comment on table app.bill_key_wrap is 'keys of bills, wrapped for a member by a member';
create index bill_key_wrap_member on app.bill_key_wrap (member);
create index bill_key_wrap_by on app.bill_key_wrap (wrapped_by);

create table app.bill_file (
  id uuid primary key,
  bill_no bigint not null,
  bill_key_id uuid not null references app.bill_key,
  member integer not null,
  person_id uuid references app.person,
  facts bytea not null check (octet_length(facts) between 29 and 2048),
  content bytea not null,
  size integer not null check (size = octet_length(content)),
  content_hash bytea not null check (octet_length(content_hash) = 32),
  created_at timestamptz not null default now()
);
comment on table app.bill_file is 'documents that members attached to bills, as ciphertext';
comment on column app.bill_file.facts is 'ciphertext: kind and name, as their uploader said';
comment on column app.bill_file.content_hash is 'of the ciphertext: a hash of the document would tell who has it already that this is it';
alter table app.bill_file alter column content set storage external;
create index bill_file_of on app.bill_file (bill_no, id);
create index bill_file_member on app.bill_file (member);

create table app.document_sight (
  id uuid primary key,
  bill_no bigint not null,
  giver integer not null,
  reader integer not null,
  number bigint generated always as identity,
  digest bytea not null check (octet_length(digest) = 32),
  prepared_by uuid references app.person,
  created_at timestamptz not null default now(),
  given_at timestamptz,
  ended_at timestamptz,
  ended_by uuid references app.person,
  check (giver <> reader)
);
comment on table app.document_sight is 'a member gives another sight of the documents of a bill: signed like an instruction, kept here alone';
comment on column app.document_sight.given_at is 'when enough had signed; null before';
create unique index document_sight_open on app.document_sight (bill_no, giver, reader) where ended_at is null;
create index document_sight_reader on app.document_sight (reader, bill_no);
create index document_sight_giver on app.document_sight (giver, bill_no);

create view app.viewer_sight as
  select bill_no from app.document_sight
  where reader = (select ledger.who()) and given_at is not null and ended_at is null;
comment on view app.viewer_sight is 'bills of whose documents the viewer was given sight: for policies';

-- Who the bill says, who held a piece, who is offered one or has it in pledge, and who was given sight. Who was only asked for a
-- quote, or let an offer go, is not among them.
create function app.reads_documents(bill bigint) returns boolean
  language plpgsql stable parallel safe security invoker as $$
begin
  return case (select ledger.who()) when -1 then true else exists (
      select from ledger.bill b where b.bill_no = bill and b.to_block is null
        and (select ledger.who()) in (b.acceptor, b.payee))
    or exists (
      select from ledger.parcel p where p.bill_no = bill and (p.holder = (select ledger.who())
        or (p.to_block is null and (select ledger.who()) in (p.offered_to, p.pledgee))))
    or exists (select from app.viewer_sight s where s.bill_no = bill) end;
end $$;
comment on function app.reads_documents is 'whether the viewer is entitled to the documents of a bill';

alter table app.document_key_holder enable row level security;
alter table app.bill_key enable row level security;
alter table app.bill_key_wrap enable row level security;
alter table app.bill_file enable row level security;
alter table app.document_sight enable row level security;
