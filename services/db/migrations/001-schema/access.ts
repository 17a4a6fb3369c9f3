/** Who may do what with the tables, and who sees which rows. */

export const ROLES = ['tallystick_indexer', 'tallystick_api'] as const;
export type Role = (typeof ROLES)[number];

/** To be executed where there is that role. */
export type Rule = { readonly role: Role; readonly statement: string };

export function grants(): Rule[] {
  const forIndexer = [
    'grant usage on schema chain, ledger to tallystick_indexer',
    `grant ${WRITING}, truncate on all tables in schema chain, ledger to tallystick_indexer`,
    `alter default privileges in schema chain, ledger grant ${WRITING}, truncate on tables to tallystick_indexer`,
    'revoke insert, update, delete, truncate on chain.put_off from tallystick_indexer',
    'grant execute on function chain.begin_back_fill(), chain.end_back_fill(), chain.end_back_fill(text) to tallystick_indexer',
  ];
  const forApi = [
    'grant usage on schema chain, ledger, app to tallystick_api',
    'grant select on all tables in schema chain, ledger to tallystick_api',
    `grant ${WRITING} on all tables in schema app to tallystick_api`,
    'grant usage, select on all sequences in schema app to tallystick_api',
    'alter default privileges in schema chain, ledger grant select on tables to tallystick_api',
    `alter default privileges in schema app grant ${WRITING} on tables to tallystick_api`,
    'alter default privileges in schema app grant usage, select on sequences to tallystick_api',
    'revoke insert, update, delete on app.viewer_invitation from tallystick_api',
    'revoke update, delete on app.audit_entry, app.audit_link, app.audit_anchor from tallystick_api',
    'revoke update on app.audit_waiting from tallystick_api',
    'grant execute on function ledger.is_invited, ledger.acceptor_record to tallystick_api',
  ];
  return [
    ...forIndexer.map((statement): Rule => ({ role: 'tallystick_indexer', statement })),
    ...forApi.map((statement): Rule => ({ role: 'tallystick_api', statement })),
  ];
}

const WRITING = 'select, insert, update, delete';

/** The tables of {@link SEEN} have row-level security; without a policy a role sees nothing there. */
export const policies = (): Rule[] =>
  Object.entries(SEEN).flatMap(([table, seen]): Rule[] => {
    if (table === 'app.audit_entry')
      return [
        {
          role: 'tallystick_api',
          statement: `create policy own on ${table} for select to tallystick_api using (${seen})`,
        },
        {
          role: 'tallystick_api',
          statement: `create policy all_add on ${table} for insert to tallystick_api with check (true)`,
        },
      ];
    if (table.startsWith('app.'))
      return [
        {
          role: 'tallystick_api',
          statement: `create policy own on ${table} to tallystick_api using (${seen})`,
        },
        ...(TOLD_TO_OTHERS.has(table)
          ? [
              {
                role: 'tallystick_api',
                statement: `create policy told on ${table} for insert to tallystick_api with check (true)`,
              } as const,
            ]
          : []),
      ];
    const writes: Rule = {
      role: 'tallystick_indexer',
      statement: `create policy indexer_writes on ${table} to tallystick_indexer using (true) with check (true)`,
    };
    if (seen === null) return [writes];
    const statement = `create policy parties_see on ${table} for select to tallystick_api using (${seen})`;
    return [writes, { role: 'tallystick_api', statement }];
  });

/**
 * Who looks is compared with who is named in the row itself, then something is looked up. Not null: the planner then expects
 * that nearly every row is seen, as it is with statements that ask for the viewer's own, and goes by the order of an index.
 */
const seenBy = (named: readonly string[], other = 'false'): string =>
  `case (select ledger.who()) when -1 then true ${named.map((name) => `when ${name} then true`).join(' ')}
    else nullif(${other}, false) end is not null`;

/** For each row: without the offset all of the viewer's would be read for each statement. */
const isParty = (table: string): string =>
  `exists (select from ledger.viewer_party v where v.bill_no = ${table}.bill_no offset 0)`;
const isInvited = (value: string, key: string): string =>
  `exists (select from app.viewer_invitation i where i.${key} = ${value} offset 0)`;
const ofBill = (table: string, named: readonly string[] = []): string =>
  seenBy(named, `${isParty(table)} or ledger.is_invited(bill_no)`);

const ALL = '(select ledger.viewer_sees_all())';
const VIEWER = '(select ledger.viewer())';
const OWN = `member = ${VIEWER}`;

/** Who does something tells others of it: a row is written for somebody else, and cannot be read again. */
const TOLD_TO_OTHERS: ReadonlySet<string> = new Set(['app.notice']);

/** By table: which rows the API sees in the name of a viewer; null: none. */
const SEEN: Readonly<Record<string, string | null>> = {
  // There are lists of what a bank was only invited to, of this table alone: the function would cost more than the list.
  'ledger.bill': seenBy(
    ['acceptor', 'payee'],
    `${isParty('bill')} or ${isInvited('bill.bill_no', 'bill_no')}`,
  ),
  'ledger.parcel': ofBill('parcel', ['holder', 'offered_to']),
  'ledger.act': ofBill('act'),
  'ledger.invoice_use': ofBill('invoice_use'),
  'ledger.quote_fill': seenBy(['bank', 'seller'], isParty('quote_fill')),
  'ledger.bill_party': seenBy(['member']),
  'ledger.bill_named': `case (select ledger.who()) when -1 then true
    else nullif(${isParty('bill_named')} or ledger.is_invited(bill_no), false) is not null end`,
  'ledger.redemption':
    'case (select ledger.who()) when -1 then true when bank then true when member then true end',
  'ledger.settlement_book': 'case (select ledger.who()) when -1 then true when bank then true end',
  'ledger.late_payment': null,
  // -2: the operator. See OPERATOR in ../../access/access.ts.
  'app.audit_entry': `case (select ledger.who()) when -1 then true when -2 then for_operator when member then true end`,
  'app.instruction': seenBy(['member']),
  'app.signature': seenBy(['member']),
  'app.instruction_comment': seenBy(['member']),
  'app.bill_document': ofBill('bill_document', ['acceptor']),
  'app.bill_invoice': 'exists (select from app.bill_document d where d.bill_no = bill_invoice.bill_no)',
  'app.bill_voucher': OWN,
  'app.financing_request': seenBy(['seller'], isInvited('financing_request.id', 'request_id')),
  'app.invitation': seenBy(['bank', 'seller']),
  // What is told to one person or to the platform belongs to no member: the statement says whose it asks for.
  'app.notice': `member is null or ${seenBy(['member'])}`,
  'app.webhook': `${ALL} or ${OWN}`,
  'app.quote': `${ALL} or bank = ${VIEWER} or (seller = ${VIEWER} and signature is not null)`,
  'app.import': `${ALL} or ${OWN}`,
  'app.import_row': `${ALL} or ${OWN}`,
  'app.credit_note': `${ALL} or ${OWN}`,
  'app.supplier_alias': OWN,
  'app.import_shape': OWN,
};
