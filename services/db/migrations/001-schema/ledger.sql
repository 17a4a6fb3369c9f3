-- The read model, written by the indexer alone. A row of a table with from_block and to_block is a version: it was true in the
-- blocks [from_block, to_block) and is true still while to_block is null; within one block only the last version counts.
-- A row with a block_number is a fact that happened once.

create schema ledger;
create extension if not exists btree_gist;

-- Members and their accounts

create table ledger.member (
  number integer not null check (number > 0),
  account bytea not null check (octet_length(account) = 20),
  roles integer not null,
  suspended boolean not null,
  suspended_at timestamptz,
  suspension_hash bytea check (octet_length(suspension_hash) = 32),
  standing boolean not null,
  standing_acceptor integer,
  standing_counterparty integer,
  standing_least bigint,
  standing_until bigint,
  credential_expiry bigint,
  identity_hash bytea not null,
  admitted_at timestamptz not null,
  moving_to bytea check (octet_length(moving_to) = 20),
  helper integer,
  next_helper integer,
  next_helper_from bigint,
  unsettled_at bigint,
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (number, from_block)
);
comment on column ledger.member.standing_acceptor is 'limits of the standing acceptance; null is open';
comment on column ledger.member.moving_to is 'the account that it would move to, if that consents';
comment on column ledger.member.helper is 'who helps it to recover, before the instant next_helper_from; then it is next_helper';
comment on column ledger.member.unsettled_at is 'when it was last suspended or moved: what it proposed before for others is void';
create unique index member_open on ledger.member (number) where to_block is null;
create unique index member_account on ledger.member (account) where to_block is null;

create table ledger.recovery (
  member integer not null,
  helper integer,
  by_helper bytea check (octet_length(by_helper) = 20),
  helper_at bigint,
  by_operator bytea check (octet_length(by_operator) = 20),
  operator_at bigint,
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (member, from_block),
  check ((by_helper is null) = (helper is null) and (by_helper is null) = (helper_at is null)),
  check ((by_operator is null) = (operator_at is null))
);
comment on table ledger.recovery is
  'where a helper and the operator would have a member move that has lost its keys; whether it counts follows from the times';
create unique index recovery_open on ledger.recovery (member) where to_block is null;
create index recovery_helper on ledger.recovery (helper) where to_block is null;

create table ledger.account (
  account bytea not null check (octet_length(account) = 20),
  threshold integer,
  admin_threshold integer,
  change_delay integer,
  policy_version bigint,
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (account, from_block),
  check (num_nulls(threshold, admin_threshold, change_delay, policy_version) in (0, 4))
);
comment on table ledger.account is 'accounts of firms; without a policy where no contract of ours made the account';
comment on column ledger.account.change_delay is 'seconds in which a change of the policy can be stopped';
create unique index account_open on ledger.account (account) where to_block is null;

create table ledger.account_signer (
  account bytea not null check (octet_length(account) = 20),
  place integer not null check (place between 0 and 19),
  signer bytea not null,
  weight integer not null check (weight > 0),
  level integer not null check (level between 0 and 8),
  valid_until bigint,
  day_limit bigint check (day_limit > 0),
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (account, place, from_block)
);
comment on column ledger.account_signer.place is 'in the list of the policy';
comment on column ledger.account_signer.signer is 'ERC-7913';
comment on column ledger.account_signer.level is '1 maker, 2 checker, 3 authoriser, … 8; 0 for none';
create unique index account_signer_open on ledger.account_signer (account, place) where to_block is null;
create index account_signer_key on ledger.account_signer (signer) where to_block is null;

create table ledger.account_rule (
  account bytea not null check (octet_length(account) = 20),
  place integer not null check (place between 0 and 7),
  kinds integer not null,
  amount_from bigint not null,
  threshold integer not null,
  levels integer not null,
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (account, place, from_block)
);
comment on column ledger.account_rule.kinds is 'of instruction, a bit each: ICallReader.sol';
comment on column ledger.account_rule.levels is 'bit 0 for level 1';
create unique index account_rule_open on ledger.account_rule (account, place) where to_block is null;

create table ledger.account_change (
  account bytea not null check (octet_length(account) = 20),
  change bytea not null check (octet_length(change) = 32),
  number bigint not null,
  policy text not null,
  policy_version bigint not null,
  announced_by integer not null,
  announced_at timestamptz not null,
  ready_at bigint not null,
  state text not null check (state in ('waiting', 'vetoed', 'called_off', 'carried_out')),
  vetoed_by bytea,
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (account, change, from_block)
);
comment on table ledger.account_change is 'announced changes of policies; one that waits under an older version than the account has is void';
comment on column ledger.account_change.policy is 'what it would become, as JSON';
comment on column ledger.account_change.announced_by is 'a bit for each place in the list of signers of that version';
create unique index account_change_open on ledger.account_change (account, change) where to_block is null;

