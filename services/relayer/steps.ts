import { hexlify } from 'ethers';
import { interfaces } from '#chain/contracts.ts';
import { toHex } from '#db/bytes.ts';
import type { ActRow } from '#db/app/acts.ts';
import type { Step } from '#db/app/queue.ts';

/** What has to be sent for an act: a firm's batch under its signature, or each call of ours by itself. */
export function stepsOf(act: ActRow): Step[] {
  const common = { act: act.id, gasLimit: act.gas_limit };
  if (act.signed_by !== 'firm') {
    return act.calls.map(({ target, data }, step) => ({ ...common, step, target, data }));
  }
  const { account, nonce, valid_until: validUntil, signature } = act;
  if (account === null || nonce === null || validUntil === null || signature === null) {
    throw new Error(`act ${act.id} is in the queue without its signature`);
  }
  const data = interfaces.orgAccount.encodeFunctionData('execute', [
    act.calls.map(({ target, data: calldata }) => ({ target, data: calldata })),
    nonce,
    validUntil,
    hexlify(signature),
  ]);
  return [{ ...common, step: 0, target: toHex(account), data }];
}
