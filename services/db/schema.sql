-- Written by scripts/build-db-types.ts from a migrated database; never edited.

create schema chain;

-- For what is made in chain later:
grant delete, insert, select, truncate, update on tables to tallystick_indexer;
grant select on tables to tallystick_api;

-- Who may use it:
grant usage on schema chain to tallystick_api;
grant usage on schema chain to tallystick_indexer;

create table chain.block (
  number bigint not null,
  hash bytea not null,
  parent_hash bytea not null,
  "timestamp" bigint not null,
  constraint block_hash_check CHECK ((octet_length(hash) = 32)),
  constraint block_hash_key UNIQUE (hash),
  constraint block_parent_hash_check CHECK ((octet_length(parent_hash) = 32)),
  constraint block_pkey PRIMARY KEY (number)
);
grant delete, insert, select, truncate, update on chain.block to tallystick_indexer;
grant select on chain.block to tallystick_api;

create table chain.cursor (
  only_one boolean not null default true,
  genesis_hash bytea not null,
  bills bytea not null,
  block_number bigint not null,
  block_hash bytea not null,
  proved_block bigint,
  stopped_reason text,
  constraint cursor_bills_check CHECK ((octet_length(bills) = 20)),
  constraint cursor_only_one_check CHECK (only_one),
  constraint cursor_pkey PRIMARY KEY (only_one)
);
grant delete, insert, select, truncate, update on chain.cursor to tallystick_indexer;
grant select on chain.cursor to tallystick_api;
comment on table chain.cursor is 'how far the read model is: of which chain and ledger, up to which block, proved up to which block, why it stopped';

create table chain.log (
  block_number bigint not null,
  log_index integer not null,
  tx_hash bytea not null,
  tx_index integer not null,
  address bytea not null,
  topics bytea not null,
  data bytea not null,
  constraint log_address_check CHECK ((octet_length(address) = 20)),
  constraint log_block_number_fkey FOREIGN KEY (block_number) REFERENCES chain.block(number),
  constraint log_pkey PRIMARY KEY (block_number, log_index),
  constraint log_topics_check CHECK ((octet_length(topics) = ANY (ARRAY[32, 64, 96, 128]))),
  constraint log_tx_hash_check CHECK ((octet_length(tx_hash) = 32))
);
grant delete, insert, select, truncate, update on chain.log to tallystick_indexer;
grant select on chain.log to tallystick_api;
comment on column chain.log.topics is 'the topics one after the other, 32 bytes each';

create table chain.put_off (
  statement text not null,
  relation text not null,
  constraint put_off_pkey PRIMARY KEY (statement)
);
grant select on chain.put_off to tallystick_api;
grant select on chain.put_off to tallystick_indexer;
comment on table chain.put_off is 'indexes and constraints to be made when the back-fill is done; empty at all other times';
comment on column chain.put_off.relation is 'the table that it belongs to, with its schema';

CREATE OR REPLACE FUNCTION chain.begin_back_fill()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  part record;
begin
  for part in
    select conrelid::regclass as relation,
      format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
    from pg_constraint
    where connamespace in ('ledger'::regnamespace, 'chain'::regnamespace) and contype in ('x', 'f')
    union all
    select i.indrelid::regclass, format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace in ('ledger'::regnamespace, 'chain'::regnamespace) and not i.indisunique
      and not i.indisexclusion
  loop
    insert into chain.put_off (statement, relation) values (part.make, part.relation);
    execute part.drop;
  end loop;
end $function$
;
grant execute on function chain.begin_back_fill() to tallystick_indexer;

CREATE OR REPLACE FUNCTION chain.end_back_fill()
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  select chain.end_back_fill(relation) from (select distinct relation from chain.put_off) as tables;
$function$
;
grant execute on function chain.end_back_fill() to tallystick_indexer;

CREATE OR REPLACE FUNCTION chain.end_back_fill(table_name text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
 SET maintenance_work_mem TO '256MB'
 SET enable_seqscan TO 'on'
 SET enable_hashjoin TO 'on'
 SET enable_mergejoin TO 'on'
 SET enable_nestloop TO 'off'
AS $function$
declare
  part record;
begin
  if table_name = 'ledger.parcel' and (
    select count(*) from ledger.parcel a join ledger.parcel b using (bill_no)
    where a.ctid < b.ctid and a.first < b."end" and b.first < a."end"
      and (a.to_block is null or b.from_block < a.to_block) and (b.to_block is null or a.from_block < b.to_block)
  ) > 0 then
    raise exclusion_violation using message = 'parcels of a bill overlap, against parcel_one_holder_a_cent';
  end if;
  for part in delete from chain.put_off where relation = table_name returning statement loop
    execute part.statement;
  end loop;
end $function$
;
grant execute on function chain.end_back_fill(text) to tallystick_indexer;

create schema ledger;

-- For what is made in ledger later:
grant delete, insert, select, truncate, update on tables to tallystick_indexer;
grant select on tables to tallystick_api;

-- Who may use it:
grant usage on schema ledger to tallystick_api;
grant usage on schema ledger to tallystick_indexer;

create table ledger.access_role (
  role numeric(20,0) not null,
  account bytea not null,
  from_block bigint not null,
  to_block bigint,
  constraint access_role_account_check CHECK ((octet_length(account) = 20)),
  constraint access_role_check CHECK ((to_block > from_block)),
  constraint access_role_pkey PRIMARY KEY (role, account, from_block)
);
CREATE INDEX access_role_closed ON ledger.access_role USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX access_role_from ON ledger.access_role USING btree (from_block);
CREATE UNIQUE INDEX access_role_open ON ledger.access_role USING btree (role, account) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.access_role to tallystick_indexer;
grant select on ledger.access_role to tallystick_api;
comment on table ledger.access_role is 'who holds which power over the contracts: the roles of the access manager, by their numbers there';

create table ledger.account (
  account bytea not null,
  threshold integer,
  admin_threshold integer,
  change_delay integer,
  policy_version bigint,
  from_block bigint not null,
  to_block bigint,
  constraint account_account_check CHECK ((octet_length(account) = 20)),
  constraint account_check CHECK ((to_block > from_block)),
  constraint account_check1 CHECK ((num_nulls(threshold, admin_threshold, change_delay, policy_version) = ANY (ARRAY[0, 4]))),
  constraint account_pkey PRIMARY KEY (account, from_block)
);
CREATE INDEX account_closed ON ledger.account USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX account_from ON ledger.account USING btree (from_block);
CREATE UNIQUE INDEX account_open ON ledger.account USING btree (account) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.account to tallystick_indexer;
grant select on ledger.account to tallystick_api;
comment on table ledger.account is 'accounts of firms; without a policy where no contract of ours made the account';
comment on column ledger.account.change_delay is 'seconds in which a change of the policy can be stopped';

create table ledger.account_change (
  account bytea not null,
  change bytea not null,
  number bigint not null,
  policy text not null,
  policy_version bigint not null,
  announced_by integer not null,
  announced_at timestamp with time zone not null,
  ready_at bigint not null,
  state text not null,
  vetoed_by bytea,
  from_block bigint not null,
  to_block bigint,
  constraint account_change_account_check CHECK ((octet_length(account) = 20)),
  constraint account_change_change_check CHECK ((octet_length(change) = 32)),
  constraint account_change_check CHECK ((to_block > from_block)),
  constraint account_change_pkey PRIMARY KEY (account, change, from_block),
  constraint account_change_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'vetoed'::text, 'called_off'::text, 'carried_out'::text])))
);
CREATE INDEX account_change_closed ON ledger.account_change USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX account_change_from ON ledger.account_change USING btree (from_block);
CREATE UNIQUE INDEX account_change_open ON ledger.account_change USING btree (account, change) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.account_change to tallystick_indexer;
grant select on ledger.account_change to tallystick_api;
comment on table ledger.account_change is 'announced changes of policies; one that waits under an older version than the account has is void';
comment on column ledger.account_change.policy is 'what it would become, as JSON';
comment on column ledger.account_change.announced_by is 'a bit for each place in the list of signers of that version';

create table ledger.account_rule (
  account bytea not null,
  place integer not null,
  kinds integer not null,
  amount_from bigint not null,
  threshold integer not null,
  levels integer not null,
  from_block bigint not null,
  to_block bigint,
  constraint account_rule_account_check CHECK ((octet_length(account) = 20)),
  constraint account_rule_check CHECK ((to_block > from_block)),
  constraint account_rule_pkey PRIMARY KEY (account, place, from_block),
  constraint account_rule_place_check CHECK (((place >= 0) AND (place <= 7)))
);
CREATE INDEX account_rule_closed ON ledger.account_rule USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX account_rule_from ON ledger.account_rule USING btree (from_block);
CREATE UNIQUE INDEX account_rule_open ON ledger.account_rule USING btree (account, place) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.account_rule to tallystick_indexer;
grant select on ledger.account_rule to tallystick_api;
comment on column ledger.account_rule.kinds is 'of instruction, a bit each: ICallReader.sol';
comment on column ledger.account_rule.levels is 'bit 0 for level 1';

create table ledger.account_signer (
  account bytea not null,
  place integer not null,
  signer bytea not null,
  weight integer not null,
  level integer not null,
  valid_until bigint,
  day_limit bigint,
  from_block bigint not null,
  to_block bigint,
  constraint account_signer_account_check CHECK ((octet_length(account) = 20)),
  constraint account_signer_check CHECK ((to_block > from_block)),
  constraint account_signer_day_limit_check CHECK ((day_limit > 0)),
  constraint account_signer_level_check CHECK (((level >= 0) AND (level <= 8))),
  constraint account_signer_pkey PRIMARY KEY (account, place, from_block),
  constraint account_signer_place_check CHECK (((place >= 0) AND (place <= 19))),
  constraint account_signer_weight_check CHECK ((weight > 0))
);
CREATE INDEX account_signer_closed ON ledger.account_signer USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX account_signer_from ON ledger.account_signer USING btree (from_block);
CREATE INDEX account_signer_key ON ledger.account_signer USING btree (signer) WHERE (to_block IS NULL);
CREATE UNIQUE INDEX account_signer_open ON ledger.account_signer USING btree (account, place) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.account_signer to tallystick_indexer;
grant select on ledger.account_signer to tallystick_api;
comment on column ledger.account_signer.place is 'in the list of the policy';
comment on column ledger.account_signer.signer is 'ERC-7913';
comment on column ledger.account_signer.level is '1 maker, 2 checker, 3 authoriser, … 8; 0 for none';

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
  act_hash bytea not null,
  trail_after bytea not null,
  at timestamp with time zone not null,
  constraint act_act_hash_check CHECK ((octet_length(act_hash) = 32)),
  constraint act_pkey PRIMARY KEY (block_number, log_index),
  constraint act_trail_after_check CHECK ((octet_length(trail_after) = 32))
);
CREATE INDEX act_bill ON ledger.act USING btree (bill_no, block_number, log_index);
CREATE INDEX act_tx ON ledger.act USING btree (tx_hash);
alter table ledger.act enable row level security;
create policy indexer_writes on ledger.act for all to tallystick_indexer
  using (true)
  with check (true);
create policy parties_see on ledger.act for select to tallystick_api
  using ((
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    ELSE NULLIF(((EXISTS ( SELECT
       FROM ledger.viewer_party v
      WHERE (v.bill_no = act.bill_no)
     OFFSET 0)) OR ledger.is_invited(bill_no)), false)
END IS NOT NULL));
grant delete, insert, select, truncate, update on ledger.act to tallystick_indexer;
grant select on ledger.act to tallystick_api;
comment on column ledger.act.actor is 'who acted; null where anybody may';
comment on column ledger.act.from_member is 'with to_member: the act moved the title of [first, end), an endorsement';

create table ledger.bill (
  bill_no bigint not null,
  acceptor integer not null,
  payee integer not null,
  guarantor integer,
  due bigint not null,
  due_on date not null,
  face_minor bigint not null,
  kind text not null,
  status text not null,
  flags integer not null,
  rule_pack integer not null,
  currency integer not null,
  document_hash bytea not null,
  invoices_hash bytea not null,
  splits integer not null,
  trail bytea not null,
  paid_in_minor bigint not null,
  paid_out_minor bigint not null,
  issued_at timestamp with time zone not null,
  issue_tx bytea not null,
  from_block bigint not null,
  to_block bigint,
  constraint bill_check CHECK (((paid_in_minor >= 0) AND (paid_in_minor <= face_minor))),
  constraint bill_check1 CHECK (((paid_out_minor >= 0) AND (paid_out_minor <= paid_in_minor))),
  constraint bill_check2 CHECK ((to_block > from_block)),
  constraint bill_face_minor_check CHECK ((face_minor > 0)),
  constraint bill_kind_check CHECK ((kind = ANY (ARRAY['CERTIFICATE'::text, 'DRAFT'::text, 'LC_CLAIM'::text]))),
  constraint bill_pkey PRIMARY KEY (bill_no, from_block),
  constraint bill_splits_check CHECK ((splits >= 0)),
  constraint bill_status_check CHECK ((status = ANY (ARRAY['offered'::text, 'active'::text, 'cancelled'::text]))),
  constraint bill_trail_check CHECK ((octet_length(trail) = 32))
);
CREATE INDEX bill_acceptor ON ledger.bill USING btree (acceptor, due_on, bill_no) WHERE (to_block IS NULL);
CREATE INDEX bill_acceptor_issued ON ledger.bill USING btree (acceptor, issued_at, bill_no) WHERE (to_block IS NULL);
CREATE INDEX bill_closed ON ledger.bill USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX bill_due ON ledger.bill USING btree (due_on, bill_no) WHERE (to_block IS NULL);
CREATE INDEX bill_from ON ledger.bill USING btree (from_block);
CREATE INDEX bill_issued ON ledger.bill USING btree (issued_at, bill_no) WHERE (to_block IS NULL);
CREATE UNIQUE INDEX bill_open ON ledger.bill USING btree (bill_no) WHERE (to_block IS NULL);
CREATE INDEX bill_payee ON ledger.bill USING btree (payee, due_on, bill_no) WHERE (to_block IS NULL);
CREATE INDEX bill_to_be_taken ON ledger.bill USING btree (acceptor, due_on, bill_no) INCLUDE (face_minor) WHERE ((to_block IS NULL) AND (status = 'offered'::text));
CREATE INDEX bill_to_distribute ON ledger.bill USING btree (bill_no) WHERE ((to_block IS NULL) AND (status = 'active'::text) AND (paid_out_minor < paid_in_minor));
CREATE INDEX bill_to_pay ON ledger.bill USING btree (acceptor, due_on, bill_no) INCLUDE (payee, face_minor, paid_in_minor, status) WHERE ((to_block IS NULL) AND (status = 'active'::text) AND (paid_in_minor < face_minor));
alter table ledger.bill enable row level security;
create policy indexer_writes on ledger.bill for all to tallystick_indexer
  using (true)
  with check (true);
