/** From a verified application to what admits the firm: for the platform's key, or for an instruction that its people sign. */
import { id as hashOf } from 'ethers';
import type { Static } from 'typebox';
import type { Application } from '#db/applications/own.ts';
import { peopleOf } from '#db/applications/people.ts';
import { toHex } from '#db/wire/bytes.ts';
import { neededSigners, ORDINARY_ROLES } from '#domain/applications/form.ts';
import { Problem } from '#domain/problems.ts';
import type { memberRoutes } from '../members/schema.ts';
import type { Services } from '../services.ts';

type Admission = Static<typeof memberRoutes.admitMember.schema.body>;

/**
 * `salt` makes the account this application's own, whoever else has the same signers. Roles that handle money are not among
 * those that are given: governance gives them after its notice. Throws APPLICATION_INCOMPLETE where a signer has lost its device.
 */
export async function admissionOf(
  { db }: Pick<Services, 'db'>,
  { id, form, number }: Application,
): Promise<{ readonly input: Admission; readonly salt: string }> {
  const { name, roles = [], credentialExpiry } = form;
  const signers = (await peopleOf(db, id)).flatMap(({ level, device }) =>
    level === null || device === null
      ? []
      : [{ type: 'webauthn', x: toHex(device.x), y: toHex(device.y) } as const],
  );
  const threshold = neededSigners(form);
  if (name === undefined || number === null || signers.length < threshold)
    throw new Problem('APPLICATION_INCOMPLETE');
  return {
    salt: hashOf(`Tallystick application ${id}`),
    input: {
      name,
      ...(form.number?.kind === 'lei' ? { lei: number } : { taxId: number }),
      roles: roles.filter((role) => ORDINARY_ROLES.includes(role)),
      signers,
      threshold,
      ...(credentialExpiry === undefined ? {} : { credentialExpiry }),
    },
  };
}
