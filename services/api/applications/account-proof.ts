/** Proof of a bank account: a small credit to it, whose amount only who reads its statement can state. */
import { randomBytes, randomInt } from 'node:crypto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { putSandboxCredit, sandboxAmount, type BankAccount } from '#db/applications/account-proofs.ts';
import type { Database } from '#db/wire/connect.ts';
import { formatAmount, type Currency } from '#domain/money.ts';
import { Problem } from '#domain/problems.ts';

/** The way to a bank. What was credited stays there: who reads our database does not learn it. */
export type AccountProof = {
  /** Credits from 0.01 to 0.99. Returns by what it is found again. Throws UNAVAILABLE. */
  readonly begin: (account: BankAccount) => Promise<string>;
  /** Whether that was the amount (minor units). Throws UNAVAILABLE. */
  readonly wasAmount: (reference: string, amount: bigint) => Promise<boolean>;
};

/** 'sandbox', or the address of a bank's gateway; undefined where none is connected. */
export function accountProofOf(
  setting: string | undefined,
  db: Database,
  currency: Currency,
): AccountProof | undefined {
  if (setting === undefined) return undefined;
  return setting === 'sandbox' ? sandbox(db) : gateway(setting, currency);
}

/** The bank of the sandbox: its statement is in the database, and the platform reads it out. */
const sandbox = (db: Database): AccountProof => ({
  begin: async ({ bank, number }) => {
    const reference = randomBytes(12).toString('hex');
    await putSandboxCredit(db, { reference, bank, number, amount: BigInt(randomInt(1, 100)) });
    return reference;
  },
  wasAmount: async (reference, amount) => (await sandboxAmount(db, reference)) === amount,
});

const PATIENCE_MS = 10_000;
const Begun = Type.Object({ reference: Type.String({ minLength: 1, maxLength: 200 }) });
const Compared = Type.Object({ matches: Type.Boolean() });

/** `POST /credits` credits an account, `POST /credits/REFERENCE/amount` compares. */
function gateway(url: string, currency: Currency): AccountProof {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    try {
      const answer = await fetch(url.replace(/\/$/, '') + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS),
        redirect: 'error',
      });
      if (answer.ok) return await answer.json();
    } catch {
      // as if it had refused
    }
    throw new Problem('UNAVAILABLE');
  };
  return {
    begin: async ({ bank, number }) => {
      const answer = await post('/credits', { bank, number });
      if (!Value.Check(Begun, answer)) throw new Problem('UNAVAILABLE');
      return answer.reference;
    },
    wasAmount: async (reference, amount) => {
      const stated = { amount: formatAmount(amount, currency) };
      const answer = await post(`/credits/${encodeURIComponent(reference)}/amount`, stated);
      if (!Value.Check(Compared, answer)) throw new Problem('UNAVAILABLE');
      return answer.matches;
    },
  };
}
