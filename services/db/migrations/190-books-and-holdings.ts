import { sql, type Kysely } from 'kysely';

/**
 * What the ledger tells since lines follow holdings, settlement banks keep books, standing acceptance has limits and cuts are
 * counted for nobody. A read model of before was another ledger's: it is empty here.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table ledger.bill drop column max_splits;
    alter table ledger.bill rename column splits_left to splits;
    comment on column ledger.bill.splits is 'how often its line has been cut';
    alter table ledger.bill drop constraint bill_trail_check;
    alter table ledger.bill add check (octet_length(trail) = 32);
    alter table ledger.act drop constraint act_trail_after_check;
    alter table ledger.act add check (octet_length(trail_after) = 32);

    alter table ledger.member
      add column standing_acceptor integer,
      add column standing_counterparty integer,
      add column standing_least bigint,
      add column standing_until bigint,
      add column moving_to bytea check (octet_length(moving_to) = 20);
    comment on column ledger.member.standing_acceptor is 'limits of the standing acceptance; null is open';
    comment on column ledger.member.moving_to is 'the account that it would move to, if that consents';

    alter table ledger.invoice drop constraint invoice_pkey, add column payee integer not null;
    alter table ledger.invoice add primary key (payee, invoice_id, from_block);
    drop index ledger.invoice_open;
    create unique index invoice_open on ledger.invoice (payee, invoice_id) where to_block is null;
    comment on column ledger.invoice.payee is 'its seller, the payee of the bills that it backs';

    create table ledger.bill_named (
      bill_no bigint not null,
      member integer not null,
      block_number bigint not null,
      primary key (bill_no, member)
    );
    comment on table ledger.bill_named is 'who may hold a bill besides its payee, where only named members may';
    create index bill_named_block on ledger.bill_named (block_number);

    create table ledger.desk_allowed (
      bank integer not null,
      desk bytea not null check (octet_length(desk) = 20),
      from_block bigint not null,
      to_block bigint check (to_block > from_block),
      primary key (bank, desk, from_block)
    );
    create unique index desk_allowed_open on ledger.desk_allowed (bank, desk) where to_block is null;
    create index desk_allowed_closed on ledger.desk_allowed (to_block) where to_block is not null;
    create index desk_allowed_from on ledger.desk_allowed (from_block);

    create table ledger.settlement_book (
      bank integer not null,
      cap_minor numeric(20) not null,
      issued_minor numeric(20) not null,
      pending_minor numeric(20) not null check (pending_minor <= issued_minor),
      from_block bigint not null,
      to_block bigint check (to_block > from_block),
      primary key (bank, from_block)
    );
    create unique index settlement_book_open on ledger.settlement_book (bank) where to_block is null;
    create index settlement_book_closed on ledger.settlement_book (to_block) where to_block is not null;
    create index settlement_book_from on ledger.settlement_book (from_block);

    create table ledger.redemption (
      number numeric(20) not null,
      bank integer not null,
      member integer not null,
      amount_minor numeric(20) not null,
      state text not null check (state in ('requested', 'confirmed', 'refused')),
      requested_at timestamptz not null,
      answered_at timestamptz,
      answer_hash bytea check (octet_length(answer_hash) = 32),
      from_block bigint not null,
      to_block bigint check (to_block > from_block),
      primary key (number, from_block)
    );
    comment on column ledger.redemption.answer_hash is 'hash of the payment reference, or of the reason of a refusal';
    create unique index redemption_open on ledger.redemption (number) where to_block is null;
    create index redemption_closed on ledger.redemption (to_block) where to_block is not null;
    create index redemption_from on ledger.redemption (from_block);
    create index redemption_bank on ledger.redemption (bank, number) where to_block is null;
    create index redemption_member on ledger.redemption (member, number) where to_block is null;

    alter table ledger.cash_entry drop constraint cash_entry_kind_check;
    alter table ledger.cash_entry add check (
      kind in ('deposit', 'redeem', 'redeemed', 'returned', 'purchase', 'funding', 'payout', 'transfer', 'move')
    );
    comment on column ledger.cash_entry.kind is
      'redeem: locked for a redemption; redeemed: paid out and gone; returned: the bank refused; move: to the member''s new account';
    alter table ledger.cash_entry add column reference bytea check (octet_length(reference) = 32);
    comment on column ledger.cash_entry.reference is 'hash of the bank''s booking of a deposit or payment';

    create table app.wording (
      hash bytea primary key check (octet_length(hash) = 32),
      text text not null check (length(text) between 1 and 1000)
    );
    comment on table app.wording is 'words of which only the hash is on chain: bookings, payment references, reasons';
  `.execute(db);
  // The bank and the member of a redemption see it, a bank its own book, and who sees a bill sees who may hold it.
  const seen = {
    redemption: 'when bank then true when member then true',
    settlement_book: 'when bank then true',
    bill_named: `else nullif(
      exists (select from ledger.viewer_party v where v.bill_no = bill_named.bill_no offset 0)
        or ledger.is_invited(bill_no), false) is not null`,
  };
  for (const [table, cases] of Object.entries(seen)) {
    await sql`alter table ledger.${sql.raw(table)} enable row level security`.execute(db);
    await ifRoleExists(
      db,
      'tallystick_indexer',
      `create policy indexer_writes on ledger.${table} to tallystick_indexer using (true) with check (true);`,
    );
    await ifRoleExists(
      db,
      'tallystick_api',
      `create policy parties_see on ledger.${table} for select to tallystick_api
         using (case (select ledger.who()) when -1 then true ${cases} end);`,
    );
  }
}

export async function down(): Promise<void> {
  throw new Error('a ledger whose cuts are not counted cannot be read as one whose cuts are');
}

async function ifRoleExists(db: Kysely<unknown>, role: string, statements: string): Promise<void> {
  await sql`
    do $outer$ begin
      if exists (select from pg_roles where rolname = ${sql.lit(role)}) then ${sql.raw(statements)} end if;
    end $outer$
  `.execute(db);
}
