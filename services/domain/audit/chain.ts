/**
 * The audit trail as a chain of hashes. Entries are sealed into links, each of which hashes what its entries hash to, in order, and
 * the link before. An entry is salted, so that its hash, which others get to see, tells nothing of what is in it.
 *
 *   digest = SHA-256(canonical JSON of the entry)
 *   root   = SHA-256(digest of the first entry ‖ … ‖ digest of the last)
 *   hash   = SHA-256(hash of the link before ‖ canonical JSON of {at, no} ‖ root)
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from '../canonical-json.ts';

/** An entry as it is hashed and exported: nothing of it is left out. */
export type ChainedEntry = {
  /** Decimal. */
  readonly id: string;
  /** ISO, in milliseconds and UTC. */
  readonly at: string;
  readonly person: string | null;
  readonly member: number | null;
  readonly isOperator: boolean;
  readonly forOperator: boolean;
  readonly action: string;
  readonly route: string | null;
  readonly subject: string | null;
  readonly requestId: string | null;
  readonly ip: string | null;
  readonly facts: Readonly<Record<string, string>>;
  readonly salt: string;
};

/** What a link's hash is made of, beside the hash before. Hashes are hex, without 0x. */
export type LinkHead = { readonly no: string; readonly at: string; readonly root: string };

/** Before the first link. */
export const NO_LINK = '0'.repeat(64);

export const digestOf = (entry: ChainedEntry): string =>
  bytesToHex(sha256(utf8ToBytes(canonicalJson(entry))));

export const rootOf = (digests: readonly string[]): string =>
  bytesToHex(sha256(hexToBytes(digests.join(''))));

export const linkHash = (previous: string, { no, at, root }: LinkHead): string =>
  bytesToHex(
    sha256(concatBytes(hexToBytes(previous), utf8ToBytes(canonicalJson({ at, no })), hexToBytes(root))),
  );
