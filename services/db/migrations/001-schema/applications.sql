-- How a firm joins: applications with their history, people and documents, the proof of a bank account, and appeals.

create table app.application (
  id uuid primary key,
  kind text not null check (kind in ('admission', 'renewal')),
  applicant uuid not null references app.person,
  member integer,
  link_id uuid references app.link (id) on delete set null,
  invited_by integer,
  state text not null default 'draft' check (state in ('draft', 'filed', 'in_review', 'verified', 'admitted', 'refused')),
  form jsonb not null default '{}',
  number text,
  checks jsonb not null default '{}',
  filed_at timestamptz,
  verified_by text,
  admitted_by text,
  identity_hash bytea check (octet_length(identity_hash) = 32),
  instruction_id uuid references app.instruction deferrable initially deferred,
  address text,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  check ((kind = 'admission') or (member is not null)),
  check (verified_by is null or admitted_by is null or verified_by <> admitted_by)
);
comment on table app.application is 'a firm asks to be admitted, or a member to be verified again (renewal)';
comment on column app.application.member is 'of a renewal: whose; of an admission: who it became';
comment on column app.application.link_id is 'the invitation that the applicant came by, and whose it was';
comment on column app.application.number is 'what the firm is known by (USCC or LEI), in its one form; nobody but the platform learns who else has it';
comment on column app.application.checks is 'what the verifier has ticked';
comment on column app.application.verified_by is 'a person, or a session of the demonstration; who admits is another';
comment on column app.application.identity_hash is 'under which the chain admits it, whoever signs the admission';
comment on column app.application.instruction_id is 'that renews';
comment on column app.application.address is 'from which it was begun: so many of one address';
create index application_applicant on app.application (applicant, id);
create index application_state on app.application (state, id);
create index application_number on app.application (number) where number is not null;
create index application_link on app.application (link_id) where link_id is not null;
create index application_member on app.application (member) where member is not null;
create index application_address on app.application (address, created_at) where filed_at is null;
create index application_admitting on app.application (id) where state = 'verified' and admitted_by is not null;

create table app.application_step (
  application_id uuid not null references app.application on delete cascade,
  position integer not null,
  state text not null,
  reason text check (length(reason) between 1 and 2000),
  by text not null check (by in ('applicant', 'platform', 'ledger')),
  at timestamptz not null default now(),
  primary key (application_id, position)
);
comment on table app.application_step is 'the states that an application was in, as its applicant sees them; back in draft with a reason: more is wanted';

create table app.application_person (
  application_id uuid not null references app.application on delete cascade,
  person_id uuid not null references app.person,
  rights text[] not null check (rights <@ array['see', 'prepare', 'sign', 'administer'] and cardinality(rights) > 0),
  level text check (level in ('maker', 'checker')),
  passkey_id uuid references app.passkey,
  created_at timestamptz not null default now(),
  primary key (application_id, person_id),
  check ((level is null) = (passkey_id is null))
);
comment on table app.application_person is 'who will have a seat in the firm, and with which device each will sign for it';
create index application_person_person on app.application_person (person_id);

create table app.application_document (
  id uuid primary key,
  application_id uuid not null references app.application on delete cascade,
  kind text not null check (kind in ('licence', 'legal_person', 'other')),
  name text not null check (length(name) between 1 and 200),
  type text not null check (type in ('application/pdf', 'image/jpeg', 'image/png')),
  size integer not null check (size > 0),
  content bytea not null,
  created_at timestamptz not null default now()
);
alter table app.application_document alter column content set storage external;
comment on column app.application_document.content is 'AES-256-GCM under the deployment''s key, bound to this row: nonce, ciphertext, tag';
create index application_document_application on app.application_document (application_id, id);

create table app.account_proof (
  id uuid primary key,
  application_id uuid not null references app.application on delete cascade,
  bank text not null,
  account_no text not null,
  reference text,
  tries integer not null default 0 check (tries between 0 and 3),
  proved_at timestamptz,
  created_at timestamptz not null default now()
);
comment on table app.account_proof is 'a small credit to the account of an application; who states its amount reads that account''s statement';
comment on column app.account_proof.reference is 'by which the bank finds it again; null: it was not asked yet';
create index account_proof_application on app.account_proof (application_id, created_at);
create index account_proof_account on app.account_proof (account_no, created_at);

create table app.sandbox_credit (
  reference text primary key,
  bank text not null,
  account_no text not null,
  amount_minor bigint not null check (amount_minor between 1 and 99),
  at timestamptz not null default now()
);
comment on table app.sandbox_credit is 'the statement of the sandbox''s bank, where no bank is connected';

create table app.appeal (
  id uuid primary key,
  member integer not null,
  person_id uuid references app.person,
  text text not null check (length(text) between 1 and 2000),
  at timestamptz not null default now()
);
comment on table app.appeal is 'what a suspended member has to say, for the platform to read';
create index appeal_member on app.appeal (member, at);
