import { sql, type Kysely } from 'kysely';

/**
 * Files as they are: bytes of any kind instead of text, rows that come from documents and archives, credit notes. Counts
 * are kept with the import, so that a file of 100,000 rows is not counted again whenever somebody looks.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table app.import
      add column content bytea,
      add column row_count integer not null default 0,
      add column error_count integer not null default 0,
      add column credit_count integer not null default 0,
      add column total_minor bigint not null default 0;
    alter table app.import alter column content set storage external;
    update app.import i set content = convert_to(i.text, 'UTF8'),
      row_count = r.rows, error_count = r.errors, total_minor = r.total
      from (
        select m.id, count(r.row) as rows, count(r.row) filter (where jsonb_array_length(r.errors) > 0) as errors,
          coalesce(sum(r.amount_minor), 0) as total
        from app.import m left join app.import_row r on r.import_id = m.id group by m.id) r
      where r.id = i.id;
    alter table app.import alter column content set not null, drop column text;

    alter table app.import_row add column source text, add column credit jsonb;
    comment on column app.import_row.source is 'the file within an archive';
    comment on column app.import_row.credit is 'a credit note: it is not issued, it reduces what its invoice can back';
    create index import_row_error on app.import_row (import_id, row) where jsonb_array_length(errors) > 0;
    create index import_row_taken on app.import_row (import_id, act_id) where act_id is not null;
    create index act_unsigned on app.act (member, id) where state = 'prepared';

    create table app.credit_note (
      member integer not null,
      supplier integer not null,
      number text not null,
      invoice_number text not null,
      amount_minor bigint not null check (amount_minor > 0),
      import_id uuid not null references app.import,
      row integer not null,
      primary key (member, supplier, number)
    );
    comment on table app.credit_note is 'each counts once, whichever file it came in; numbers in lower case';
    create index credit_note_invoice on app.credit_note (member, supplier, invoice_number);
    create index credit_note_import on app.credit_note (import_id);
    alter table app.credit_note enable row level security;
    do $outer$ begin
      if exists (select from pg_roles where rolname = 'tallystick_api') then
        create policy own on app.credit_note to tallystick_api
          using (ledger.viewer_sees_all() or member = ledger.viewer());
      end if;
    end $outer$;
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop table app.credit_note;
    drop index app.act_unsigned, app.import_row_taken, app.import_row_error;
    alter table app.import_row drop column source, drop column credit;
    alter table app.import add column text text;
    update app.import set text = '';
    alter table app.import alter column text set not null, drop column content, drop column row_count,
      drop column error_count, drop column credit_count, drop column total_minor;
  `.execute(db);
}
