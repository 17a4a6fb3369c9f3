import { sql, type Kysely } from 'kysely';

/**
 * Who may see what stays as it was; it is said so that a plan is short. PostgreSQL sets up every part of a plan for each
 * request, asked or not, and a policy that names a table brings that table's own policies along: most of the time of a
 * small read. Whether a bank was invited is therefore asked by a function, last and hardly ever. And what a viewer may look
 * into of the bills of a page is read from one index.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function ledger.is_invited(bill bigint) returns boolean
      language sql stable parallel safe security definer
    begin atomic
      select exists (select from app.invitation i where i.bill_no = bill and i.bank = ledger.viewer());
    end;
    revoke execute on function ledger.is_invited from public;
    create index parcel_holder_of_bill on ledger.parcel (bill_no, holder) include (offered_to, first, "end", to_block);
  `.execute(db);
  await ifApiExists(db, 'grant execute on function ledger.is_invited to tallystick_api');
  for (const table of INVITED_SEE)
    await ifApiExists(db, `drop policy if exists invited_see on ledger.${table}`);
  for (const [table, own] of Object.entries(SEEN)) {
    await ifApiExists(
      db,
      `alter policy parties_see on ledger.${table} using (${[ALL, ...own, party(table), 'ledger.is_invited(bill_no)'].join(' or ')})`,
    );
  }
  await ifApiExists(
    db,
    `alter policy own on app.bill_document using (
      ${ALL} or acceptor = ${VIEWER} or ${party('bill_document')} or ledger.is_invited(bill_no))`,
  );
}

const VIEWER = '(select ledger.viewer())';
const ALL = '(select ledger.viewer_sees_all())';
const INVITED_SEE = ['bill', 'parcel', 'act', 'invoice_use'];

/** What tells by itself that a row is of a bill of the viewer's. */
const SEEN: Readonly<Record<string, readonly string[]>> = {
  bill: [`${VIEWER} in (acceptor, payee)`],
  parcel: [`${VIEWER} in (holder, offered_to)`],
  act: [],
  invoice_use: [],
};

const party = (table: string): string =>
  `exists (select from ledger.bill_party p where p.bill_no = ${table}.bill_no and p.member = ${VIEWER})`;

export async function down(db: Kysely<unknown>): Promise<void> {
  const invited = (table: string) =>
    `exists (select from app.invitation i where i.bill_no = ${table}.bill_no and i.bank = ${VIEWER})`;
  for (const [table, own] of Object.entries(SEEN)) {
    await ifApiExists(
      db,
      `alter policy parties_see on ledger.${table} using (${[ALL, ...own, party(table)].join(' or ')})`,
    );
  }
  for (const table of INVITED_SEE) {
    await ifApiExists(
      db,
      `create policy invited_see on ledger.${table} for select to tallystick_api using (${invited(table)})`,
    );
  }
  await ifApiExists(
    db,
    `alter policy own on app.bill_document using (
      ${ALL} or acceptor = ${VIEWER} or ${invited('bill_document')} or ${party('bill_document')})`,
  );
  await sql`
    drop index ledger.parcel_holder_of_bill;
    drop function ledger.is_invited;
  `.execute(db);
}

async function ifApiExists(db: Kysely<unknown>, statement: string): Promise<void> {
  await sql`
    do $outer$ begin
      if exists (select from pg_roles where rolname = 'tallystick_api') then ${sql.raw(statement)}; end if;
    end $outer$
  `.execute(db);
}