create policy parties_see on ledger.bill for select to tallystick_api
  using ((
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN acceptor THEN true
    WHEN payee THEN true
    ELSE NULLIF(((EXISTS ( SELECT
       FROM ledger.viewer_party v
      WHERE (v.bill_no = bill.bill_no)
     OFFSET 0)) OR (EXISTS ( SELECT
       FROM app.viewer_invitation i
      WHERE (i.bill_no = bill.bill_no)
     OFFSET 0))), false)
END IS NOT NULL));
grant delete, insert, select, truncate, update on ledger.bill to tallystick_indexer;
grant select on ledger.bill to tallystick_api;
comment on column ledger.bill.due is 'instant (seconds) at which due_on begins in Asia/Shanghai';
comment on column ledger.bill.currency is 'ISO 4217 number';
comment on column ledger.bill.splits is 'how often its line has been cut';

create table ledger.bill_named (
  bill_no bigint not null,
  member integer not null,
  block_number bigint not null,
  constraint bill_named_pkey PRIMARY KEY (bill_no, member)
);
CREATE INDEX bill_named_block ON ledger.bill_named USING btree (block_number);
alter table ledger.bill_named enable row level security;
create policy indexer_writes on ledger.bill_named for all to tallystick_indexer
  using (true)
  with check (true);
create policy parties_see on ledger.bill_named for select to tallystick_api
  using (
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    ELSE (NULLIF(((EXISTS ( SELECT
       FROM ledger.viewer_party v
      WHERE (v.bill_no = bill_named.bill_no)
     OFFSET 0)) OR ledger.is_invited(bill_no)), false) IS NOT NULL)
END);
grant delete, insert, select, truncate, update on ledger.bill_named to tallystick_indexer;
grant select on ledger.bill_named to tallystick_api;
comment on table ledger.bill_named is 'who may hold a bill besides its payee, where only named members may';

create table ledger.bill_party (
  bill_no bigint not null,
  member integer not null,
  issued_at timestamp with time zone not null,
  due_on date not null,
  block_number bigint not null,
  constraint bill_party_pkey PRIMARY KEY (member, bill_no)
);
CREATE INDEX bill_party_bill ON ledger.bill_party USING btree (bill_no);
CREATE INDEX bill_party_block ON ledger.bill_party USING btree (block_number);
CREATE INDEX bill_party_due ON ledger.bill_party USING btree (member, due_on, bill_no);
CREATE INDEX bill_party_issued ON ledger.bill_party USING btree (member, issued_at, bill_no);
alter table ledger.bill_party enable row level security;
create policy indexer_writes on ledger.bill_party for all to tallystick_indexer
  using (true)
  with check (true);
create policy parties_see on ledger.bill_party for select to tallystick_api
  using ((
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN member THEN true
    ELSE NULLIF(false, false)
END IS NOT NULL));
grant delete, insert, select, truncate, update on ledger.bill_party to tallystick_indexer;
grant select on ledger.bill_party to tallystick_api;
comment on table ledger.bill_party is 'who was ever acceptor, payee, holder or offeree of a bill, and since which block: who may see it';
comment on column ledger.bill_party.issued_at is 'of the bill, as due_on: they never change';

create table ledger.cash_balance (
  account bytea not null,
  balance_minor numeric(78,0) not null,
  from_block bigint not null,
  to_block bigint,
  constraint cash_balance_account_check CHECK ((octet_length(account) = 20)),
  constraint cash_balance_balance_minor_check CHECK ((balance_minor >= (0)::numeric)),
  constraint cash_balance_check CHECK ((to_block > from_block)),
  constraint cash_balance_pkey PRIMARY KEY (account, from_block)
);
CREATE INDEX cash_balance_closed ON ledger.cash_balance USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX cash_balance_from ON ledger.cash_balance USING btree (from_block);
CREATE UNIQUE INDEX cash_balance_open ON ledger.cash_balance USING btree (account) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.cash_balance to tallystick_indexer;
grant select on ledger.cash_balance to tallystick_api;

create table ledger.cash_entry (
  block_number bigint not null,
  log_index integer not null,
  tx_hash bytea not null,
  from_account bytea,
  to_account bytea,
  amount_minor numeric(78,0) not null,
  kind text not null,
  bill_no bigint,
  bank integer,
  reference bytea,
  at timestamp with time zone not null,
  constraint cash_entry_kind_check CHECK ((kind = ANY (ARRAY['deposit'::text, 'redeem'::text, 'redeemed'::text, 'returned'::text, 'purchase'::text, 'funding'::text, 'payout'::text, 'transfer'::text, 'move'::text]))),
  constraint cash_entry_pkey PRIMARY KEY (block_number, log_index),
  constraint cash_entry_reference_check CHECK ((octet_length(reference) = 32))
);
CREATE INDEX cash_entry_bill ON ledger.cash_entry USING btree (bill_no) WHERE (bill_no IS NOT NULL);
CREATE INDEX cash_entry_from ON ledger.cash_entry USING btree (from_account, block_number, log_index);
CREATE INDEX cash_entry_to ON ledger.cash_entry USING btree (to_account, block_number, log_index);
grant delete, insert, select, truncate, update on ledger.cash_entry to tallystick_indexer;
grant select on ledger.cash_entry to tallystick_api;
comment on column ledger.cash_entry.kind is 'redeem: locked for a redemption; redeemed: paid out and gone; returned: the bank refused; move: to the member''s new account';
comment on column ledger.cash_entry.bank is 'the settlement bank of a deposit or redemption';
comment on column ledger.cash_entry.reference is 'hash of the bank''s booking of a deposit or payment';

create table ledger.desk (
  desk bytea not null,
  from_block bigint not null,
  to_block bigint,
  constraint desk_check CHECK ((to_block > from_block)),
  constraint desk_desk_check CHECK ((octet_length(desk) = 20)),
  constraint desk_pkey PRIMARY KEY (desk, from_block)
);
CREATE INDEX desk_closed ON ledger.desk USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX desk_from ON ledger.desk USING btree (from_block);
CREATE UNIQUE INDEX desk_open ON ledger.desk USING btree (desk) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.desk to tallystick_indexer;
grant select on ledger.desk to tallystick_api;

create table ledger.desk_allowed (
  bank integer not null,
  desk bytea not null,
  from_block bigint not null,
  to_block bigint,
  constraint desk_allowed_check CHECK ((to_block > from_block)),
  constraint desk_allowed_desk_check CHECK ((octet_length(desk) = 20)),
  constraint desk_allowed_pkey PRIMARY KEY (bank, desk, from_block)
);
CREATE INDEX desk_allowed_closed ON ledger.desk_allowed USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX desk_allowed_from ON ledger.desk_allowed USING btree (from_block);
CREATE UNIQUE INDEX desk_allowed_open ON ledger.desk_allowed USING btree (bank, desk) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.desk_allowed to tallystick_indexer;
grant select on ledger.desk_allowed to tallystick_api;

create table ledger.group_line (
  bank integer not null,
  group_no bigint not null,
  limit_minor numeric(20,0) not null,
  reserved_minor numeric(20,0) not null,
  used_minor numeric(20,0) not null,
  from_block bigint not null,
  to_block bigint,
  constraint group_line_check CHECK ((to_block > from_block)),
  constraint group_line_pkey PRIMARY KEY (bank, group_no, from_block)
);
CREATE INDEX group_line_closed ON ledger.group_line USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX group_line_from ON ledger.group_line USING btree (from_block);
CREATE UNIQUE INDEX group_line_open ON ledger.group_line USING btree (bank, group_no) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.group_line to tallystick_indexer;
grant select on ledger.group_line to tallystick_api;

create table ledger.invoice (
  payee integer not null,
  invoice_id bytea not null,
  total_minor bigint not null,
  used_minor bigint not null,
  from_block bigint not null,
  to_block bigint,
  constraint invoice_check CHECK (((used_minor >= 0) AND (used_minor <= total_minor))),
  constraint invoice_check1 CHECK ((to_block > from_block)),
  constraint invoice_invoice_id_check CHECK ((octet_length(invoice_id) = 32)),
  constraint invoice_pkey PRIMARY KEY (payee, invoice_id, from_block)
);
CREATE INDEX invoice_closed ON ledger.invoice USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX invoice_from ON ledger.invoice USING btree (from_block);
CREATE UNIQUE INDEX invoice_open ON ledger.invoice USING btree (payee, invoice_id) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.invoice to tallystick_indexer;
grant select on ledger.invoice to tallystick_api;
comment on column ledger.invoice.payee is 'its seller, the payee of the bills that it backs';

create table ledger.invoice_use (
  invoice_id bytea not null,
  bill_no bigint not null,
  amount_minor bigint not null,
  freed boolean not null,
  from_block bigint not null,
  to_block bigint,
  constraint invoice_use_check CHECK ((to_block > from_block)),
  constraint invoice_use_invoice_id_check CHECK ((octet_length(invoice_id) = 32)),
  constraint invoice_use_pkey PRIMARY KEY (bill_no, invoice_id, from_block)
);
CREATE INDEX invoice_use_closed ON ledger.invoice_use USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX invoice_use_from ON ledger.invoice_use USING btree (from_block);
CREATE INDEX invoice_use_invoice ON ledger.invoice_use USING btree (invoice_id) WHERE (to_block IS NULL);
CREATE UNIQUE INDEX invoice_use_open ON ledger.invoice_use USING btree (bill_no, invoice_id) WHERE (to_block IS NULL);
alter table ledger.invoice_use enable row level security;
create policy indexer_writes on ledger.invoice_use for all to tallystick_indexer
  using (true)
  with check (true);
create policy parties_see on ledger.invoice_use for select to tallystick_api
  using ((
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    ELSE NULLIF(((EXISTS ( SELECT
       FROM ledger.viewer_party v
      WHERE (v.bill_no = invoice_use.bill_no)
     OFFSET 0)) OR ledger.is_invited(bill_no)), false)
END IS NOT NULL));
grant delete, insert, select, truncate, update on ledger.invoice_use to tallystick_indexer;
grant select on ledger.invoice_use to tallystick_api;

create table ledger.late_payment (
  acceptor integer not null,
  bill_no bigint not null,
  amount_minor bigint not null,
  at timestamp with time zone not null,
  block_number bigint not null,
  log_index integer not null,
  constraint late_payment_pkey PRIMARY KEY (block_number, log_index)
);
CREATE INDEX late_payment_acceptor ON ledger.late_payment USING btree (acceptor, at);
alter table ledger.late_payment enable row level security;
create policy indexer_writes on ledger.late_payment for all to tallystick_indexer
  using (true)
  with check (true);
grant delete, insert, select, truncate, update on ledger.late_payment to tallystick_indexer;
grant select on ledger.late_payment to tallystick_api;
comment on table ledger.late_payment is 'what was paid in for a bill on a day after it was due';

create table ledger.line (
  bank integer not null,
  obligor integer not null,
  limit_minor numeric(20,0) not null,
  reserved_minor numeric(20,0) not null,
  used_minor numeric(20,0) not null,
  group_no bigint,
  from_block bigint not null,
  to_block bigint,
  constraint line_check CHECK ((to_block > from_block)),
  constraint line_pkey PRIMARY KEY (bank, obligor, from_block)
);
CREATE INDEX line_closed ON ledger.line USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX line_from ON ledger.line USING btree (from_block);
CREATE INDEX line_obligor ON ledger.line USING btree (obligor) WHERE (to_block IS NULL);
CREATE UNIQUE INDEX line_open ON ledger.line USING btree (bank, obligor) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.line to tallystick_indexer;
grant select on ledger.line to tallystick_api;

create table ledger.member (
  number integer not null,
  account bytea not null,
  roles integer not null,
  suspended boolean not null,
  suspended_at timestamp with time zone,
  suspension_hash bytea,
  standing boolean not null,
  standing_acceptor integer,
  standing_counterparty integer,
  standing_least bigint,
  standing_until bigint,
  credential_expiry bigint,
  identity_hash bytea not null,
  admitted_at timestamp with time zone not null,
  moving_to bytea,
  helper integer,
  next_helper integer,
  next_helper_from bigint,
  unsettled_at bigint,
  from_block bigint not null,
  to_block bigint,
  constraint member_account_check CHECK ((octet_length(account) = 20)),
  constraint member_check CHECK ((to_block > from_block)),
  constraint member_moving_to_check CHECK ((octet_length(moving_to) = 20)),
  constraint member_number_check CHECK ((number > 0)),
  constraint member_pkey PRIMARY KEY (number, from_block),
  constraint member_suspension_hash_check CHECK ((octet_length(suspension_hash) = 32))
);
CREATE UNIQUE INDEX member_account ON ledger.member USING btree (account) WHERE (to_block IS NULL);
CREATE INDEX member_closed ON ledger.member USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX member_from ON ledger.member USING btree (from_block);
CREATE UNIQUE INDEX member_open ON ledger.member USING btree (number) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.member to tallystick_indexer;
grant select on ledger.member to tallystick_api;
comment on column ledger.member.standing_acceptor is 'limits of the standing acceptance; null is open';
comment on column ledger.member.moving_to is 'the account that it would move to, if that consents';
comment on column ledger.member.helper is 'who helps it to recover, before the instant next_helper_from; then it is next_helper';
comment on column ledger.member.unsettled_at is 'when it was last suspended or moved: what it proposed before for others is void';

