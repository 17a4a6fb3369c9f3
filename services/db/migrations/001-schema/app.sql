-- What never goes on chain: names, sessions, prepared acts and what became of them, quotes, imports, documents.

-- People and their requests

create table app.identity (
  identity_hash bytea primary key check (octet_length(identity_hash) = 32),
  account bytea not null check (octet_length(account) = 20),
  name_zh text,
  name_en text,
  tax_id text,
  document text,
  created_at timestamptz not null default now(),
  erased_at timestamptz,
  erasure_reason text,
  check ((erased_at is null) = (name_zh is not null and name_en is not null and document is not null)),
  check (erased_at is null or (tax_id is null and erasure_reason is not null))
);
comment on table app.identity is 'who is behind an account; the chain keeps the hash of the document';
comment on column app.identity.document is
  'canonical JSON of account, name, tax number and 32 random bytes of salt, without which nobody can guess its way from the hash to the firm';
comment on column app.identity.erased_at is 'then name, tax number and document with its salt were blotted out for good';
create index identity_tax_id on app.identity (tax_id) where tax_id is not null;

create table app.session (
  token_hash bytea primary key,
  id uuid not null unique,
  person_id uuid references app.person,
  member integer,
  is_operator boolean not null,
  device text,
  address text,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  check (not (is_operator and member is not null)),
  check (person_id is not null or is_operator = (member is null))
);
comment on column app.session.person_id is 'null: a visitor of the demonstration';
comment on column app.session.member is 'the seat that is taken at present; null with is_operator false: none';
create index session_person on app.session (person_id);
create index session_expires on app.session (expires_at);

create table app.idempotency_key (
  subject text not null,
  key text not null,
  request_hash bytea not null,
  status integer,
  body text,
  created_at timestamptz not null default now(),
  primary key (subject, key)
);
comment on column app.idempotency_key.status is 'null while the first request is under way';
create index idempotency_key_created on app.idempotency_key (created_at);

-- The audit trail. Nothing of it is ever changed or deleted; triggers say so to everybody.

create table app.audit_entry (
  id bigint generated always as identity primary key,
  at timestamptz(3) not null default clock_timestamp(),
  person uuid,
  member integer,
  is_operator boolean not null,
  for_operator boolean not null,
  action text not null,
  route text,
  subject text,
  request_id text,
  ip text,
  facts jsonb not null default '{}',
  salt uuid not null default gen_random_uuid()
);
comment on table app.audit_entry is 'who did or looked at what; sealed into links, see services/domain/audit/chain.ts';
comment on column app.audit_entry.member is 'for whom the person acted; null: for the operator, or nobody knows';
comment on column app.audit_entry.for_operator is 'whether the operator reads it';
comment on column app.audit_entry.salt is 'goes into its hash, which others get to see';
create index audit_entry_member on app.audit_entry (member, id);
create index audit_entry_subject on app.audit_entry (subject, id) where subject is not null;
create index audit_entry_action on app.audit_entry (action, id);
create index audit_entry_person on app.audit_entry (person, id) where person is not null;
create index audit_entry_for_operator on app.audit_entry (id) where for_operator;

create table app.audit_link (
  no bigint primary key check (no > 0),
  at timestamptz(3) not null,
  entries bigint[] not null,
  digests bytea not null,
  previous bytea not null check (octet_length(previous) = 32),
  hash bytea not null check (octet_length(hash) = 32),
  check (cardinality(entries) > 0 and octet_length(digests) = 32 * cardinality(entries))
);
comment on table app.audit_link is 'a batch of entries, in order, chained to the batch before';
comment on column app.audit_link.digests is 'of each entry 32 bytes, in the order of entries';

create table app.audit_waiting (entry bigint primary key);
comment on table app.audit_waiting is 'entries that no link has yet: a queue, not a part of the trail';

create table app.audit_anchor (
  no bigint primary key references app.audit_link,
  instruction_id uuid not null,
  at timestamptz(3) not null default clock_timestamp()
);
comment on table app.audit_anchor is 'links whose hash was handed to the keeper, to be written on the chain';

create function app.await_link() returns trigger language plpgsql as $$
begin
  insert into app.audit_waiting select id from fresh;
  return null;
end $$;
create trigger await_link after insert on app.audit_entry
  referencing new table as fresh for each statement execute function app.await_link();

