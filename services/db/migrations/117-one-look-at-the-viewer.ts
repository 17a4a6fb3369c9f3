import { sql, type Kysely } from 'kysely';

/**
 * Who may see what stays as it was. A policy asks once who looks and compares that with the row, instead of once for each
 * column that it compares; and what it has to look up it finds in views that show the viewer's own entries alone, so that
 * the policies of those tables are not set up within each policy that asks them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function ledger.who() returns integer language sql stable parallel safe as $$
      select nullif(replace(current_setting('tallystick.viewer', true), '*', '-1'), '')::integer
    $$;
    comment on function ledger.who is 'the number of the viewer; -1: sees all; null: sees nothing';
    create view ledger.viewer_party as
      select bill_no from ledger.bill_party where member = (select ledger.who());
    comment on view ledger.viewer_party is 'bills that the viewer was ever party to: for policies';
    create view app.viewer_invitation as
      select bill_no, request_id from app.invitation where bank = (select ledger.who());
    comment on view app.viewer_invitation is 'what the viewer was invited to quote for: for policies';
    create or replace function ledger.is_invited(bill bigint) returns boolean
      language plpgsql stable parallel safe security invoker as $$
    begin
      return exists (select from app.viewer_invitation i where i.bill_no = bill);
    end $$;
    create function app.was_invited(member integer, bill bigint) returns boolean
      language plpgsql stable parallel safe security invoker as $$
    begin
      return exists (select from app.invitation i where i.bank = member and i.bill_no = bill);
    end $$;
    comment on function app.was_invited is 'for statements that hardly ever ask it: its plan is made when it is asked';
  `.execute(db);
  await ifApiExists(db, 'grant select on ledger.viewer_party, app.viewer_invitation to tallystick_api');
  await ifApiExists(db, 'revoke insert, update, delete on app.viewer_invitation from tallystick_api');
  await alterPolicies(db, SEEN);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await alterPolicies(db, BEFORE);
  await sql`
    create or replace function ledger.is_invited(bill bigint) returns boolean
      language sql stable parallel safe security definer
    begin atomic
      select exists (select from app.invitation i where i.bill_no = bill and i.bank = ledger.viewer());
    end;
    drop view ledger.viewer_party, app.viewer_invitation;
    drop function app.was_invited, ledger.who;
  `.execute(db);
}

/**
 * Who looks is compared with who is named in the row itself, then something is looked up. Not null: the planner then expects
 * that nearly every row is seen, as it is with statements that ask for the viewer's own, and goes by the order of an index.
 */
const seen = (named: readonly string[], other = 'false'): string =>
  `case (select ledger.who()) when -1 then true ${named.map((name) => `when ${name} then true`).join(' ')}
    else nullif(${other}, false) end is not null`;

/** For each row: without the offset all of the viewer's would be read for each statement. */
const isParty = (table: string): string =>
  `exists (select from ledger.viewer_party v where v.bill_no = ${table}.bill_no offset 0)`;
const isInvited = (value: string, key: string): string =>
  `exists (select from app.viewer_invitation i where i.${key} = ${value} offset 0)`;
const ofBill = (table: string, named: readonly string[] = []): string =>
  seen(named, `${isParty(table)} or ledger.is_invited(bill_no)`);

const SEEN: Readonly<Record<string, string>> = {
  // Of this table alone there are lists of what a bank was only invited to: the function would cost more than the list.
  'ledger.bill': seen(['acceptor', 'payee'], `${isParty('bill')} or ${isInvited('bill.bill_no', 'bill_no')}`),
  'ledger.parcel': ofBill('parcel', ['holder', 'offered_to']),
  'ledger.act': ofBill('act'),
  'ledger.invoice_use': ofBill('invoice_use'),
  'ledger.quote_fill': seen(['bank', 'seller'], isParty('quote_fill')),
  'ledger.bill_party': seen(['member']),
  'app.act': seen(['member']),
  'app.bill_document': ofBill('bill_document', ['acceptor']),
  'app.financing_request': seen(['seller'], isInvited('financing_request.id', 'request_id')),
  'app.invitation': seen(['bank', 'seller']),
};

const VIEWER = '(select ledger.viewer())';
const ALL = '(select ledger.viewer_sees_all())';
const wasParty = (table: string): string =>
  `exists (select from ledger.bill_party p where p.bill_no = ${table}.bill_no and p.member = ${VIEWER})`;

const BEFORE: Readonly<Record<string, string>> = {
  'ledger.bill': `${ALL} or ${VIEWER} in (acceptor, payee) or ${wasParty('bill')} or ledger.is_invited(bill_no)`,
  'ledger.parcel': `${ALL} or ${VIEWER} in (holder, offered_to) or ${wasParty('parcel')} or ledger.is_invited(bill_no)`,
  'ledger.act': `${ALL} or ${wasParty('act')} or ledger.is_invited(bill_no)`,
  'ledger.invoice_use': `${ALL} or ${wasParty('invoice_use')} or ledger.is_invited(bill_no)`,
  'ledger.quote_fill': `${ALL} or ${wasParty('quote_fill')}`,
  'ledger.bill_party': `${ALL} or member = ${VIEWER}`,
  'app.act': `${ALL} or member = ${VIEWER}`,
  'app.bill_document': `${ALL} or acceptor = ${VIEWER} or ${wasParty('bill_document')} or ledger.is_invited(bill_no)`,
  'app.financing_request': `${ALL} or seller = ${VIEWER} or exists (
    select from app.invitation i where i.request_id = financing_request.id and i.bank = ${VIEWER})`,
  'app.invitation': `${ALL} or bank = ${VIEWER} or seller = ${VIEWER}`,
};

async function alterPolicies(db: Kysely<unknown>, policies: Readonly<Record<string, string>>): Promise<void> {
  for (const [table, using] of Object.entries(policies)) {
    const name = table.startsWith('ledger.') ? 'parties_see' : 'own';
    await ifApiExists(db, `alter policy ${name} on ${table} using (${using})`);
  }
}

async function ifApiExists(db: Kysely<unknown>, statement: string): Promise<void> {
  await sql`
    do $outer$ begin
      if exists (select from pg_roles where rolname = 'tallystick_api') then ${sql.raw(statement)}; end if;
    end $outer$
  `.execute(db);
}
