/**
 * Signs a prepared act with the member's P-256 key, in the browser. Loaded only when something is signed. The digest is
 * signed as it is (no further hash), with the low s that the chain asks for.
 */
import { p256 } from '@noble/curves/nist.js';
import { bytesToHex, hexToBytes } from '@noble/curves/utils.js';

/** A P-256 key of the demonstration: private scalar and public point, hex. */
export type SignerKey = { d: string; x: string; y: string };

const bare = (hex: string): string => hex.replace(/^0x/, '');

/** r ‖ s, as 0x-hex. */
export function sign(digest: string, key: SignerKey): string {
  const signature = p256.sign(hexToBytes(bare(digest)), hexToBytes(bare(key.d).padStart(64, '0')), {
    prehash: false,
    lowS: true,
  });
  return `0x${bytesToHex(signature)}`;
}