create table ledger.nonce_used (
  account bytea not null,
  nonce numeric(78,0) not null,
  block_number bigint not null,
  log_index integer not null,
  tx_hash bytea not null,
  constraint nonce_used_account_check CHECK ((octet_length(account) = 20)),
  constraint nonce_used_pkey PRIMARY KEY (account, nonce)
);
CREATE INDEX nonce_used_block ON ledger.nonce_used USING btree (block_number);
grant delete, insert, select, truncate, update on ledger.nonce_used to tallystick_indexer;
grant select on ledger.nonce_used to tallystick_api;

create table ledger.parcel (
  bill_no bigint not null,
  first bigint not null,
  "end" bigint not null,
  due_on date not null,
  holder integer not null,
  offered_to integer,
  offer_until bigint,
  pledgee integer,
  paid_up_to_minor bigint not null,
  flags integer not null,
  from_block bigint not null,
  to_block bigint,
  constraint parcel_check CHECK (("end" > first)),
  constraint parcel_check1 CHECK ((to_block > from_block)),
  constraint parcel_first_check CHECK ((first >= 0)),
  constraint parcel_one_holder_a_cent EXCLUDE USING gist (bill_no WITH =, int8range(first, "end") WITH &&) WHERE ((to_block IS NULL)),
  constraint parcel_pkey PRIMARY KEY (bill_no, first, from_block)
);
CREATE INDEX parcel_closed ON ledger.parcel USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX parcel_from ON ledger.parcel USING btree (from_block);
CREATE INDEX parcel_holder ON ledger.parcel USING btree (holder, due_on, bill_no, first) WHERE (to_block IS NULL);
CREATE INDEX parcel_holder_of_bill ON ledger.parcel USING btree (bill_no, holder) INCLUDE (offered_to, first, "end", to_block);
CREATE INDEX parcel_offered_by ON ledger.parcel USING btree (holder, due_on, bill_no, first) WHERE ((to_block IS NULL) AND (offered_to IS NOT NULL));
CREATE INDEX parcel_offered_to ON ledger.parcel USING btree (offered_to, due_on, bill_no, first) WHERE ((to_block IS NULL) AND (offered_to IS NOT NULL));
CREATE UNIQUE INDEX parcel_open ON ledger.parcel USING btree (bill_no, first) WHERE (to_block IS NULL);
alter table ledger.parcel enable row level security;
create policy indexer_writes on ledger.parcel for all to tallystick_indexer
  using (true)
  with check (true);
create policy parties_see on ledger.parcel for select to tallystick_api
  using ((
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN holder THEN true
    WHEN offered_to THEN true
    ELSE NULLIF(((EXISTS ( SELECT
       FROM ledger.viewer_party v
      WHERE (v.bill_no = parcel.bill_no)
     OFFSET 0)) OR ledger.is_invited(bill_no)), false)
END IS NOT NULL));
grant delete, insert, select, truncate, update on ledger.parcel to tallystick_indexer;
grant select on ledger.parcel to tallystick_api;
comment on column ledger.parcel.due_on is 'of its bill';

create table ledger.quote_cancelled (
  bank integer not null,
  nonce numeric(20,0) not null,
  from_block bigint not null,
  to_block bigint,
  constraint quote_cancelled_check CHECK ((to_block > from_block)),
  constraint quote_cancelled_pkey PRIMARY KEY (bank, nonce, from_block)
);
CREATE INDEX quote_cancelled_closed ON ledger.quote_cancelled USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX quote_cancelled_from ON ledger.quote_cancelled USING btree (from_block);
CREATE UNIQUE INDEX quote_cancelled_open ON ledger.quote_cancelled USING btree (bank, nonce) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.quote_cancelled to tallystick_indexer;
grant select on ledger.quote_cancelled to tallystick_api;

create table ledger.quote_fill (
  block_number bigint not null,
  log_index integer not null,
  tx_hash bytea not null,
  bank integer not null,
  nonce numeric(20,0) not null,
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
  at timestamp with time zone not null,
  constraint quote_fill_pkey PRIMARY KEY (block_number, log_index)
);
CREATE INDEX quote_fill_bank ON ledger.quote_fill USING btree (bank, block_number, log_index);
CREATE INDEX quote_fill_bill ON ledger.quote_fill USING btree (bill_no, first);
CREATE INDEX quote_fill_quote ON ledger.quote_fill USING btree (bank, nonce);
CREATE INDEX quote_fill_seller ON ledger.quote_fill USING btree (seller, block_number, log_index);
alter table ledger.quote_fill enable row level security;
create policy indexer_writes on ledger.quote_fill for all to tallystick_indexer
  using (true)
  with check (true);
create policy parties_see on ledger.quote_fill for select to tallystick_api
  using ((
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN bank THEN true
    WHEN seller THEN true
    ELSE NULLIF((EXISTS ( SELECT
       FROM ledger.viewer_party v
      WHERE (v.bill_no = quote_fill.bill_no)
     OFFSET 0)), false)
END IS NOT NULL));
grant delete, insert, select, truncate, update on ledger.quote_fill to tallystick_indexer;
grant select on ledger.quote_fill to tallystick_api;

create table ledger.recovery (
  member integer not null,
  helper integer,
  by_helper bytea,
  helper_at bigint,
  by_operator bytea,
  operator_at bigint,
  from_block bigint not null,
  to_block bigint,
  constraint recovery_by_helper_check CHECK ((octet_length(by_helper) = 20)),
  constraint recovery_by_operator_check CHECK ((octet_length(by_operator) = 20)),
  constraint recovery_check CHECK ((to_block > from_block)),
  constraint recovery_check1 CHECK ((((by_helper IS NULL) = (helper IS NULL)) AND ((by_helper IS NULL) = (helper_at IS NULL)))),
  constraint recovery_check2 CHECK (((by_operator IS NULL) = (operator_at IS NULL))),
  constraint recovery_pkey PRIMARY KEY (member, from_block)
);
CREATE INDEX recovery_closed ON ledger.recovery USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX recovery_from ON ledger.recovery USING btree (from_block);
CREATE INDEX recovery_helper ON ledger.recovery USING btree (helper) WHERE (to_block IS NULL);
CREATE UNIQUE INDEX recovery_open ON ledger.recovery USING btree (member) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.recovery to tallystick_indexer;
grant select on ledger.recovery to tallystick_api;
comment on table ledger.recovery is 'where a helper and the operator would have a member move that has lost its keys; whether it counts follows from the times';

create table ledger.redemption (
  number numeric(20,0) not null,
  bank integer not null,
  member integer not null,
  amount_minor numeric(20,0) not null,
  state text not null,
  requested_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  answer_hash bytea,
  from_block bigint not null,
  to_block bigint,
  constraint redemption_answer_hash_check CHECK ((octet_length(answer_hash) = 32)),
  constraint redemption_check CHECK ((to_block > from_block)),
  constraint redemption_pkey PRIMARY KEY (number, from_block),
  constraint redemption_state_check CHECK ((state = ANY (ARRAY['requested'::text, 'confirmed'::text, 'refused'::text])))
);
CREATE INDEX redemption_bank ON ledger.redemption USING btree (bank, number) WHERE (to_block IS NULL);
CREATE INDEX redemption_closed ON ledger.redemption USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX redemption_from ON ledger.redemption USING btree (from_block);
CREATE INDEX redemption_member ON ledger.redemption USING btree (member, number) WHERE (to_block IS NULL);
CREATE UNIQUE INDEX redemption_open ON ledger.redemption USING btree (number) WHERE (to_block IS NULL);
alter table ledger.redemption enable row level security;
create policy indexer_writes on ledger.redemption for all to tallystick_indexer
  using (true)
  with check (true);
create policy parties_see on ledger.redemption for select to tallystick_api
  using (
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN bank THEN true
    WHEN member THEN true
    ELSE NULL::boolean
END);
grant delete, insert, select, truncate, update on ledger.redemption to tallystick_indexer;
grant select on ledger.redemption to tallystick_api;
comment on column ledger.redemption.answer_hash is 'hash of the payment reference, or of the reason of a refusal';

create table ledger.rule_pack (
  number integer not null,
  kind text not null,
  effective_from bigint not null,
  effective_to bigint,
  tenor_months integer not null,
  basis integer not null,
  max_splits integer not null,
  document_hash bytea not null,
  from_block bigint not null,
  to_block bigint,
  constraint rule_pack_check CHECK ((to_block > from_block)),
  constraint rule_pack_kind_check CHECK ((kind = ANY (ARRAY['CERTIFICATE'::text, 'DRAFT'::text, 'LC_CLAIM'::text]))),
  constraint rule_pack_pkey PRIMARY KEY (number, from_block)
);
CREATE INDEX rule_pack_closed ON ledger.rule_pack USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX rule_pack_from ON ledger.rule_pack USING btree (from_block);
CREATE UNIQUE INDEX rule_pack_open ON ledger.rule_pack USING btree (number) WHERE (to_block IS NULL);
grant delete, insert, select, truncate, update on ledger.rule_pack to tallystick_indexer;
grant select on ledger.rule_pack to tallystick_api;

create table ledger.settlement_book (
  bank integer not null,
  cap_minor numeric(20,0) not null,
  issued_minor numeric(20,0) not null,
  pending_minor numeric(20,0) not null,
  from_block bigint not null,
  to_block bigint,
  constraint settlement_book_check CHECK ((pending_minor <= issued_minor)),
  constraint settlement_book_check1 CHECK ((to_block > from_block)),
  constraint settlement_book_pkey PRIMARY KEY (bank, from_block)
);
CREATE INDEX settlement_book_closed ON ledger.settlement_book USING btree (to_block) WHERE (to_block IS NOT NULL);
CREATE INDEX settlement_book_from ON ledger.settlement_book USING btree (from_block);
CREATE UNIQUE INDEX settlement_book_open ON ledger.settlement_book USING btree (bank) WHERE (to_block IS NULL);
alter table ledger.settlement_book enable row level security;
create policy indexer_writes on ledger.settlement_book for all to tallystick_indexer
  using (true)
  with check (true);
create policy parties_see on ledger.settlement_book for select to tallystick_api
  using (
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN bank THEN true
    ELSE NULL::boolean
END);
grant delete, insert, select, truncate, update on ledger.settlement_book to tallystick_indexer;
grant select on ledger.settlement_book to tallystick_api;

create view ledger.invoice_claim with (security_barrier=true) as
 SELECT u.invoice_id,
    b.payee,
    u.bill_no,
    b.acceptor,
    b.status,
    u.amount_minor
   FROM (ledger.invoice_use u
     JOIN ledger.bill b ON (((b.bill_no = u.bill_no) AND (b.to_block IS NULL))))
  WHERE ((u.to_block IS NULL) AND (NOT u.freed) AND
        CASE ( SELECT ledger.who() AS who)
            WHEN '-1'::integer THEN true
            WHEN b.payee THEN true
            ELSE (EXISTS ( SELECT
               FROM (ledger.invoice_use s
                 JOIN ledger.bill o ON (((o.bill_no = s.bill_no) AND (o.to_block IS NULL))))
              WHERE ((s.invoice_id = u.invoice_id) AND (s.to_block IS NULL) AND (NOT s.freed) AND (o.payee = b.payee) AND ((o.acceptor = ( SELECT ledger.who() AS who)) OR (EXISTS ( SELECT
                       FROM ledger.viewer_party p
                      WHERE (p.bill_no = o.bill_no))) OR (EXISTS ( SELECT
                       FROM app.viewer_invitation i
                      WHERE (i.bill_no = o.bill_no)))))))
        END);
grant delete, insert, select, truncate, update on ledger.invoice_claim to tallystick_indexer;
grant select on ledger.invoice_claim to tallystick_api;
comment on view ledger.invoice_claim is 'bills that use an invoice, as far as the viewer is entitled to know';

create view ledger.viewer_party as
 SELECT bill_no
   FROM ledger.bill_party
  WHERE (member = ( SELECT ledger.who() AS who));
grant delete, insert, select, truncate, update on ledger.viewer_party to tallystick_indexer;
grant select on ledger.viewer_party to tallystick_api;
comment on view ledger.viewer_party is 'bills that the viewer was ever party to: for policies';