create function app.follow_link() returns trigger language plpgsql as $$
declare
  last app.audit_link;
begin
  select * into last from app.audit_link order by no desc limit 1;
  if new.no <> coalesce(last.no, 0) + 1 or new.previous <> coalesce(last.hash, decode(repeat('00', 32), 'hex')) then
    raise exception 'link % does not follow link %', new.no, coalesce(last.no, 0) using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger follow_link before insert on app.audit_link for each row execute function app.follow_link();

create function app.keep_trail() returns trigger language plpgsql as $$
begin
  raise exception '% of % is refused: the audit trail is only added to', lower(tg_op), tg_table_name
    using errcode = 'insufficient_privilege';
end $$;
create trigger keep_trail before update or delete or truncate on app.audit_entry for each statement execute function app.keep_trail();
create trigger keep_trail before update or delete or truncate on app.audit_link for each statement execute function app.keep_trail();
create trigger keep_trail before update or delete or truncate on app.audit_anchor for each statement execute function app.keep_trail();

-- Acts on their way to the chain

create table app.account_nonce (account bytea primary key, next_nonce numeric(78) not null);
create table app.bill_serial (acceptor integer primary key, next_serial bigint not null);
create table app.quote_nonce (bank integer primary key, next_nonce numeric(20) not null);

create table app.instruction (
  id uuid primary key,
  signed_by text not null check (signed_by in ('firm', 'keeper', 'operator')),
  member integer,
  type text not null,
  input jsonb not null,
  facts jsonb not null,
  calls jsonb not null,
  gas_limit bigint not null,
  makes jsonb not null,
  account bytea,
  nonce numeric(78),
  valid_until bigint,
  digest bytea,
  signature bytea,
  state text not null check (state in ('prepared', 'submitted', 'sent', 'done', 'failed', 'refused', 'withdrawn')),
  prepared_by uuid references app.person,
  refused_by uuid references app.person,
  refused_at timestamptz,
  reason text check (length(reason) between 1 and 1000),
  alone boolean not null default false,
  request_id text,
  created_at timestamptz not null default now(),
  submitted_at timestamptz,
  tx_hash bytea,
  block_number bigint,
  code text,
  detail jsonb,
  unique (account, nonce),
  check (signed_by <> 'firm' or (account is not null and nonce is not null and digest is not null))
);
comment on table app.instruction is 'prepared instructions and the queue of the relayer: submitted is to be sent';
comment on column app.instruction.member is 'whose it is, or who asked the keeper for it';
comment on column app.instruction.facts is 'who does what: its sentences are made of them';
comment on column app.instruction.prepared_by is 'null: a system of the firm, or a visitor of the demonstration';
comment on column app.instruction.refused_by is 'who refused it (with its reason) or took it back; null with refused_at: a system';
comment on column app.instruction.alone is 'was not carried out with others: goes into a transaction of its own';
comment on column app.instruction.request_id is 'the request that handed it in: the relayer''s lines in the log name it';
create index instruction_own on app.instruction (member, id);
create index instruction_signed on app.instruction (member, id) where state <> 'prepared';
create index instruction_unsigned on app.instruction (member, id) where state = 'prepared';
create index instruction_open on app.instruction (member, state, valid_until) where state in ('prepared', 'submitted', 'sent');
create index instruction_queue on app.instruction (submitted_at, id) where state = 'submitted';
create index instruction_sent on app.instruction (id) where state = 'sent';
create index instruction_failed on app.instruction (id) where state = 'failed';
create index instruction_handed_in on app.instruction (id) where submitted_at is not null;

create table app.signature (
  digest bytea not null check (octet_length(digest) = 32),
  signer bytea not null,
  signature bytea not null,
  member integer not null,
  person_id uuid references app.person,
  at timestamptz not null default now(),
  primary key (digest, signer)
);
comment on table app.signature is
  'what a firm''s signers have signed one by one, instructions and quotes: by the digest that is signed';
comment on column app.signature.person_id is 'whose device signed; null: a key that is no person''s device';

create table app.instruction_comment (
  id uuid primary key,
  instruction_id uuid not null references app.instruction,
  member integer not null,
  person_id uuid references app.person,
  text text not null check (length(text) between 1 and 2000),
  at timestamptz not null default now()
);
comment on table app.instruction_comment is 'what a firm''s people say to each other of an instruction';
create index instruction_comment_of on app.instruction_comment (instruction_id, id);

