/** A passkey as a browser signs with it (WebAuthn): an ERC-7913 signer under OpenZeppelin's verifier. */
import { p256 } from '@noble/curves/nist.js';
import { AbiCoder, concat, getBytes, hexlify, id, sha256, toUtf8Bytes } from 'ethers';
import { p256Signer } from '#chain/typed-data.ts';

/** User present and verified. */
const FLAGS = '0x05';
const COUNTER = '0x00000000';

/** The private key follows from `seed`. */
export function passkey(
  verifier: string,
  seed: string,
): { signer: string; sign: (digest: string) => string } {
  const secret = getBytes(id(seed));
  const point = hexlify(p256.getPublicKey(secret, false)).slice(4);
  return {
    signer: p256Signer(verifier, `0x${point.slice(0, 64)}`, `0x${point.slice(64)}`),
    sign: (digest) => {
      const challenge = Buffer.from(getBytes(digest)).toString('base64url');
      const client = `{"type":"webauthn.get","challenge":"${challenge}","origin":"https://tallystick.example","crossOrigin":false}`;
      const authenticator = concat([sha256(toUtf8Bytes('tallystick.example')), FLAGS, COUNTER]);
      const signed = getBytes(sha256(concat([authenticator, sha256(toUtf8Bytes(client))])));
      const signature = hexlify(p256.sign(signed, secret, { prehash: false, lowS: true }));
      return AbiCoder.defaultAbiCoder().encode(
        ['bytes32', 'bytes32', 'uint256', 'uint256', 'bytes', 'string'],
        [
          signature.slice(0, 66),
          `0x${signature.slice(66)}`,
          client.indexOf('"challenge"'),
          client.indexOf('"type"'),
          authenticator,
          client,
        ],
      );
    },
  };
}