CREATE OR REPLACE FUNCTION ledger.acceptor_record(obligor bigint, today date, since timestamp with time zone)
 RETURNS TABLE(open_minor numeric, open_bills bigint, untaken_minor numeric, overdue_minor numeric, overdue_bills bigint, late_minor numeric, late_bills bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  select owed.*, untaken.*, overdue.*, late.*
  from (select coalesce(sum(face_minor - paid_in_minor), 0), count(*) from ledger.bill
      where to_block is null and status = 'active' and paid_in_minor < face_minor and acceptor = obligor) owed,
    (select coalesce(sum(face_minor), 0) from ledger.bill
      where to_block is null and status = 'offered' and acceptor = obligor and due_on > today) untaken,
    (select coalesce(sum(face_minor - paid_in_minor), 0), count(*) from ledger.bill
      where to_block is null and status = 'active' and paid_in_minor < face_minor and acceptor = obligor
        and due_on < today) overdue,
    (select coalesce(sum(amount_minor), 0), count(distinct bill_no) from ledger.late_payment
      where acceptor = obligor and at >= since) late
  where case (select ledger.who()) when -1 then true when obligor then true else exists (
      select from ledger.parcel p join ledger.bill b on b.bill_no = p.bill_no and b.to_block is null
      where p.to_block is null and p.holder = (select ledger.who()) and b.acceptor = obligor
        and p.bill_no >= obligor << 32 and p.bill_no < obligor + 1 << 32)
    or exists (
      select from app.invitation i
      where i.bank = (select ledger.who()) and i.declined_at is null
        and i.bill_no >= obligor << 32 and i.bill_no < obligor + 1 << 32 and exists (
          select from app.financing_request r
          where r.id = i.request_id and r.cancelled_at is null and r.due_on > today offset 0)) end;
$function$
;
grant execute on function ledger.acceptor_record(bigint,date,timestamp with time zone) to tallystick_api;
comment on function ledger.acceptor_record(bigint,date,timestamp with time zone) is 'for the acceptor, who holds a piece of a bill of its, a bank that is asked to buy one, and who sees all';

CREATE OR REPLACE FUNCTION ledger.is_invited(bill bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
begin
  return exists (select from app.viewer_invitation i where i.bill_no = bill);
end $function$
;
grant execute on function ledger.is_invited(bigint) to tallystick_api;

CREATE OR REPLACE FUNCTION ledger.viewer()
 RETURNS integer
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select case when current_setting('tallystick.viewer', true) ~ '^[0-9]+$'
    then current_setting('tallystick.viewer', true)::integer end
$function$
;

CREATE OR REPLACE FUNCTION ledger.viewer_sees_all()
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select current_setting('tallystick.viewer', true) = '*'
$function$
;

CREATE OR REPLACE FUNCTION ledger.who()
 RETURNS integer
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select nullif(replace(current_setting('tallystick.viewer', true), '*', '-1'), '')::integer
$function$
;
comment on function ledger.who() is 'the number of the viewer; -1: sees all; -2: the operator; null: sees nothing';

create schema app;

-- For what is made in app later:
grant delete, insert, select, update on tables to tallystick_api;
grant select, usage on sequences to tallystick_api;

-- Who may use it:
grant usage on schema app to tallystick_api;

create table app.account_nonce (
  account bytea not null,
  next_nonce numeric(78,0) not null,
  constraint account_nonce_pkey PRIMARY KEY (account)
);
grant delete, insert, select, update on app.account_nonce to tallystick_api;

create table app.account_proof (
  id uuid not null,
  application_id uuid not null,
  bank text not null,
  account_no text not null,
  reference text,
  tries integer not null default 0,
  proved_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint account_proof_application_id_fkey FOREIGN KEY (application_id) REFERENCES app.application(id) ON DELETE CASCADE,
  constraint account_proof_pkey PRIMARY KEY (id),
  constraint account_proof_tries_check CHECK (((tries >= 0) AND (tries <= 3)))
);
CREATE INDEX account_proof_account ON app.account_proof USING btree (account_no, created_at);
CREATE INDEX account_proof_application ON app.account_proof USING btree (application_id, created_at);
grant delete, insert, select, update on app.account_proof to tallystick_api;
comment on table app.account_proof is 'a small credit to the account of an application; who states its amount reads that account''s statement';
comment on column app.account_proof.reference is 'by which the bank finds it again; null: it was not asked yet';

create table app.api_key (
  id uuid not null,
  secret_hash bytea not null,
  member integer not null,
  made_by uuid,
  name text not null,
  rights text[] not null,
  ranges text[] not null,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_key_made_by_fkey FOREIGN KEY (made_by) REFERENCES app.person(id),
  constraint api_key_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_rights_check CHECK (((rights <@ ARRAY['see'::text, 'prepare'::text, 'sign'::text]) AND (cardinality(rights) > 0))),
  constraint api_key_secret_hash_check CHECK ((octet_length(secret_hash) = 32)),
  constraint api_key_secret_hash_key UNIQUE (secret_hash)
);
CREATE INDEX api_key_member ON app.api_key USING btree (member);
grant delete, insert, select, update on app.api_key to tallystick_api;
comment on column app.api_key.ranges is 'addresses that it may come from, as CIDR; none: from anywhere';

create table app.appeal (
  id uuid not null,
  member integer not null,
  person_id uuid,
  text text not null,
  at timestamp with time zone not null default now(),
  constraint appeal_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint appeal_pkey PRIMARY KEY (id),
  constraint appeal_text_check CHECK (((length(text) >= 1) AND (length(text) <= 2000)))
);
CREATE INDEX appeal_member ON app.appeal USING btree (member, at);
grant delete, insert, select, update on app.appeal to tallystick_api;
comment on table app.appeal is 'what a suspended member has to say, for the platform to read';

create table app.application (
  id uuid not null,
  kind text not null,
  applicant uuid not null,
  member integer,
  link_id uuid,
  invited_by integer,
  state text not null default 'draft'::text,
  form jsonb not null default '{}'::jsonb,
  number text,
  checks jsonb not null default '{}'::jsonb,
  filed_at timestamp with time zone,
  verified_by text,
  admitted_by text,
  identity_hash bytea,
  instruction_id uuid,
  address text,
  created_at timestamp with time zone not null default now(),
  changed_at timestamp with time zone not null default now(),
  constraint application_applicant_fkey FOREIGN KEY (applicant) REFERENCES app.person(id),
  constraint application_check CHECK (((kind = 'admission'::text) OR (member IS NOT NULL))),
  constraint application_check1 CHECK (((verified_by IS NULL) OR (admitted_by IS NULL) OR (verified_by <> admitted_by))),
  constraint application_identity_hash_check CHECK ((octet_length(identity_hash) = 32)),
  constraint application_instruction_id_fkey FOREIGN KEY (instruction_id) REFERENCES app.instruction(id) DEFERRABLE INITIALLY DEFERRED,
  constraint application_kind_check CHECK ((kind = ANY (ARRAY['admission'::text, 'renewal'::text]))),
  constraint application_link_id_fkey FOREIGN KEY (link_id) REFERENCES app.link(id) ON DELETE SET NULL,
  constraint application_pkey PRIMARY KEY (id),
  constraint application_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'filed'::text, 'in_review'::text, 'verified'::text, 'admitted'::text, 'refused'::text])))
);
CREATE INDEX application_address ON app.application USING btree (address, created_at) WHERE (filed_at IS NULL);
CREATE INDEX application_admitting ON app.application USING btree (id) WHERE ((state = 'verified'::text) AND (admitted_by IS NOT NULL));
CREATE INDEX application_applicant ON app.application USING btree (applicant, id);
CREATE INDEX application_link ON app.application USING btree (link_id) WHERE (link_id IS NOT NULL);
CREATE INDEX application_member ON app.application USING btree (member) WHERE (member IS NOT NULL);
CREATE INDEX application_number ON app.application USING btree (number) WHERE (number IS NOT NULL);
CREATE INDEX application_state ON app.application USING btree (state, id);
grant delete, insert, select, update on app.application to tallystick_api;
comment on table app.application is 'a firm asks to be admitted, or a member to be verified again (renewal)';
comment on column app.application.member is 'of a renewal: whose; of an admission: who it became';
comment on column app.application.link_id is 'the invitation that the applicant came by, and whose it was';
comment on column app.application.number is 'what the firm is known by (USCC or LEI), in its one form; nobody but the platform learns who else has it';
comment on column app.application.checks is 'what the verifier has ticked';
comment on column app.application.verified_by is 'a person, or a session of the demonstration; who admits is another';
comment on column app.application.identity_hash is 'under which the chain admits it, whoever signs the admission';
comment on column app.application.instruction_id is 'that renews';
comment on column app.application.address is 'from which it was begun: so many of one address';

create table app.application_document (
  id uuid not null,
  application_id uuid not null,
  kind text not null,
  name text not null,
  type text not null,
  size integer not null,
  content bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint application_document_application_id_fkey FOREIGN KEY (application_id) REFERENCES app.application(id) ON DELETE CASCADE,
  constraint application_document_kind_check CHECK ((kind = ANY (ARRAY['licence'::text, 'legal_person'::text, 'other'::text]))),
  constraint application_document_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint application_document_pkey PRIMARY KEY (id),
  constraint application_document_size_check CHECK ((size > 0)),
  constraint application_document_type_check CHECK ((type = ANY (ARRAY['application/pdf'::text, 'image/jpeg'::text, 'image/png'::text])))
);
alter table app.application_document alter column content set storage external;
CREATE INDEX application_document_application ON app.application_document USING btree (application_id, id);
grant delete, insert, select, update on app.application_document to tallystick_api;
comment on column app.application_document.content is 'AES-256-GCM under the deployment''s key, bound to this row: nonce, ciphertext, tag';

create table app.application_person (
  application_id uuid not null,
  person_id uuid not null,
  rights text[] not null,
  level text,
  passkey_id uuid,
  created_at timestamp with time zone not null default now(),
  constraint application_person_application_id_fkey FOREIGN KEY (application_id) REFERENCES app.application(id) ON DELETE CASCADE,
  constraint application_person_check CHECK (((level IS NULL) = (passkey_id IS NULL))),
  constraint application_person_level_check CHECK ((level = ANY (ARRAY['maker'::text, 'checker'::text]))),
  constraint application_person_passkey_id_fkey FOREIGN KEY (passkey_id) REFERENCES app.passkey(id),
  constraint application_person_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint application_person_pkey PRIMARY KEY (application_id, person_id),
  constraint application_person_rights_check CHECK (((rights <@ ARRAY['see'::text, 'prepare'::text, 'sign'::text, 'administer'::text]) AND (cardinality(rights) > 0)))
);
CREATE INDEX application_person_person ON app.application_person USING btree (person_id);
grant delete, insert, select, update on app.application_person to tallystick_api;
comment on table app.application_person is 'who will have a seat in the firm, and with which device each will sign for it';

create table app.application_step (
  application_id uuid not null,
  "position" integer not null,
  state text not null,
  reason text,
  by text not null,
  at timestamp with time zone not null default now(),
  constraint application_step_application_id_fkey FOREIGN KEY (application_id) REFERENCES app.application(id) ON DELETE CASCADE,
  constraint application_step_by_check CHECK ((by = ANY (ARRAY['applicant'::text, 'platform'::text, 'ledger'::text]))),
  constraint application_step_pkey PRIMARY KEY (application_id, "position"),
  constraint application_step_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 2000)))
);
grant delete, insert, select, update on app.application_step to tallystick_api;
comment on table app.application_step is 'the states that an application was in, as its applicant sees them; back in draft with a reason: more is wanted';

create table app.audit_anchor (
  no bigint not null,
  instruction_id uuid not null,
  at timestamp(3) with time zone not null default clock_timestamp(),
  constraint audit_anchor_no_fkey FOREIGN KEY (no) REFERENCES app.audit_link(no),
  constraint audit_anchor_pkey PRIMARY KEY (no)
);
CREATE TRIGGER keep_trail BEFORE DELETE OR UPDATE OR TRUNCATE ON app.audit_anchor FOR EACH STATEMENT EXECUTE FUNCTION app.keep_trail();
grant insert, select on app.audit_anchor to tallystick_api;
comment on table app.audit_anchor is 'links whose hash was handed to the keeper, to be written on the chain';

