/**
 * The tables that a firm takes away beside its bills: a line for each, which says whose rows they are. Row-level security says it
 * again where a table has it. No secret, and nothing of another member, stands in a column that is named here.
 */
import { sql, type Kysely, type RawBuilder } from 'kysely';
import { asOf } from '../ledger/as-of.ts';
import { ask, type Query, type Viewer } from '../access/access.ts';
import type { DB } from '../types.ts';
import { oneMore, paged, type Page, type PageOf } from '../wire/page.ts';

type Own = { readonly member: number; readonly block: bigint; readonly accounts: readonly Buffer[] };

export type OwnTable = {
  readonly name: string;
  /** What is told, in order; amounts end in `_minor`. */
  readonly columns: readonly string[];
  /** By which its rows are ordered: column and type. */
  readonly key: readonly (readonly [column: string, type: string])[];
  /** Relation `t`, and the condition. */
  readonly rows: (own: Own) => RawBuilder<unknown>;
};

const words = (text: string): string[] => text.trim().split(/\s+/);
const ids = [['id', 'uuid']] as const;

const ofMember = (table: string) => {
  const relation = sql.raw(table);
  return ({ member }: Own) => sql`${relation} t where t.member = ${member}`;
};

export const OWN_TABLES: readonly OwnTable[] = [
  {
    name: 'identity',
    columns: words('identity_hash account name_zh name_en tax_id document created_at'),
    key: [['identity_hash', 'bytea']],
    rows: ({ member }) => sql`app.identity t where t.identity_hash in (
      select identity_hash from ledger.member where number = ${member})`,
  },
  {
    name: 'membership',
    columns: words(
      'number account roles suspended suspended_at standing credential_expiry identity_hash admitted_at helper from_block to_block',
    ),
    key: [['from_block', 'bigint']],
    rows: ({ member, block }) => sql`ledger.member t where t.number = ${member} and t.from_block <= ${block}`,
  },
  {
    name: 'signers',
    columns: words('account place signer weight level valid_until day_limit_minor'),
    key: [
      ['account', 'bytea'],
      ['place', 'integer'],
    ],
    rows: ({
      accounts,
      block,
    }) => sql`(select s.*, s.day_limit as day_limit_minor from ledger.account_signer s) t
      where t.account = any(${sql.val(accounts)}::bytea[]) and ${asOf(block, 't')}`,
  },
  {
    name: 'cash_entries',
    columns: words(
      'block_number log_index tx_hash at kind amount_minor from_account to_account bill_no bank reference words',
    ),
    key: [
      ['block_number', 'bigint'],
      ['log_index', 'integer'],
    ],
    rows: ({ accounts, block }) => {
      const own = sql.val(accounts);
      return sql`(select c.*, w.text as words from ledger.cash_entry c left join app.wording w on w.hash = c.reference) t
        where t.block_number <= ${block} and (t.from_account = any(${own}::bytea[]) or t.to_account = any(${own}::bytea[]))`;
    },
  },
  {
    name: 'redemptions',
    columns: words('number bank member amount_minor state requested_at answered_at answer'),
    key: [['number', 'numeric']],
    rows: ({ member, block }) => sql`(select r.*, w.text as answer from ledger.redemption r
        left join app.wording w on w.hash = r.answer_hash) t
      where (t.bank = ${member} or t.member = ${member}) and ${asOf(block, 't')}`,
  },
  {
    name: 'invoices',
    columns: words('bill_no invoice_id number amount_minor freed'),
    key: [
      ['bill_no', 'bigint'],
      ['invoice_id', 'bytea'],
    ],
    rows: ({ member, block }) => sql`(
        select u.*, (select min(i.number) from app.bill_invoice i
          where i.bill_no = u.bill_no and i.invoice_id = u.invoice_id) as number
        from ledger.invoice_use u) t
      where ${asOf(block, 't')} and exists (
        select from ledger.bill_party v where v.member = ${member} and v.bill_no = t.bill_no)`,
  },
  {
    name: 'lines',
    columns: words('bank obligor limit_minor reserved_minor used_minor group_no'),
    key: [['obligor', 'integer']],
    rows: ({ member, block }) => sql`ledger.line t where t.bank = ${member} and ${asOf(block, 't')}`,
  },
  {
    name: 'group_lines',
    columns: words('bank group_no limit_minor reserved_minor used_minor'),
    key: [['group_no', 'bigint']],
    rows: ({ member, block }) => sql`ledger.group_line t where t.bank = ${member} and ${asOf(block, 't')}`,
  },
  {
    name: 'sales',
    columns: words(
      'block_number log_index tx_hash at bank seller bill_no first amount_minor rate_ppm interest_minor fee_minor price_minor recourse',
    ),
    key: [
      ['block_number', 'bigint'],
      ['log_index', 'integer'],
    ],
    rows: ({ member, block }) => sql`ledger.quote_fill t
      where (t.bank = ${member} or t.seller = ${member}) and t.block_number <= ${block}`,
  },
  {
    name: 'requests',
    columns: words(
      'id seller bill_no first end acceptor due_on amount_minor recourse purpose note cancelled_at created_at',
    ),
    key: ids,
    rows: ({ member }) => sql`app.financing_request t where t.seller = ${member}`,
  },
  {
    name: 'invitations',
    columns: words('request_id bank seller bill_no first end declined_at created_at'),
    key: [
      ['request_id', 'uuid'],
      ['bank', 'integer'],
    ],
    rows: ({ member }) => sql`app.invitation t where t.bank = ${member} or t.seller = ${member}`,
  },
  {
    name: 'quotes',
    columns: words(
      'id request_id bank seller acceptor bill_no first due_on amount_minor rate_ppm fee_minor recourse valid_until nonce digest signature withdrawn_at created_at submitted_at',
    ),
    key: ids,
    rows: ({ member }) => sql`app.quote t
      where t.bank = ${member} or (t.seller = ${member} and t.signature is not null)`,
  },
  {
    name: 'instructions',
    columns: words(
      'id type state input facts calls account nonce valid_until digest signature prepared_by refused_by refused_at reason created_at submitted_at tx_hash block_number code',
    ),
    key: ids,
    rows: ofMember('app.instruction'),
  },
  {
    name: 'signatures',
    columns: words('digest signer signature person_id at'),
    key: [
      ['digest', 'bytea'],
      ['signer', 'bytea'],
    ],
    rows: ofMember('app.signature'),
  },
  {
    name: 'comments',
    columns: words('id instruction_id person_id text at'),
    key: ids,
    rows: ofMember('app.instruction_comment'),
  },
  {
    name: 'people',
    columns: words('person_id name email language rights created_at'),
    key: [['person_id', 'uuid']],
    rows: ({ member }) => sql`(select s.*, p.name, p.email, p.language from app.seat s
      join app.person p on p.id = s.person_id) t where t.member = ${member}`,
  },
  {
    name: 'devices',
    columns: words('id person_id name x y created_at revoked_at'),
    key: ids,
    rows: ({ member }) => sql`app.passkey t where t.person_id in (
      select person_id from app.seat where member = ${member})`,
  },
  {
    name: 'own_signers',
    columns: words('id person_id type signer name created_at revoked_at'),
    key: ids,
    rows: ({ member }) => sql`app.own_signer t where t.person_id in (
      select person_id from app.seat where member = ${member})`,
  },
  {
    name: 'api_keys',
    columns: words('id name rights ranges made_by created_at expires_at used_at revoked_at'),
    key: ids,
    rows: ofMember('app.api_key'),
  },
  {
    name: 'webhooks',
    columns: words('id url kinds made_by created_at disabled_at disabled_why'),
    key: ids,
    rows: ofMember('app.webhook'),
  },
  {
    name: 'vouchers',
    columns: words('bill_no voucher'),
    key: [['bill_no', 'bigint']],
    rows: ofMember('app.bill_voucher'),
  },
  {
    name: 'imports',
    columns: words('id name given row_count error_count credit_count total_minor created_at'),
    key: ids,
    rows: ofMember('app.import'),
  },
  {
    name: 'import_rows',
    columns: words('import_id row source payable credit as_read amount_minor errors instruction_id bill_no'),
    key: [
      ['import_id', 'uuid'],
      ['row', 'integer'],
    ],
    rows: ofMember('app.import_row'),
  },
  {
    name: 'credit_notes',
    columns: words('supplier number invoice_number amount_minor import_id row'),
    key: [
      ['supplier', 'integer'],
      ['number', 'text'],
    ],
    rows: ofMember('app.credit_note'),
  },
  {
    name: 'supplier_names',
    columns: words('key name supplier created_at'),
    key: [['key', 'text']],
    rows: ofMember('app.supplier_alias'),
  },
  {
    name: 'notices',
    columns: words('id kind facts at block_number retracted_at'),
    key: ids,
    rows: ({ member }) => sql`app.notice t where t.member = ${member} and t.person_id is null`,
  },
  {
    name: 'applications',
    columns: words('id kind state form number filed_at identity_hash created_at changed_at'),
    key: ids,
    rows: ofMember('app.application'),
  },
  {
    name: 'appeals',
    columns: words('id person_id text at'),
    key: ids,
    rows: ofMember('app.appeal'),
  },
];

