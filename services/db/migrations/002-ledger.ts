import { sql, type Kysely } from 'kysely';

/**
 * The read model, written by the indexer alone. A row of a versioned table (with from_block and to_block) was true in the
 * blocks [from_block, to_block) and is true still while to_block is null; within one block only the last version counts.
 * Rows with a block_number are facts that happened once.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create schema ledger`.execute(db);
  await sql`create extension if not exists btree_gist`.execute(db);
  await members(db);
  await bills(db);
  await acts(db);
  await finance(db);
  await cash(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop schema ledger cascade`.execute(db);
}

const version = sql`
  from_block bigint not null,
  to_block bigint check (to_block > from_block)
`;

/** At most one open version of a key. */
const openOnce = (table: string, key: string) => sql`
  create unique index ${sql.raw(`${table}_open`)} on ledger.${sql.raw(table)} (${sql.raw(key)})
    where to_block is null;
  create index ${sql.raw(`${table}_closed`)} on ledger.${sql.raw(table)} (to_block) where to_block is not null;
  create index ${sql.raw(`${table}_from`)} on ledger.${sql.raw(table)} (from_block);
`;

async function members(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table ledger.member (
      number integer not null check (number > 0),
      account bytea not null check (octet_length(account) = 20),
      roles integer not null,
      suspended boolean not null,
      standing boolean not null,
      credential_expiry bigint,
      identity_hash bytea not null,
      admitted_at timestamptz not null,
      ${version},
      primary key (number, from_block)
    );
    ${openOnce('member', 'number')}
    create unique index member_account on ledger.member (account) where to_block is null;

    create table ledger.account (
      account bytea not null check (octet_length(account) = 20),
      threshold bigint,
      ${version},
      primary key (account, from_block)
    );
    comment on table ledger.account is 'accounts of firms; threshold is null if no contract of ours made the account';
    ${openOnce('account', 'account')}

    create table ledger.account_signer (
      account bytea not null check (octet_length(account) = 20),
      signer_hash bytea not null check (octet_length(signer_hash) = 32),
      signer bytea,
      weight numeric(20) not null,
      ${version},
      primary key (account, signer_hash, from_block)
    );
    comment on column ledger.account_signer.signer is
      'ERC-7913; null if it was added later: the event that adds one tells its hash alone';
    ${openOnce('account_signer', 'account, signer_hash')}

    create table ledger.nonce_used (
      account bytea not null check (octet_length(account) = 20),
      nonce numeric(78) not null,
      block_number bigint not null,
      log_index integer not null,
      tx_hash bytea not null,
      primary key (account, nonce)
    );
    create index nonce_used_block on ledger.nonce_used (block_number);

    create table ledger.rule_pack (
      number integer not null,
      kind text not null check (kind in ('CERTIFICATE', 'DRAFT', 'LC_CLAIM')),
      effective_from bigint not null,
      effective_to bigint,
      tenor_months integer not null,
      basis integer not null,
      max_splits integer not null,
      document_hash bytea not null,
      ${version},
      primary key (number, from_block)
    );
    ${openOnce('rule_pack', 'number')}
  `.execute(db);
}

async function bills(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table ledger.bill (
      bill_no bigint not null,
      acceptor integer not null,
      payee integer not null,
      guarantor integer,
      due bigint not null,
      due_on date not null,
      face_minor bigint not null check (face_minor > 0),
      kind text not null check (kind in ('CERTIFICATE', 'DRAFT', 'LC_CLAIM')),
      status text not null check (status in ('offered', 'active', 'cancelled')),
      flags integer not null,
      rule_pack integer not null,
      currency integer not null,
      document_hash bytea not null,
      invoices_hash bytea not null,
      max_splits integer not null,
      splits_left integer not null check (splits_left >= 0),
      trail bytea not null check (octet_length(trail) = 30),
      paid_in_minor bigint not null check (paid_in_minor between 0 and face_minor),
      paid_out_minor bigint not null check (paid_out_minor between 0 and paid_in_minor),
      issued_at timestamptz not null,
      issue_tx bytea not null,
      ${version},
      primary key (bill_no, from_block)
    );
    comment on column ledger.bill.due is 'instant (seconds) at which due_on begins in Asia/Shanghai';
    comment on column ledger.bill.currency is 'ISO 4217 number';
    ${openOnce('bill', 'bill_no')}
    create index bill_acceptor on ledger.bill (acceptor, due_on, bill_no) where to_block is null;
    create index bill_payee on ledger.bill (payee, due_on, bill_no) where to_block is null;
    create index bill_due on ledger.bill (due_on, bill_no) where to_block is null;

    create table ledger.parcel (
      bill_no bigint not null,
      first bigint not null check (first >= 0),
      "end" bigint not null check ("end" > first),
      holder integer not null,
      offered_to integer,
      pledgee integer,
      paid_up_to_minor bigint not null,
      offer_until bigint,
      flags integer not null,
      ${version},
      primary key (bill_no, first, from_block),
      constraint parcel_one_holder_a_cent exclude using gist (
        bill_no with =, int8range(first, "end") with &&, int8range(from_block, to_block) with &&
      )
    );
    ${openOnce('parcel', 'bill_no, first')}
    create index parcel_holder on ledger.parcel (holder, bill_no) where to_block is null;
    create index parcel_offered_to on ledger.parcel (offered_to, bill_no)
      where to_block is null and offered_to is not null;

    create table ledger.bill_party (
      bill_no bigint not null,
      member integer not null,
      block_number bigint not null,
      primary key (member, bill_no)
    );
    comment on table ledger.bill_party is
      'who was ever acceptor, payee, holder or offeree of a bill, and since which block: who may see it';
    create index bill_party_bill on ledger.bill_party (bill_no);
    create index bill_party_block on ledger.bill_party (block_number);
  `.execute(db);
}

