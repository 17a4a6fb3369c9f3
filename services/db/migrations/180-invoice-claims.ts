import { sql, type Kysely } from 'kysely';

/**
 * Which bills lay claim to an invoice, for those who are entitled to see it: its seller, who is the payee of each, whoever was
 * party to one of these bills or invited to finance it, and who sees all. The view reads what a viewer may not read by
 * itself, so who looks is asked in it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table app.bill_invoice add column invoice_id bytea check (octet_length(invoice_id) = 32);
    alter table app.bill_invoice drop constraint bill_invoice_pkey;
    create unique index bill_invoice_once on app.bill_invoice (number, bill_no, invoice_id) nulls not distinct;
    comment on column app.bill_invoice.number is 'in its canonical form';
    create view ledger.invoice_claim with (security_barrier) as
      select u.invoice_id, b.payee, u.bill_no, b.acceptor, b.status, u.amount_minor
      from ledger.invoice_use u join ledger.bill b on b.bill_no = u.bill_no and b.to_block is null
      where u.to_block is null and not u.freed and case (select ledger.who())
        when -1 then true
        when b.payee then true
        else exists (
          select from ledger.invoice_use s join ledger.bill o on o.bill_no = s.bill_no and o.to_block is null
          where s.invoice_id = u.invoice_id and s.to_block is null and not s.freed and o.payee = b.payee
            and (o.acceptor = (select ledger.who())
              or exists (select from ledger.viewer_party p where p.bill_no = o.bill_no)
              or exists (select from app.viewer_invitation i where i.bill_no = o.bill_no)))
      end;
    comment on view ledger.invoice_claim is 'bills that use an invoice, as far as the viewer is entitled to know';
    do $outer$ begin
      if exists (select from pg_roles where rolname = 'tallystick_api') then
        grant select on ledger.invoice_claim to tallystick_api;
      end if;
    end $outer$;
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop view ledger.invoice_claim;
    alter table app.bill_invoice drop column invoice_id;
    delete from app.bill_invoice a using app.bill_invoice b
      where a.number = b.number and a.bill_no = b.bill_no and a.ctid > b.ctid;
    alter table app.bill_invoice add primary key (number, bill_no);
  `.execute(db);
}