create table app.sender (
  address bytea primary key check (octet_length(address) = 20),
  next_nonce bigint not null
);

create table app.transaction (
  sender bytea not null references app.sender,
  nonce bigint not null,
  target bytea not null,
  data bytea not null,
  gas_limit bigint not null,
  state text not null check (state in ('sent', 'done', 'failed')),
  hash bytea,
  block_number bigint,
  block_hash bytea,
  primary key (sender, nonce)
);
comment on table app.transaction is 'one for each call that a key of the platform sends; written before it is sent';
create index transaction_open on app.transaction (sender, nonce) where state = 'sent';

create table app.transaction_instruction (
  sender bytea not null,
  nonce bigint not null,
  position integer not null,
  instruction_id uuid not null references app.instruction,
  step integer not null,
  state text not null check (state in ('sent', 'done', 'failed')),
  hash bytea,
  block_number bigint,
  first_log integer,
  last_log integer,
  primary key (sender, nonce, position),
  unique (instruction_id, step),
  foreign key (sender, nonce) references app.transaction
);
comment on table app.transaction_instruction is 'what a transaction carries, and how each of it ended';
comment on column app.transaction_instruction.hash is
  'of the transaction that carried it out: another one, if somebody else was first';
comment on column app.transaction_instruction.first_log is 'with last_log: the act’s own logs; null: all of the transaction';

create table app.transaction_attempt (
  hash bytea primary key,
  sender bytea not null,
  nonce bigint not null,
  raw bytea not null,
  max_fee numeric(78) not null,
  priority_fee numeric(78) not null,
  signed_at timestamptz not null default now(),
  foreign key (sender, nonce) references app.transaction
);
comment on table app.transaction_attempt is 'the signed forms of a transaction: the newest replaces the others';
create index transaction_attempt_of on app.transaction_attempt (sender, nonce);

-- Requests for financing, and what is quoted

create table app.financing_request (
  id uuid primary key,
  seller integer not null,
  bill_no bigint not null,
  first bigint not null,
  "end" bigint not null,
  acceptor integer not null,
  due_on date not null,
  amount_minor bigint not null check (amount_minor > 0),
  recourse text not null check (recourse in ('without', 'with', 'limited')),
  purpose text not null check (purpose in ('discount', 'rediscount')),
  note text,
  cancelled_at timestamptz,
  created_at timestamptz not null default now(),
  created_block bigint not null
);
comment on column app.financing_request."end" is 'with first: the parcel when it was asked for';
create index financing_request_own on app.financing_request (seller, id);
create index financing_request_bill on app.financing_request (bill_no);

create table app.invitation (
  request_id uuid not null references app.financing_request,
  bank integer not null,
  seller integer not null,
  bill_no bigint not null,
  first bigint not null,
  "end" bigint not null,
  block_number bigint not null,
  declined_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (request_id, bank)
);
create index invitation_bank on app.invitation (bank, created_at desc, request_id desc);
create index invitation_request on app.invitation (bank, request_id);
create index invitation_bill on app.invitation (bill_no, bank);

create table app.quote (
  id uuid primary key,
  request_id uuid not null references app.financing_request,
  bank integer not null,
  seller integer not null,
  acceptor integer not null,
  bill_no bigint not null,
  first bigint not null,
  due_on date not null,
  amount_minor bigint not null,
  rate_ppm bigint not null,
  fee_minor bigint not null,
  recourse text not null check (recourse in ('without', 'with', 'limited')),
  recourse_terms bytea not null,
  valid_until bigint not null,
  nonce numeric(20) not null,
  digest bytea not null,
  signature bytea,
  prepared_by uuid references app.person,
  withdrawn_at timestamptz,
  created_at timestamptz not null default now(),
  submitted_at timestamptz,
  unique (bank, nonce)
);
comment on column app.quote.signature is 'null until the bank has signed; nobody else sees it before';
create index quote_request on app.quote (request_id, bank);
create index quote_given on app.quote (bank, id);
create index quote_received on app.quote (seller, id);
create index quote_open on app.quote (bank, acceptor, valid_until) where signature is not null and withdrawn_at is null;

