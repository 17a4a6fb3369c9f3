/** A document and what its uploader says of it, encrypted: AES-256-GCM under a key of its own, made of the bill's key. */
import type { DocumentFacts } from '../../domain/documents/facts.ts';
import { readFacts } from '../../domain/documents/facts.ts';
import type { BillKey } from './bill-key.ts';
import { randomBytes, utf8, type Bytes } from './suite.ts';

const NONCE = 12;

async function keyOf({ key, chainId, billNo }: BillKey, document: string): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveKey']);
  const info = utf8(`tallystick document ${document} of bill ${billNo} on chain ${chainId}`);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info },
    secret,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

async function seal(key: CryptoKey, plain: Bytes, part: string): Promise<Bytes> {
  const iv = randomBytes(NONCE);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8(part) }, key, plain);
  const all = new Uint8Array(NONCE + sealed.byteLength);
  all.set(iv);
  all.set(new Uint8Array(sealed), NONCE);
  return all;
}

const open = async (key: CryptoKey, sealed: Bytes, part: string): Promise<Bytes> =>
  new Uint8Array(
    await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: sealed.slice(0, NONCE), additionalData: utf8(part) },
      key,
      sealed.slice(NONCE),
    ),
  );

/** @param document Its id, under which nothing else is ever encrypted. */
export async function sealDocument(
  billKey: BillKey,
  document: string,
  plain: Bytes,
  facts: DocumentFacts,
): Promise<{ content: Bytes; facts: Bytes }> {
  const key = await keyOf(billKey, document);
  return {
    content: await seal(key, plain, 'content'),
    facts: await seal(key, utf8(JSON.stringify(facts)), 'facts'),
  };
}

/** Throws where it was altered, or is another's. */
export const openDocument = async (billKey: BillKey, document: string, content: Bytes): Promise<Bytes> =>
  open(await keyOf(billKey, document), content, 'content');

/** Throws as {@link openDocument}. */
export const openFacts = async (billKey: BillKey, document: string, facts: Bytes): Promise<DocumentFacts> =>
  readFacts(new TextDecoder().decode(await open(await keyOf(billKey, document), facts, 'facts')));
