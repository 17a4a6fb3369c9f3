/**
 * The firm's key for documents on this device: opened by a secret that the passkey works out (PRF), or by a key pair that this browser
 * keeps; made, asked for, and handed on. Loaded when documents are looked at. The open key stays in memory, until the page is left.
 */
import {
  makeBrowserPair,
  makeFirmKey,
  openFirmKey,
  pairOfPrf,
  wrapFirmKey,
  type FirmKey,
} from '#client/documents/firm-key.ts';
import { fingerprintOf, isFingerprint } from '#client/documents/fingerprint.ts';
import { pairOfRecoveryCode } from '#client/documents/recovery-code.ts';
import { bytesOf, hexOf, statedKeyDigest } from '#client/documents/stated-key.ts';
import { publicBytesOf } from '#client/documents/suite.ts';
import { api } from '#web/api/client.ts';
import { ApiProblem } from '#web/api/problem.ts';
import type { DocumentKeyHolder, OwnDocumentKey } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import { deviceName, PRF_INPUT } from '#web/people/passkey.ts';
import { session } from '#web/state/session.svelte.ts';
import { carrier } from './carrier.ts';
import { storedPair, storePair } from './stored-pair.ts';

export type { DocumentKeyHolder, OwnDocumentKey };
export { makeRecoveryCode } from '#client/documents/recovery-code.ts';

/**
 * none: the firm has no key. open: it can be used here. locked: the passkey is asked for it. waiting: this device has asked, and shows
 * `code`. elsewhere: other devices have it.
 */
export type Standing =
  | { readonly is: 'none' | 'locked' | 'elsewhere' }
  | { readonly is: 'open'; readonly key: FirmKey }
  | { readonly is: 'waiting'; readonly code: string };

const opened = new Map<number, FirmKey>();

const meHere = (): number => session.me!;
const seatHere = (): string => `${meHere()} ${session.person?.id ?? 'visitor'}`;
const publicHex = async (pair: CryptoKeyPair): Promise<string> => hexOf(await publicBytesOf(pair));

/** What this device can do with the key, without asking anybody for a finger. */
export async function standingOf({ key, holders }: OwnDocumentKey): Promise<Standing> {
  const member = meHere();
  if (key === null) return { is: 'none' };
  const known = opened.get(member);
  if (known !== undefined && (await publicHex(known.pair)) === key.publicKey)
    return { is: 'open', key: known };
  opened.delete(member);
  const pair = await storedPair(seatHere());
  const own = pair === undefined ? undefined : await publicHex(pair);
  const here = holders.find(({ publicKey }) => publicKey === own);
  if (pair !== undefined && here?.wrapped != null)
    return { is: 'open', key: await openBy(pair, key.publicKey, here.wrapped) };
  if (holders.some((holder) => isOwnPasskey(holder) && holder.wrapped !== null)) return { is: 'locked' };
  const asked = here ?? holders.find((holder) => isOwnPasskey(holder));
  return asked === undefined
    ? { is: 'elsewhere' }
    : { is: 'waiting', code: await fingerprintOf(bytesOf(asked.publicKey)) };
}

const isOwnPasskey = ({ kind, person }: DocumentKeyHolder): boolean =>
  kind === 'passkey' && person !== null && person.id === session.person?.id;

async function openBy(pair: CryptoKeyPair, published: string, wrapped: string): Promise<FirmKey> {
  const key = await openFirmKey(meHere(), bytesOf(wrapped), pair, bytesOf(published)).catch(() => {
    throw new ApiProblem(409, { code: 'DOCUMENT_KEY_CHANGED' });
  });
  opened.set(key.member, key);
  return key;
}

/** A device of the person, and the pair of its secret where it has one to give. */
type Asked = { readonly pair?: CryptoKeyPair; readonly device?: string };

async function askPasskey(): Promise<Asked> {
  if (session.person === null) return {};
  const { items } = await api.devices(new AbortController().signal);
  const publicKey: PublicKeyCredentialRequestOptions = {
    // It proves nothing to anybody: the answer stays here.
    challenge: crypto.getRandomValues(new Uint8Array(16)),
    allowCredentials: items.map(({ credentialId }) => ({
      type: 'public-key',
      id: fromBase64url(credentialId),
    })),
    userVerification: 'required',
    extensions: { prf: { eval: { first: PRF_INPUT } } },
  };
  const answer = await navigator.credentials.get({ publicKey }).catch((error: unknown) => {
    if (error instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(error.name))
      throw new ApiProblem(403, { code: 'FORBIDDEN', detail: m.passkey_cancelled() });
    return null;
  });
  if (!(answer instanceof PublicKeyCredential)) return {};
  const id = items.find(({ credentialId }) => credentialId === answer.id)?.id;
  const device = id === undefined ? {} : { device: id };
  const first = answer.getClientExtensionResults().prf?.results?.first;
  if (first === undefined) return device;
  const bytes =
    first instanceof ArrayBuffer
      ? new Uint8Array(first)
      : new Uint8Array(first.buffer, first.byteOffset, first.byteLength);
  return { ...device, pair: await pairOfPrf(bytes.slice(), meHere()) };
}

