import { expect } from 'chai';
import { AbiCoder, ZeroHash } from 'ethers';
import type { OrgAccount } from '../../../types/contracts/participants/OrgAccount.ts';
import { encodeSignature, executeDigest } from '#chain/typed-data.ts';
import { policyStruct } from '#chain/policies.ts';
import { accountOf, carries, executes, policyOf, signed } from '../support/accounts.ts';
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
      const account = await accountOf(s, { keys: [maker!, checker!], threshold: 2 });
      await refuses(account, 0n, maker!);
      await refuses(account, 0n, checker!);
      await refuses(account, 0n, maker!, director!);
      await accepts(account, 0n, maker!, checker!);
      await accepts(account, 1n, checker!, maker!);
    });

    it('are two: the same signature twice counts once, wherever it stands', async () => {
      const account = await accountOf(s, { keys: [maker!, checker!, director!], threshold: 3 });
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
      const account = await accountOf(s, { keys: [maker!, checker!], threshold: 2 });
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
        terms: [{ weight: 2 }, { weight: 1 }, { weight: 1 }],
        threshold: 2,
      });
      await accepts(account, 0n, director!);
      await refuses(account, 1n, maker!);
      await accepts(account, 1n, maker!, checker!);
    });
  });

  describe('the firm’s own affairs', () => {
    const own = async (account: OrgAccount, args: [bigint, bigint]) => ({
      calls: [
        {
          target: await account.getAddress(),
          data: account.interface.encodeFunctionData('cancelNonces', args),
        },
      ],
    });

    it('are nobody else’s', async () => {
      const founders = { keys: [maker!], threshold: 1 };
      const account = await accountOf(s, founders);
      const by = s.stranger.account;
      const change = account.announceChange(policyStruct(policyOf(founders)));
      await refused(change, account, 'OrgAccountNotSelf', by);
      await refused(account.callOff(ZeroHash), account, 'OrgAccountNotSelf', by);
      await refused(account.cancelNonces(0n, 1n), account, 'OrgAccountNotSelf', by);
    });

    it('take back a batch that was signed and not yet carried out', async () => {
      const account = await accountOf(s, { keys: [maker!], threshold: 1 });
      const batch = { calls: [], nonce: 257n };
      const signature = await signed(s, account, batch, [maker!]);
      await carries(s, account, await own(account, [1n, 6n]), [maker!]);
      await refused(executes(account, batch, signature), account, 'OrgAccountNonceUsed', 257);
      await accepts(account, 256n, maker!);
    });

    it('never give a used nonce back when others are taken back', async () => {
      const account = await accountOf(s, { keys: [maker!], threshold: 1 });
      const batch = { calls: [], nonce: 257n };
      const signature = await signed(s, account, batch, [maker!]);
      await executes(account, batch, signature);
      await carries(s, account, await own(account, [1n, 4n]), [maker!]);
      expect(await account.usedNonces(1)).to.equal(6n);
      await refused(executes(account, batch, signature), account, 'OrgAccountNonceUsed', 257);
    });
  });
});