-- Documents behind bills, and words of which the chain has the hash

create table app.bill_document (
  bill_no bigint primary key,
  document_hash bytea not null check (octet_length(document_hash) = 32),
  acceptor integer not null,
  canonical text not null,
  named integer[] not null,
  created_at timestamptz not null default now()
);
comment on column app.bill_document.canonical is 'canonical JSON of terms, invoices and note; its keccak-256 is on chain';
create index bill_document_hash on app.bill_document (document_hash);

create table app.bill_invoice (
  number text not null,
  bill_no bigint not null references app.bill_document on delete cascade,
  invoice_id bytea check (octet_length(invoice_id) = 32)
);
comment on table app.bill_invoice is
  'the numbers of the invoices in the documents of bills: row-level security lets no index on an expression be used';
comment on column app.bill_invoice.number is 'in its canonical form';
create unique index bill_invoice_once on app.bill_invoice (number, bill_no, invoice_id) nulls not distinct;
create index bill_invoice_bill on app.bill_invoice (bill_no);

create table app.bill_voucher (
  bill_no bigint primary key,
  member integer not null,
  voucher text not null check (length(voucher) between 1 and 64),
  key text collate "C" not null
);
comment on table app.bill_voucher is 'the document of the acceptor''s books (凭证号) that a bill was issued for';
comment on column app.bill_voucher.key is 'in lower case and plain order: a policy lets no other comparison use the index';
create index bill_voucher_key on app.bill_voucher (member, key);

create table app.wording (
  hash bytea primary key check (octet_length(hash) = 32),
  text text not null check (length(text) between 1 and 2000)
);
comment on table app.wording is 'words of which only the hash is on chain: bookings, payment references, reasons';

-- Files of payables, and what a firm's imports learn

create table app.import (
  id uuid primary key,
  member integer not null,
  name text not null,
  content bytea not null,
  given jsonb not null,
  reading jsonb not null,
  row_count integer not null default 0,
  error_count integer not null default 0,
  credit_count integer not null default 0,
  total_minor bigint not null default 0,
  created_at timestamptz not null default now()
);
alter table app.import alter column content set storage external;
comment on column app.import.given is 'mapping and formats as the user stated them';
create index import_member on app.import (member, created_at desc, id desc);

create table app.import_row (
  import_id uuid not null references app.import,
  row integer not null,
  member integer not null,
  source text,
  payable jsonb,
  credit jsonb,
  as_read jsonb,
  amount_minor bigint,
  errors jsonb not null,
  instruction_id uuid references app.instruction,
  bill_no bigint,
  primary key (import_id, row)
);
comment on column app.import_row.source is 'the file within an archive';
comment on column app.import_row.credit is 'a credit note: it is not issued, it reduces what its invoice can back';
comment on column app.import_row.as_read is 'what stands in a row that is refused';
comment on column app.import_row.instruction_id is 'the act that issues it: a row is free again only when that act can never be done';
create index import_row_instruction on app.import_row (instruction_id) where instruction_id is not null;
create index import_row_error on app.import_row (import_id, row) where jsonb_array_length(errors) > 0;
create index import_row_taken on app.import_row (import_id, instruction_id) where instruction_id is not null;

create table app.credit_note (
  member integer not null,
  supplier integer not null,
  number text not null,
  invoice_number text not null,
  amount_minor bigint not null check (amount_minor > 0),
  import_id uuid not null references app.import,
  row integer not null,
  primary key (member, supplier, number)
);
comment on table app.credit_note is 'each counts once, whichever file it came in; numbers in lower case';
create index credit_note_invoice on app.credit_note (member, supplier, invoice_number);
create index credit_note_import on app.credit_note (import_id);

create table app.supplier_alias (
  member integer not null,
  key text not null,
  name text not null,
  supplier integer not null,
  created_at timestamptz not null default now(),
  primary key (member, key)
);
comment on table app.supplier_alias is 'names that a firm''s books have for suppliers; key: as names are compared';

create table app.import_shape (
  member integer not null,
  shape bytea not null check (octet_length(shape) = 32),
  stated jsonb not null,
  changed_at timestamptz not null default now(),
  primary key (member, shape)
);
comment on table app.import_shape is 'what a firm said of the columns of tables; shape: hash of the header';
