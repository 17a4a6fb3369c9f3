/**
 * Writes services/chain/functions.ts: the signatures of what members call, for who checks calls without an ABI. It is committed,
 * because the browser's code needs it before the contracts are compiled; a test compares.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { interfaces } from '#chain/contracts.ts';

export const functionsFile = join(resolve(import.meta.dirname, '..'), 'services/chain/functions.ts');

/** The text of services/chain/functions.ts for the contracts as they are compiled. */
export async function functionsText(): Promise<string> {
  const contracts = (['bills', 'cash', 'lines', 'desk', 'rulebook', 'orgAccountFactory'] as const).map(
    (name) => {
      const signatures = interfaces[name].fragments.flatMap((fragment) =>
        fragment.type === 'function' ? [fragment.format('sighash')] : [],
      );
      const changing = signatures.filter((signature) => !interfaces[name].getFunction(signature)!.constant);
      return [name, Object.fromEntries(changing.map((each) => [each.slice(0, each.indexOf('(')), each]))];
    },
  );
  const own = Object.fromEntries(
    (['announceChange', 'callOff', 'cancelNonces', 'carryOut'] as const).map((name) => [
      name,
      interfaces.orgAccount.getFunction(name)!.format('sighash'),
    ]),
  );
  const source = `/**
 * What members and the operator call: the signature of each function that changes something, by contract.
 * Written by scripts/build-functions.ts from the compiled contracts; never edited.
 */
export const FUNCTIONS = ${JSON.stringify(Object.fromEntries(contracts))} as const;

/** What a firm's account calls on itself, in a batch that its signers signed. */
export const OWN_FUNCTIONS = ${JSON.stringify(own)} as const;
`;
  return format(source, { ...(await resolveConfig(functionsFile)), filepath: functionsFile });
}

if (import.meta.main) writeFileSync(functionsFile, await functionsText());
