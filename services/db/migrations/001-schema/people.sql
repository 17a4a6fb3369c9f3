-- Who is at the other end: people, their devices, their seats in firms, and what lets them in. Of each secret the hash alone is kept.

create schema app;

create table app.person (
  id uuid primary key,
  user_handle bytea not null unique check (octet_length(user_handle) = 32),
  name text not null check (length(name) between 1 and 100),
  email text check (length(email) between 3 and 254),
  language text not null default 'zh' check (language in ('zh', 'en')),
  created_at timestamptz not null default now()
);
comment on column app.person.user_handle is 'what a passkey calls its owner: random, says nothing of the person';

create table app.passkey (
  id uuid primary key,
  credential_id bytea not null unique check (octet_length(credential_id) between 1 and 1023),
  person_id uuid not null references app.person,
  name text not null check (length(name) between 1 and 100),
  public_key bytea not null,
  x bytea not null check (octet_length(x) = 32),
  y bytea not null check (octet_length(y) = 32),
  counter bigint not null,
  transports text[] not null,
  is_backed_up boolean not null,
  created_at timestamptz not null default now(),
  used_at timestamptz,
  revoked_at timestamptz
);
comment on table app.passkey is 'a device of a person: signs it in, and is a signer of its firm''s account where the account says so';
comment on column app.passkey.public_key is 'COSE; x and y are the same point of P-256, as a signer of an account names it';
create index passkey_person on app.passkey (person_id);
create index passkey_point on app.passkey (x, y);

create table app.seat (
  person_id uuid not null references app.person,
  member integer,
  rights text[] not null check (rights <@ array['see', 'prepare', 'sign', 'administer'] and cardinality(rights) > 0),
  created_at timestamptz not null default now(),
  unique nulls not distinct (person_id, member)
);
comment on column app.seat.member is 'null: the platform itself';
create index seat_member on app.seat (member);

create table app.link (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  id uuid not null unique,
  purpose text not null check (purpose in ('seat', 'device', 'application', 'application_seat')),
  member integer,
  person_id uuid references app.person,
  application_id uuid,
  rights text[],
  facts jsonb not null,
  made_by uuid references app.person,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by uuid references app.person,
  check ((purpose = 'device') = (person_id is not null)),
  check ((purpose = 'application_seat') = (application_id is not null)),
  check ((purpose in ('seat', 'application_seat')) = (rights is not null))
);
comment on table app.link is 'invitations by link: of use once, and for a while';
comment on column app.link.member is 'whose seat it gives, or who invites to apply; null: the platform, or nobody';
comment on column app.link.application_id is 'a seat in the firm that applies, once it is admitted';
create index link_member on app.link (member);
create index link_used_by on app.link (used_by) where used_by is not null;
create index link_application on app.link (application_id) where application_id is not null;
create index link_expires on app.link (expires_at);

create table app.ceremony (
  challenge_hash bytea primary key check (octet_length(challenge_hash) = 32),
  purpose text not null check (purpose in ('enter', 'register', 'device')),
  facts jsonb not null,
  expires_at timestamptz not null
);
comment on table app.ceremony is 'a challenge that a device has been given and has not answered yet';
create index ceremony_expires on app.ceremony (expires_at);

create table app.api_key (
  id uuid primary key,
  secret_hash bytea not null unique check (octet_length(secret_hash) = 32),
  member integer not null,
  made_by uuid references app.person,
  name text not null check (length(name) between 1 and 100),
  rights text[] not null check (rights <@ array['see', 'prepare', 'sign'] and cardinality(rights) > 0),
  ranges text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz
);
comment on column app.api_key.ranges is 'addresses that it may come from, as CIDR; none: from anywhere';
create index api_key_member on app.api_key (member);
