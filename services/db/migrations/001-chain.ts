import { sql, type Kysely } from 'kysely';

/** Raw material: the blocks that were read and the logs of our contracts in them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
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
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop schema chain cascade`.execute(db);
}