create table ledger.access_role (
  role numeric(20) not null,
  account bytea not null check (octet_length(account) = 20),
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (role, account, from_block)
);
comment on table ledger.access_role is 'who holds which power over the contracts: the roles of the access manager, by their numbers there';
create unique index access_role_open on ledger.access_role (role, account) where to_block is null;

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
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (number, from_block)
);
create unique index rule_pack_open on ledger.rule_pack (number) where to_block is null;

-- Bills, their pieces, and what was done with them

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
  splits integer not null check (splits >= 0),
  trail bytea not null check (octet_length(trail) = 32),
  paid_in_minor bigint not null check (paid_in_minor between 0 and face_minor),
  paid_out_minor bigint not null check (paid_out_minor between 0 and paid_in_minor),
  issued_at timestamptz not null,
  issue_tx bytea not null,
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (bill_no, from_block)
);
comment on column ledger.bill.due is 'instant (seconds) at which due_on begins in Asia/Shanghai';
comment on column ledger.bill.currency is 'ISO 4217 number';
comment on column ledger.bill.splits is 'how often its line has been cut';
create unique index bill_open on ledger.bill (bill_no) where to_block is null;
create index bill_acceptor on ledger.bill (acceptor, due_on, bill_no) where to_block is null;
create index bill_acceptor_issued on ledger.bill (acceptor, issued_at, bill_no) where to_block is null;
create index bill_payee on ledger.bill (payee, due_on, bill_no) where to_block is null;
create index bill_due on ledger.bill (due_on, bill_no) where to_block is null;
create index bill_issued on ledger.bill (issued_at, bill_no) where to_block is null;
-- What nobody has signed for, what is to be paid in (with all that is added up of it), where money waits to be paid out.
create index bill_to_be_taken on ledger.bill (acceptor, due_on, bill_no) include (face_minor)
  where to_block is null and status = 'offered';
create index bill_to_pay on ledger.bill (acceptor, due_on, bill_no) include (payee, face_minor, paid_in_minor, status)
  where to_block is null and status = 'active' and paid_in_minor < face_minor;
create index bill_to_distribute on ledger.bill (bill_no)
  where to_block is null and status = 'active' and paid_out_minor < paid_in_minor;

-- No two open parcels of a bill overlap: asked of each row that is written. As each state of the read model followed from one
-- that was asked, none of its past overlaps either.
create table ledger.parcel (
  bill_no bigint not null,
  first bigint not null check (first >= 0),
  "end" bigint not null check ("end" > first),
  due_on date not null,
  holder integer not null,
  offered_to integer,
  offer_until bigint,
  pledgee integer,
  paid_up_to_minor bigint not null,
  flags integer not null,
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (bill_no, first, from_block),
  constraint parcel_one_holder_a_cent
    exclude using gist (bill_no with =, int8range(first, "end") with &&) where (to_block is null)
);
comment on column ledger.parcel.due_on is 'of its bill';
create unique index parcel_open on ledger.parcel (bill_no, first) where to_block is null;
create index parcel_holder on ledger.parcel (holder, due_on, bill_no, first) where to_block is null;
create index parcel_offered_to on ledger.parcel (offered_to, due_on, bill_no, first)
  where to_block is null and offered_to is not null;
create index parcel_offered_by on ledger.parcel (holder, due_on, bill_no, first)
  where to_block is null and offered_to is not null;
create index parcel_holder_of_bill on ledger.parcel (bill_no, holder) include (offered_to, first, "end", to_block);

create table ledger.bill_party (
  bill_no bigint not null,
  member integer not null,
  issued_at timestamptz not null,
  due_on date not null,
  block_number bigint not null,
  primary key (member, bill_no)
);
comment on table ledger.bill_party is
  'who was ever acceptor, payee, holder or offeree of a bill, and since which block: who may see it';
comment on column ledger.bill_party.issued_at is 'of the bill, as due_on: they never change';
create index bill_party_bill on ledger.bill_party (bill_no);
create index bill_party_issued on ledger.bill_party (member, issued_at, bill_no);
create index bill_party_due on ledger.bill_party (member, due_on, bill_no);
create index bill_party_block on ledger.bill_party (block_number);

create table ledger.bill_named (
  bill_no bigint not null,
  member integer not null,
  block_number bigint not null,
  primary key (bill_no, member)
);
comment on table ledger.bill_named is 'who may hold a bill besides its payee, where only named members may';
create index bill_named_block on ledger.bill_named (block_number);

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
  trail_after bytea not null check (octet_length(trail_after) = 32),
  at timestamptz not null,
  primary key (block_number, log_index)
);
comment on column ledger.act.actor is 'who acted; null where anybody may';
comment on column ledger.act.from_member is 'with to_member: the act moved the title of [first, end), an endorsement';
create index act_bill on ledger.act (bill_no, block_number, log_index);
create index act_tx on ledger.act (tx_hash);