create table app.audit_entry (
  id bigint not null generated always as identity,
  at timestamp(3) with time zone not null default clock_timestamp(),
  person uuid,
  member integer,
  is_operator boolean not null,
  for_operator boolean not null,
  action text not null,
  route text,
  subject text,
  request_id text,
  ip text,
  facts jsonb not null default '{}'::jsonb,
  salt uuid not null default gen_random_uuid(),
  constraint audit_entry_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_entry_action ON app.audit_entry USING btree (action, id);
CREATE INDEX audit_entry_for_operator ON app.audit_entry USING btree (id) WHERE for_operator;
CREATE INDEX audit_entry_member ON app.audit_entry USING btree (member, id);
CREATE INDEX audit_entry_person ON app.audit_entry USING btree (person, id) WHERE (person IS NOT NULL);
CREATE INDEX audit_entry_subject ON app.audit_entry USING btree (subject, id) WHERE (subject IS NOT NULL);
alter table app.audit_entry enable row level security;
create policy all_add on app.audit_entry for insert to tallystick_api
  using ()
  with check (true);
create policy own on app.audit_entry for select to tallystick_api
  using (
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN '-2'::integer THEN for_operator
    WHEN member THEN true
    ELSE NULL::boolean
END);
CREATE TRIGGER await_link AFTER INSERT ON app.audit_entry REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION app.await_link();
CREATE TRIGGER keep_trail BEFORE DELETE OR UPDATE OR TRUNCATE ON app.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION app.keep_trail();
grant insert, select on app.audit_entry to tallystick_api;
comment on table app.audit_entry is 'who did or looked at what; sealed into links, see services/domain/audit/chain.ts';
comment on column app.audit_entry.member is 'for whom the person acted; null: for the operator, or nobody knows';
comment on column app.audit_entry.for_operator is 'whether the operator reads it';
comment on column app.audit_entry.salt is 'goes into its hash, which others get to see';

create table app.audit_link (
  no bigint not null,
  at timestamp(3) with time zone not null,
  entries bigint[] not null,
  digests bytea not null,
  previous bytea not null,
  hash bytea not null,
  constraint audit_link_check CHECK (((cardinality(entries) > 0) AND (octet_length(digests) = (32 * cardinality(entries))))),
  constraint audit_link_hash_check CHECK ((octet_length(hash) = 32)),
  constraint audit_link_no_check CHECK ((no > 0)),
  constraint audit_link_pkey PRIMARY KEY (no),
  constraint audit_link_previous_check CHECK ((octet_length(previous) = 32))
);
CREATE TRIGGER follow_link BEFORE INSERT ON app.audit_link FOR EACH ROW EXECUTE FUNCTION app.follow_link();
CREATE TRIGGER keep_trail BEFORE DELETE OR UPDATE OR TRUNCATE ON app.audit_link FOR EACH STATEMENT EXECUTE FUNCTION app.keep_trail();
grant insert, select on app.audit_link to tallystick_api;
comment on table app.audit_link is 'a batch of entries, in order, chained to the batch before';
comment on column app.audit_link.digests is 'of each entry 32 bytes, in the order of entries';

create table app.audit_waiting (
  entry bigint not null,
  constraint audit_waiting_pkey PRIMARY KEY (entry)
);
grant delete, insert, select on app.audit_waiting to tallystick_api;
comment on table app.audit_waiting is 'entries that no link has yet: a queue, not a part of the trail';

create table app.bill_document (
  bill_no bigint not null,
  document_hash bytea not null,
  acceptor integer not null,
  canonical text not null,
  named integer[] not null,
  created_at timestamp with time zone not null default now(),
  constraint bill_document_document_hash_check CHECK ((octet_length(document_hash) = 32)),
  constraint bill_document_pkey PRIMARY KEY (bill_no)
);
CREATE INDEX bill_document_hash ON app.bill_document USING btree (document_hash);
alter table app.bill_document enable row level security;
create policy own on app.bill_document for all to tallystick_api
  using ((
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN acceptor THEN true
    ELSE NULLIF(((EXISTS ( SELECT
       FROM ledger.viewer_party v
      WHERE (v.bill_no = bill_document.bill_no)
     OFFSET 0)) OR ledger.is_invited(bill_no)), false)
END IS NOT NULL));
grant delete, insert, select, update on app.bill_document to tallystick_api;
comment on column app.bill_document.canonical is 'canonical JSON of terms, invoices and note; its keccak-256 is on chain';

create table app.bill_file (
  id uuid not null,
  bill_no bigint not null,
  bill_key_id uuid not null,
  member integer not null,
  person_id uuid,
  facts bytea,
  content bytea,
  size integer not null,
  content_hash bytea not null,
  created_at timestamp with time zone not null default now(),
  removed_at timestamp with time zone,
  removed_by uuid,
  constraint bill_file_bill_key_id_fkey FOREIGN KEY (bill_key_id) REFERENCES app.bill_key(id),
  constraint bill_file_check CHECK ((size = octet_length(content))),
  constraint bill_file_content_hash_check CHECK ((octet_length(content_hash) = 32)),
  constraint bill_file_facts_check CHECK (((octet_length(facts) >= 29) AND (octet_length(facts) <= 2048))),
  constraint bill_file_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint bill_file_pkey PRIMARY KEY (id),
  constraint bill_file_removed CHECK ((((removed_at IS NULL) AND (content IS NOT NULL) AND (facts IS NOT NULL)) OR ((removed_at IS NOT NULL) AND (content IS NULL) AND (facts IS NULL)))),
  constraint bill_file_removed_by_fkey FOREIGN KEY (removed_by) REFERENCES app.person(id)
);
alter table app.bill_file alter column content set storage external;
CREATE INDEX bill_file_member ON app.bill_file USING btree (member);
CREATE INDEX bill_file_of ON app.bill_file USING btree (bill_no, id);
alter table app.bill_file enable row level security;
create policy own on app.bill_file for all to tallystick_api
  using (app.reads_documents(bill_no));
create policy remover on app.bill_file as restrictive for update to tallystick_api
  using (((member = ( SELECT ledger.viewer() AS viewer)) AND (removed_at IS NULL)))
  with check ((removed_at IS NOT NULL));
grant insert, select on app.bill_file to tallystick_api;
grant update (facts) on app.bill_file to tallystick_api;
grant update (content) on app.bill_file to tallystick_api;
grant update (removed_at) on app.bill_file to tallystick_api;
grant update (removed_by) on app.bill_file to tallystick_api;
comment on table app.bill_file is 'documents that members attached to bills, as ciphertext';
comment on column app.bill_file.facts is 'ciphertext: kind and name, as their uploader said';
comment on column app.bill_file.content_hash is 'of the ciphertext: a hash of the document would tell who has it already that this is it';
comment on column app.bill_file.removed_at is 'by who attached it: ciphertext and what it said of it are gone, its hash and size stay';

create table app.bill_invoice (
  number text not null,
  bill_no bigint not null,
  invoice_id bytea,
  constraint bill_invoice_bill_no_fkey FOREIGN KEY (bill_no) REFERENCES app.bill_document(bill_no) ON DELETE CASCADE,
  constraint bill_invoice_invoice_id_check CHECK ((octet_length(invoice_id) = 32))
);
CREATE INDEX bill_invoice_bill ON app.bill_invoice USING btree (bill_no);
CREATE UNIQUE INDEX bill_invoice_once ON app.bill_invoice USING btree (number, bill_no, invoice_id) NULLS NOT DISTINCT;
alter table app.bill_invoice enable row level security;
create policy own on app.bill_invoice for all to tallystick_api
  using ((EXISTS ( SELECT
   FROM app.bill_document d
  WHERE (d.bill_no = bill_invoice.bill_no))));
grant delete, insert, select, update on app.bill_invoice to tallystick_api;
comment on table app.bill_invoice is 'the numbers of the invoices in the documents of bills: row-level security lets no index on an expression be used';
comment on column app.bill_invoice.number is 'in its canonical form';

create table app.bill_key (
  id uuid not null,
  bill_no bigint not null,
  commitment bytea not null,
  made_by integer not null,
  created_at timestamp with time zone not null default now(),
  retired_at timestamp with time zone,
  constraint bill_key_commitment_check CHECK ((octet_length(commitment) = 32)),
  constraint bill_key_pkey PRIMARY KEY (id)
);
CREATE INDEX bill_key_of ON app.bill_key USING btree (bill_no, id);
alter table app.bill_key enable row level security;
create policy own on app.bill_key for all to tallystick_api
  using (app.reads_documents(bill_no));
grant delete, insert, select, update on app.bill_key to tallystick_api;
comment on table app.bill_key is 'under which documents of a bill are encrypted: each wrapped in app.bill_key_wrap';
comment on column app.bill_key.commitment is 'a hash of the key, by which everybody who opens it knows that it is the same for all';
comment on column app.bill_key.retired_at is 'sight was taken back from somebody who has it: nothing new is encrypted under it';

create table app.bill_key_wrap (
  bill_key_id uuid not null,
  document_key_id uuid not null,
  sender_key_id uuid not null,
  member integer not null,
  wrapped_by integer not null,
  wrapped bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint bill_key_wrap_bill_key_id_fkey FOREIGN KEY (bill_key_id) REFERENCES app.bill_key(id),
  constraint bill_key_wrap_document_key_id_fkey FOREIGN KEY (document_key_id) REFERENCES app.document_key(id),
  constraint bill_key_wrap_pkey PRIMARY KEY (bill_key_id, document_key_id, sender_key_id),
  constraint bill_key_wrap_sender_key_id_fkey FOREIGN KEY (sender_key_id) REFERENCES app.document_key(id),
  constraint bill_key_wrap_wrapped_check CHECK ((octet_length(wrapped) = 113))
);
CREATE INDEX bill_key_wrap_by ON app.bill_key_wrap USING btree (wrapped_by);
CREATE INDEX bill_key_wrap_member ON app.bill_key_wrap USING btree (member);
alter table app.bill_key_wrap enable row level security;
create policy own on app.bill_key_wrap for all to tallystick_api
  using (((EXISTS ( SELECT
   FROM app.bill_key k
  WHERE (k.id = bill_key_wrap.bill_key_id))) AND
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN member THEN true
    WHEN wrapped_by THEN true
    ELSE NULL::boolean
END));
grant insert, select on app.bill_key_wrap to tallystick_api;
comment on table app.bill_key_wrap is 'keys of bills, wrapped for a member by a member';

create table app.bill_serial (
  acceptor integer not null,
  next_serial bigint not null,
  constraint bill_serial_pkey PRIMARY KEY (acceptor)
);
grant delete, insert, select, update on app.bill_serial to tallystick_api;

create table app.bill_voucher (
  bill_no bigint not null,
  member integer not null,
  voucher text not null,
  key text collate "C" not null,
  constraint bill_voucher_pkey PRIMARY KEY (bill_no),
  constraint bill_voucher_voucher_check CHECK (((length(voucher) >= 1) AND (length(voucher) <= 64)))
);
CREATE INDEX bill_voucher_key ON app.bill_voucher USING btree (member, key);
alter table app.bill_voucher enable row level security;
create policy own on app.bill_voucher for all to tallystick_api
  using ((member = ( SELECT ledger.viewer() AS viewer)));
grant delete, insert, select, update on app.bill_voucher to tallystick_api;
comment on table app.bill_voucher is 'the document of the acceptor''s books (凭证号) that a bill was issued for';
comment on column app.bill_voucher.key is 'in lower case and plain order: a policy lets no other comparison use the index';

create table app.ceremony (
  challenge_hash bytea not null,
  purpose text not null,
  facts jsonb not null,
  expires_at timestamp with time zone not null,
  constraint ceremony_challenge_hash_check CHECK ((octet_length(challenge_hash) = 32)),
  constraint ceremony_pkey PRIMARY KEY (challenge_hash),
  constraint ceremony_purpose_check CHECK ((purpose = ANY (ARRAY['enter'::text, 'register'::text, 'device'::text])))
);
CREATE INDEX ceremony_expires ON app.ceremony USING btree (expires_at);
grant delete, insert, select, update on app.ceremony to tallystick_api;
comment on table app.ceremony is 'a challenge that a device has been given and has not answered yet';

create table app.credit_note (
  member integer not null,
  supplier integer not null,
  number text not null,
  invoice_number text not null,
  amount_minor bigint not null,
  import_id uuid not null,
  "row" integer not null,
  constraint credit_note_amount_minor_check CHECK ((amount_minor > 0)),
  constraint credit_note_import_id_fkey FOREIGN KEY (import_id) REFERENCES app.import(id),
  constraint credit_note_pkey PRIMARY KEY (member, supplier, number)
);
CREATE INDEX credit_note_import ON app.credit_note USING btree (import_id);
CREATE INDEX credit_note_invoice ON app.credit_note USING btree (member, supplier, invoice_number);
alter table app.credit_note enable row level security;
create policy own on app.credit_note for all to tallystick_api
  using ((( SELECT ledger.viewer_sees_all() AS viewer_sees_all) OR (member = ( SELECT ledger.viewer() AS viewer))));
grant delete, insert, select, update on app.credit_note to tallystick_api;
comment on table app.credit_note is 'each counts once, whichever file it came in; numbers in lower case';

create table app.delivery (
  id uuid not null,
  notice_id uuid not null,
  channel text not null,
  person_id uuid,
  webhook_id uuid,
  address text,
  state text not null default 'waiting'::text,
  attempts integer not null default 0,
  next_at timestamp with time zone not null,
  batch uuid,
  sent_at timestamp with time zone,
  last_status integer,
  last_error text,
  created_at timestamp with time zone not null,
  constraint delivery_channel_check CHECK ((channel = ANY (ARRAY['mail'::text, 'sms'::text, 'wechat'::text, 'webhook'::text]))),
  constraint delivery_check CHECK (((channel = 'webhook'::text) = (webhook_id IS NOT NULL))),
  constraint delivery_check1 CHECK (((person_id IS NULL) = (channel = 'webhook'::text))),
  constraint delivery_notice_id_channel_person_id_webhook_id_key UNIQUE NULLS NOT DISTINCT (notice_id, channel, person_id, webhook_id),
  constraint delivery_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES app.notice(id),
  constraint delivery_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint delivery_pkey PRIMARY KEY (id),
  constraint delivery_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text, 'dropped'::text]))),
  constraint delivery_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES app.webhook(id) ON DELETE CASCADE
);
CREATE INDEX delivery_due ON app.delivery USING btree (channel, next_at) WHERE (state = 'waiting'::text);
CREATE INDEX delivery_person ON app.delivery USING btree (person_id, channel, sent_at) WHERE (state = 'sent'::text);
CREATE INDEX delivery_person_waiting ON app.delivery USING btree (person_id, channel) WHERE (state = 'waiting'::text);
CREATE INDEX delivery_webhook ON app.delivery USING btree (webhook_id, id);
grant delete, insert, select, update on app.delivery to tallystick_api;
comment on table app.delivery is 'the outbox: what is to be sent to whom, and what became of it';
comment on column app.delivery.state is 'dropped: no longer true, or no longer for this reader';
comment on column app.delivery.next_at is 'not before; while somebody sends it, when somebody else may take it to be lost';
comment on column app.delivery.batch is 'the message that carries it, by its id; the same at each try';

create table app.document_key (
  id uuid not null,
  member integer not null,
  account bytea not null,
  public_key bytea not null,
  signer bytea not null,
  signature bytea not null,
  made_by uuid,
  created_at timestamp with time zone not null default now(),
  replaced_at timestamp with time zone,
  constraint document_key_account_check CHECK ((octet_length(account) = 20)),
  constraint document_key_made_by_fkey FOREIGN KEY (made_by) REFERENCES app.person(id),
  constraint document_key_pkey PRIMARY KEY (id),
  constraint document_key_public_key_check CHECK ((octet_length(public_key) = 65))
);
CREATE UNIQUE INDEX document_key_current ON app.document_key USING btree (member) WHERE (replaced_at IS NULL);
grant delete, insert, select, update on app.document_key to tallystick_api;
comment on table app.document_key is 'public keys of members, each signed by a signer of its account: known to all members';

