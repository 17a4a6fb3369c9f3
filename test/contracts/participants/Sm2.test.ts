import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { Contract, dataSlice, hexlify, toBeHex } from 'ethers';
import { sM2VerifierAbi } from '#chain/generated/index.ts';
import { isSignedBy } from '#chain/signature-checks.ts';
import { formFault } from '#chain/signature-forms.ts';
import { isRight, SM2_ORDER as N, Sm2Point } from '#chain/sm2.ts';
import { partsOfSigner, sm2Signer } from '#chain/typed-data.ts';
import { Sm2Key } from '#client/signers/sm2.ts';
import { sm2Vectors as vectors } from '../../fixtures/sm2-vectors.ts';
import { accountOf, carries } from '../support/accounts.ts';
import { ethers } from '../support/chain.ts';
import { deployHarness } from '../support/harness.ts';
import { p256Key, sm2Key, webAuthnKey } from '../support/keys.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

const YES = '0x024ad318';
const P = Sm2Point.Fp.ORDER;
const mod = (value: bigint): bigint => ((value % N) + N) % N;
const word = (value: bigint): string => toBeHex(value, 32);

describe('SM3 in Solidity', () => {
  let sm2: Contract;
  before(async () => void (sm2 = await deployHarness('SM2Harness')));
  const hash = (message: Uint8Array | string): Promise<string> => sm2.getFunction('sm3')(message);

  it('has the hashes of GM/T 0004', async () => {
    for (const { message, hash: right } of vectors.sm3) expect(await hash(message)).to.equal(right);
  });

  it('has the hashes of OpenSSL for messages of each length up to three blocks', async () => {
    for (let length = 0; length <= 192; length++) {
      const message = randomBytes(length);
      const right = `0x${createHash('sm3').update(message).digest('hex')}`;
      expect(await hash(message), hexlify(message)).to.equal(right);
    }
  });
});

describe('SM2 in Solidity', () => {
  let sm2: Contract;
  before(async () => void (sm2 = await deployHarness('SM2Harness')));
  type Case = { e: bigint; r: bigint; s: bigint; x: bigint; y: bigint };
  const onChain = ({ e, r, s, x, y }: Case): Promise<boolean> =>
    sm2.getFunction('verify')(word(e), r, s, x, y);
  const agree = async (isOne: boolean, it: Case) => {
    const { e, r, s, ...key } = it;
    expect(await onChain(it), `the chain: ${JSON.stringify(it, (_, v) => String(v))}`).to.equal(isOne);
    expect(isRight(e, r, s, key), 'the services').to.equal(isOne);
  };
  /** A key that is known, and a point s·G + t·Q with it: what comes out right by construction. */
  const made = (d: bigint, s: bigint, t: bigint): Case => {
    const key = Sm2Point.BASE.multiply(mod(d)).toAffine();
    const scalar = mod(s + t * d);
    const x1 = scalar === 0n ? 0n : Sm2Point.BASE.multiply(scalar).toAffine().x;
    const r = mod(t - s);
    return { e: mod(r - x1), r, s, ...key };
  };

  it('agrees with the example of GM/T 0003.5', async () => {
    const { signature, hash, x, y } = vectors.example;
    const [r, s] = [BigInt(dataSlice(signature, 0, 32)), BigInt(dataSlice(signature, 32))];
    const right = { e: BigInt(hash), r, s, x: BigInt(x), y: BigInt(y) };
    await agree(true, right);
    await agree(false, { ...right, e: right.e + 1n });
  });

  it('is right for keys and multiples at which the sum of points meets equal, opposite and no points', async () => {
    const small = [1n, 2n, 3n, 4n, 5n, N - 2n, N - 3n, N - 4n, (N + 1n) / 2n, (N - 1n) / 2n];
    const scalars = [1n, 2n, 3n, 4n, 5n, 1n << 128n, N - 1n, N - 2n, (N - 1n) / 2n];
    for (const d of small) {
      for (const s of scalars) {
        for (const t of scalars) {
          const case_ = made(d, s, t);
          const isPossible = case_.r !== 0n && mod(s + t * d) !== 0n;
          await agree(isPossible, case_);
        }
      }
    }
  });

  it('is wrong where the sum is the point at infinity, whatever hash goes with it', async () => {
    for (const d of [2n, 5n, 77n, N - 5n]) {
      const t = 12_345n;
      const none = made(d, mod(-t * d), t);
      for (const e of [none.e, none.r, 0n, mod(none.r - 1n)]) await agree(false, { ...none, e });
    }
  });

  it('is right where x of the point is beyond the order, as the field is larger', async () => {
    let x = N;
    const lifted = () => {
      for (; ; x++) {
        try {
          return Sm2Point.fromHex(`02${x.toString(16).padStart(64, '0')}`);
        } catch {
          continue; // no point has this x
        }
      }
    };
    for (let n = 0; n < 8; n++, x++) {
      const point = lifted();
      const [s, t] = [BigInt(hexlify(randomBytes(31))), BigInt(hexlify(randomBytes(31)))];
      const key = point.subtract(Sm2Point.BASE.multiply(s)).multiply(Sm2Point.Fn.inv(t)).toAffine();
      const r = mod(t - s);
      expect(x < P && x >= N).to.equal(true);
      await agree(true, { e: mod(r - x), r, s, ...key });
      await agree(false, { e: mod(r - x + 1n), r, s, ...key });
    }
  });

  it('takes a hash beyond the order as what is left of it', async () => {
    const [d, k, e] = [77n, 123_456_789n, 5n];
    const r = mod(e + Sm2Point.BASE.multiply(k).toAffine().x);
    const s = mod(Sm2Point.Fn.inv(1n + d) * (k - r * d));
    const key = Sm2Point.BASE.multiply(d).toAffine();
    for (const hash of [e, e + N]) await agree(true, { e: hash, r, s, ...key });
  });

  it('is wrong out of range, off the curve, for another form of the same key, and with n - s', async () => {
    const right = made(0x1234567890abcdefn, 0xfedcba987654321n, 0xabcdef0123456789n);
    await agree(true, right);
    for (const wrong of [
      { r: 0n },
      { r: N },
      { r: right.r + N },
      { s: 0n },
      { s: N },
      { s: N + right.s },
      { s: N - right.s },
      { r: N - right.r },
      { s: mod(-right.r) }, // t = 0
      { x: 0n, y: 0n },
      { x: right.x + 1n },
      { y: P - right.y },
      { x: right.x, y: right.y + 1n },
    ]) {
      const { e, r, s, ...key } = { ...right, ...wrong };
      expect(await onChain({ e, r, s, ...key })).to.equal(false);
    }
    for (const beyond of [{ x: right.x + P }, { y: right.y + P }]) {
      const it = { ...right, ...beyond };
      if (it.x < 2n ** 256n && it.y < 2n ** 256n) expect(await onChain(it)).to.equal(false);
    }
  });
});