create table ledger.late_payment (
  acceptor integer not null,
  bill_no bigint not null,
  amount_minor bigint not null,
  at timestamptz not null,
  block_number bigint not null,
  log_index integer not null,
  primary key (block_number, log_index)
);
comment on table ledger.late_payment is 'what was paid in for a bill on a day after it was due';
create index late_payment_acceptor on ledger.late_payment (acceptor, at);

-- Lines, sales and invoices

create table ledger.line (
  bank integer not null,
  obligor integer not null,
  limit_minor numeric(20) not null,
  reserved_minor numeric(20) not null,
  used_minor numeric(20) not null,
  group_no bigint,
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (bank, obligor, from_block)
);
create unique index line_open on ledger.line (bank, obligor) where to_block is null;
create index line_obligor on ledger.line (obligor) where to_block is null;

create table ledger.group_line (
  bank integer not null,
  group_no bigint not null,
  limit_minor numeric(20) not null,
  reserved_minor numeric(20) not null,
  used_minor numeric(20) not null,
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (bank, group_no, from_block)
);
create unique index group_line_open on ledger.group_line (bank, group_no) where to_block is null;

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
create index quote_fill_seller on ledger.quote_fill (seller, block_number, log_index);
create index quote_fill_bank on ledger.quote_fill (bank, block_number, log_index);

create table ledger.quote_cancelled (
  bank integer not null,
  nonce numeric(20) not null,
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (bank, nonce, from_block)
);
create unique index quote_cancelled_open on ledger.quote_cancelled (bank, nonce) where to_block is null;

create table ledger.desk (
  desk bytea not null check (octet_length(desk) = 20),
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (desk, from_block)
);
create unique index desk_open on ledger.desk (desk) where to_block is null;

create table ledger.desk_allowed (
  bank integer not null,
  desk bytea not null check (octet_length(desk) = 20),
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (bank, desk, from_block)
);
create unique index desk_allowed_open on ledger.desk_allowed (bank, desk) where to_block is null;

create table ledger.invoice (
  payee integer not null,
  invoice_id bytea not null check (octet_length(invoice_id) = 32),
  total_minor bigint not null,
  used_minor bigint not null check (used_minor between 0 and total_minor),
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (payee, invoice_id, from_block)
);
comment on column ledger.invoice.payee is 'its seller, the payee of the bills that it backs';
create unique index invoice_open on ledger.invoice (payee, invoice_id) where to_block is null;

create table ledger.invoice_use (
  invoice_id bytea not null check (octet_length(invoice_id) = 32),
  bill_no bigint not null,
  amount_minor bigint not null,
  freed boolean not null,
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (bill_no, invoice_id, from_block)
);
create unique index invoice_use_open on ledger.invoice_use (bill_no, invoice_id) where to_block is null;
create index invoice_use_invoice on ledger.invoice_use (invoice_id) where to_block is null;

-- Cash and the banks that issue it

create table ledger.cash_balance (
  account bytea not null check (octet_length(account) = 20),
  balance_minor numeric(78) not null check (balance_minor >= 0),
  from_block bigint not null,
  to_block bigint check (to_block > from_block),
  primary key (account, from_block)
);
create unique index cash_balance_open on ledger.cash_balance (account) where to_block is null;

create table ledger.cash_entry (
  block_number bigint not null,
  log_index integer not null,
  tx_hash bytea not null,
  from_account bytea,
  to_account bytea,
  amount_minor numeric(78) not null,
  kind text not null check (
    kind in ('deposit', 'redeem', 'redeemed', 'returned', 'purchase', 'funding', 'payout', 'transfer', 'move')
  ),
  bill_no bigint,
  bank integer,
  reference bytea check (octet_length(reference) = 32),
  at timestamptz not null,
  primary key (block_number, log_index)
);
comment on column ledger.cash_entry.kind is
  'redeem: locked for a redemption; redeemed: paid out and gone; returned: the bank refused; move: to the member''s new account';
comment on column ledger.cash_entry.bank is 'the settlement bank of a deposit or redemption';
comment on column ledger.cash_entry.reference is 'hash of the bank''s booking of a deposit or payment';
create index cash_entry_from on ledger.cash_entry (from_account, block_number, log_index);
create index cash_entry_to on ledger.cash_entry (to_account, block_number, log_index);
create index cash_entry_bill on ledger.cash_entry (bill_no) where bill_no is not null;

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
create index redemption_bank on ledger.redemption (bank, number) where to_block is null;
create index redemption_member on ledger.redemption (member, number) where to_block is null;

-- A rollback finds the versions of each table by the block in which they began or ended.
do $$
declare
  version record;
begin
  for version in
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'to_block'
    where c.relnamespace = 'ledger'::regnamespace and c.relkind = 'r'
  loop
    execute format('create index %I on ledger.%I (to_block) where to_block is not null', version.name || '_closed', version.name);
    execute format('create index %I on ledger.%I (from_block)', version.name || '_from', version.name);
  end loop;
end $$;
