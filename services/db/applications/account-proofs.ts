/** Small credits to the accounts of applications, and the statement of the sandbox's bank. */
import { sql, type Kysely } from 'kysely';
import type { Trx } from '../access/access.ts';
import { newId } from '../wire/ids.ts';
import type { DB } from '../types.ts';

export type BankAccount = { readonly bank: string; readonly number: string };
export type AccountProofRow = {
  readonly id: string;
  readonly bank: string;
  readonly accountNo: string;
  /** null: not credited yet. */
  readonly reference: string | null;
  readonly tries: number;
  readonly provedAt: Date | null;
  readonly createdAt: Date;
};

export const TRIES = 3;
/** Of one application. */
export const MAX_CREDITS = 3;
/** To one account within a day, whoever asks: money of ours goes there, and no longer, because strangers must not keep a firm out. */
const MAX_CREDITS_TO_ACCOUNT = 9;

export const proofsOf = (db: Kysely<DB>, application: string): Promise<AccountProofRow[]> =>
  db
    .selectFrom('app.account_proof')
    .select([
      'id',
      'bank',
      'account_no as accountNo',
      'reference',
      'tries',
      'proved_at as provedAt',
      'created_at as createdAt',
    ])
    .where('application_id', '=', application)
    .orderBy('created_at')
    .execute();

/** Whether the account may be sent another credit. */
export async function mayCredit(trx: Trx, { number }: BankAccount): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtext('credit'), hashtext(${number}))`.execute(trx);
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from app.account_proof
    where account_no = ${number} and created_at > now() - interval '1 day'`.execute(trx);
  return rows[0]!.count < MAX_CREDITS_TO_ACCOUNT;
}

/** Takes the place of a credit that is to be made. */
export const addProof = async (
  trx: Trx,
  application: string,
  { bank, number }: BankAccount,
): Promise<string> => {
  const id = newId();
  await trx
    .insertInto('app.account_proof')
    .values({ id, application_id: application, bank, account_no: number })
    .execute();
  return id;
};

export const noteReference = (db: Kysely<DB>, id: string, reference: string) =>
  db.updateTable('app.account_proof').set({ reference }).where('id', '=', id).execute();

/** One that the bank did not make. */
export const dropProof = (db: Kysely<DB>, id: string) =>
  db.deleteFrom('app.account_proof').where('id', '=', id).execute();

/** Counts a try. False where there are none left. */
export async function countTry(db: Kysely<DB>, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('app.account_proof')
    .set({ tries: sql`tries + 1` })
    .where('id', '=', id)
    .where('tries', '<', TRIES)
    .where('proved_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export const noteProved = (db: Kysely<DB>, id: string) =>
  db
    .updateTable('app.account_proof')
    .set({ proved_at: sql`now()` })
    .where('id', '=', id)
    .execute();

export type SandboxCredit = BankAccount & {
  readonly reference: string;
  readonly amount: bigint;
  readonly at: Date;
};

export const putSandboxCredit = (
  db: Kysely<DB>,
  { reference, bank, number, amount }: Omit<SandboxCredit, 'at'>,
) =>
  db
    .insertInto('app.sandbox_credit')
    .values({ reference, bank, account_no: number, amount_minor: amount })
    .execute();

export const sandboxAmount = async (db: Kysely<DB>, reference: string): Promise<bigint | undefined> =>
  (
    await db
      .selectFrom('app.sandbox_credit')
      .select('amount_minor')
      .where('reference', '=', reference)
      .executeTakeFirst()
  )?.amount_minor;

/** Newest first. */
export const sandboxStatement = (db: Kysely<DB>): Promise<SandboxCredit[]> =>
  db
    .selectFrom('app.sandbox_credit')
    .select(['reference', 'bank', 'account_no as number', 'amount_minor as amount', 'at'])
    .orderBy('at', 'desc')
    .limit(100)
    .execute();
