/** What this device does with the documents of a bill: opens, encrypts, hands keys on. Loaded when documents are looked at. */
import { keyToUse, newBillKey, openBillKeys, wrapsWanted } from '#client/documents/attached.ts';
import type { BillKey } from '#client/documents/bill-key.ts';
import { openDocument, openFacts, sealDocument } from '#client/documents/content.ts';
import type { FirmKey } from '#client/documents/firm-key.ts';
import { bytesOf, hexOf, sightDigest } from '#client/documents/stated-key.ts';
import { publicBytesOf } from '#client/documents/suite.ts';
import { factsOf, type DocumentFacts } from '#domain/documents/facts.ts';
import {
  attachmentTypeOf,
  MAX_ATTACHMENT_BYTES,
  savedName,
  type AttachmentKind,
} from '#domain/documents/kinds.ts';
import { ApiProblem } from '#web/api/problem.ts';
import type { AttachedDocuments, AttachedFile, DocumentKey, DocumentSight } from '#web/api/schema.ts';
import { m } from '#web/paraglide/messages.js';
import { session } from '#web/state/session.svelte.ts';
import { saveFile } from '#web/ui/save-file.ts';
import { carrier } from './carrier.ts';
import { judgeBy, pinHere, standingHere } from './seen-keys.ts';

export { acceptKey } from './seen-keys.ts';

const pin = () => pinHere(session.status!);
const placeOf = (billNo: string) => ({ chainId: session.status!.chainId, billNo });
const judgeFor = async (firm: FirmKey) =>
  judgeBy(pin(), { member: firm.member, publicKey: hexOf(await publicBytesOf(firm.pair)) });

export type OpenKeys = ReadonlyMap<string, BillKey>;

/** Where this device has no key. */
export const nothing = (): { keys: OpenKeys; facts: ReadonlyMap<string, DocumentFacts> } => ({
  keys: new Map(),
  facts: new Map(),
});

export const openKeys = async (listed: AttachedDocuments, billNo: string, firm: FirmKey): Promise<OpenKeys> =>
  openBillKeys(listed, placeOf(billNo), firm, await judgeFor(firm));

/** What their uploaders said of them, as far as their keys are open here; what was altered is left out. */
export async function factsOfFiles(
  files: readonly AttachedFile[],
  keys: OpenKeys,
): Promise<Map<string, DocumentFacts>> {
  const known = new Map<string, DocumentFacts>();
  for (const { id, billKey, facts } of files) {
    const key = keys.get(billKey);
    const read = facts && key && (await openFacts(key, id, bytesOf(facts)).catch(() => undefined));
    if (read) known.set(id, read);
  }
  return known;
}

/** Wraps what this firm has for those who lack it; says whether there was any. */
export async function handOn(
  listed: AttachedDocuments,
  billNo: string,
  firm: FirmKey,
  keys: OpenKeys,
): Promise<boolean> {
  const wraps = await wrapsWanted(listed, [...keys.values()], firm, await judgeFor(firm));
  for (let at = 0; at < wraps.length; at += 1_000)
    await carrier.wrap(billNo, { wraps: wraps.slice(at, at + 1_000) });
  return wraps.length > 0;
}

/** Bills that this page has been through: those whose reader is none any more lack it for good. */
const handedOn = new Set<string>();

/** For members who have a new key, of all bills: what is open here is wrapped anew. What fails is tried when the page is opened again. */
export async function handOnAnew(firm: FirmKey): Promise<void> {
  const { items } = await carrier.lacking().catch(() => ({ items: [] }));
  for (const billNo of items) {
    if (handedOn.has(billNo)) continue;
    handedOn.add(billNo);
    try {
      const listed = await carrier.list(billNo);
      await handOn(listed, billNo, firm, await openKeys(listed, billNo, firm));
    } catch {
      // Its bill may be another's business by now.
    }
  }
}

/** Members whose key is another now than this browser has seen, or is not signed: nothing is wrapped for them. */
export const distrusted = (listed: AttachedDocuments): { key: DocumentKey; isSigned: boolean }[] =>
  listed.readers.flatMap(({ key }) => {
    if (key === null || key.member.number === session.me) return [];
    const standing = standingHere(key, pin());
    return standing === 'changed' || standing === 'not signed'
      ? [{ key, isSigned: standing === 'changed' }]
      : [];
  });

/** Encrypts and attaches. Throws FILE_TOO_LARGE, FILE_KIND_REFUSED. */
export async function attach(billNo: string, firm: FirmKey, file: File, kind: AttachmentKind): Promise<void> {
  if (file.size > MAX_ATTACHMENT_BYTES) throw new ApiProblem(413, { code: 'FILE_TOO_LARGE' });
  const plain = new Uint8Array(await file.arrayBuffer());
  if (attachmentTypeOf(plain) === undefined)
    throw new ApiProblem(422, { code: 'FILE_KIND_UNKNOWN', detail: m.attachment_kinds() });
  const listed = await carrier.list(billNo);
  let key = keyToUse(listed, await openKeys(listed, billNo, firm));
  if (key === undefined) {
    const made = await newBillKey(listed, placeOf(billNo), firm, await judgeFor(firm));
    await carrier.addBillKey(billNo, made.toPublish);
    key = made.key;
  }
  const id = crypto.randomUUID();
  const sealed = await sealDocument(key, id, plain, factsOf(kind, file.name));
  await carrier.attach(billNo, { id, billKey: key.id, facts: hexOf(sealed.facts) }, sealed.content);
}

/** Fetches, which is noted, opens, and has the browser save it: what another has written is never run as a page of ours. */
export async function save(
  billNo: string,
  { id, billKey }: AttachedFile,
  keys: OpenKeys,
  facts: DocumentFacts | undefined,
): Promise<void> {
  const key = keys.get(billKey);
  if (key === undefined) throw new ApiProblem(422, { code: 'DOCUMENT_UNREADABLE' });
  const plain = await openDocument(key, id, await carrier.content(billNo, id)).catch((error: unknown) => {
    throw error instanceof ApiProblem ? error : new ApiProblem(422, { code: 'DOCUMENT_UNREADABLE' });
  });
  const type = attachmentTypeOf(plain);
  if (type === undefined)
    throw new ApiProblem(422, { code: 'DOCUMENT_UNREADABLE', detail: m.attachment_kinds() });
  saveFile(savedName(facts?.name ?? '', type), new Blob([plain], { type: 'application/octet-stream' }));
}

/** Signs what this browser has worked out itself of bill and bank, in the firm's own account as it was first seen here. */
export async function signSight(
  billNo: string,
  reader: number,
  sight: DocumentSight,
): Promise<DocumentSight> {
  const { ownKeys } = await import('#web/instructions/keys.ts');
  const { pinned } = await import('#web/instructions/pinned.ts');
  const { toSign, number } = sight;
  if (toSign === null) throw new ApiProblem(409, { code: 'ALREADY_DONE' });
  const account = pinned(`tallystick account ${session.me}`, toSign.account);
  const digest = sightDigest(session.status!.chainId, account, { billNo, reader, number });
  if (digest !== toSign.digest || sight.reader.number !== reader)
    throw new ApiProblem(409, { code: 'INSTRUCTION_ALTERED' });
  return carrier.submitSight(sight.id, digest, [await (await ownKeys())({ digest }, toSign.signers)]);
}
