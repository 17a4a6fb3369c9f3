import { sql, type Kysely } from 'kysely';

/** What never goes on chain: names, sessions, prepared acts and what became of them, quotes, imports, documents. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await people(db);
  await acts(db);
  await transactions(db);
  await financing(db);
  await documents(db);
  await imports(db);
  await policies(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index ledger.bill_issued;
    drop policy if exists invited_see on ledger.bill;
    drop policy if exists invited_see on ledger.parcel;
    drop policy if exists invited_see on ledger.act;
    drop policy if exists invited_see on ledger.invoice_use;
    drop table app.import_row, app.import, app.bill_document, app.quote, app.invitation, app.financing_request,
      app.transaction_attempt, app.transaction, app.sender, app.act, app.account_nonce, app.bill_serial,
      app.quote_nonce, app.audit, app.idempotency_key, app.session, app.identity;
  `.execute(db);
}

async function people(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table app.identity (
      identity_hash bytea primary key check (octet_length(identity_hash) = 32),
      account bytea not null check (octet_length(account) = 20),
      name_zh text not null,
      name_en text not null,
      tax_id text,
      document text not null,
      created_at timestamptz not null default now()
    );
    comment on table app.identity is 'who is behind an account; the chain keeps the hash of the document';
    create index identity_tax_id on app.identity (tax_id) where tax_id is not null;

    create table app.session (
      token_hash bytea primary key,
      member integer,
      is_operator boolean not null,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      check (is_operator = (member is null))
    );
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

    create table app.audit (
      id bigint generated always as identity primary key,
      at timestamptz not null default now(),
      member integer,
      is_operator boolean not null,
      action text not null,
      subject text,
      request_id text
    );
    create index audit_member on app.audit (member, at);
  `.execute(db);
}

async function acts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table app.account_nonce (account bytea primary key, next_nonce numeric(78) not null);
    create table app.bill_serial (acceptor integer primary key, next_serial bigint not null);
    create table app.quote_nonce (bank integer primary key, next_nonce numeric(20) not null);

    create table app.act (
      id uuid primary key,
      signed_by text not null check (signed_by in ('firm', 'keeper', 'operator')),
      member integer,
      type text not null,
      input jsonb not null,
      meaning jsonb not null,
      calls jsonb not null,
      gas_limit bigint not null,
      makes jsonb not null,
      account bytea,
      nonce numeric(78),
      valid_until bigint,
      digest bytea,
      signature bytea,
      state text not null check (state in ('prepared', 'submitted', 'sent', 'done', 'failed')),
      created_at timestamptz not null default now(),
      submitted_at timestamptz,
      tx_hash bytea,
      block_number bigint,
      code text,
      detail jsonb,
      unique (account, nonce),
      check (signed_by <> 'firm' or (account is not null and nonce is not null and digest is not null))
    );
    comment on table app.act is 'prepared acts and the queue of the relayer: submitted is to be sent';
    comment on column app.act.member is 'whose act it is, or who asked the keeper for it';
    create index act_member on app.act (member, created_at desc, id desc);
    create index act_queue on app.act (submitted_at, id) where state = 'submitted';
    create index act_sent on app.act (id) where state = 'sent';
  `.execute(db);
}

async function transactions(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table app.sender (
      address bytea primary key check (octet_length(address) = 20),
      next_nonce bigint not null
    );
    create table app.transaction (
      sender bytea not null references app.sender,
      nonce bigint not null,
      act_id uuid not null references app.act,
      step integer not null,
      target bytea not null,
      data bytea not null,
      gas_limit bigint not null,
      state text not null check (state in ('sent', 'done', 'failed')),
      hash bytea,
      block_number bigint,
      block_hash bytea,
      primary key (sender, nonce),
      unique (act_id, step)
    );
    comment on table app.transaction is 'one for each call that a key of the platform sends; written before it is sent';
    create index transaction_open on app.transaction (sender, nonce) where state = 'sent';
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
  `.execute(db);
}

async function financing(db: Kysely<unknown>): Promise<void> {
  await sql`
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
    create index financing_request_seller on app.financing_request (seller, created_at desc, id desc);
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
      recourse text not null,
      recourse_terms bytea not null,
      valid_until bigint not null,
      nonce numeric(20) not null,
      digest bytea not null,
      signature bytea,
      withdrawn_at timestamptz,
      created_at timestamptz not null default now(),
      submitted_at timestamptz,
      unique (bank, nonce)
    );
    comment on column app.quote.signature is 'null until the bank has signed; nobody else sees it before';
    create index quote_request on app.quote (request_id, bank);
    create index quote_bank on app.quote (bank, created_at desc, id desc);
    create index quote_seller on app.quote (seller, created_at desc, id desc);
  `.execute(db);
}

async function documents(db: Kysely<unknown>): Promise<void> {
  await sql`
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
    create index bill_issued on ledger.bill (issued_at, bill_no) where to_block is null;
  `.execute(db);
}

async function imports(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table app.import (
      id uuid primary key,
      member integer not null,
      name text not null,
      text text not null,
      given jsonb not null,
      reading jsonb not null,
      created_at timestamptz not null default now()
    );
    comment on column app.import.given is 'mapping and formats as the user stated them';
    create index import_member on app.import (member, created_at desc, id desc);

    create table app.import_row (
      import_id uuid not null references app.import,
      row integer not null,
      member integer not null,
      payable jsonb,
      amount_minor bigint,
      errors jsonb not null,
      act_id uuid references app.act,
      bill_no bigint,
      primary key (import_id, row)
    );
    comment on column app.import_row.act_id is 'the act that issues it: a row is free again only when that act can never be done';
    create index import_row_act on app.import_row (act_id) where act_id is not null;
  `.execute(db);
}

/** As in the ledger: what is not the viewer's own does not exist. A bank that was invited sees the bill as well. */
async function policies(db: Kysely<unknown>): Promise<void> {
  const invited = (table: string) =>
    `exists (select from app.invitation i where i.bill_no = ${table}.bill_no and i.bank = ledger.viewer())`;
  const own: Record<string, string> = {
    act: 'member = ledger.viewer()',
    financing_request: `seller = ledger.viewer() or exists (
      select from app.invitation i where i.request_id = financing_request.id and i.bank = ledger.viewer())`,
    invitation: 'bank = ledger.viewer() or seller = ledger.viewer()',
    quote: 'bank = ledger.viewer() or (seller = ledger.viewer() and signature is not null)',
    bill_document: `acceptor = ledger.viewer() or ${invited('bill_document')} or exists (
      select from ledger.bill_party p where p.bill_no = bill_document.bill_no and p.member = ledger.viewer())`,
    import: 'member = ledger.viewer()',
    import_row: 'member = ledger.viewer()',
  };
  for (const [table, isOwn] of Object.entries(own)) {
    await sql`alter table app.${sql.raw(table)} enable row level security`.execute(db);
    await ifApiRoleExists(
      db,
      `create policy own on app.${table} to tallystick_api using (ledger.viewer_sees_all() or ${isOwn});`,
    );
  }
  for (const table of ['bill', 'parcel', 'act', 'invoice_use']) {
    await ifApiRoleExists(
      db,
      `create policy invited_see on ledger.${table} for select to tallystick_api using (${invited(table)});`,
    );
  }
}

async function ifApiRoleExists(db: Kysely<unknown>, statements: string): Promise<void> {
  await sql`
    do $outer$ begin
      if exists (select from pg_roles where rolname = 'tallystick_api') then ${sql.raw(statements)} end if;
    end $outer$
  `.execute(db);
}
