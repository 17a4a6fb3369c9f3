/** Passkeys in the browser, to sign in and to be registered. Instructions are signed elsewhere, over digests made there. */
import {
  startAuthentication,
  startRegistration,
  WebAuthnError,
  type AuthenticationResponseJSON,
} from '@simplewebauthn/browser';
import { CHALLENGE_WORDS } from '#domain/people/challenge.ts';
import { ApiProblem } from '#web/api/problem.ts';
import { m } from '#web/paraglide/messages.js';

type Creation = Parameters<typeof startRegistration>[0]['optionsJSON'];
type Request = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/** Nobody is made to sign an instruction while he thinks that he signs in: only a challenge of this form is answered. */
function requireOurs(challenge: string): void {
  const bytes = atob(challenge.replace(/-/g, '+').replace(/_/g, '/'));
  if (!bytes.startsWith(CHALLENGE_WORDS)) throw new ApiProblem(409, { code: 'INSTRUCTION_ALTERED' });
}

/** What an authenticator is asked under for a secret of its own (PRF): the same in every firm, because the passkey is the person's. */
export const PRF_INPUT = new TextEncoder().encode('tallystick documents prf 1');

/** Some devices have such a secret only where it is asked for when the passkey is made. It goes nowhere. @param options As the API gives them. */
export async function makePasskey(options: unknown) {
  const given = options as Creation;
  const extensions = { ...given.extensions, prf: { eval: { first: PRF_INPUT } } };
  const made = await withDevice({ ...given, extensions } as Creation, startRegistration);
  const { prf: _secret, ...results } = made.clientExtensionResults as { prf?: unknown };
  return { ...made, clientExtensionResults: results };
}

export const usePasskey = (options: unknown) => withDevice(options as Request, startAuthentication);

async function withDevice<O extends { challenge: string }, R>(
  options: O,
  start: (given: { optionsJSON: O }) => Promise<R>,
): Promise<R> {
  requireOurs(options.challenge);
  try {
    return await start({ optionsJSON: options });
  } catch (error) {
    throw new ApiProblem(403, { code: 'SIGN_IN_REFUSED', detail: reasonOf(error) });
  }
}

function reasonOf(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED')
    return m.passkey_known();
  if (name === 'NotAllowedError' || name === 'AbortError') return m.passkey_cancelled();
  return m.passkey_impossible();
}

/** What the person will know it by; to be changed. */
export function deviceName(agent: string = navigator.userAgent): string {
  const system = /iPhone|iPad|Android|Windows|Mac OS|CrOS|Linux/.exec(agent)?.[0] ?? '';
  const browser = /Edg|Firefox|Chrome|Safari/.exec(agent)?.[0]?.replace('Edg', 'Edge') ?? '';
  return [system, browser].filter((part) => part !== '').join(' · ') || m.device();
}

/** A device as who admits a firm, or deploys the contracts, names it. */
export const keyOf = ({ x, y }: { readonly x: string; readonly y: string }): string =>
  `webauthn:${x.replace(/^0x/, '')}${y.replace(/^0x/, '')}`;

/**
 * Signs a digest with one of the devices: for what is shown beside it, and never for a challenge that a site sends.
 *
 * @param challenge The digest itself.
 */
export async function signWithPasskey(
  challenge: Uint8Array,
  devices: readonly { readonly credentialId: string }[],
): Promise<AuthenticationResponseJSON> {
  const optionsJSON: Request = {
    challenge: base64url(challenge),
    allowCredentials: devices.map(({ credentialId: id }) => ({ id, type: 'public-key' })),
    userVerification: 'required',
  };
  try {
    return await startAuthentication({ optionsJSON });
  } catch (error) {
    throw new ApiProblem(403, { code: 'SIGN_IN_REFUSED', detail: reasonOf(error) });
  }
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
