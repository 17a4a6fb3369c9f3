/** The keeper carries what needs no batch of the firm: one signer's veto, and a change whose time has come. */
import { ZeroAddress } from 'ethers';
import { interfaces } from '#chain/contracts.ts';
import { carryingOut } from '#chain/policies.ts';
import type { Call, SignerSignature } from '#chain/typed-data.ts';
import { findChange, isBeingCarriedOut, type ReadyChange } from '#db/accounts/read.ts';
import { insertInstruction, type InstructionRow } from '#db/instructions/own.ts';
import { recordAudit, type Origin } from '#db/audit/write.ts';
import { toBytes } from '#db/wire/bytes.ts';
import { newId } from '#db/wire/ids.ts';
import { transact } from '#db/access/access.ts';
import type { Meaning } from '#domain/instructions/instructions.ts';
import { PLATFORM } from '#domain/instructions/sentences.ts';
import { Problem } from '#domain/problems.ts';
import type { MemberPerson } from '../app-types.ts';
import { NOTHING_MADE } from '../instructions/draft.ts';
import { gasLimit, gasOf } from '../instructions/gas.ts';
import { throwFirst } from '../instructions/refusal.ts';
import { rehearseFrom } from '../instructions/rehearse.ts';
import type { Services } from '../services.ts';

/** Throws NOT_FOUND, and what the account has against the veto. */
export async function vetoChange(
  services: Services,
  by: MemberPerson,
  change: string,
  { signer, signature }: SignerSignature,
  origin: Origin,
): Promise<InstructionRow> {
  await waitingChange(services, by, change);
  const data = interfaces.orgAccount.encodeFunctionData('veto', [change, signer, signature]);
  const self = await services.names.of([by.number]);
  return queue(services, by, self(by.number).name, { instruction: 'vetoChange', change }, data, origin);
}

/** Throws NOT_FOUND, CHANGE_NOT_WAITING and CHANGE_NOT_READY. */
export async function carryOutChange(
  services: Services,
  by: MemberPerson,
  change: string,
  origin: Origin,
): Promise<InstructionRow> {
  const { number, policy } = await waitingChange(services, by, change);
  return carryOut(services, by, { change, number, policy }, origin);
}

async function waitingChange({ db }: Services, by: MemberPerson, change: string) {
  const found = await findChange(db, toBytes(by.account), toBytes(change));
  if (found === undefined) throw new Problem('NOT_FOUND');
  if (found.state !== 'waiting') throw new Problem('CHANGE_NOT_WAITING');
  return found;
}

/** The account, whose it is, and in whose sight it is done. */
type Of = Pick<MemberPerson, 'number' | 'account' | 'viewer'>;

/** Throws CHANGE_NOT_WAITING where it is under way already. */
export async function carryOut(
  services: Services,
  of: Of,
  { change, number, policy }: Pick<ReadyChange, 'change' | 'number' | 'policy'>,
  origin: Origin,
): Promise<InstructionRow> {
  const { data } = carryingOut(of.account, number, policy);
  return queue(services, of, PLATFORM, { instruction: 'carryOutChange', change }, data, origin);
}

async function queue(
  services: Services,
  of: Of,
  who: InstructionRow['facts']['by'],
  meaning: Extract<Meaning, { instruction: 'vetoChange' | 'carryOutChange' }>,
  data: string,
  origin: Origin,
): Promise<InstructionRow> {
  const { db, clock } = services;
  const { instruction: type, change } = meaning;
  const call: Call = { target: of.account, data };
  throwFirst(await rehearseFrom(services, ZeroAddress, call));
  const [now, maxGas] = await Promise.all([clock.now(), services.maxGas()]);
  const id = newId();
  return transact(db, of.viewer, async (trx) => {
    if (type === 'carryOutChange' && (await isBeingCarriedOut(trx, of.number, change)))
      throw new Problem('CHANGE_NOT_WAITING');
    const act = await insertInstruction(trx, {
      id,
      signedBy: 'keeper',
      member: of.number,
      type,
      input: { type, change },
      facts: { by: who, does: [meaning] },
      calls: [call],
      gasLimit: gasLimit(gasOf('policy'), maxGas),
      makes: NOTHING_MADE,
      state: 'submitted',
      now,
      ...(origin.requestId === undefined ? {} : { requestId: origin.requestId }),
    });
    await recordAudit(trx, {
      ...origin,
      action: type === 'vetoChange' ? 'policyChangeVetoed' : 'policyChanged',
      subject: `instruction:${id}`,
      facts: { change },
    });
    return act;
  });
}
