import { expect } from 'chai';
import { ZeroHash } from 'ethers';
import { orgAccountAt } from '#chain/contracts.ts';
import { accountOf, addressOf, creates, executes, signed } from '../support/accounts.ts';
import { ethers } from '../support/chain.ts';
import { ecdsaKey, p256Key, type Key } from '../support/keys.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

describe('OrgAccountFactory', () => {
  let s: Stage;
  let maker: Key;
  let checker: Key;
  beforeEach(async () => {
    s = await stage();
    maker = p256Key(s.deployment.addresses.p256Verifier, 'maker');
    checker = ecdsaKey('checker');
  });

  it('makes the account of these signers where it said that it would be', async () => {
    const founders = { keys: [maker, checker], weights: [2n, 1n], threshold: 3n };
    const address = await addressOf(s, founders);
    await expect(creates(s, founders))
      .to.emit(s.contracts.orgAccountFactory, 'AccountCreated')
      .withArgs(address, [maker.signer, checker.signer], [2n, 1n], 3n);
    const account = orgAccountAt(address, ethers.provider);
    expect(await account.getSigners(0, 9)).to.deep.equal([maker.signer, checker.signer]);
    expect(await account.threshold()).to.equal(3);
    expect(await account.signerWeight(maker.signer)).to.equal(2);
    expect(await account.signerWeight(checker.signer)).to.equal(1);
  });

  it('gives back an account that exists as it is', async () => {
    const founders = { keys: [maker], threshold: 1n };
    await creates(s, founders);
    await expect(creates(s, founders)).not.to.emit(s.contracts.orgAccountFactory, 'AccountCreated');
  });

  it('has another address for other signers, weights, thresholds and salts', async () => {
    const founders = { keys: [maker, checker], threshold: 2n };
    const addresses = await Promise.all([
      addressOf(s, founders),
      addressOf(s, { ...founders, keys: [checker, maker] }),
      addressOf(s, { ...founders, weights: [1n, 2n] }),
      addressOf(s, { ...founders, threshold: 1n }),
      addressOf(s, { ...founders, salt: ethers.id('second') }),
    ]);
    expect(new Set(addresses).size).to.equal(addresses.length);
  });

  it('refuses signers that could never act, or act too easily', async () => {
    const implementation = orgAccountAt(s.deployment.addresses.orgAccountFactory, ethers.provider);
    const refuses = (founders: Parameters<typeof creates>[1], error: string, ...args: unknown[]) =>
      refused(creates(s, founders), implementation, error, ...args);
    await refuses({ keys: [maker], threshold: 0n }, 'MultiSignerERC7913ZeroThreshold');
    await refuses({ keys: [], threshold: 1n }, 'MultiSignerERC7913UnreachableThreshold', 0, 1);
    await refuses({ keys: [maker], threshold: 2n }, 'MultiSignerERC7913UnreachableThreshold', 1, 2);
    await refuses({ keys: [maker, maker], threshold: 2n }, 'MultiSignerERC7913AlreadyExists', maker.signer);
    await refuses(
      { keys: [{ ...maker, signer: '0x1234' }], threshold: 1n },
      'MultiSignerERC7913InvalidSigner',
      '0x1234',
    );
    await refuses(
      { keys: [maker], weights: [0n], threshold: 1n },
      'MultiSignerERC7913WeightedInvalidWeight',
      maker.signer,
      0,
    );
    await refuses(
      { keys: [maker], weights: [], threshold: 1n },
      'MultiSignerERC7913WeightedMismatchedLength',
    );
  });

  it('makes accounts that nobody can found again', async () => {
    const account = await accountOf(s, { keys: [maker], threshold: 1n });
    await refused(account.initialize([checker.signer], [1n], 1n), account, 'InvalidInitialization');
  });

  it('has an implementation that nobody can found or sign for', async () => {
    const stranger = await ethers.getSigner(s.stranger.account);
    const implementation = orgAccountAt(await s.contracts.orgAccountFactory.implementation(), stranger);
    await refused(
      implementation.initialize([checker.signer], [1n], 1n),
      implementation,
      'InvalidInitialization',
    );
    const own = { signer: (await implementation.getAddress()).toLowerCase(), sign: () => '0x' };
    for (const keys of [[checker], [own], []]) {
      const signature = await signed(s, implementation, { calls: [] }, keys);
      await refused(
        executes(implementation, { calls: [] }, signature),
        implementation,
        'OrgAccountInvalidSignature',
      );
      expect(await implementation.isValidSignature(ZeroHash, signature)).to.equal('0xffffffff');
    }
  });
});
