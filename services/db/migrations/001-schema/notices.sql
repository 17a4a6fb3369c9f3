-- What firms and people are told: what happened, as facts; who has read it; what is on its way to whom; who wants what where.

alter table app.person
  add column email_verified_at timestamptz,
  add column mail_details boolean not null default false;
comment on column app.person.email_verified_at is 'null: nothing but the request to confirm it goes to the address';
comment on column app.person.mail_details is 'wants names and amounts in mails, which others may read';

create table app.email_proof (
  secret_hash bytea primary key check (octet_length(secret_hash) = 32),
  person_id uuid not null references app.person,
  address text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table app.email_proof is 'links that were sent to an address: who opens one reads its mail';
create index email_proof_person on app.email_proof (person_id, created_at);

create table app.notice (
  id uuid primary key,
  key text not null check (length(key) between 1 and 200),
  kind text not null,
  member integer,
  person_id uuid references app.person,
  facts jsonb not null,
  at timestamptz not null,
  block_number bigint,
  block_hash bytea check (octet_length(block_hash) = 32),
  dispatched_at timestamptz,
  retracted_at timestamptz,
  check ((block_number is null) = (block_hash is null))
);
comment on table app.notice is 'something that happened and is told: facts, never sentences';
comment on column app.notice.member is 'to whom; null without a person: to the platform';
comment on column app.notice.person_id is 'to this one alone; null: to all who have a seat there and the right for it';
comment on column app.notice.dispatched_at is 'when its deliveries were written; null: nobody did yet';
comment on column app.notice.retracted_at is 'its block was rolled back, and what it says did not come back with another';
create unique index notice_told_once on app.notice (key) where retracted_at is null;
create index notice_of_member on app.notice (member, id) where person_id is null;
create index notice_of_person on app.notice (person_id, id) where person_id is not null;
create index notice_to_dispatch on app.notice (id) where dispatched_at is null;
create index notice_block on app.notice (block_number) where block_number is not null;

create table app.notice_read (
  notice_id uuid not null references app.notice,
  person_id uuid references app.person,
  read_at timestamptz not null default now(),
  unique nulls not distinct (notice_id, person_id)
);
comment on column app.notice_read.person_id is 'null: a visitor of the demonstration, or a system of the firm';
create index notice_read_person on app.notice_read (person_id);

create table app.notice_cursor (
  only_one boolean primary key default true check (only_one),
  first_block bigint not null,
  block_number bigint not null,
  block_hash bytea not null check (octet_length(block_hash) = 32)
);
comment on table app.notice_cursor is 'up to which block the ledger has been told of; first_block: what came before is not told';

create table app.preference (
  person_id uuid not null references app.person,
  member integer,
  kind_group text not null,
  channel text not null check (channel in ('inbox', 'mail', 'sms', 'wechat')),
  is_on boolean not null,
  unique nulls not distinct (person_id, member, kind_group, channel)
);
comment on table app.preference is 'where a person said something else than the default, for each of its seats';

create table app.webhook (
  id uuid primary key,
  member integer not null,
  url text not null check (length(url) between 8 and 500),
  kinds text[] not null,
  secret bytea not null,
  previous_secret bytea,
  previous_until timestamptz,
  made_by uuid references app.person,
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  disabled_why text check (disabled_why is null or disabled_why in ('owner', 'failing', 'gone')),
  paused_until timestamptz,
  check ((disabled_at is null) = (disabled_why is null)),
  check ((previous_secret is null) = (previous_until is null))
);
comment on table app.webhook is 'addresses of the systems of firms';
comment on column app.webhook.kinds is 'none: all';
comment on column app.webhook.secret is 'sealed with the key file of the deployment';
comment on column app.webhook.previous_secret is 'signs beside the new one up to previous_until';
comment on column app.webhook.paused_until is 'it failed: nothing else is tried before';
create index webhook_member on app.webhook (member);

create table app.delivery (
  id uuid primary key,
  notice_id uuid not null references app.notice,
  channel text not null check (channel in ('mail', 'sms', 'wechat', 'webhook')),
  person_id uuid references app.person,
  webhook_id uuid references app.webhook on delete cascade,
  address text,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'dropped')),
  attempts integer not null default 0,
  next_at timestamptz not null,
  batch uuid,
  sent_at timestamptz,
  last_status integer,
  last_error text,
  created_at timestamptz not null,
  check ((channel = 'webhook') = (webhook_id is not null)),
  check ((person_id is null) = (channel = 'webhook')),
  unique nulls not distinct (notice_id, channel, person_id, webhook_id)
);
comment on table app.delivery is 'the outbox: what is to be sent to whom, and what became of it';
comment on column app.delivery.next_at is 'not before; while somebody sends it, when somebody else may take it to be lost';
comment on column app.delivery.batch is 'the message that carries it, by its id; the same at each try';
comment on column app.delivery.state is 'dropped: no longer true, or no longer for this reader';
create index delivery_due on app.delivery (channel, next_at) where state = 'waiting';
create index delivery_person on app.delivery (person_id, channel, sent_at) where state = 'sent';
create index delivery_person_waiting on app.delivery (person_id, channel) where state = 'waiting';
create index delivery_webhook on app.delivery (webhook_id, id);
