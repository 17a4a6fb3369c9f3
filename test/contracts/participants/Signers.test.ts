import { expect } from 'chai';
import { AbiCoder } from 'ethers';
import type { OrgAccount } from '../../../types/contracts/participants/OrgAccount.ts';
import { encodeSignature, executeDigest } from '#chain/typed-data.ts';
import { accountOf, carries, executes, signed } from '../support/accounts.ts';
import { FAR } from '../support/actors.ts';
import { ecdsaKey, p256Key, type Key } from '../support/keys.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

describe('signers of an OrgAccount', () => {
  let s: Stage;
  let [director, maker, checker]: Key[] = [];
  beforeEach(async () => {
    s = await stage();
    const verifier = s.deployment.addresses.p256Verifier;
    [director, maker, checker] = [
      ecdsaKey('director'),
      p256Key(verifier, 'maker'),
      p256Key(verifier, 'checker'),
    ];
  });

  const accepts = (account: OrgAccount, nonce: bigint, ...keys: Key[]) =>
    expect(carries(s, account, { calls: [], nonce }, keys))
      .to.emit(account, 'Executed')
      .withArgs(nonce);
  const refuses = (account: OrgAccount, nonce: bigint, ...keys: Key[]) =>
    refused(carries(s, account, { calls: [], nonce }, keys), account, 'OrgAccountInvalidSignature');

  describe('maker and checker', () => {
    it('act together, neither alone', async () => {
      const account = await accountOf(s, { keys: [maker!, checker!], threshold: 2n });
      await refuses(account, 0n, maker!);
      await refuses(account, 0n, checker!);
      await refuses(account, 0n, maker!, director!);
      await accepts(account, 0n, maker!, checker!);
      await accepts(account, 1n, checker!, maker!);
    });

    it('are two: the same signature twice counts once, wherever it stands', async () => {
      const account = await accountOf(s, { keys: [maker!, checker!, director!], threshold: 3n });
      const instruction = { account: await account.getAddress(), calls: [], nonce: 0n, validUntil: FAR };
      const digest = executeDigest(s.deployment.chainId, instruction);
      const raw = (...keys: Key[]) =>
        AbiCoder.defaultAbiCoder().encode(
          ['bytes[]', 'bytes[]'],
          [keys.map(({ signer }) => signer), keys.map((key) => key.sign(digest))],
        );
      for (const keys of [
        [maker!, maker!, maker!],
        [maker!, checker!, maker!],
        [checker!, maker!, maker!],
        [maker!, checker!, checker!, maker!],
      ]) {
        await refused(executes(account, instruction, raw(...keys)), account, 'OrgAccountInvalidSignature');
      }
      await executes(account, instruction, raw(director!, maker!, checker!));
    });

    it('are refused when a stranger signs along, or a signature is missing', async () => {
      const account = await accountOf(s, { keys: [maker!, checker!], threshold: 2n });
      await refuses(account, 0n, maker!, checker!, ecdsaKey('stranger'));
      const signature = encodeSignature([
        { signer: maker!.signer, signature: '0x' },
        { signer: checker!.signer, signature: '0x' },
      ]);
      await refused(executes(account, { calls: [] }, signature), account, 'OrgAccountInvalidSignature');
      const short = AbiCoder.defaultAbiCoder().encode(
        ['bytes[]', 'bytes[]'],
        [[maker!.signer, checker!.signer], ['0x']],
      );
      await refused(executes(account, { calls: [] }, short), account, 'OrgAccountInvalidSignature');
    });
  });

  describe('weights', () => {
    it('let a director act alone where two others must agree', async () => {
      const account = await accountOf(s, {
        keys: [director!, maker!, checker!],
        weights: [2n, 1n, 1n],
        threshold: 2n,
      });
      await accepts(account, 0n, director!);
      await refuses(account, 1n, maker!);
      await accepts(account, 1n, maker!, checker!);
    });
  });

  describe('the firm’s own affairs', () => {
    const own = async (account: OrgAccount, name: 'changeSigners' | 'cancelNonces', args: unknown[]) => ({
      calls: [
        {
          target: await account.getAddress(),
          data: account.interface.encodeFunctionData(name as 'cancelNonces', args as [bigint, bigint]),
        },
      ],
    });

    it('are nobody else’s', async () => {
      const account = await accountOf(s, { keys: [maker!], threshold: 1n });
      await refused(account.changeSigners([], [], [], 1n), account, 'OrgAccountNotSelf', s.stranger.account);
      await refused(account.cancelNonces(0n, 1n), account, 'OrgAccountNotSelf', s.stranger.account);
    });

    it('replace a key: the new one acts, the old one no more', async () => {
      const account = await accountOf(s, { keys: [maker!], threshold: 1n });
      const change = await own(account, 'changeSigners', [[maker!.signer], [checker!.signer], [1n], 1n]);
      await expect(carries(s, account, change, [maker!]))
        .to.emit(account, 'ERC7913SignerAdded')
        .and.to.emit(account, 'ERC7913SignerRemoved');
      await refuses(account, 1n, maker!);
      await accepts(account, 1n, checker!);
      expect(await account.getSigners(0, 9)).to.deep.equal([checker!.signer]);
    });

    it('replace all signers, weights and the threshold at once, up or down', async () => {
      const account = await accountOf(s, { keys: [maker!, checker!], threshold: 2n });
      const signers = [maker!.signer, checker!.signer];
      const down = await own(account, 'changeSigners', [signers, [director!.signer], [1n], 1n]);
      await carries(s, account, down, [maker!, checker!]);
      await accepts(account, 1n, director!);
      const up = await own(account, 'changeSigners', [[director!.signer], signers, [2n, 3n], 5n]);
      await carries(s, account, { ...up, nonce: 2n }, [director!]);
      await refuses(account, 3n, director!);
      await refuses(account, 3n, checker!);
      await accepts(account, 3n, maker!, checker!);
    });

    it('cannot end with a threshold that nobody reaches', async () => {
      const account = await accountOf(s, { keys: [maker!, checker!], threshold: 1n });
      const changes: [unknown[], bigint, bigint][] = [
        [[[], [], [], 3n], 2n, 3n],
        [[[maker!.signer, checker!.signer], [], [], 1n], 0n, 1n],
      ];
      for (const [args, weight, threshold] of changes) {
        await refused(
          carries(s, account, await own(account, 'changeSigners', args), [maker!]),
          account,
          'MultiSignerERC7913UnreachableThreshold',
          weight,
          threshold,
        );
      }
      expect(await account.getSignerCount()).to.equal(2);
      await accepts(account, 0n, maker!);
    });

    it('take back a batch that was signed and not yet carried out', async () => {
      const account = await accountOf(s, { keys: [maker!], threshold: 1n });
      const batch = { calls: [], nonce: 257n };
      const signature = await signed(s, account, batch, [maker!]);
      await carries(s, account, await own(account, 'cancelNonces', [1n, 6n]), [maker!]);
      await refused(executes(account, batch, signature), account, 'OrgAccountNonceUsed', 257);
      await accepts(account, 256n, maker!);
    });

    it('never give a used nonce back when others are taken back', async () => {
      const account = await accountOf(s, { keys: [maker!], threshold: 1n });
      const batch = { calls: [], nonce: 257n };
      const signature = await signed(s, account, batch, [maker!]);
      await executes(account, batch, signature);
      await carries(s, account, await own(account, 'cancelNonces', [1n, 4n]), [maker!]);
      expect(await account.usedNonces(1)).to.equal(6n);
      await refused(executes(account, batch, signature), account, 'OrgAccountNonceUsed', 257);
    });
  });
});