describe('SM2 keys as signers of an OrgAccount', () => {
  let s: Stage;
  let verifier: string;
  beforeEach(async () => {
    s = await stage();
    verifier = s.deployment.addresses.sm2Verifier!;
  });
  const onChain = async (signer: string, digest: string, signature: string): Promise<boolean> => {
    const contract = new Contract(verifier, sM2VerifierAbi, ethers.provider);
    return (await contract.getFunction('verify')(dataSlice(signer, 20), digest, signature)) === YES;
  };
  const here = (signer: string, digest: string, signature: string): boolean =>
    isSignedBy(partsOfSigner(s.deployment.addresses, signer)!, digest, signature);
  const agree = async (isOne: boolean, signer: string, digest: string, signature: string) => {
    expect(await onChain(signer, digest, signature), 'the chain').to.equal(isOne);
    expect(here(signer, digest, signature), 'the services').to.equal(isOne);
  };

  it('sign as OpenSSL signs: the digest as message, the usual identity', async () => {
    for (const [n, { digest, x, y, signature }] of vectors.openssl.entries()) {
      const signer = sm2Signer(verifier, x, y);
      await agree(true, signer, digest, signature);
      const bytes = Buffer.from(signature.slice(2), 'hex');
      bytes[n]! ^= 1 << (n % 8);
      await agree(false, signer, digest, hexlify(bytes));
      const other = vectors.openssl[(n + 1) % vectors.openssl.length]!;
      await agree(false, signer, other.digest, signature);
      await agree(false, sm2Signer(verifier, other.x, other.y), digest, signature);
    }
  });

  it('sign in software as the chain checks', async () => {
    for (let n = 0; n < 25; n++) {
      const { key } = Sm2Key.make();
      const digest = hexlify(randomBytes(32));
      const signature = key.sign(digest);
      expect(formFault('sm2', signature)).to.equal(undefined);
      await agree(true, sm2Signer(verifier, key.x, key.y), digest, signature);
    }
  });

  it('are refused in any other length', async () => {
    const { digest, x, y, signature } = vectors.openssl[0]!;
    const signer = sm2Signer(verifier, x, y);
    for (const odd of ['0x', dataSlice(signature, 0, 63), `${signature}00`, `${signature}1b`])
      await agree(false, signer, digest, odd);
    for (const odd of [dataSlice(signer, 0, 83), `${signer}00`, dataSlice(signer, 0, 20)])
      expect(await onChain(odd, digest, signature)).to.equal(false);
  });

  it('act alone, and with keys of other kinds', async () => {
    const keys = [
      sm2Key(verifier, 'director'),
      sm2Key(verifier, 'checker'),
      p256Key(s.deployment.addresses.p256Verifier, 'system'),
      webAuthnKey(s.deployment.addresses.webAuthnVerifier!, 'phone'),
    ] as const;
    const account = await accountOf(s, { keys, threshold: 2 });
    const pairs = [
      [keys[0], keys[1]],
      [keys[1], keys[2]],
      [keys[3], keys[0]],
    ] as const;
    for (const [n, pair] of pairs.entries())
      await expect(carries(s, account, { calls: [], nonce: BigInt(n) }, pair)).to.emit(account, 'Executed');
    for (const pair of [[keys[0]], [keys[0], sm2Key(verifier, 'stranger')]])
      await refused(
        carries(s, account, { calls: [], nonce: 9n }, pair),
        account,
        'OrgAccountInvalidSignature',
      );
  });
});
