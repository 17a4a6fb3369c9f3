/** The end of a recovery, from the side of the new account: it has no session yet, only its key. */
import type { Instruction } from './generated/schema.ts';
import type { Http } from './http.ts';
import type { Pin } from './instructions/index.ts';
import { signRecovery, type SigningKey } from './sign.ts';

export type Recovering = {
  readonly member: number;
  /** The new account, that both the helper and the operator have proposed. */
  readonly account: string;
  /** Signs for it. */
  readonly key: SigningKey;
  /** Where the contracts are: from the firm's own records, because the platform of all could lie here. */
  readonly pin: Pin;
};

/** Completes the recovery once its notice is over. Throws ApiProblem where it is refused. */
export async function completeRecovery(
  http: Http,
  { member, account, key, pin }: Recovering,
): Promise<Instruction> {
  const prepared = await http.post(`/api/recoveries/${member}/prepare`, { account });
  const signatures = signRecovery(prepared, { member, account }, pin, key);
  const { nonce, validUntil } = prepared;
  return http.post(`/api/recoveries/${member}/complete`, { account, nonce, validUntil, signatures });
}
