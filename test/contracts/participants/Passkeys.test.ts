import { expect } from 'chai';
import { AbiCoder, Contract, dataSlice, id, randomBytes, hexlify } from 'ethers';
import { eRC7913WebAuthnVerifierAbi } from '#chain/generated/index.ts';
import { formFault, normalised } from '#chain/signature-forms.ts';
import { isSignedBy } from '#chain/signature-checks.ts';
import { partsOfSigner, webAuthnSigner } from '#chain/typed-data.ts';
import { challengeOf, encodeWebAuthn } from '#client/signers/webauthn.ts';
import { Authenticator, type Told } from '../../fixtures/authenticator.ts';
import { accountOf, carries } from '../support/accounts.ts';
import { ethers } from '../support/chain.ts';
import { ecdsaKey, p256Key, webAuthnKey, type Key } from '../support/keys.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

const YES = '0x024ad318';
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const AUTH = ['bytes32', 'bytes32', 'uint256', 'uint256', 'bytes', 'string'];

describe('passkeys as signers of an OrgAccount', () => {
  let s: Stage;
  let verifier: string;
  beforeEach(async () => {
    s = await stage();
    verifier = s.deployment.addresses.webAuthnVerifier!;
  });

  it('act alone, and with keys of other kinds', async () => {
    const keys: Key[] = [
      webAuthnKey(verifier, 'director'),
      p256Key(s.deployment.addresses.p256Verifier, 'system'),
      ecdsaKey('wallet'),
      webAuthnKey(verifier, 'checker'),
    ];
    const account = await accountOf(s, { keys, threshold: 2 });
    for (const [n, pair] of [
      keys.slice(0, 2),
      keys.slice(1, 3),
      keys.slice(2),
      [keys[3]!, keys[0]!],
    ].entries()) {
      await expect(carries(s, account, { calls: [], nonce: BigInt(n) }, pair))
        .to.emit(account, 'Executed')
        .withArgs(n);
    }
    const stranger = webAuthnKey(verifier, 'stranger');
    for (const pair of [[keys[0]!], [keys[0]!, stranger]])
      await refused(
        carries(s, account, { calls: [], nonce: 9n }, pair),
        account,
        'OrgAccountInvalidSignature',
      );
  });

  it('sign for their own verifier alone: a key of one kind is none of the other', async () => {
    const device = new Authenticator('device');
    const digest = id('digest');
    const { p256Verifier } = s.deployment.addresses;
    const asP256 = webAuthnSigner(p256Verifier, device.x, device.y);
    const account = await accountOf(s, { keys: [{ signer: asP256, sign: () => '0x' }], threshold: 1 });
    const { sign } = webAuthnKey(verifier, 'device');
    await refused(
      carries(s, account, { calls: [] }, [{ signer: asP256, sign }]),
      account,
      'OrgAccountInvalidSignature',
    );
    expect(isSignedBy(partsOfSigner(s.deployment.addresses, asP256)!, digest, sign(digest))).to.equal(false);
  });

  describe('are checked by the services as by the chain:', () => {
    const device = new Authenticator('device');
    const digest = id('what is signed');
    const signer = () => webAuthnSigner(verifier, device.x, device.y);
    /** An index beyond all memory is refused by running out of gas. */
    const onChain = async (signature: string, over = digest, by = signer()): Promise<boolean> => {
      const contract = new Contract(verifier, eRC7913WebAuthnVerifierAbi, ethers.provider);
      const answer: Promise<unknown> = contract.getFunction('verify')(dataSlice(by, 20), over, signature);
      return (
        (await answer.catch((error: Error) => (/out of gas/.test(error.message) ? undefined : error))) === YES
      );
    };
    const here = (signature: string, over = digest, by = signer()): boolean =>
      isSignedBy(partsOfSigner(s.deployment.addresses, by)!, over, signature);
    const agree = async (isRight: boolean, signature: string, over = digest, by = signer()) => {
      expect(await onChain(signature, over, by), 'the chain').to.equal(isRight);
      expect(here(signature, over, by), 'the services').to.equal(isRight);
    };
    const says = (told: Partial<Told>) => encodeWebAuthn(device.get(challengeOf(digest), told).response);
    const fields = (signature: string) =>
      [...AbiCoder.defaultAbiCoder().decode(AUTH, signature)] as [
        string,
        string,
        bigint,
        bigint,
        string,
        string,
      ];
    const altered = (change: (auth: ReturnType<typeof fields>) => void): string => {
      const auth = fields(says({}));
      change(auth);
      return AbiCoder.defaultAbiCoder().encode(AUTH, auth);
    };

    it('right, whatever the digest, the origin and the flags that may differ', async () => {
      for (let n = 0; n < 20; n++) {
        const over = hexlify(randomBytes(32));
        const origin = n % 2 === 0 ? 'https://例子.example' : 'https://ledger.example';
        const flags = [0x05, 0x0d, 0x1d, 0xc5][n % 4]!;
        const signature = encodeWebAuthn(device.get(challengeOf(over), { flags, origin }).response);
        expect(formFault('webauthn', signature)).to.equal(undefined);
        await agree(true, signature, over);
      }
    });

    it('wrong, when nobody was there or was verified, or a copy is where none may be', async () => {
      for (const flags of [0x00, 0x01, 0x04, 0x15]) await agree(false, says({ flags }));
    });

    it('wrong, over another digest, by another key, of a registration', async () => {
      await agree(false, says({}), id('another'));
      const other = new Authenticator('another');
      await agree(false, says({}), digest, webAuthnSigner(verifier, other.x, other.y));
      const registration = device.get(challengeOf(digest), { type: 'webauthn.create' }).response;
      const text = Buffer.from(registration.clientDataJSON, 'base64url').toString();
      await agree(
        false,
        altered((auth) => {
          [auth[3], auth[5]] = [BigInt(text.indexOf('"type"')), text];
        }),
      );
    });

    it('wrong, when an index points elsewhere or a byte is changed', async () => {
      for (const at of [2, 3] as const) {
        for (const to of [0n, 2n, 1_000n, 2n ** 200n, 2n ** 256n - 1n]) {
          await agree(
            false,
            altered((auth) => (auth[at] = auth[at] === to ? to + 1n : to)),
          );
        }
      }
      await agree(
        false,
        altered((auth) => (auth[4] = `${auth[4].slice(0, -2)}ff`)),
      );
      await agree(
        false,
        altered((auth) => (auth[4] = auth[4].slice(0, 2 + 2 * 36))),
      );
      await agree(
        false,
        altered((auth) => (auth[5] = auth[5].replace('localhost', 'localhosu'))),
      );
      await agree(
        false,
        altered((auth) => (auth[0] = `0x${'00'.repeat(32)}`)),
      );
    });

    it('wrong in the other form, high s, which can be put right', async () => {
      const right = says({});
      const high = altered(
        (auth) => (auth[1] = `0x${(ORDER - BigInt(auth[1])).toString(16).padStart(64, '0')}`),
      );
      await agree(false, high);
      expect(formFault('webauthn', high)).to.equal('high s');
      const again = normalised('webauthn', high);
      expect(formFault('webauthn', again)).to.equal(undefined);
      await agree(true, again);
      expect(normalised('webauthn', right)).to.equal(right);
    });

    it('stricter here in one thing: the one encoding is asked for', async () => {
      const loose = `${says({})}${'00'.repeat(32)}`;
      expect(await onChain(loose)).to.equal(true);
      expect(here(loose)).to.equal(false);
      expect(formFault('webauthn', loose)).to.equal('encoding');
      for (const broken of ['0x', '0x1234', says({}).slice(0, -64), `0x${'ff'.repeat(320)}`]) {
        await agree(false, broken);
        expect(formFault('webauthn', broken)).to.equal('encoding');
      }
    });
  });
});
