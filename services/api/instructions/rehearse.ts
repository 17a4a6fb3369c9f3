/** Has the chain say what would become of calls, without anything being changed. */
import { toQuantity } from 'ethers';
import { interfaces } from '#chain/contracts.ts';
import { isRehearsed, refusalOf, revertDataOf } from '#chain/errors.ts';
import type { Call, Instruction } from '#chain/typed-data.ts';
import type { Services } from '../services.ts';
import { OVERHEAD_GAS } from './gas.ts';
import { foreignAccount, type Objection } from './refusal.ts';

type Wanted = Pick<Services, 'provider' | 'log' | 'maxGas'>;

/** Has a firm's account make the calls without anything being changed. Undefined: they would succeed. */
export async function rehearse(
  services: Wanted,
  account: string,
  calls: readonly Call[],
): Promise<Objection | undefined> {
  const data = interfaces.orgAccount.encodeFunctionData('rehearse', [calls]);
  const revert = await revertOf(services, { to: account, data });
  if (revert === undefined) throw foreignAccount(); // an ordinary wallet: nothing answers there
  return isRehearsed(revert) ? undefined : objectionOf(services, revert);
}

/** Whether the account takes the instruction with all its signatures: by then only the chain knows what of a limit a day is left. */
export async function rehearseSigned(
  services: Wanted,
  { account, calls, nonce, validUntil }: Instruction,
  signature: string,
): Promise<Objection | undefined> {
  const given = [calls, nonce, validUntil, signature];
  const data = interfaces.orgAccount.encodeFunctionData('execute', given);
  const revert = await revertOf(services, { to: account, data });
  return revert === undefined ? undefined : objectionOf(services, revert);
}

/** The same for a single call from any address; for acts of the platform's own keys. */
export async function rehearseFrom(
  services: Wanted,
  from: string,
  { target, data }: Call,
): Promise<Objection | undefined> {
  const revert = await revertOf(services, { from, to: target, data });
  return revert === undefined ? undefined : objectionOf(services, revert);
}

function objectionOf({ log }: Wanted, revert: string): Objection {
  if (revert === '0x') {
    return {
      code: 'REQUEST_INVALID',
      detail: { zh: '一次办理的内容太多，请分几次', en: 'This is too much for one act; make several of it' },
    };
  }
  const { code, error, args } = refusalOf(revert);
  log.debug({ error, args: args.map(String), code }, 'a rehearsal was refused');
  if (code === 'INTERNAL') log.error({ error, revert }, 'the chain refuses with an error that has no code');
  return { code };
}

/** What an `eth_call` reverts with; undefined if it does not. Throws when the node cannot be asked. */
async function revertOf(
  { provider, maxGas }: Wanted,
  call: { readonly from?: string; readonly to: string; readonly data: string },
): Promise<string | undefined> {
  try {
    const gas = toQuantity((await maxGas()) - OVERHEAD_GAS);
    await provider.send('eth_call', [{ ...call, gas }, 'pending']);
    return undefined;
  } catch (error) {
    const data = revertDataOf(error);
    if (data !== undefined) return data;
    if (isOutOfGas(error)) return '0x';
    throw error;
  }
}

export const isOutOfGas = (error: unknown): boolean =>
  /out of gas|gas required exceeds|intrinsic gas|gas floor/i.test(
    error instanceof Error ? error.message : '',
  );
