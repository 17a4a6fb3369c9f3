import { sql, type Kysely } from 'kysely';

/**
 * Indexes in the order of the lists, which go by id; and invoice numbers in a table of their own, since row-level security
 * does not let an index on an expression be used.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index act_own on app.act (member, id);
    create index act_handed_in on app.act (id) where state <> 'prepared';
    create index act_failed on app.act (id) where state = 'failed';
    create index financing_request_own on app.financing_request (seller, id);
    create index invitation_request on app.invitation (bank, request_id);
    create index quote_given on app.quote (bank, id);
    create index quote_received on app.quote (seller, id);
    drop index app.act_member, app.financing_request_seller, app.quote_bank, app.quote_seller;
    create index quote_fill_seller on ledger.quote_fill (seller, block_number, log_index);
    create index quote_fill_bank on ledger.quote_fill (bank, block_number, log_index);

    create table app.bill_invoice (
      number text not null,
      bill_no bigint not null references app.bill_document on delete cascade,
      primary key (number, bill_no)
    );
    comment on table app.bill_invoice is 'the numbers of the invoices in the documents of bills';
    insert into app.bill_invoice
      select distinct i ->> 'number', d.bill_no
      from app.bill_document d, jsonb_array_elements(d.canonical::jsonb -> 'invoices') i;
    drop index app.bill_document_invoice;
    create index bill_invoice_bill on app.bill_invoice (bill_no);
    alter table app.bill_invoice enable row level security;
    do $outer$ begin
      if exists (select from pg_roles where rolname = 'tallystick_api') then
        create policy own on app.bill_invoice to tallystick_api using (
          exists (select from app.bill_document d where d.bill_no = bill_invoice.bill_no));
      end if;
    end $outer$;
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop table app.bill_invoice;
    create index bill_document_invoice on app.bill_document
      using gin (jsonb_path_query_array(canonical::jsonb, '$.invoices[*].number'));
    drop index app.act_own, app.act_handed_in, app.act_failed, app.financing_request_own, app.invitation_request,
      app.quote_given, app.quote_received, ledger.quote_fill_seller, ledger.quote_fill_bank;
    create index act_member on app.act (member, created_at desc, id desc);
    create index financing_request_seller on app.financing_request (seller, created_at desc, id desc);
    create index quote_bank on app.quote (bank, created_at desc, id desc);
    create index quote_seller on app.quote (seller, created_at desc, id desc);
  `.execute(db);
}
