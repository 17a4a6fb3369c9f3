import { sql, type Kysely } from 'kysely';

/**
 * What a firm's imports learn: rows that are wrong keep what stands in them, names and headers keep what a person said of
 * them, and a bill keeps the number of the voucher in its acceptor's books, which is nobody else's business.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table app.import_row add column as_read jsonb;
    comment on column app.import_row.as_read is 'what stands in a row that is refused';

    create table app.supplier_alias (
      member integer not null,
      key text not null,
      name text not null,
      supplier integer not null,
      created_at timestamptz not null default now(),
      primary key (member, key)
    );
    comment on table app.supplier_alias is 'names that a firm''s books have for suppliers; key: as names are compared';

    create table app.import_shape (
      member integer not null,
      shape bytea not null check (octet_length(shape) = 32),
      stated jsonb not null,
      changed_at timestamptz not null default now(),
      primary key (member, shape)
    );
    comment on table app.import_shape is 'what a firm said of the columns of tables; shape: hash of the header';

    create table app.bill_voucher (
      bill_no bigint primary key,
      member integer not null,
      voucher text not null check (length(voucher) between 1 and 64)
    );
    comment on table app.bill_voucher is 'the document of the acceptor''s books (凭证号) that a bill was issued for';
    create index bill_voucher_text on app.bill_voucher (member, lower(voucher) text_pattern_ops);
  `.execute(db);
  for (const table of ['supplier_alias', 'import_shape', 'bill_voucher']) {
    await sql`alter table app.${sql.raw(table)} enable row level security`.execute(db);
    await sql`
      do $outer$ begin
        if exists (select from pg_roles where rolname = 'tallystick_api') then
          create policy own on app.${sql.raw(table)} to tallystick_api using (member = (select ledger.viewer()));
        end if;
      end $outer$
    `.execute(db);
  }
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`
    drop table app.bill_voucher, app.import_shape, app.supplier_alias;
    alter table app.import_row drop column as_read;
  `.execute(db);
}
