/** The suite against the vectors of RFC 9180, appendix A.3 (DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM). */
import { describe, expect, it } from 'vitest';
import { publicBytesOf, publicKeyOf, suite, unwrap, wrap, type Bytes } from '#client/documents/suite.ts';
import { makeBrowserPair } from '#client/documents/firm-key.ts';

const bytes = (hex: string): Bytes => Uint8Array.from(Buffer.from(hex, 'hex'));
const hexOf = (given: ArrayBuffer | Uint8Array): string => Buffer.from(new Uint8Array(given)).toString('hex');

const INFO = bytes('4f6465206f6e2061204772656369616e2055726e');
const PLAIN = bytes('4265617574792069732074727574682c20747275746820626561757479');
const AAD = bytes('436f756e742d30');

/** A.3.3, Auth mode. */
const AUTH = {
  ikmR: '7bc93bde8890d1fb55220e7f3b0c107ae7e6eda35ca4040bb6651284bf0747ee',
  pkRm: '04423e363e1cd54ce7b7573110ac121399acbc9ed815fae03b72ffbd4c18b01836835c5a09513f28fc971b7266cfde2e96afe84bb0f266920e82c4f53b36e1a78d',
  skRm: 'd929ab4be2e59f6954d6bedd93e638f02d4046cef21115b00cdda2acb2a4440e',
  skSm: '1120ac99fb1fccc1e8230502d245719d1b217fe20505c7648795139d177f0de9',
  pkSm: '04a817a0902bf28e036d66add5d544cc3a0457eab150f104285df1e293b5c10eef8651213e43d9cd9086c80b309df22cf37609f58c1127f7607e85f210b2804f73',
  enc: '042224f3ea800f7ec55c03f29fc9865f6ee27004f818fcbdc6dc68932c1e52e15b79e264a98f2c535ef06745f3d308624414153b22c7332bc1e691cb4af4d53454',
  ct: '82ffc8c44760db691a07c5627e5fc2c08e7a86979ee79b494a17cc3405446ac2bdb8f265db4a099ed3289ffe19',
};

const privateOf = (hex: string): Promise<CryptoKey> => suite.kem.deserializePrivateKey(bytes(hex).buffer);

describe('the suite', () => {
  it('derives the pair of the vector from its input', async () => {
    const pair = await suite.kem.deriveKeyPair(bytes(AUTH.ikmR).buffer);
    expect(hexOf(await publicBytesOf(pair))).toBe(AUTH.pkRm);
    expect(hexOf(await suite.kem.serializePrivateKey(pair.privateKey))).toBe(AUTH.skRm);
  });

  it('opens the ciphertext of the vector as its recipient, and of no other sender', async () => {
    const open = async (sender: string): Promise<string> => {
      const context = await suite.createRecipientContext({
        recipientKey: await privateOf(AUTH.skRm),
        senderPublicKey: await publicKeyOf(bytes(sender)),
        enc: bytes(AUTH.enc).buffer,
        info: INFO,
      });
      return hexOf(await context.open(bytes(AUTH.ct), AAD));
    };
    expect(await open(AUTH.pkSm)).toBe(hexOf(PLAIN));
    await expect(open(AUTH.pkRm)).rejects.toThrow();
  });
});

describe('a secret that was wrapped', () => {
  const secret = bytes('11'.repeat(32));

  it('is opened by a key that cannot be given out, and only in its place', async () => {
    const holder = await makeBrowserPair();
    await expect(crypto.subtle.exportKey('jwk', holder.privateKey)).rejects.toThrow(/extractable/);
    const wrapped = await wrap(secret, holder.publicKey, { place: 'here' });
    expect(hexOf(await unwrap(wrapped, holder, { place: 'here' }))).toBe(hexOf(secret));
    await expect(unwrap(wrapped, holder, { place: 'there' })).rejects.toThrow();
    await expect(unwrap(wrapped, await makeBrowserPair(), { place: 'here' })).rejects.toThrow();
    const altered = wrapped.slice();
    altered[altered.length - 1]! ^= 1;
    await expect(unwrap(altered, holder, { place: 'here' })).rejects.toThrow();
  });

  it('shows who wrapped it: not even its recipient’s public key lets another pose as the sender', async () => {
    const [reader, sender, server] = await Promise.all([
      makeBrowserPair(),
      makeBrowserPair(),
      makeBrowserPair(),
    ]);
    const opened = (wrapped: Bytes) => unwrap(wrapped, reader, { place: 'x', sender: sender.publicKey });
    expect(hexOf(await opened(await wrap(secret, reader.publicKey, { place: 'x', sender })))).toBe(
      hexOf(secret),
    );
    await expect(
      opened(await wrap(secret, reader.publicKey, { place: 'x', sender: server })),
    ).rejects.toThrow();
    await expect(opened(await wrap(secret, reader.publicKey, { place: 'x' }))).rejects.toThrow();
  });
});
