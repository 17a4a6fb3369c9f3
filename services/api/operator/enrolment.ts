/**
 * With the first person at the platform people become the operator: the key in the file hands its powers to the account of that
 * person's passkey, and keeps none. Whoever finds the file later can do nothing with it.
 *
 * 1) The account is made. Its address follows from its signer, so it can be given powers before it is there.
 * 2) In one transaction, all or nothing: it becomes the operator, what was the operator before is it no more, the key gives up
 *    ENROLMENT. A crash before, in between or after leaves one operator, and the relayer goes on.
 * 3) What failed on the chain is begun again at the next start of the API, for the first person who can sign.
 * 4) All devices lost: governance gives ENROLMENT to the key again, the next start prints a first link, and who comes in by it takes over.
 */
import { ZeroHash } from 'ethers';
import { interfaces } from '#chain/contracts.ts';
import { ACCESS_ROLES } from '#chain/governance.ts';
import { plainPolicy, policySigner, policyStruct } from '#chain/policies.ts';
import { signerOf } from '#chain/typed-data.ts';
import { insertInstruction, type NewInstruction } from '#db/instructions/own.ts';
import { enrolment, operatorAccounts } from '#db/operator/enrolment.ts';
import { passkeysAt } from '#db/people/passkeys.ts';
import { colleagues, lockSeats } from '#db/people/persons.ts';
import { toHex } from '#db/wire/bytes.ts';
import { newId } from '#db/wire/ids.ts';
import { SYSTEM, transact, type Trx } from '#db/access/access.ts';
import { PLATFORM } from '#domain/instructions/sentences.ts';
import { NOTHING_MADE } from '../instructions/draft.ts';
import { gasLimit, gasOf } from '../instructions/gas.ts';
import type { Services } from '../services.ts';

type Newcomer = { readonly name: string; readonly key: { readonly x: Uint8Array; readonly y: Uint8Array } };

/** What hands the operator over to the passkey; undefined where the key has nothing to hand over (any more). Asks the chain. */
export async function enrolmentOf(
  services: Services,
  { name, key }: Newcomer,
  requestId?: string,
): Promise<NewInstruction | undefined> {
  const { calls, contracts, db, demo, deployment } = services;
  const holder = deployment.operator;
  const { enrolment: ENROLMENT, operator: OPERATOR } = ACCESS_ROLES;
  if (demo || !(await contracts.accessManager.hasRole(ENROLMENT, holder)).isMember) return undefined;
  const [x, y] = [toHex(Buffer.from(key.x)), toHex(Buffer.from(key.y))];
  const signer = signerOf(deployment.addresses, { type: 'webauthn', x, y });
  if (signer === undefined) return undefined; // a ledger without the verifier of passkeys: its operator stays a key
  const policy = policyStruct(plainPolicy([policySigner(signer)], 1));
  const account = await contracts.orgAccountFactory.addressOf(policy, ZeroHash);
  const before = [holder, ...(await operatorAccounts(db))].filter(
    (each) => each.toLowerCase() !== account.toLowerCase(),
  );
  const manage = (name: 'grantRole' | 'revokeRole' | 'renounceRole', ...args: unknown[]) =>
    interfaces.accessManager.encodeFunctionData(name as 'grantRole', args as [bigint, string, bigint]);
  const handing = calls.accessManager.multicall([
    manage('grantRole', OPERATOR, account, 0),
    ...before.map((each) => manage('revokeRole', OPERATOR, each)),
    manage('renounceRole', ENROLMENT, holder),
  ]);
  return {
    id: newId(),
    signedBy: 'operator',
    member: null,
    type: 'enrol',
    input: { account, signer },
    facts: { by: PLATFORM, does: [{ instruction: 'enrol', person: name, account }] },
    calls: [calls.orgAccountFactory.create(policy, ZeroHash), handing],
    gasLimit: gasLimit(gasOf('simple', 2 + before.length), await services.maxGas()),
    makes: NOTHING_MADE,
    state: 'submitted',
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** Queues it unless it is under way. Whoever calls holds the lock on the platform's seats. */
export async function enrol(trx: Trx, instruction: NewInstruction): Promise<void> {
  if ((await enrolment(trx)) !== 'under way') await insertInstruction(trx, instruction);
}

/** At a start: people are at the platform, and what hands the operator to them has failed, or was never begun. */
export async function enrolAnew(services: Services): Promise<void> {
  const { db, demo, log } = services;
  if (demo || (await transact(db, SYSTEM, enrolment)) !== 'open') return;
  const [people, devices] = await Promise.all([colleagues(db, null), passkeysAt(db, null)]);
  const first = people.find(
    ({ id, rights }) => rights.includes('sign') && devices.some(({ person }) => person === id),
  );
  if (first === undefined) return;
  const key = devices.find(({ person }) => person === first.id)!;
  const instruction = await enrolmentOf(services, { name: first.name, key });
  if (instruction === undefined) return;
  log.info({ act: instruction.id }, 'the operator is handed to people');
  await transact(db, SYSTEM, async (trx) => {
    await lockSeats(trx, null);
    if ((await enrolment(trx)) === 'open') await insertInstruction(trx, instruction);
  });
}
