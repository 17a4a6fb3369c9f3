/** Policies of firms' accounts, as the chain has them now. */
import { sql, type Kysely } from 'kysely';
import type { Policy } from '#domain/accounts/policy.ts';
import { toBytes, toHex } from '../wire/bytes.ts';
import type { Trx } from '../access/access.ts';
import type { DB } from '../types.ts';
import type { PolicyChangeState } from './policy.ts';

/** A change of the policy that was announced and not stopped. */
export type PendingChange = {
  /** Its hash. */
  readonly change: string;
  readonly number: number;
  readonly policy: Policy;
  /** Keys of those who signed the announcement. */
  readonly announcedBy: readonly string[];
  readonly announcedAt: Date;
  /** Seconds; from then on anybody may carry it out. */
  readonly readyAt: number;
};

export type AccountPolicy = Policy & { readonly version: number; readonly changes: readonly PendingChange[] };

type SignerRow = { key: string; weight: number; level: number; valid_until: string; day_limit: string };
type RuleRow = { kinds: number; amount_from: string; threshold: number; levels: number };
type ChangeRow = {
  change: string;
  number: number;
  policy: string;
  announced_by: number;
  announced_at: string;
  ready_at: number;
};
type Row = {
  threshold: number;
  admin_threshold: number;
  change_delay: number;
  policy_version: bigint;
  signers: SignerRow[];
  rules: RuleRow[];
  changes: ChangeRow[];
};

/** Undefined for an account that no contract of ours made. One statement: it is asked with each instruction. */
export async function findPolicy(db: Kysely<DB>, account: Buffer): Promise<AccountPolicy | undefined> {
  const { rows } = await sql<Row>`
    select a.threshold, a.admin_threshold, a.change_delay, a.policy_version,
      coalesce((
        select json_agg(json_build_object(
          'key', '0x' || encode(s.signer, 'hex'), 'weight', s.weight, 'level', s.level,
          'valid_until', coalesce(s.valid_until, 0)::text, 'day_limit', coalesce(s.day_limit, 0)::text
        ) order by s.place)
        from ledger.account_signer s where s.account = a.account and s.to_block is null
      ), '[]') as signers,
      coalesce((
        select json_agg(json_build_object(
          'kinds', r.kinds, 'amount_from', r.amount_from::text, 'threshold', r.threshold, 'levels', r.levels
        ) order by r.place)
        from ledger.account_rule r where r.account = a.account and r.to_block is null
      ), '[]') as rules,
      coalesce((
        select json_agg(json_build_object(
          'change', '0x' || encode(c.change, 'hex'), 'number', c.number, 'policy', c.policy,
          'announced_by', c.announced_by, 'announced_at', c.announced_at, 'ready_at', c.ready_at
        ) order by c.number)
        from ledger.account_change c
        where c.account = a.account and c.to_block is null and c.state = 'waiting'
          and c.policy_version = a.policy_version
      ), '[]') as changes
    from ledger.account a
    where a.account = ${account} and a.to_block is null and a.threshold is not null`.execute(db);
  const [row] = rows;
  return row === undefined ? undefined : policyOf(row);
}

function policyOf(row: Row): AccountPolicy {
  const signers = row.signers.map(({ key, weight, level, valid_until, day_limit }) => ({
    key,
    weight,
    level,
    validUntil: Number(valid_until),
    dayLimit: BigInt(day_limit),
  }));
  return {
    threshold: row.threshold,
    adminThreshold: row.admin_threshold,
    changeDelay: row.change_delay,
    version: Number(row.policy_version),
    signers,
    rules: row.rules.map(({ kinds, amount_from, threshold, levels }) => ({
      kinds,
      from: BigInt(amount_from),
      threshold,
      levels,
    })),
    changes: row.changes.map(({ change, number, policy, announced_by, announced_at, ready_at }) => ({
      change,
      number,
      policy: policyFrom(policy),
      announcedBy: signers.filter((_, place) => (announced_by & (1 << place)) !== 0).map(({ key }) => key),
      announcedAt: new Date(announced_at),
      readyAt: ready_at,
    })),
  };
}

