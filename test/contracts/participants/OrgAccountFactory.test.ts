import { expect } from 'chai';
import { ZeroHash } from 'ethers';
import { orgAccountAt } from '#chain/contracts.ts';
import { policyStruct } from '#chain/policies.ts';
import type { PolicyRule } from '#domain/accounts/policy.ts';
import { accountOf, addressOf, asEvent, creates, executes, policyOf, signed } from '../support/accounts.ts';
import { FAR } from '../support/actors.ts';
import { ethers } from '../support/chain.ts';
import { ecdsaKey, p256Key, type Key } from '../support/keys.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

const ruled: PolicyRule = { kinds: 1, from: 0n, threshold: 1, levels: 0 };

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
    const founders = { keys: [maker, checker], terms: [{ weight: 2 }, { weight: 1 }], threshold: 3 };
    const address = await addressOf(s, founders);
    await expect(creates(s, founders))
      .to.emit(s.contracts.orgAccountFactory, 'AccountCreated')
      .withArgs(address, asEvent(policyOf(founders)));
    const account = orgAccountAt(address, ethers.provider);
    const [policy, version] = await account.policy();
    expect(policy).to.deep.equal(asEvent(policyOf(founders)));
    expect(version).to.equal(1);
    expect((await account.signerOf(maker.signer))[0].weight).to.equal(2);
    expect((await account.signerOf(checker.signer))[0].weight).to.equal(1);
  });

  it('gives back an account that exists as it is', async () => {
    const founders = { keys: [maker], threshold: 1 };
    await creates(s, founders);
    await expect(creates(s, founders)).not.to.emit(s.contracts.orgAccountFactory, 'AccountCreated');
  });

  it('has another address for other signers, weights, thresholds and salts', async () => {
    const founders = { keys: [maker, checker], threshold: 2 };
    const addresses = await Promise.all([
      addressOf(s, founders),
      addressOf(s, { ...founders, keys: [checker, maker] }),
      addressOf(s, { ...founders, terms: [{ weight: 1 }, { weight: 2 }] }),
      addressOf(s, { ...founders, policy: { rules: [ruled] } }),
      addressOf(s, { ...founders, policy: { changeDelay: 7_200 } }),
      addressOf(s, { ...founders, threshold: 1 }),
      addressOf(s, { ...founders, salt: ethers.id('second') }),
    ]);
    expect(new Set(addresses).size).to.equal(addresses.length);
  });

  it('refuses signers and thresholds that could never act, or act too easily', async () => {
    const implementation = orgAccountAt(s.deployment.addresses.orgAccountFactory, ethers.provider);
    const refuses = (founders: Parameters<typeof creates>[1], error: string, ...args: unknown[]) =>
      refused(creates(s, founders), implementation, error, ...args);
    const [plain, weightless] = [
      { keys: [maker], threshold: 1 },
      { keys: [maker, checker], threshold: 1 },
    ];
    const key = (bytes: string): Key => ({ ...maker, signer: bytes });
    for (const founders of [
      { ...plain, threshold: 0 },
      { ...plain, policy: { adminThreshold: 0 } },
      { keys: [], threshold: 1 },
      { keys: Array.from({ length: 21 }, (_, n) => ecdsaKey(`${n}`)), threshold: 1 },
      { ...plain, policy: { changeDelay: 3_599 } },
      { ...plain, policy: { changeDelay: 30 * 86_400 + 1 } },
      { ...plain, policy: { rules: Array.from({ length: 9 }, () => ruled) } },
    ])
      await refuses(founders, 'OrgAccountInvalidPolicy');
    await refuses({ keys: [maker], threshold: 2 }, 'OrgAccountUnreachable', 1, 2);
    await refuses({ ...plain, policy: { adminThreshold: 2 } }, 'OrgAccountUnreachable', 1, 2);
    await refuses(
      { ...plain, policy: { rules: [ruled, { ...ruled, threshold: 2 }] } },
      'OrgAccountUnreachable',
      1,
      2,
    );
    await refuses(
      { keys: [maker, checker], threshold: 2, terms: [{}, { validUntil: FAR }] },
      'OrgAccountUnreachable',
      1,
      2,
    );
    await refuses({ ...weightless, terms: [{}, { weight: 0 }] }, 'OrgAccountInvalidSigner', checker.signer);
    await refuses({ ...plain, terms: [{ level: 9 }] }, 'OrgAccountInvalidSigner', maker.signer);
    await refuses({ keys: [maker, checker, maker], threshold: 2 }, 'OrgAccountInvalidSigner', maker.signer);
    const nowhere = `${(await addressOf(s, plain)).toLowerCase()}00`; // no verifier is there
    for (const bytes of ['0x1234', ethers.ZeroAddress, nowhere])
      await refuses({ keys: [key(bytes)], threshold: 1 }, 'OrgAccountInvalidSigner', bytes);
  });

  it('refuses rules that mean nothing, or that permanent signers cannot meet', async () => {
    const implementation = orgAccountAt(s.deployment.addresses.orgAccountFactory, ethers.provider);
    const founders = (rule: Partial<PolicyRule>) => ({
      keys: [maker, checker],
      terms: [{ level: 1 }, { level: 2, validUntil: FAR }],
      threshold: 1,
      policy: { rules: [ruled, { ...ruled, ...rule }] },
    });
    const refuses = (rule: Partial<PolicyRule>, error: string, arg: number) =>
      refused(creates(s, founders(rule)), implementation, error, arg);
    await refuses({ kinds: 0 }, 'OrgAccountInvalidRule', 1);
    await refuses({ kinds: 1024 }, 'OrgAccountInvalidRule', 1);
    await refuses({ threshold: 0 }, 'OrgAccountInvalidRule', 1);
    await refuses({ levels: 0b111 }, 'OrgAccountLevelsMissing', 0b110);
    await creates(s, founders({ levels: 1 }));
  });

  it('makes accounts that nobody can found again', async () => {
    const account = await accountOf(s, { keys: [maker], threshold: 1 });
    const other = policyStruct(policyOf({ keys: [checker], threshold: 1 }));
    await refused(account.initialize(other), account, 'InvalidInitialization');
  });

  it('has an implementation that nobody can found or sign for', async () => {
    const stranger = await ethers.getSigner(s.stranger.account);
    const other = policyStruct(policyOf({ keys: [checker], threshold: 1 }));
    const implementation = orgAccountAt(await s.contracts.orgAccountFactory.implementation(), stranger);
    await refused(implementation.initialize(other), implementation, 'InvalidInitialization');
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