create table app.document_key_holder (
  id uuid not null,
  key_id uuid not null,
  member integer not null,
  person_id uuid,
  kind text not null,
  name text not null,
  public_key bytea not null,
  wrapped bytea,
  created_at timestamp with time zone not null default now(),
  passkey_id uuid,
  constraint document_key_holder_key_id_fkey FOREIGN KEY (key_id) REFERENCES app.document_key(id),
  constraint document_key_holder_key_id_public_key_key UNIQUE (key_id, public_key),
  constraint document_key_holder_kind_check CHECK ((kind = ANY (ARRAY['passkey'::text, 'browser'::text, 'recovery'::text]))),
  constraint document_key_holder_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint document_key_holder_passkey_id_fkey FOREIGN KEY (passkey_id) REFERENCES app.passkey(id),
  constraint document_key_holder_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint document_key_holder_pkey PRIMARY KEY (id),
  constraint document_key_holder_public_key_check CHECK ((octet_length(public_key) = 65)),
  constraint document_key_holder_seat FOREIGN KEY (person_id, member) REFERENCES app.seat(person_id, member) ON DELETE CASCADE,
  constraint document_key_holder_wrapped_check CHECK ((octet_length(wrapped) = 113))
);
CREATE INDEX document_key_holder_of ON app.document_key_holder USING btree (member);
CREATE INDEX document_key_holder_passkey ON app.document_key_holder USING btree (passkey_id) WHERE (passkey_id IS NOT NULL);
CREATE INDEX document_key_holder_person ON app.document_key_holder USING btree (person_id, member) WHERE (person_id IS NOT NULL);
alter table app.document_key_holder enable row level security;
create policy own on app.document_key_holder for all to tallystick_api
  using ((member = ( SELECT ledger.viewer() AS viewer)));
grant delete, insert, select, update on app.document_key_holder to tallystick_api;
comment on table app.document_key_holder is 'who opens a member''s key: devices of people and a code on paper';
comment on column app.document_key_holder.wrapped is 'the member''s key, wrapped for this holder; null: it waits for another holder to do so';
comment on column app.document_key_holder.passkey_id is 'the device of the person, as its browser says; null: it did not say';

create table app.document_sight (
  id uuid not null,
  bill_no bigint not null,
  giver integer not null,
  reader integer not null,
  number bigint not null generated always as identity,
  digest bytea not null,
  prepared_by uuid,
  created_at timestamp with time zone not null default now(),
  given_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended_by uuid,
  constraint document_sight_check CHECK ((giver <> reader)),
  constraint document_sight_digest_check CHECK ((octet_length(digest) = 32)),
  constraint document_sight_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES app.person(id),
  constraint document_sight_pkey PRIMARY KEY (id),
  constraint document_sight_prepared_by_fkey FOREIGN KEY (prepared_by) REFERENCES app.person(id)
);
CREATE INDEX document_sight_giver ON app.document_sight USING btree (giver, bill_no);
CREATE UNIQUE INDEX document_sight_open ON app.document_sight USING btree (bill_no, giver, reader) WHERE (ended_at IS NULL);
CREATE INDEX document_sight_reader ON app.document_sight USING btree (reader, bill_no);
alter table app.document_sight enable row level security;
create policy own on app.document_sight for all to tallystick_api
  using (
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN giver THEN true
    WHEN reader THEN true
    ELSE NULL::boolean
END);
grant delete, insert, select, update on app.document_sight to tallystick_api;
comment on table app.document_sight is 'a member gives another sight of the documents of a bill: signed like an instruction, kept here alone';
comment on column app.document_sight.given_at is 'when enough had signed; null before';

create table app.email_proof (
  secret_hash bytea not null,
  person_id uuid not null,
  address text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint email_proof_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint email_proof_pkey PRIMARY KEY (secret_hash),
  constraint email_proof_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);
CREATE INDEX email_proof_person ON app.email_proof USING btree (person_id, created_at);
grant delete, insert, select, update on app.email_proof to tallystick_api;
comment on table app.email_proof is 'links that were sent to an address: who opens one reads its mail';

create table app.financing_request (
  id uuid not null,
  seller integer not null,
  bill_no bigint not null,
  first bigint not null,
  "end" bigint not null,
  acceptor integer not null,
  due_on date not null,
  amount_minor bigint not null,
  recourse text not null,
  purpose text not null,
  note text,
  cancelled_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  created_block bigint not null,
  constraint financing_request_amount_minor_check CHECK ((amount_minor > 0)),
  constraint financing_request_pkey PRIMARY KEY (id),
  constraint financing_request_purpose_check CHECK ((purpose = ANY (ARRAY['discount'::text, 'rediscount'::text]))),
  constraint financing_request_recourse_check CHECK ((recourse = ANY (ARRAY['without'::text, 'with'::text, 'limited'::text])))
);
CREATE INDEX financing_request_bill ON app.financing_request USING btree (bill_no);
CREATE INDEX financing_request_own ON app.financing_request USING btree (seller, id);
alter table app.financing_request enable row level security;
create policy own on app.financing_request for all to tallystick_api
  using ((
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN seller THEN true
    ELSE NULLIF((EXISTS ( SELECT
       FROM app.viewer_invitation i
      WHERE (i.request_id = financing_request.id)
     OFFSET 0)), false)
END IS NOT NULL));
grant delete, insert, select, update on app.financing_request to tallystick_api;
comment on column app.financing_request."end" is 'with first: the parcel when it was asked for';

create table app.idempotency_key (
  subject text not null,
  key text not null,
  request_hash bytea not null,
  status integer,
  body text,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_key_pkey PRIMARY KEY (subject, key)
);
CREATE INDEX idempotency_key_created ON app.idempotency_key USING btree (created_at);
grant delete, insert, select, update on app.idempotency_key to tallystick_api;
comment on column app.idempotency_key.status is 'null while the first request is under way';

create table app.identity (
  identity_hash bytea not null,
  account bytea not null,
  name_zh text,
  name_en text,
  tax_id text,
  document text,
  created_at timestamp with time zone not null default now(),
  erased_at timestamp with time zone,
  erasure_reason text,
  constraint identity_account_check CHECK ((octet_length(account) = 20)),
  constraint identity_check CHECK (((erased_at IS NULL) = ((name_zh IS NOT NULL) AND (name_en IS NOT NULL) AND (document IS NOT NULL)))),
  constraint identity_check1 CHECK (((erased_at IS NULL) OR ((tax_id IS NULL) AND (erasure_reason IS NOT NULL)))),
  constraint identity_identity_hash_check CHECK ((octet_length(identity_hash) = 32)),
  constraint identity_pkey PRIMARY KEY (identity_hash)
);
CREATE INDEX identity_tax_id ON app.identity USING btree (tax_id) WHERE (tax_id IS NOT NULL);
grant delete, insert, select, update on app.identity to tallystick_api;
comment on table app.identity is 'who is behind an account; the chain keeps the hash of the document';
comment on column app.identity.document is 'canonical JSON of account, name, tax number and 32 random bytes of salt, without which nobody can guess its way from the hash to the firm';
comment on column app.identity.erased_at is 'then name, tax number and document with its salt were blotted out for good';

create table app.import (
  id uuid not null,
  member integer not null,
  name text not null,
  content bytea not null,
  given jsonb not null,
  reading jsonb not null,
  row_count integer not null default 0,
  error_count integer not null default 0,
  credit_count integer not null default 0,
  total_minor bigint not null default 0,
  created_at timestamp with time zone not null default now(),
  constraint import_pkey PRIMARY KEY (id)
);
alter table app.import alter column content set storage external;
CREATE INDEX import_member ON app.import USING btree (member, created_at DESC, id DESC);
alter table app.import enable row level security;
create policy own on app.import for all to tallystick_api
  using ((( SELECT ledger.viewer_sees_all() AS viewer_sees_all) OR (member = ( SELECT ledger.viewer() AS viewer))));
grant delete, insert, select, update on app.import to tallystick_api;
comment on column app.import.given is 'mapping and formats as the user stated them';

create table app.import_row (
  import_id uuid not null,
  "row" integer not null,
  member integer not null,
  source text,
  payable jsonb,
  credit jsonb,
  as_read jsonb,
  amount_minor bigint,
  errors jsonb not null,
  instruction_id uuid,
  bill_no bigint,
  constraint import_row_import_id_fkey FOREIGN KEY (import_id) REFERENCES app.import(id),
  constraint import_row_instruction_id_fkey FOREIGN KEY (instruction_id) REFERENCES app.instruction(id),
  constraint import_row_pkey PRIMARY KEY (import_id, "row")
);
CREATE INDEX import_row_error ON app.import_row USING btree (import_id, "row") WHERE (jsonb_array_length(errors) > 0);
CREATE INDEX import_row_instruction ON app.import_row USING btree (instruction_id) WHERE (instruction_id IS NOT NULL);
CREATE INDEX import_row_taken ON app.import_row USING btree (import_id, instruction_id) WHERE (instruction_id IS NOT NULL);
alter table app.import_row enable row level security;
create policy own on app.import_row for all to tallystick_api
  using ((( SELECT ledger.viewer_sees_all() AS viewer_sees_all) OR (member = ( SELECT ledger.viewer() AS viewer))));
grant delete, insert, select, update on app.import_row to tallystick_api;
comment on column app.import_row.source is 'the file within an archive';
comment on column app.import_row.credit is 'a credit note: it is not issued, it reduces what its invoice can back';
comment on column app.import_row.as_read is 'what stands in a row that is refused';
comment on column app.import_row.instruction_id is 'the act that issues it: a row is free again only when that act can never be done';

create table app.import_shape (
  member integer not null,
  shape bytea not null,
  stated jsonb not null,
  changed_at timestamp with time zone not null default now(),
  constraint import_shape_pkey PRIMARY KEY (member, shape),
  constraint import_shape_shape_check CHECK ((octet_length(shape) = 32))
);
alter table app.import_shape enable row level security;
create policy own on app.import_shape for all to tallystick_api
  using ((member = ( SELECT ledger.viewer() AS viewer)));
grant delete, insert, select, update on app.import_shape to tallystick_api;
comment on table app.import_shape is 'what a firm said of the columns of tables; shape: hash of the header';

create table app.instruction (
  id uuid not null,
  signed_by text not null,
  member integer,
  type text not null,
  input jsonb not null,
  facts jsonb not null,
  calls jsonb not null,
  gas_limit bigint not null,
  makes jsonb not null,
  account bytea,
  nonce numeric(78,0),
  valid_until bigint,
  digest bytea,
  signature bytea,
  state text not null,
  prepared_by uuid,
  refused_by uuid,
  refused_at timestamp with time zone,
  reason text,
  alone boolean not null default false,
  request_id text,
  created_at timestamp with time zone not null default now(),
  submitted_at timestamp with time zone,
  tx_hash bytea,
  block_number bigint,
  code text,
  detail jsonb,
  branch bytea default app.viewer_branch(),
  constraint instruction_account_nonce_key UNIQUE (account, nonce),
  constraint instruction_branch_check CHECK ((octet_length(branch) = 20)),
  constraint instruction_check CHECK (((signed_by <> 'firm'::text) OR ((account IS NOT NULL) AND (nonce IS NOT NULL) AND (digest IS NOT NULL)))),
  constraint instruction_pkey PRIMARY KEY (id),
  constraint instruction_prepared_by_fkey FOREIGN KEY (prepared_by) REFERENCES app.person(id),
  constraint instruction_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000))),
  constraint instruction_refused_by_fkey FOREIGN KEY (refused_by) REFERENCES app.person(id),
  constraint instruction_signed_by_check CHECK ((signed_by = ANY (ARRAY['firm'::text, 'keeper'::text, 'operator'::text]))),
  constraint instruction_state_check CHECK ((state = ANY (ARRAY['prepared'::text, 'submitted'::text, 'sent'::text, 'done'::text, 'failed'::text, 'refused'::text, 'withdrawn'::text])))
);
CREATE INDEX instruction_branch ON app.instruction USING btree (digest) WHERE (branch IS NOT NULL);
CREATE INDEX instruction_failed ON app.instruction USING btree (id) WHERE (state = 'failed'::text);
CREATE INDEX instruction_handed_in ON app.instruction USING btree (id) WHERE (submitted_at IS NOT NULL);
CREATE INDEX instruction_open ON app.instruction USING btree (member, state, valid_until) WHERE (state = ANY (ARRAY['prepared'::text, 'submitted'::text, 'sent'::text]));
CREATE INDEX instruction_own ON app.instruction USING btree (member, id);
CREATE INDEX instruction_queue ON app.instruction USING btree (submitted_at, id) WHERE (state = 'submitted'::text);
CREATE INDEX instruction_sent ON app.instruction USING btree (id) WHERE (state = 'sent'::text);
CREATE INDEX instruction_signed ON app.instruction USING btree (member, id) WHERE (state <> 'prepared'::text);
CREATE INDEX instruction_unsigned ON app.instruction USING btree (member, id) WHERE (state = 'prepared'::text);
alter table app.instruction enable row level security;
create policy of_branch on app.instruction as restrictive for all to tallystick_api
  using ((
CASE
    WHEN (( SELECT app.viewer_branch() AS viewer_branch) IS NULL) THEN true
    ELSE NULLIF((NOT (branch IS DISTINCT FROM ( SELECT app.viewer_branch() AS viewer_branch))), false)
END IS NOT NULL));
create policy own on app.instruction for all to tallystick_api
  using ((
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN member THEN true
    ELSE NULLIF(false, false)
END IS NOT NULL));
grant delete, insert, select, update on app.instruction to tallystick_api;
comment on table app.instruction is 'prepared instructions and the queue of the relayer: submitted is to be sent';
comment on column app.instruction.member is 'whose it is, or who asked the keeper for it';
comment on column app.instruction.facts is 'who does what: its sentences are made of them';
comment on column app.instruction.prepared_by is 'null: a system of the firm, or a visitor of the demonstration';
comment on column app.instruction.refused_by is 'who refused it (with its reason) or took it back; null with refused_at: a system';
comment on column app.instruction.alone is 'was not carried out with others: goes into a transaction of its own';
comment on column app.instruction.request_id is 'the request that handed it in: the relayer''s lines in the log name it';
comment on column app.instruction.branch is 'at which it was prepared; null: at the head office';

