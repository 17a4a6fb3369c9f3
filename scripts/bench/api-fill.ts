/**
 * A read model of any size, written straight into the database: what the indexer would have written of so many bills, with
 * every constraint in force. Each bill is offered, taken, cut into four; half of it passed on, a quarter sold to a bank.
 * One core enterprise has issued six bills of ten, as one of a group does.
 */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { createPool } from '#db/wire/connect.ts';
import { ROLE_BITS } from '#domain/codes.ts';

export const CAST = {
  core: 1,
  cores: 20,
  supplier: 21,
  suppliers: 200,
  bank: 221,
  banks: 40,
  regulator: 261,
  settlementBank: 262,
} as const;

/** Days since 2026-01-01 by which bills are issued and fall due. */
const ISSUED_OVER = 60;

/** @param firstDue Legal date on which the first bills fall due; the last do 240 days later. */
export async function fill(databaseUrl: string, bills: number, firstDue = '2026-05-01'): Promise<void> {
  const pool = createPool(databaseUrl, { max: 1 });
  const client = await pool.connect();
  try {
    for (const statement of [members(), blocks(bills), ...ledger(bills, firstDue), ...app(bills)]) {
      await client.query(statement);
    }
    await client.query('vacuum analyze');
  } finally {
    client.release();
    await pool.end();
  }
}

const bytes = (text: string, length: number): string =>
  `substring(sha256(convert_to(${text}, 'UTF8')) from 1 for ${length})`;

const members = (): string => `
  insert into app.identity (identity_hash, account, name_zh, name_en, tax_id, document)
  select ${bytes(`'identity' || n`, 32)}, ${bytes(`'account' || n`, 20)}, '宏达测试制造有限公司' || n,
    'Example Manufacturing Company ' || n, '91310000MA' || lpad(n::text, 8, '0'), '{}'
  from generate_series(1, ${CAST.settlementBank}) n;
  insert into ledger.member (number, account, roles, suspended, standing, identity_hash, admitted_at, from_block)
  select n, ${bytes(`'account' || n`, 20)},
    case when n <= ${CAST.cores} then ${ROLE_BITS.core_enterprise} when n < ${CAST.bank} then ${ROLE_BITS.supplier}
      when n < ${CAST.regulator} then ${ROLE_BITS.bank} when n = ${CAST.regulator} then ${ROLE_BITS.regulator}
      else ${ROLE_BITS.settlement_bank} end,
    false, false, ${bytes(`'identity' || n`, 32)}, '2026-01-01', 1
  from generate_series(1, ${CAST.settlementBank}) n;
  insert into ledger.cash_balance (account, balance_minor, from_block)
  select account, 100000000, 2 from ledger.member;
  insert into ledger.line (bank, obligor, limit_minor, reserved_minor, used_minor, from_block)
  select b, o, 1000000000000, 0, 0, 2
  from generate_series(${CAST.bank}, ${CAST.regulator - 1}) b, generate_series(1, ${CAST.cores}) o;
  insert into ledger.rule_pack (number, kind, effective_from, tenor_months, basis, max_splits, document_hash, from_block)
  values (1, 'CERTIFICATE', 0, 12, 365, 1000, ${bytes(`'pack'`, 32)}, 1)`;

const blocks = (bills: number): string => `
  insert into chain.block (number, hash, parent_hash, timestamp)
  select n, ${bytes(`'block' || n`, 32)}, ${bytes(`'block' || (n - 1)`, 32)},
    extract(epoch from timestamptz '2026-01-01 00:00+08')::bigint + n
  from generate_series(0, ${bills + 20}) n;
  insert into chain.cursor (genesis_hash, bills, block_number, block_hash, proved_block)
  select ${bytes(`'block0'`, 32)}, ${bytes(`'bills'`, 20)}, ${bills + 20}, ${bytes(`'block${bills + 20}'`, 32)}, ${bills + 20}`;

/** One row for each bill, from which all others are made. */
const source = (bills: number, firstDue: string): string => `
  create temporary table b as select n, s.*, s.acceptor::bigint << 32 | n as bill_no, 10 + n as at_block,
    date_trunc('second', timestamptz '2026-01-01 09:00+08' + n * (interval '${ISSUED_OVER} days' / ${bills})) as issued_at,
    date '${firstDue}' + (n * 7 % 240) as due_on, n % 50 = 0 as is_offered, n / 40 % 20 = 1 as is_paid
  from generate_series(1, ${bills}) n, lateral (select
    case when n % 10 < 6 then ${CAST.core} else 2 + n / 10 % ${CAST.cores - 1} end as acceptor,
    ${CAST.supplier} + n % ${CAST.suppliers} as payee,
    ${CAST.supplier} + (n + 7) % ${CAST.suppliers} as second,
    ${CAST.supplier} + (n + 31 + n / 200) % ${CAST.suppliers} as third,
    ${CAST.bank} + n % ${CAST.banks} as bank,
    1000000 + n::bigint * 7919 % 100000000 as face) s;
  alter table b add column q bigint;
  update b set q = face / 4;
  analyze b`;

