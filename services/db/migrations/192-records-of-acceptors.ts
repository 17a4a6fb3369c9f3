import { sql, type Kysely } from 'kysely';

/**
 * How an acceptor pays, for whoever is asked to buy its paper or holds some: sums over bills that the viewer may not see one
 * by one, so they are read by a function that asks itself who looks. What came in late is kept as it comes in: of what was
 * paid in in time there is far more. And the quotes of a bank that may still be taken, by whose bills they are for.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
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
    insert into ledger.late_payment
      select b.acceptor, a.bill_no, a.amount_minor, a.at, a.block_number, a.log_index
      from ledger.act a join ledger.bill b on b.bill_no = a.bill_no and b.to_block is null
      where a.name = 'BillFunded' and a.at >= to_timestamp(b.due + 86400);
    alter table ledger.late_payment enable row level security;

    create function ledger.acceptor_record(obligor bigint, today date, since timestamptz)
      returns table (open_minor numeric, open_bills bigint, untaken_minor numeric, overdue_minor numeric,
        overdue_bills bigint, late_minor numeric, late_bills bigint)
      language sql stable security definer set search_path = pg_catalog as $$
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
    $$;
    comment on function ledger.acceptor_record is
      'for the acceptor, who holds a piece of a bill of its, a bank that is asked to buy one, and who sees all';
    revoke execute on function ledger.acceptor_record from public;

    create index quote_open on app.quote (bank, acceptor, valid_until)
      where signature is not null and withdrawn_at is null;
  `.execute(db);
  await ifRoleExists(
    db,
    'tallystick_indexer',
    'create policy indexer_writes on ledger.late_payment to tallystick_indexer using (true) with check (true);',
  );
  await ifRoleExists(
    db,
    'tallystick_api',
    'grant execute on function ledger.acceptor_record to tallystick_api;',
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop index app.quote_open;
    drop function ledger.acceptor_record;
    drop table ledger.late_payment;
  `.execute(db);
}

async function ifRoleExists(db: Kysely<unknown>, role: string, statement: string): Promise<void> {
  await sql`
    do $outer$ begin
      if exists (select from pg_roles where rolname = ${sql.lit(role)}) then ${sql.raw(statement)} end if;
    end $outer$
  `.execute(db);
}