create table app.instruction_comment (
  id uuid not null,
  instruction_id uuid not null,
  member integer not null,
  person_id uuid,
  text text not null,
  at timestamp with time zone not null default now(),
  constraint instruction_comment_instruction_id_fkey FOREIGN KEY (instruction_id) REFERENCES app.instruction(id),
  constraint instruction_comment_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint instruction_comment_pkey PRIMARY KEY (id),
  constraint instruction_comment_text_check CHECK (((length(text) >= 1) AND (length(text) <= 2000)))
);
CREATE INDEX instruction_comment_of ON app.instruction_comment USING btree (instruction_id, id);
alter table app.instruction_comment enable row level security;
create policy of_branch on app.instruction_comment as restrictive for all to tallystick_api
  using ((
CASE
    WHEN (( SELECT app.viewer_branch() AS viewer_branch) IS NULL) THEN true
    ELSE NULLIF(app.is_instruction_of_branch(instruction_id), false)
END IS NOT NULL));
create policy own on app.instruction_comment for all to tallystick_api
  using ((
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN member THEN true
    ELSE NULLIF(false, false)
END IS NOT NULL));
grant delete, insert, select, update on app.instruction_comment to tallystick_api;
comment on table app.instruction_comment is 'what a firm''s people say to each other of an instruction';

create table app.invitation (
  request_id uuid not null,
  bank integer not null,
  seller integer not null,
  bill_no bigint not null,
  first bigint not null,
  "end" bigint not null,
  block_number bigint not null,
  declined_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  constraint invitation_pkey PRIMARY KEY (request_id, bank),
  constraint invitation_request_id_fkey FOREIGN KEY (request_id) REFERENCES app.financing_request(id)
);
CREATE INDEX invitation_bank ON app.invitation USING btree (bank, created_at DESC, request_id DESC);
CREATE INDEX invitation_bill ON app.invitation USING btree (bill_no, bank);
CREATE INDEX invitation_request ON app.invitation USING btree (bank, request_id);
alter table app.invitation enable row level security;
create policy own on app.invitation for all to tallystick_api
  using ((
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN bank THEN true
    WHEN seller THEN true
    ELSE NULLIF(false, false)
END IS NOT NULL));
grant delete, insert, select, update on app.invitation to tallystick_api;

create table app.link (
  token_hash bytea not null,
  id uuid not null,
  purpose text not null,
  member integer,
  person_id uuid,
  application_id uuid,
  rights text[],
  facts jsonb not null,
  made_by uuid,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  used_by uuid,
  constraint link_check CHECK (((purpose = 'device'::text) = (person_id IS NOT NULL))),
  constraint link_check1 CHECK (((purpose = 'application_seat'::text) = (application_id IS NOT NULL))),
  constraint link_check2 CHECK (((purpose = ANY (ARRAY['seat'::text, 'application_seat'::text])) = (rights IS NOT NULL))),
  constraint link_id_key UNIQUE (id),
  constraint link_made_by_fkey FOREIGN KEY (made_by) REFERENCES app.person(id),
  constraint link_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint link_pkey PRIMARY KEY (token_hash),
  constraint link_purpose_check CHECK ((purpose = ANY (ARRAY['seat'::text, 'device'::text, 'application'::text, 'application_seat'::text]))),
  constraint link_token_hash_check CHECK ((octet_length(token_hash) = 32)),
  constraint link_used_by_fkey FOREIGN KEY (used_by) REFERENCES app.person(id)
);
CREATE INDEX link_application ON app.link USING btree (application_id) WHERE (application_id IS NOT NULL);
CREATE INDEX link_expires ON app.link USING btree (expires_at);
CREATE INDEX link_member ON app.link USING btree (member);
CREATE INDEX link_used_by ON app.link USING btree (used_by) WHERE (used_by IS NOT NULL);
grant delete, insert, select, update on app.link to tallystick_api;
comment on table app.link is 'invitations by link: of use once, and for a while';
comment on column app.link.member is 'whose seat it gives, or who invites to apply; null: the platform, or nobody';
comment on column app.link.application_id is 'a seat in the firm that applies, once it is admitted';

create table app.notice (
  id uuid not null,
  key text not null,
  kind text not null,
  member integer,
  person_id uuid,
  facts jsonb not null,
  at timestamp with time zone not null,
  block_number bigint,
  block_hash bytea,
  dispatched_at timestamp with time zone,
  retracted_at timestamp with time zone,
  branch bytea,
  constraint notice_block_hash_check CHECK ((octet_length(block_hash) = 32)),
  constraint notice_branch_check CHECK ((octet_length(branch) = 20)),
  constraint notice_check CHECK (((block_number IS NULL) = (block_hash IS NULL))),
  constraint notice_key_check CHECK (((length(key) >= 1) AND (length(key) <= 200))),
  constraint notice_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint notice_pkey PRIMARY KEY (id)
);
CREATE INDEX notice_block ON app.notice USING btree (block_number) WHERE (block_number IS NOT NULL);
CREATE INDEX notice_of_member ON app.notice USING btree (member, id) WHERE (person_id IS NULL);
CREATE INDEX notice_of_person ON app.notice USING btree (person_id, id) WHERE (person_id IS NOT NULL);
CREATE INDEX notice_to_dispatch ON app.notice USING btree (id) WHERE (dispatched_at IS NULL);
CREATE UNIQUE INDEX notice_told_once ON app.notice USING btree (key) WHERE (retracted_at IS NULL);
alter table app.notice enable row level security;
create policy of_branch on app.notice as restrictive for all to tallystick_api
  using ((
CASE
    WHEN (( SELECT app.viewer_branch() AS viewer_branch) IS NULL) THEN true
    ELSE NULLIF(((branch IS NULL) OR (branch = ( SELECT app.viewer_branch() AS viewer_branch))), false)
END IS NOT NULL));
create policy own on app.notice for all to tallystick_api
  using (((member IS NULL) OR (
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN member THEN true
    ELSE NULLIF(false, false)
END IS NOT NULL)));
create policy told on app.notice for insert to tallystick_api
  using ()
  with check (true);
grant delete, insert, select, update on app.notice to tallystick_api;
comment on table app.notice is 'something that happened and is told: facts, never sentences';
comment on column app.notice.member is 'to whom; null without a person: to the platform';
comment on column app.notice.person_id is 'to this one alone; null: to all who have a seat there and the right for it';
comment on column app.notice.dispatched_at is 'when its deliveries were written; null: nobody did yet';
comment on column app.notice.retracted_at is 'its block was rolled back, and what it says did not come back with another';
comment on column app.notice.branch is 'to whose people it is told, and to the head office; null: to all';

create table app.notice_cursor (
  only_one boolean not null default true,
  first_block bigint not null,
  block_number bigint not null,
  block_hash bytea not null,
  constraint notice_cursor_block_hash_check CHECK ((octet_length(block_hash) = 32)),
  constraint notice_cursor_only_one_check CHECK (only_one),
  constraint notice_cursor_pkey PRIMARY KEY (only_one)
);
grant delete, insert, select, update on app.notice_cursor to tallystick_api;
comment on table app.notice_cursor is 'up to which block the ledger has been told of; first_block: what came before is not told';

create table app.notice_read (
  notice_id uuid not null,
  person_id uuid,
  read_at timestamp with time zone not null default now(),
  constraint notice_read_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES app.notice(id),
  constraint notice_read_notice_id_person_id_key UNIQUE NULLS NOT DISTINCT (notice_id, person_id),
  constraint notice_read_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id)
);
CREATE INDEX notice_read_person ON app.notice_read USING btree (person_id);
grant delete, insert, select, update on app.notice_read to tallystick_api;
comment on column app.notice_read.person_id is 'null: a visitor of the demonstration, or a system of the firm';

create table app.own_signer (
  id uuid not null,
  person_id uuid not null,
  type text not null,
  signer bytea not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  revoked_at timestamp with time zone,
  constraint own_signer_check CHECK ((octet_length(signer) =
CASE type
    WHEN 'wallet'::text THEN 20
    ELSE 84
END)),
  constraint own_signer_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint own_signer_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint own_signer_pkey PRIMARY KEY (id),
  constraint own_signer_type_check CHECK ((type = ANY (ARRAY['wallet'::text, 'ukey'::text])))
);
CREATE UNIQUE INDEX own_signer_current ON app.own_signer USING btree (signer) WHERE (revoked_at IS NULL);
CREATE INDEX own_signer_person ON app.own_signer USING btree (person_id);
grant delete, insert, select, update on app.own_signer to tallystick_api;
comment on table app.own_signer is 'a wallet or UKey of a person, who has shown to have it: signs nobody in, and is a signer of its firm''s account where the account says so';
comment on column app.own_signer.signer is 'as accounts name it (ERC-7913): an address, or verifier ‖ x ‖ y';

create table app.passkey (
  id uuid not null,
  credential_id bytea not null,
  person_id uuid not null,
  name text not null,
  public_key bytea not null,
  x bytea not null,
  y bytea not null,
  counter bigint not null,
  transports text[] not null,
  is_backed_up boolean not null,
  created_at timestamp with time zone not null default now(),
  used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint passkey_credential_id_check CHECK (((octet_length(credential_id) >= 1) AND (octet_length(credential_id) <= 1023))),
  constraint passkey_credential_id_key UNIQUE (credential_id),
  constraint passkey_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint passkey_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint passkey_pkey PRIMARY KEY (id),
  constraint passkey_x_check CHECK ((octet_length(x) = 32)),
  constraint passkey_y_check CHECK ((octet_length(y) = 32))
);
CREATE INDEX passkey_person ON app.passkey USING btree (person_id);
CREATE INDEX passkey_point ON app.passkey USING btree (x, y);
CREATE TRIGGER revoked AFTER UPDATE OF revoked_at ON app.passkey FOR EACH ROW WHEN ((new.revoked_at IS NOT NULL)) EXECUTE FUNCTION app.forget_revoked_holder();
grant delete, insert, select, update on app.passkey to tallystick_api;
comment on table app.passkey is 'a device of a person: signs it in, and is a signer of its firm''s account where the account says so';
comment on column app.passkey.public_key is 'COSE; x and y are the same point of P-256, as a signer of an account names it';

create table app.person (
  id uuid not null,
  user_handle bytea not null,
  name text not null,
  email text,
  language text not null default 'zh'::text,
  created_at timestamp with time zone not null default now(),
  email_verified_at timestamp with time zone,
  mail_details boolean not null default false,
  constraint person_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
  constraint person_language_check CHECK ((language = ANY (ARRAY['zh'::text, 'en'::text]))),
  constraint person_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint person_pkey PRIMARY KEY (id),
  constraint person_user_handle_check CHECK ((octet_length(user_handle) = 32)),
  constraint person_user_handle_key UNIQUE (user_handle)
);
grant delete, insert, select, update on app.person to tallystick_api;
comment on column app.person.user_handle is 'what a passkey calls its owner: random, says nothing of the person';
comment on column app.person.email_verified_at is 'null: nothing but the request to confirm it goes to the address';
comment on column app.person.mail_details is 'wants names and amounts in mails, which others may read';

create table app.preference (
  person_id uuid not null,
  member integer,
  kind_group text not null,
  channel text not null,
  is_on boolean not null,
  constraint preference_channel_check CHECK ((channel = ANY (ARRAY['inbox'::text, 'mail'::text, 'sms'::text, 'wechat'::text]))),
  constraint preference_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint preference_person_id_member_kind_group_channel_key UNIQUE NULLS NOT DISTINCT (person_id, member, kind_group, channel)
);
grant delete, insert, select, update on app.preference to tallystick_api;
comment on table app.preference is 'where a person said something else than the default, for each of its seats';

create table app.quote (
  id uuid not null,
  request_id uuid not null,
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
  nonce numeric(20,0) not null,
  digest bytea not null,
  signature bytea,
  prepared_by uuid,
  withdrawn_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  submitted_at timestamp with time zone,
  constraint quote_bank_nonce_key UNIQUE (bank, nonce),
  constraint quote_pkey PRIMARY KEY (id),
  constraint quote_prepared_by_fkey FOREIGN KEY (prepared_by) REFERENCES app.person(id),
  constraint quote_recourse_check CHECK ((recourse = ANY (ARRAY['without'::text, 'with'::text, 'limited'::text]))),
  constraint quote_request_id_fkey FOREIGN KEY (request_id) REFERENCES app.financing_request(id)
);
CREATE INDEX quote_given ON app.quote USING btree (bank, id);
CREATE INDEX quote_open ON app.quote USING btree (bank, acceptor, valid_until) WHERE ((signature IS NOT NULL) AND (withdrawn_at IS NULL));
CREATE INDEX quote_received ON app.quote USING btree (seller, id);
CREATE INDEX quote_request ON app.quote USING btree (request_id, bank);
alter table app.quote enable row level security;
create policy own on app.quote for all to tallystick_api
  using ((( SELECT ledger.viewer_sees_all() AS viewer_sees_all) OR (bank = ( SELECT ledger.viewer() AS viewer)) OR ((seller = ( SELECT ledger.viewer() AS viewer)) AND (signature IS NOT NULL))));