const pieces = `(values (1, 'payee'), (2, 'second'), (3, 'third'), (4, 'bank')) piece (k, who)`;
const holder = `case k when 1 then payee when 2 then second when 3 then third else bank end`;

const ledger = (bills: number, firstDue: string): string[] => [
  source(bills, firstDue),
  `insert into ledger.bill
   select bill_no, acceptor, payee, null, extract(epoch from due_on::timestamp at time zone 'Asia/Shanghai')::bigint, due_on,
     face, 'CERTIFICATE', case when v = 1 then 'offered' else 'active' end, 8, 1, 156, ${bytes(`'document' || bill_no`, 32)},
     ${bytes(`'invoices' || bill_no`, 32)}, 0, ${bytes(`'trail' || bill_no || v`, 32)},
     case when v = 3 then face else 0 end, case when v = 3 then face else 0 end, issued_at, ${bytes(`'issue' || bill_no`, 32)},
     at_block + v - 1, case when v = last then null else at_block + v end
   from (select *, case when is_offered then 1 when is_paid then 3 else 2 end as last from b) t, generate_series(1, last) v`,
  `insert into ledger.parcel (bill_no, first, "end", holder, offered_to, pledgee, paid_up_to_minor, offer_until, flags, from_block,
     to_block, due_on)
   select bill_no, 0, face, case v when 1 then acceptor else payee end, case v when 1 then payee end, null, 0, null, 0,
     at_block + v - 1, case when is_offered then null else at_block + v end, due_on
   from b, generate_series(1, case when is_offered then 1 else 2 end) v`,
  `insert into ledger.parcel (bill_no, first, "end", holder, offered_to, pledgee, paid_up_to_minor, offer_until, flags, from_block,
     to_block, due_on)
   select bill_no, q * (k - 1), case k when 4 then face else q * k end, ${holder},
     case when k = 2 and n % 40 = 3 then third end, null, case when is_paid then face else 0 end, null,
     case when k = 4 then 1 else 0 end, at_block + 2, null, due_on
   from b, ${pieces} where not is_offered`,
  `insert into ledger.bill_party (bill_no, member, block_number, issued_at, due_on)
   select bill_no, member, at_block, issued_at, due_on from b, unnest(
     case when is_offered then array[acceptor, payee] else array[acceptor, payee, second, third, bank] end) member
   on conflict do nothing`,
  `insert into ledger.act
   select at_block + v - 1, v * 10, bill_no, ${bytes(`'act' || bill_no || v`, 32)},
     (array['BillIssued', 'BillTaken', 'ParcelPassedOn', 'ParcelPassedOn', 'ParcelSold'])[v],
     case v when 1 then acceptor else payee end,
     case v when 1 then payee when 3 then second when 4 then third when 5 then bank end,
     case when v > 2 then payee end, case v when 3 then second when 4 then third when 5 then bank end,
     case when v > 2 then q * (v - 2) else 0 end, case v when 3 then q * 2 when 4 then q * 3 else face end,
     null, null, case v when 5 then q - q / 100 end,
     ${bytes(`'hash' || bill_no || v`, 32)}, ${bytes(`'trail' || bill_no || v`, 32)}, issued_at
   from b, generate_series(1, case when is_offered then 1 else 5 end) v`,
  `insert into ledger.quote_fill
   select at_block + 2, 5, ${bytes(`'act' || bill_no || 5`, 32)}, bank, n, bill_no, payee, q * 3, face - q * 3, 36500,
     q / 100, 0, q - q / 100, 0, ${bytes(`'terms'`, 32)}, issued_at
   from b where not is_offered`,
  `insert into ledger.late_payment
   select acceptor, bill_no, face / 10, issued_at + interval '200 days', at_block + 2, 12 from b where is_paid`,
  `insert into ledger.cash_entry (block_number, log_index, tx_hash, from_account, to_account, amount_minor, kind, bill_no, bank, at)
   select at_block + 2, 6, ${bytes(`'act' || bill_no || 5`, 32)}, ${bytes(`'account' || bank`, 20)},
     ${bytes(`'account' || payee`, 20)}, q - q / 100, 'purchase', bill_no, null, issued_at
   from b where not is_offered`,
];

