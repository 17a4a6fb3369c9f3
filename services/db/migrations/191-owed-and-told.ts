import { sql, type Kysely } from 'kysely';

/**
 * What an acceptor has issued and nobody has signed for, in the order in which it falls due. What an act has done, in the past
 * tense, and the acts of a member that were signed: for lists of what was.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index bill_to_be_taken on ledger.bill (acceptor, due_on, bill_no) include (face_minor)
      where to_block is null and status = 'offered';
    alter table app.act add column told jsonb;
    comment on column app.act.told is 'its meaning once it is done; null for what was prepared before there was this column';
    create index act_signed on app.act (member, id) where state <> 'prepared'
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index ledger.bill_to_be_taken, app.act_signed;
    alter table app.act drop column told
  `.execute(db);
}