type Row = Readonly<Record<string, unknown>>;

/** A page of one of them, as the database has it. */
export async function listOwnRows(
  db: Kysely<DB>,
  viewer: Viewer,
  { columns, key, rows }: OwnTable,
  own: Own,
  page: PageOf,
): Promise<Page<Row>> {
  const named = (names: readonly string[]) => sql.join(names.map((name) => sql.ref(`t.${name}`)));
  const keys = key.map(([column]) => column);
  const after =
    page.after === undefined
      ? sql``
      : sql`where (${named(keys)}) > (${sql.join(key.map(([, type], n) => sql`${page.after![n]}::text::${sql.raw(type)}`))})`;
  const query: Query<Page<Row>> = {
    statement: sql`
      select ${named(columns)} ${sql.join(
        keys.map((column, n) => sql`, t.${sql.ref(column)}::text as ${sql.ref(`key_${n}`)}`),
        sql` `,
      )}
      from (select t.* from ${rows(own)}) t ${after} order by ${named(keys)} limit ${oneMore(page)}`,
    answer: (found: Row[]) => {
      const { rows: some, next } = paged(found, page.limit, (row) =>
        keys.map((_, n) => String(row[`key_${n}`])),
      );
      return { rows: some, next };
    },
  };
  return (await ask(db, viewer, query))[0];
}

export type Accounts = { readonly accounts: readonly Buffer[]; readonly balance: bigint };

/** The accounts that a firm has had up to a block, and what lies on them then. */
export async function accountsOf(db: Kysely<DB>, viewer: Viewer, block: bigint): Promise<Accounts> {
  const accounts = sql`(select distinct account from ledger.member
    where number = ${viewer.member} and from_block <= ${block})`;
  const [found, [sum]] = await ask(
    db,
    viewer,
    { statement: accounts, answer: (rows: { account: Buffer }[]) => rows },
    {
      statement: sql`select coalesce(sum(balance_minor), 0)::numeric as balance from ledger.cash_balance c
        where account in ${accounts} and ${asOf(block, 'c')}`,
      answer: (rows: { balance: bigint }[]) => rows,
    },
  );
  return { accounts: found.map(({ account }) => account), balance: sum!.balance };
}