grant delete, insert, select, update on app.quote to tallystick_api;
comment on column app.quote.signature is 'null until the bank has signed; nobody else sees it before';

create table app.quote_nonce (
  bank integer not null,
  next_nonce numeric(20,0) not null,
  constraint quote_nonce_pkey PRIMARY KEY (bank)
);
grant delete, insert, select, update on app.quote_nonce to tallystick_api;

create table app.sandbox_credit (
  reference text not null,
  bank text not null,
  account_no text not null,
  amount_minor bigint not null,
  at timestamp with time zone not null default now(),
  constraint sandbox_credit_amount_minor_check CHECK (((amount_minor >= 1) AND (amount_minor <= 99))),
  constraint sandbox_credit_pkey PRIMARY KEY (reference)
);
grant delete, insert, select, update on app.sandbox_credit to tallystick_api;
comment on table app.sandbox_credit is 'the statement of the sandbox''s bank, where no bank is connected';

create table app.seat (
  person_id uuid not null,
  member integer,
  rights text[] not null,
  created_at timestamp with time zone not null default now(),
  branch bytea,
  constraint seat_at_branch CHECK (((branch IS NULL) OR ((member IS NOT NULL) AND (NOT ('administer'::text = ANY (rights)))))),
  constraint seat_branch_check CHECK ((octet_length(branch) = 20)),
  constraint seat_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint seat_person_id_member_key UNIQUE NULLS NOT DISTINCT (person_id, member),
  constraint seat_rights_check CHECK (((rights <@ ARRAY['see'::text, 'prepare'::text, 'sign'::text, 'administer'::text]) AND (cardinality(rights) > 0)))
);
CREATE INDEX seat_member ON app.seat USING btree (member);
grant delete, insert, select, update on app.seat to tallystick_api;
comment on column app.seat.member is 'null: the platform itself';
comment on column app.seat.branch is 'account of the branch at which it is; null: at the head office';

create table app.sender (
  address bytea not null,
  next_nonce bigint not null,
  constraint sender_address_check CHECK ((octet_length(address) = 20)),
  constraint sender_pkey PRIMARY KEY (address)
);
grant delete, insert, select, update on app.sender to tallystick_api;

create table app.session (
  token_hash bytea not null,
  id uuid not null,
  person_id uuid,
  member integer,
  is_operator boolean not null,
  device text,
  address text,
  created_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  constraint session_check CHECK ((NOT (is_operator AND (member IS NOT NULL)))),
  constraint session_check1 CHECK (((person_id IS NOT NULL) OR (is_operator = (member IS NULL)))),
  constraint session_id_key UNIQUE (id),
  constraint session_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint session_pkey PRIMARY KEY (token_hash)
);
CREATE INDEX session_expires ON app.session USING btree (expires_at);
CREATE INDEX session_person ON app.session USING btree (person_id);
grant delete, insert, select, update on app.session to tallystick_api;
comment on column app.session.person_id is 'null: a visitor of the demonstration';
comment on column app.session.member is 'the seat that is taken at present; null with is_operator false: none';

create table app.signature (
  digest bytea not null,
  signer bytea not null,
  signature bytea not null,
  member integer not null,
  person_id uuid,
  at timestamp with time zone not null default now(),
  constraint signature_digest_check CHECK ((octet_length(digest) = 32)),
  constraint signature_person_id_fkey FOREIGN KEY (person_id) REFERENCES app.person(id),
  constraint signature_pkey PRIMARY KEY (digest, signer)
);
alter table app.signature enable row level security;
create policy of_branch on app.signature as restrictive for all to tallystick_api
  using ((
CASE
    WHEN (( SELECT app.viewer_branch() AS viewer_branch) IS NULL) THEN true
    ELSE NULLIF(app.is_signed_at_branch(digest), false)
END IS NOT NULL));
create policy own on app.signature for all to tallystick_api
  using ((
CASE ( SELECT ledger.who() AS who)
    WHEN '-1'::integer THEN true
    WHEN member THEN true
    ELSE NULLIF(false, false)
END IS NOT NULL));
grant delete, insert, select, update on app.signature to tallystick_api;
comment on table app.signature is 'what a firm''s signers have signed one by one, instructions and quotes: by the digest that is signed';
comment on column app.signature.person_id is 'whose device signed; null: a key that is no person''s device';

create table app.supplier_alias (
  member integer not null,
  key text not null,
  name text not null,
  supplier integer not null,
  created_at timestamp with time zone not null default now(),
  constraint supplier_alias_pkey PRIMARY KEY (member, key)
);
alter table app.supplier_alias enable row level security;
create policy own on app.supplier_alias for all to tallystick_api
  using ((member = ( SELECT ledger.viewer() AS viewer)));
grant delete, insert, select, update on app.supplier_alias to tallystick_api;
comment on table app.supplier_alias is 'names that a firm''s books have for suppliers; key: as names are compared';

create table app.transaction (
  sender bytea not null,
  nonce bigint not null,
  target bytea not null,
  data bytea not null,
  gas_limit bigint not null,
  state text not null,
  hash bytea,
  block_number bigint,
  block_hash bytea,
  constraint transaction_pkey PRIMARY KEY (sender, nonce),
  constraint transaction_sender_fkey FOREIGN KEY (sender) REFERENCES app.sender(address),
  constraint transaction_state_check CHECK ((state = ANY (ARRAY['sent'::text, 'done'::text, 'failed'::text])))
);
CREATE INDEX transaction_open ON app.transaction USING btree (sender, nonce) WHERE (state = 'sent'::text);
grant delete, insert, select, update on app.transaction to tallystick_api;
comment on table app.transaction is 'one for each call that a key of the platform sends; written before it is sent';

create table app.transaction_attempt (
  hash bytea not null,
  sender bytea not null,
  nonce bigint not null,
  raw bytea not null,
  max_fee numeric(78,0) not null,
  priority_fee numeric(78,0) not null,
  signed_at timestamp with time zone not null default now(),
  constraint transaction_attempt_pkey PRIMARY KEY (hash),
  constraint transaction_attempt_sender_nonce_fkey FOREIGN KEY (sender, nonce) REFERENCES app.transaction(sender, nonce)
);
CREATE INDEX transaction_attempt_of ON app.transaction_attempt USING btree (sender, nonce);
grant delete, insert, select, update on app.transaction_attempt to tallystick_api;
comment on table app.transaction_attempt is 'the signed forms of a transaction: the newest replaces the others';

create table app.transaction_instruction (
  sender bytea not null,
  nonce bigint not null,
  "position" integer not null,
  instruction_id uuid not null,
  step integer not null,
  state text not null,
  hash bytea,
  block_number bigint,
  first_log integer,
  last_log integer,
  constraint transaction_instruction_instruction_id_fkey FOREIGN KEY (instruction_id) REFERENCES app.instruction(id),
  constraint transaction_instruction_instruction_id_step_key UNIQUE (instruction_id, step),
  constraint transaction_instruction_pkey PRIMARY KEY (sender, nonce, "position"),
  constraint transaction_instruction_sender_nonce_fkey FOREIGN KEY (sender, nonce) REFERENCES app.transaction(sender, nonce),
  constraint transaction_instruction_state_check CHECK ((state = ANY (ARRAY['sent'::text, 'done'::text, 'failed'::text])))
);
grant delete, insert, select, update on app.transaction_instruction to tallystick_api;
comment on table app.transaction_instruction is 'what a transaction carries, and how each of it ended';
comment on column app.transaction_instruction.hash is 'of the transaction that carried it out: another one, if somebody else was first';
comment on column app.transaction_instruction.first_log is 'with last_log: the act’s own logs; null: all of the transaction';

create table app.webhook (
  id uuid not null,
  member integer not null,
  url text not null,
  kinds text[] not null,
  secret bytea not null,
  previous_secret bytea,
  previous_until timestamp with time zone,
  made_by uuid,
  created_at timestamp with time zone not null default now(),
  disabled_at timestamp with time zone,
  disabled_why text,
  paused_until timestamp with time zone,
  constraint webhook_check CHECK (((disabled_at IS NULL) = (disabled_why IS NULL))),
  constraint webhook_check1 CHECK (((previous_secret IS NULL) = (previous_until IS NULL))),
  constraint webhook_disabled_why_check CHECK (((disabled_why IS NULL) OR (disabled_why = ANY (ARRAY['owner'::text, 'failing'::text, 'gone'::text])))),
  constraint webhook_made_by_fkey FOREIGN KEY (made_by) REFERENCES app.person(id),
  constraint webhook_pkey PRIMARY KEY (id),
  constraint webhook_url_check CHECK (((length(url) >= 8) AND (length(url) <= 500)))
);
CREATE INDEX webhook_member ON app.webhook USING btree (member);
alter table app.webhook enable row level security;
create policy own on app.webhook for all to tallystick_api
  using ((( SELECT ledger.viewer_sees_all() AS viewer_sees_all) OR (member = ( SELECT ledger.viewer() AS viewer))));
grant delete, insert, select, update on app.webhook to tallystick_api;
comment on table app.webhook is 'addresses of the systems of firms';
comment on column app.webhook.kinds is 'none: all';
comment on column app.webhook.secret is 'sealed with the key file of the deployment';
comment on column app.webhook.previous_secret is 'signs beside the new one up to previous_until';
comment on column app.webhook.paused_until is 'it failed: nothing else is tried before';

create table app.wording (
  hash bytea not null,
  text text not null,
  constraint wording_hash_check CHECK ((octet_length(hash) = 32)),
  constraint wording_pkey PRIMARY KEY (hash),
  constraint wording_text_check CHECK (((length(text) >= 1) AND (length(text) <= 2000)))
);
grant delete, insert, select, update on app.wording to tallystick_api;
comment on table app.wording is 'words of which only the hash is on chain: bookings, payment references, reasons';

create view app.request_sold with (security_barrier=true) as
 SELECT id,
    ( SELECT COALESCE(sum(f.amount_minor), (0)::numeric) AS "coalesce"
           FROM (app.quote q
             JOIN ledger.quote_fill f ON (((f.bank = q.bank) AND (f.nonce = q.nonce))))
          WHERE (q.request_id = r.id)) AS sold_minor
   FROM app.financing_request r
  WHERE (((( SELECT ledger.who() AS who) = seller) OR (( SELECT ledger.who() AS who) = '-1'::integer)) OR (EXISTS ( SELECT
           FROM app.invitation i
          WHERE ((i.request_id = r.id) AND (i.bank = ( SELECT ledger.who() AS who))))));
grant delete, insert, select, update on app.request_sold to tallystick_api;
comment on view app.request_sold is 'what was sold under a request, as far as the viewer is party to it';

create view app.viewer_invitation as
 SELECT bill_no,
    request_id
   FROM app.invitation
  WHERE (bank = ( SELECT ledger.who() AS who));
grant select on app.viewer_invitation to tallystick_api;
comment on view app.viewer_invitation is 'what the viewer was invited to quote for: for policies';

create view app.viewer_sight as
 SELECT bill_no
   FROM app.document_sight
  WHERE ((reader = ( SELECT ledger.who() AS who)) AND (given_at IS NOT NULL) AND (ended_at IS NULL));
grant select on app.viewer_sight to tallystick_api;
comment on view app.viewer_sight is 'bills of whose documents the viewer was given sight: for policies';

CREATE OR REPLACE FUNCTION app.await_link()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into app.audit_waiting select id from fresh;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION app.follow_link()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  last app.audit_link;
begin
  select * into last from app.audit_link order by no desc limit 1;
  if new.no <> coalesce(last.no, 0) + 1 or new.previous <> coalesce(last.hash, decode(repeat('00', 32), 'hex')) then
    raise exception 'link % does not follow link %', new.no, coalesce(last.no, 0) using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION app.forget_revoked_holder()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  delete from app.document_key_holder h where h.passkey_id = new.id;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION app.is_instruction_of_branch(instruction uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
begin
  return exists (select from app.instruction i where i.id = instruction and i.branch = app.viewer_branch());
end $function$
;

CREATE OR REPLACE FUNCTION app.is_signed_at_branch(signed bytea)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
begin
  return exists (select from app.instruction i where i.digest = signed and i.branch = app.viewer_branch());
end $function$
;

CREATE OR REPLACE FUNCTION app.keep_trail()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% of % is refused: the audit trail is only added to', lower(tg_op), tg_table_name
    using errcode = 'insufficient_privilege';
end $function$
;

CREATE OR REPLACE FUNCTION app.reads_documents(bill bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
begin
  return case (select ledger.who()) when -1 then true else exists (
      select from ledger.bill b where b.bill_no = bill and b.to_block is null
        and (select ledger.who()) in (b.acceptor, b.payee))
    or exists (
      select from ledger.parcel p where p.bill_no = bill and (p.holder = (select ledger.who())
        or (p.to_block is null and (select ledger.who()) in (p.offered_to, p.pledgee))))
    or exists (select from app.viewer_sight s where s.bill_no = bill) end;
end $function$
;
comment on function app.reads_documents(bigint) is 'whether the viewer is entitled to the documents of a bill';

CREATE OR REPLACE FUNCTION app.viewer_branch()
 RETURNS bytea
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
  select decode(nullif(current_setting('tallystick.branch', true), ''), 'hex')
$function$
;
comment on function app.viewer_branch() is 'the account of the branch at which the viewer sits; null: at the head office, or at none';

CREATE OR REPLACE FUNCTION app.was_invited(member integer, bill bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
AS $function$
begin
  return exists (select from app.invitation i where i.bank = member and i.bill_no = bill);
end $function$
;
comment on function app.was_invited(integer,bigint) is 'for statements that hardly ever ask it: its plan is made when it is asked';
