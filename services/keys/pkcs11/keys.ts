/** Keys of a PKCS #11 module in the forms that the platform knows. */
import { getBytes, hexlify, Signature, SigningKey, toBeHex } from 'ethers';
import { KeyError, type ChainKey, type SystemKey } from '../key.ts';
import { parseKeyName } from '../name.ts';
import { TokenKey } from './token.ts';

/** By the DER of their names: where the curve's order is, half of it and all of it. */
const CURVES = {
  secp256k1: {
    der: '06052b8104000a',
    order: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  },
  'P-256': {
    der: '06082a8648ce3d030107',
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
} as const;
type Curve = keyof typeof CURVES;

/** Opens it at once, so that whoever starts learns what is wrong. Throws {@link KeyError}. */
export function moduleChainKey(uri: string): ChainKey {
  const { token, point, name } = opened(uri, 'secp256k1');
  const publicKey = hexlify(point);
  return {
    publicKey,
    sign: (digest) => {
      const { r, s } = signed(token, 'secp256k1', hexlify(digest));
      for (const yParity of [0, 1] as const) {
        const signature = Signature.from({ r, s, yParity });
        if (SigningKey.recoverPublicKey(digest, signature) === publicKey) return signature;
      }
      throw new KeyError('KEY_MODULE_FAILED', `key "${name.object}" of "${name.token}" signs as another`);
    },
  };
}

/** As {@link moduleChainKey}, for a firm's system. */
export function moduleSystemKey(uri: string): SystemKey {
  const { token, point } = opened(uri, 'P-256');
  const [x, y] = [hexlify(point.subarray(1, 33)), hexlify(point.subarray(33))];
  return {
    ...{ x, y },
    sign: (digest) => {
      const { r, s } = signed(token, 'P-256', digest);
      return `${r}${s.slice(2)}`;
    },
    is: (signer) => signer.toLowerCase().endsWith(x.slice(2) + y.slice(2)),
  };
}

function opened(uri: string, curve: Curve) {
  const name = parseKeyName(uri);
  const token = new TokenKey(name);
  const parts = token.publicParts();
  if (parts.curve.toString('hex') !== CURVES[curve].der)
    throw new KeyError('KEY_MISSING', `key "${name.object}" of "${name.token}" is no key of ${curve}`);
  const { length } = parts.point;
  const point =
    length === 67 && parts.point[0] === 4 && parts.point[1] === 65 ? parts.point.subarray(2) : parts.point;
  if (point.length !== 65 || point[0] !== 4)
    throw new KeyError(
      'KEY_MODULE_FAILED',
      `the public key "${name.object}" of "${name.token}" is no plain point`,
    );
  return { name, token, point };
}

/** With low s, which contracts and chains ask for. */
function signed(token: TokenKey, curve: Curve, digest: string): { readonly r: string; readonly s: string } {
  const bytes = token.sign(getBytes(digest));
  if (bytes.length !== 64)
    throw new KeyError('KEY_MODULE_FAILED', `a signature is ${bytes.length} bytes long`);
  const { order } = CURVES[curve];
  const s = BigInt(hexlify(bytes.subarray(32)));
  return { r: hexlify(bytes.subarray(0, 32)), s: toBeHex(s > order / 2n ? order - s : s, 32) };
}