/** Of the text that is kept of an announced policy. */
export function policyFrom(text: string): Policy {
  const amounts = new Set(['dayLimit', 'from']);
  return JSON.parse(text, (name, value: unknown) =>
    amounts.has(name) ? BigInt(value as string) : value,
  ) as Policy;
}

/** What became of an announced change, now; undefined if the account has announced none with this hash. */
export async function findChange(
  db: Kysely<DB>,
  account: Buffer,
  change: Buffer,
): Promise<
  { state: PolicyChangeState | 'void'; number: number; policy: Policy; readyAt: number } | undefined
> {
  const row = await db
    .selectFrom('ledger.account_change as c')
    .innerJoin('ledger.account as a', (join) =>
      join.onRef('a.account', '=', 'c.account').on('a.to_block', 'is', null),
    )
    .select(['c.state', 'c.number', 'c.policy', 'c.ready_at', 'c.policy_version', 'a.policy_version as now'])
    .where('c.account', '=', account)
    .where('c.change', '=', change)
    .where('c.to_block', 'is', null)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const isVoid = row.state === 'waiting' && row.policy_version !== row.now;
  return {
    state: isVoid ? 'void' : row.state,
    number: Number(row.number),
    policy: policyFrom(row.policy),
    readyAt: Number(row.ready_at),
  };
}

export type ReadyChange = {
  readonly account: string;
  /** Whose account it is, or for whom it signs as a branch; null: one of `others`. */
  readonly member: number | null;
  readonly change: string;
  readonly number: number;
  readonly policy: Policy;
};

/**
 * Changes that can be carried out at `now` (seconds), the oldest first: of members' accounts, of accounts that sign for them (branches),
 * and of `others`. What strangers make at the factory is theirs to carry out.
 */
export async function readyChanges(
  db: Kysely<DB>,
  { now, limit, others }: { now: number; limit: number; others: readonly string[] },
): Promise<ReadyChange[]> {
  const { rows } = await sql<{
    account: Buffer;
    member: number | null;
    change: Buffer;
    number: bigint;
    policy: string;
  }>`
    select c.account, m.number as member, c.change, c.number, c.policy
    from ledger.account_change c
    join ledger.account a on a.account = c.account and a.policy_version = c.policy_version and a.to_block is null
    left join lateral (
      select m.number, 0 as way from ledger.member m where m.account = c.account and m.to_block is null
      union all
      select m.number, 1 from ledger.account_signer s join ledger.member m on m.account = s.account and m.to_block is null
      where s.signer = c.account and s.to_block is null
      order by way, number limit 1) m on true
    where c.to_block is null and c.state = 'waiting' and c.ready_at <= ${now}
      and (m.number is not null or c.account = any(${sql.val(others.map(toBytes))}::bytea[]))
    order by c.ready_at, c.number limit ${limit}`.execute(db);
  return rows.map(({ account, change, number, policy, ...row }) => ({
    ...row,
    account: toHex(account),
    change: toHex(change),
    number: Number(number),
    policy: policyFrom(policy),
  }));
}

/** Whether the keeper has a change in hand already. Whoever asks holds the right to say so until its transaction ends. */
export async function isBeingCarriedOut(trx: Trx, member: number, change: string): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtext('carry out'), hashtext(${change}))`.execute(trx);
  const { rows } = await sql`
    select from app.instruction where member = ${member} and state in ('submitted', 'sent')
      and type = 'carryOutChange' and input->>'change' = ${change} limit 1`.execute(trx);
  return rows.length > 0;
}

/** How many changes of its policy an account has announced so far. */
export async function announcementsOf(db: Kysely<DB>, account: Buffer): Promise<number> {
  const row = await db
    .selectFrom('ledger.account_change')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('account', '=', account)
    .executeTakeFirst();
  return Number(row?.last ?? 0);
}
