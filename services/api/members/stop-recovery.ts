/** One signer that is left has the account stop its recovery: not all keys are lost. The keeper carries it. */
import { ZeroAddress } from 'ethers';
import type { Static } from 'typebox';
import { interfaces } from '#chain/contracts.ts';
import { transact } from '#db/access/access.ts';
import { recordAudit, type Origin } from '#db/audit/write.ts';
import { insertInstruction, type InstructionRow } from '#db/instructions/own.ts';
import { newId } from '#db/wire/ids.ts';
import type { MemberPerson } from '../app-types.ts';
import { NOTHING_MADE } from '../instructions/draft.ts';
import { gasLimit, gasOf } from '../instructions/gas.ts';
import { throwFirst } from '../instructions/refusal.ts';
import { rehearseFrom } from '../instructions/rehearse.ts';
import type { Services } from '../services.ts';
import type { recoveryRoutes } from './recovery-schema.ts';

type Stop = Static<typeof recoveryRoutes.stopRecovery.schema.body>;

/** Throws what the account and the ledger have against it: SIGNATURE_INVALID, RECOVERY_NONE. */
export async function stopRecovery(
  services: Services,
  by: MemberPerson,
  { nonce, signer, signature }: Stop,
  origin: Origin,
): Promise<InstructionRow> {
  const { db, clock, deployment } = services;
  const call = {
    target: by.account,
    data: interfaces.orgAccount.encodeFunctionData('stopRecovery', [
      deployment.addresses.bills,
      by.number,
      BigInt(nonce),
      signer,
      signature,
    ]),
  };
  throwFirst(await rehearseFrom(services, ZeroAddress, call));
  const [self, now, maxGas] = await Promise.all([
    services.names.of([by.number]),
    clock.now(),
    services.maxGas(),
  ]);
  const id = newId();
  return transact(db, by.viewer, async (trx) => {
    const act = await insertInstruction(trx, {
      id,
      signedBy: 'keeper',
      member: by.number,
      type: 'stopRecovery',
      input: { type: 'stopRecovery' },
      facts: { by: self(by.number).name, does: [{ instruction: 'stopRecovery' }] },
      calls: [call],
      gasLimit: gasLimit(gasOf('policy'), maxGas),
      makes: NOTHING_MADE,
      state: 'submitted',
      now,
      ...(origin.requestId === undefined ? {} : { requestId: origin.requestId }),
    });
    await recordAudit(trx, {
      ...origin,
      action: 'recoveryStopped',
      subject: `member:${by.number}`,
      facts: { instruction: id, signer: signer.toLowerCase() },
    });
    return act;
  });
}