const uuid = (kind: number): string =>
  `(lpad(to_hex(n), 8, '0') || '-000${kind}-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;

const app = (bills: number): string[] => [
  `insert into app.bill_document (bill_no, document_hash, acceptor, canonical, named)
   select bill_no, ${bytes(`'document' || bill_no`, 32)}, acceptor, jsonb_build_object('invoices', jsonb_build_array(
     jsonb_build_object('number', 'INV-' || n, 'code', '', 'seller', 'TAX' || payee, 'total', face::text, 'amount', face::text)), 'note', null,
     'terms', jsonb_build_object('payee', payee))::text, '{}' from b;
   insert into app.bill_invoice select 'INV-' || n, bill_no from b`,
  `insert into app.instruction (id, signed_by, member, type, input, facts, calls, gas_limit, makes, account, nonce, valid_until, digest,
     signature, state, submitted_at, created_at, tx_hash, block_number)
   select ${uuid(1)}, 'firm', acceptor, 'issue', '{}', '{"by": "Core", "does": [{"instruction": "issue", "to": "Supplier", "amount": {"n": "100000"}, "currency": "CNY", "due": "2027-01-01"}]}', '[]', 500000,
     jsonb_build_object('bills', jsonb_build_array(bill_no::text), 'parcels', jsonb_build_array()),
     ${bytes(`'account' || acceptor`, 20)}, n, 2000000000, ${bytes(`'digest' || n`, 32)}, ${bytes(`'signature' || n`, 32)},
     'done', issued_at, issued_at, ${bytes(`'issue' || bill_no`, 32)}, at_block
   from b;
   insert into app.signature (digest, signer, signature, member, at)
   select digest, account, signature, member, submitted_at from app.instruction`,
  `insert into app.sender values (${bytes(`'sender'`, 20)}, ${bills + 1});
   insert into app.transaction
   select ${bytes(`'sender'`, 20)}, n, ${bytes(`'account' || acceptor`, 20)}, ''::bytea, 500000, 'done',
     ${bytes(`'issue' || bill_no`, 32)}, at_block, ${bytes(`'block' || at_block`, 32)} from b;
   insert into app.transaction_instruction
   select ${bytes(`'sender'`, 20)}, n, 0, ${uuid(1)}, 0, 'done', ${bytes(`'issue' || bill_no`, 32)}, at_block from b;
   insert into app.transaction_attempt
   select ${bytes(`'issue' || bill_no`, 32)}, ${bytes(`'sender'`, 20)}, n, ''::bytea, 0, 0, issued_at from b`,
  `insert into app.financing_request
   select ${uuid(2)}, payee, bill_no, 0, q, acceptor, due_on, q, 'without', 'discount', null, null, issued_at, at_block
   from b where n % 10 = 7;
   insert into app.invitation
   select ${uuid(2)}, ${CAST.bank} + (n / 10 + k) % ${CAST.banks}, payee, bill_no, 0, q, at_block, null, issued_at
   from b, generate_series(1, 2) k where n % 10 = 7;
   insert into app.quote
   select ${uuid(3)}, ${uuid(2)}, ${CAST.bank} + (n / 10 + 1) % ${CAST.banks}, payee, acceptor, bill_no, 0, due_on, q, 36500, 0, 'without',
     ${bytes(`'terms'`, 32)}, 2000000000, 1000000 + n, ${bytes(`'quote' || n`, 32)}, ${bytes(`'signed' || n`, 32)}, null, issued_at,
     issued_at
   from b where n % 10 = 7;
   insert into ledger.quote_cancelled (bank, nonce, from_block)
   select ${CAST.bank} + (n / 10 + 1) % ${CAST.banks}, 1000000 + n, at_block + 5 from b where n % 20 = 7`,
  `insert into app.session (token_hash, id, member, is_operator, created_at, expires_at)
   select ${bytes(`'session' || n`, 32)}, gen_random_uuid(), 1 + n % 200, false, now(), now() + interval '1 hour' from generate_series(1, 5000) n;
   insert into app.idempotency_key
   select 'member ' || n % 200, n::text, ${bytes(`'request' || n`, 32)}, 201, '{}', now() from generate_series(1, 20000) n;
   insert into app.audit_entry (member, is_operator, for_operator, action) select 1 + n % 200, false, false, 'signed' from generate_series(1, 20000) n`,
];

/** Lets a member in without asking the API. */
export async function enter(client: pg.Pool, member: number | null): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await client.query(
    `insert into app.session (token_hash, id, member, is_operator, expires_at)
     values (sha256(convert_to($1, 'UTF8')), gen_random_uuid(), $2::integer, $2::integer is null, now() + interval '1 day')`,
    [token, member],
  );
  return token;
}
