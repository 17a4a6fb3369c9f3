import { expect } from 'chai';
import { concat, TypedDataEncoder, ZeroHash } from 'ethers';
import type { OrgAccount } from '../../../types/contracts/participants/OrgAccount.ts';
import {
  executeDigest,
  plainQuoteDigest,
  quoteDigest,
  quoteSignature,
  type Quote,
} from '#chain/typed-data.ts';
import { accountOf } from '../support/accounts.ts';
import { quoteOf } from '../support/acts.ts';
import { FAR } from '../support/actors.ts';
import { ethers } from '../support/chain.ts';
import { ecdsaKey, p256Key, signAll, type Key } from '../support/keys.ts';
import { stage, type Stage } from '../support/stage.ts';

const YES = '0x1626ba7e';
const NO = '0xffffffff';

describe('OrgAccount as the signer of a quote (ERC-1271)', () => {
  let s: Stage;
  let keys: Key[];
  let account: OrgAccount;
  let address: string;
  let quote: Quote;
  let hash: string;
  beforeEach(async () => {
    s = await stage();
    keys = [p256Key(s.deployment.addresses.p256Verifier, 'maker'), ecdsaKey('checker')];
    account = await accountOf(s, { keys, threshold: 2 });
    address = await account.getAddress();
    quote = quoteOf(s, s.bank, 1n);
    hash = plainQuoteDigest(s.deployment, quote);
  });
  const nested = (for_ = address, by = keys) =>
    quoteSignature(s.deployment, quote, signAll(quoteDigest(s.deployment, for_, quote), by));

  it('answers yes to a quote that was nested in its own domain and signed by enough', async () => {
    expect(await account.isValidSignature(hash, nested())).to.equal(YES);
  });

  it('answers no to the same signature for another quote', async () => {
    const other = plainQuoteDigest(s.deployment, { ...quote, ratePpm: 1 });
    expect(await account.isValidSignature(other, nested())).to.equal(NO);
  });

  it('answers no when too few signed', async () => {
    expect(await account.isValidSignature(hash, nested(address, keys.slice(0, 1)))).to.equal(NO);
  });

  it('answers no to a signature that is not nested', async () => {
    expect(await account.isValidSignature(hash, signAll(hash, keys))).to.equal(NO);
    const plain = quoteSignature(s.deployment, quote, signAll(hash, keys));
    expect(await account.isValidSignature(hash, plain)).to.equal(NO);
  });

  it('answers no to what the same signers signed for another account of theirs', async () => {
    const twin = await accountOf(s, { keys, threshold: 2, salt: ethers.id('twin') });
    const signature = nested(await twin.getAddress());
    expect(await twin.isValidSignature(hash, signature)).to.equal(YES);
    expect(await account.isValidSignature(hash, signature)).to.equal(NO);
  });

  it('answers no to what was signed as a batch, and carries out nothing that was signed as a quote', async () => {
    const digest = executeDigest(s.deployment.chainId, {
      account: address,
      calls: [],
      nonce: 0n,
      validUntil: FAR,
    });
    expect(await account.isValidSignature(digest, signAll(digest, keys))).to.equal(NO);
    await expect(account.execute([], 0n, FAR, nested())).to.be.revertedWithCustomError(
      account,
      'OrgAccountInvalidSignature',
    );
  });

  it('answers no when the batch’s own domain is passed off as an application’s', async () => {
    // Nested in its own domain, the struct is a TypedDataSign and never an Execute.
    const domain = {
      name: 'Tallystick OrgAccount',
      version: '1',
      chainId: s.deployment.chainId,
      verifyingContract: address,
    };
    const digest = executeDigest(s.deployment.chainId, {
      account: address,
      calls: [],
      nonce: 0n,
      validUntil: FAR,
    });
    const types = 'Execute(Call[] calls,uint256 nonce,uint40 validUntil)Call(address target,bytes data)';
    const signature = concat([
      signAll(digest, keys),
      TypedDataEncoder.hashDomain(domain),
      ZeroHash,
      ethers.toUtf8Bytes(types),
      ethers.toBeHex(types.length, 2),
    ]);
    expect(await account.isValidSignature(digest, signature)).to.equal(NO);
  });

  it('says that it knows nested signatures (ERC-7739)', async () => {
    expect(await account.isValidSignature(`0x${'7739'.repeat(16)}`, '0x')).to.equal('0x77390001');
    expect(await account.isValidSignature(hash, '0x')).to.equal(NO);
  });
});