async function acts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table ledger.act (
      block_number bigint not null,
      log_index integer not null,
      bill_no bigint not null,
      tx_hash bytea not null,
      name text not null,
      actor integer,
      counterparty integer,
      from_member integer,
      to_member integer,
      first bigint,
      "end" bigint,
      cut_from bigint,
      amount_minor bigint,
      price_minor bigint,
      act_hash bytea not null check (octet_length(act_hash) = 32),
      trail_after bytea not null check (octet_length(trail_after) = 30),
      at timestamptz not null,
      primary key (block_number, log_index)
    );
    comment on column ledger.act.actor is 'who acted; null where anybody may';
    comment on column ledger.act.from_member is 'with to_member: the act moved the title of [first, end), an endorsement';
    create index act_bill on ledger.act (bill_no, block_number, log_index);
    create index act_tx on ledger.act (tx_hash);
  `.execute(db);
}

async function finance(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table ledger.line (
      bank integer not null,
      obligor integer not null,
      limit_minor numeric(20) not null,
      reserved_minor numeric(20) not null,
      used_minor numeric(20) not null,
      group_no bigint,
      ${version},
      primary key (bank, obligor, from_block)
    );
    ${openOnce('line', 'bank, obligor')}
    create index line_obligor on ledger.line (obligor) where to_block is null;

    create table ledger.group_line (
      bank integer not null,
      group_no bigint not null,
      limit_minor numeric(20) not null,
      reserved_minor numeric(20) not null,
      used_minor numeric(20) not null,
      ${version},
      primary key (bank, group_no, from_block)
    );
    ${openOnce('group_line', 'bank, group_no')}

    create table ledger.quote_fill (
      block_number bigint not null,
      log_index integer not null,
      tx_hash bytea not null,
      bank integer not null,
      nonce numeric(20) not null,
      bill_no bigint not null,
      seller integer not null,
      first bigint not null,
      amount_minor bigint not null,
      rate_ppm bigint not null,
      interest_minor bigint not null,
      fee_minor bigint not null,
      price_minor bigint not null,
      recourse integer not null,
      recourse_terms bytea not null,
      at timestamptz not null,
      primary key (block_number, log_index)
    );
    create index quote_fill_quote on ledger.quote_fill (bank, nonce);
    create index quote_fill_bill on ledger.quote_fill (bill_no, first);

    create table ledger.quote_cancelled (
      bank integer not null,
      nonce numeric(20) not null,
      ${version},
      primary key (bank, nonce, from_block)
    );
    ${openOnce('quote_cancelled', 'bank, nonce')}

    create table ledger.desk (
      desk bytea not null check (octet_length(desk) = 20),
      ${version},
      primary key (desk, from_block)
    );
    ${openOnce('desk', 'desk')}

    create table ledger.invoice (
      invoice_id bytea not null check (octet_length(invoice_id) = 32),
      total_minor bigint not null,
      used_minor bigint not null check (used_minor between 0 and total_minor),
      ${version},
      primary key (invoice_id, from_block)
    );
    ${openOnce('invoice', 'invoice_id')}

    create table ledger.invoice_use (
      invoice_id bytea not null check (octet_length(invoice_id) = 32),
      bill_no bigint not null,
      amount_minor bigint not null,
      freed boolean not null,
      ${version},
      primary key (bill_no, invoice_id, from_block)
    );
    ${openOnce('invoice_use', 'bill_no, invoice_id')}
    create index invoice_use_invoice on ledger.invoice_use (invoice_id) where to_block is null;
  `.execute(db);
}

async function cash(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table ledger.cash_balance (
      account bytea not null check (octet_length(account) = 20),
      balance_minor numeric(78) not null check (balance_minor >= 0),
      ${version},
      primary key (account, from_block)
    );
    ${openOnce('cash_balance', 'account')}

    create table ledger.cash_entry (
      block_number bigint not null,
      log_index integer not null,
      tx_hash bytea not null,
      from_account bytea,
      to_account bytea,
      amount_minor numeric(78) not null,
      kind text not null check (kind in ('deposit', 'redeem', 'purchase', 'funding', 'payout', 'transfer')),
      bill_no bigint,
      bank integer,
      at timestamptz not null,
      primary key (block_number, log_index)
    );
    comment on column ledger.cash_entry.bank is 'the settlement bank of a deposit or redemption';
    create index cash_entry_from on ledger.cash_entry (from_account, block_number, log_index);
    create index cash_entry_to on ledger.cash_entry (to_account, block_number, log_index);
    create index cash_entry_bill on ledger.cash_entry (bill_no) where bill_no is not null;
  `.execute(db);
}