const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));

/** By the passkey; throws DOCUMENT_KEY_ELSEWHERE where it is not among the holders. */
export async function unlock({ key, holders }: OwnDocumentKey): Promise<FirmKey> {
  const { pair } = await askPasskey();
  const own = pair === undefined ? undefined : await publicHex(pair);
  const here = holders.find(({ publicKey }) => publicKey === own);
  if (key === null || pair === undefined || here?.wrapped == null)
    throw new ApiProblem(409, { code: 'DOCUMENT_KEY_ELSEWHERE' });
  return openBy(pair, key.publicKey, here.wrapped);
}

/** What this device holds the key by: its passkey where that can, else a pair that this browser keeps. */
async function holderHere(): Promise<Asked & { pair: CryptoKeyPair; kind: 'passkey' | 'browser' }> {
  const { pair, ...device } = await askPasskey();
  if (pair !== undefined) return { ...device, pair, kind: 'passkey' };
  const kept = (await storedPair(seatHere())) ?? (await makeBrowserPair());
  await storePair(seatHere(), kept);
  return { ...device, pair: kept, kind: 'browser' };
}

type HolderHere = Asked & { readonly pair: CryptoKeyPair; readonly kind: DocumentKeyHolder['kind'] };

const described = async (key: FirmKey | undefined, { pair, kind, device }: HolderHere) => {
  const publicKey = await publicBytesOf(pair);
  return {
    kind,
    name: kind === 'recovery' ? m.recovery_code() : deviceName(),
    publicKey: hexOf(publicKey),
    ...(device === undefined ? {} : { device }),
    ...(key === undefined ? {} : { wrapped: hexOf(await wrapFirmKey(key, publicKey)) }),
  };
};

/** The firm's first key, or one in place of what nobody opens any more. @param code On paper already. */
export async function makeKey(
  { key: before, account, signers }: OwnDocumentKey,
  code: string,
): Promise<void> {
  const { ownKeys } = await import('#web/instructions/keys.ts');
  const key = await makeFirmKey(meHere());
  const here = await holderHere();
  const onPaper = (await pairOfRecoveryCode(code))!;
  const publicKey = await publicHex(key.pair);
  const digest = statedKeyDigest(session.status!.chainId, { member: key.member, account, publicKey });
  const signed = await (await ownKeys())({ digest }, signers);
  const holders = await Promise.all([
    described(key, here),
    described(key, { pair: onPaper, kind: 'recovery' }),
  ]);
  await carrier.makeKey({
    publicKey,
    ...signed,
    holders: holders as { kind: 'passkey'; name: string; publicKey: string; wrapped: string }[],
    ...(before === null ? {} : { replaces: before.id }),
  });
  opened.set(key.member, key);
}

/** This device waits until another one gives it the key. */
export async function askForKey(): Promise<void> {
  await carrier.addHolder(await described(undefined, await holderHere())).catch(ifNotThere);
}

/** The device asked before. */
function ifNotThere(error: unknown): void {
  if (!(error instanceof ApiProblem && error.code === 'ALREADY_DONE')) throw error;
}

/** With the code on paper: this device has the key from now on. */
export async function recover({ key, holders }: OwnDocumentKey, code: string): Promise<void> {
  const pair = await pairOfRecoveryCode(code);
  if (pair === undefined)
    throw new ApiProblem(422, { code: 'REQUEST_INVALID', detail: m.recovery_code_misread() });
  const own = await publicHex(pair);
  const onPaper = holders.find(({ publicKey }) => publicKey === own);
  if (key === null || onPaper?.wrapped == null)
    throw new ApiProblem(422, { code: 'REQUEST_INVALID', detail: m.recovery_code_other() });
  const firm = await openBy(pair, key.publicKey, onPaper.wrapped);
  const here = await holderHere();
  const waiting = await publicHex(here.pair);
  const asked = holders.find(({ publicKey }) => publicKey === waiting);
  const holder = await described(firm, here);
  if (asked === undefined) await carrier.addHolder(holder).catch(ifNotThere);
  else if (asked.wrapped === null) await carrier.giveKey(asked.id, holder.wrapped!);
}

/** For a device of whoever is named, once its code was typed here. Throws REQUEST_INVALID for another code. */
export async function giveKeyTo(key: FirmKey, holder: DocumentKeyHolder, typed: string): Promise<void> {
  const publicKey = bytesOf(holder.publicKey);
  if (!(await isFingerprint(typed, publicKey)))
    throw new ApiProblem(422, { code: 'REQUEST_INVALID', detail: m.device_code_other() });
  await carrier.giveKey(holder.id, hexOf(await wrapFirmKey(key, publicKey)));
}

/** In place of the one before. @param code On paper already. */
export async function setRecoveryCode(key: FirmKey, code: string): Promise<void> {
  const pair = (await pairOfRecoveryCode(code))!;
  await carrier.addHolder(await described(key, { pair, kind: 'recovery' }));
}

export const fingerprintOfKey = (publicKey: string): Promise<string> => fingerprintOf(bytesOf(publicKey));
