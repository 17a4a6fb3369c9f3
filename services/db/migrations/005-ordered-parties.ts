import { sql, type Kysely } from 'kysely';

/**
 * What orders the lists that a member sees stands beside whose list it is: a page then costs what it shows, however much
 * there is. And a party's own bills and parcels are told to be its own by the row itself, without a look for the party.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table ledger.bill_party add column issued_at timestamptz, add column due_on date;
    update ledger.bill_party p set issued_at = b.issued_at, due_on = b.due_on
      from (select distinct on (bill_no) bill_no, issued_at, due_on from ledger.bill order by bill_no) b
      where b.bill_no = p.bill_no;
    alter table ledger.bill_party alter column issued_at set not null, alter column due_on set not null;
    create index bill_party_issued on ledger.bill_party (member, issued_at, bill_no);
    create index bill_party_due on ledger.bill_party (member, due_on, bill_no);
    comment on column ledger.bill_party.issued_at is 'of the bill, as due_on: they never change';

    alter table ledger.parcel add column due_on date;
    update ledger.parcel p set due_on = b.due_on
      from (select distinct on (bill_no) bill_no, due_on from ledger.bill order by bill_no) b where b.bill_no = p.bill_no;
    alter table ledger.parcel alter column due_on set not null;
    drop index ledger.parcel_holder, ledger.parcel_offered_to;
    create index parcel_holder on ledger.parcel (holder, due_on, bill_no, first) where to_block is null;
    create index parcel_offered_to on ledger.parcel (offered_to, due_on, bill_no, first)
      where to_block is null and offered_to is not null;
    create index parcel_offered_by on ledger.parcel (holder, due_on, bill_no, first)
      where to_block is null and offered_to is not null;
    comment on column ledger.parcel.due_on is 'of its bill';

    create index bill_acceptor_issued on ledger.bill (acceptor, issued_at, bill_no) where to_block is null;
  `.execute(db);
  for (const [table, own] of Object.entries(OWN)) {
    await alterPolicy(
      db,
      table,
      [ALL, `${VIEWER} in (${own.join(', ')})`, party(table, VIEWER)].join(' or '),
    );
  }
  for (const table of OTHERS) await alterPolicy(db, table, `${ALL} or ${party(table, VIEWER)}`);
  await alterPolicy(db, 'bill_party', `${ALL} or member = ${VIEWER}`);
}

/** Asked once for a statement, not once for a row. */
const VIEWER = '(select ledger.viewer())';
const ALL = '(select ledger.viewer_sees_all())';

/** Who is named in the row was party to the bill when the row came to be. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  bill: ['acceptor', 'payee'],
  parcel: ['holder', 'offered_to'],
};
const OTHERS = ['act', 'quote_fill', 'invoice_use'];

const party = (table: string, viewer: string): string =>
  `exists (select from ledger.bill_party p where p.bill_no = ${table}.bill_no and p.member = ${viewer})`;

async function alterPolicy(db: Kysely<unknown>, table: string, using: string): Promise<unknown> {
  return sql`
    do $outer$ begin
      if exists (select from pg_policies where schemaname = 'ledger' and tablename = ${sql.lit(table)}
        and policyname = 'parties_see')
      then alter policy parties_see on ledger.${sql.raw(table)} using (${sql.raw(using)}); end if;
    end $outer$
  `.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of [...Object.keys(OWN), ...OTHERS]) {
    await alterPolicy(db, table, `ledger.viewer_sees_all() or ${party(table, 'ledger.viewer()')}`);
  }
  await alterPolicy(db, 'bill_party', 'ledger.viewer_sees_all() or member = ledger.viewer()');
  await sql`
    drop index ledger.bill_acceptor_issued, ledger.parcel_holder, ledger.parcel_offered_to, ledger.parcel_offered_by;
    create index parcel_holder on ledger.parcel (holder, bill_no) where to_block is null;
    create index parcel_offered_to on ledger.parcel (offered_to, bill_no)
      where to_block is null and offered_to is not null;
    alter table ledger.parcel drop column due_on;
    alter table ledger.bill_party drop column issued_at, drop column due_on;
  `.execute(db);
}
