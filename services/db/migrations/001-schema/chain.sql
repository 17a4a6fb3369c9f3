-- Raw material: the blocks that were read and the logs of our contracts in them, and how far the read model is.

create schema chain;

create table chain.block (
  number bigint primary key,
  hash bytea not null unique check (octet_length(hash) = 32),
  parent_hash bytea not null check (octet_length(parent_hash) = 32),
  timestamp bigint not null
);

create table chain.log (
  block_number bigint not null references chain.block,
  log_index integer not null,
  tx_hash bytea not null check (octet_length(tx_hash) = 32),
  tx_index integer not null,
  address bytea not null check (octet_length(address) = 20),
  topics bytea not null check (octet_length(topics) in (32, 64, 96, 128)),
  data bytea not null,
  primary key (block_number, log_index)
);
comment on column chain.log.topics is 'the topics one after the other, 32 bytes each';

create table chain.cursor (
  only_one boolean primary key default true check (only_one),
  genesis_hash bytea not null,
  bills bytea not null check (octet_length(bills) = 20),
  block_number bigint not null,
  block_hash bytea not null,
  proved_block bigint,
  stopped_reason text
);
comment on table chain.cursor is
  'how far the read model is: of which chain and ledger, up to which block, proved up to which block, why it stopped';

-- While the indexer catches up with a long chain, it puts off what costs most for each row: indexes that only readers need, the
-- exclusion of overlapping parcels, the reference from logs to blocks. The end makes them table by table, each in a transaction
-- of its own, so that several connections can do it at the same time. What the indexer may do to tables that it does not own is
-- exactly this. chain.put_off says what is missing, so a crash in between loses nothing.

create table chain.put_off (
  statement text primary key,
  relation text not null
);
comment on table chain.put_off is 'indexes and constraints to be made when the back-fill is done; empty at all other times';
comment on column chain.put_off.relation is 'the table that it belongs to, with its schema';

create function chain.begin_back_fill() returns void
  language plpgsql security definer set search_path = pg_catalog as $$
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
end $$;

-- What a back-fill writes begins and ends unasked, so its end looks at all of the past at once: a quarter of the cost of asking
-- for each row.
create function chain.end_back_fill(table_name text) returns void
  language plpgsql security definer set search_path = pg_catalog set maintenance_work_mem = '256MB'
  set enable_seqscan = on set enable_hashjoin = on set enable_mergejoin = on set enable_nestloop = off as $$
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
end $$;

create function chain.end_back_fill() returns void
  language sql security definer set search_path = pg_catalog as $$
  select chain.end_back_fill(relation) from (select distinct relation from chain.put_off) as tables;
$$;

revoke execute on function chain.begin_back_fill(), chain.end_back_fill(), chain.end_back_fill(text) from public;
