import { sql, type Kysely } from 'kysely';

/** A transaction may carry several acts, each with an end of its own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table app.transaction_act (
      sender bytea not null,
      nonce bigint not null,
      position integer not null,
      act_id uuid not null references app.act,
      step integer not null,
      state text not null check (state in ('sent', 'done', 'failed')),
      hash bytea,
      block_number bigint,
      first_log integer,
      last_log integer,
      primary key (sender, nonce, position),
      unique (act_id, step),
      foreign key (sender, nonce) references app.transaction
    );
    comment on table app.transaction_act is 'what a transaction carries, and how each of it ended';
    comment on column app.transaction_act.hash is
      'of the transaction that carried it out: another one, if somebody else was first';
    comment on column app.transaction_act.first_log is 'with last_log: the act’s own logs; null: all of the transaction';
    insert into app.transaction_act
      select sender, nonce, 0, act_id, step, state, hash, block_number from app.transaction;
    alter table app.transaction drop column act_id, drop column step;
    alter table app.act add column alone boolean not null default false;
    comment on column app.act.alone is 'was not carried out with others: goes into a transaction of its own';
  `.execute(db);
}

/** Of several acts in one transaction the first keeps it. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table app.transaction add column act_id uuid references app.act, add column step integer;
    update app.transaction t set act_id = a.act_id, step = a.step
      from (select distinct on (sender, nonce) * from app.transaction_act order by sender, nonce, position) a
      where a.sender = t.sender and a.nonce = t.nonce;
    drop table app.transaction_act;
    delete from app.transaction_attempt x using app.transaction t
      where t.sender = x.sender and t.nonce = x.nonce and t.act_id is null;
    delete from app.transaction where act_id is null;
    alter table app.transaction alter column act_id set not null, alter column step set not null,
      add unique (act_id, step);
    alter table app.act drop column alone;
  `.execute(db);
}
