import { expect } from 'chai';
import { TypedDataEncoder } from 'ethers';
import { encodeSignature, executeDigest, type Instruction } from '#chain/typed-data.ts';
import { instructionTypedData } from '#client/instructions/typed-data.ts';
import { accountsOf, WalletKey, type Eip1193 } from '#client/signers/wallet.ts';
import { nestedSignature } from '../../fixtures/nested.ts';
import { accountOf, executes } from '../support/accounts.ts';
import { FAR } from '../support/actors.ts';
import { ethers } from '../support/chain.ts';
import { ecdsaKey, p256Key, sm2Key, type Key } from '../support/keys.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

describe('wallets and contracts as signers of an OrgAccount', () => {
  let s: Stage;
  beforeEach(async () => void (s = await stage()));

  it('a wallet signs what the client shows it, which has the digest of the account', async () => {
    /** Hardhat's node signs with its own accounts; it has no person to ask whether a page may know them. */
    const node: Eip1193 = {
      request: ({ method, params }) =>
        ethers.provider.send(method === 'eth_requestAccounts' ? 'eth_accounts' : method, [
          ...((params ?? []) as unknown[]),
        ]),
    };
    const [address] = await accountsOf(node);
    const key = new WalletKey(node, address!);
    const account = await accountOf(s, { keys: [{ signer: address!, sign: () => '0x' }], threshold: 1 });
    const instruction: Instruction = {
      account: await account.getAddress(),
      calls: [],
      nonce: 7n,
      validUntil: FAR,
    };
    const { chainId } = s.deployment;
    const typedData = instructionTypedData(chainId, instruction.account, instruction);
    const { EIP712Domain: _, ...types } = typedData.types;
    const digest = executeDigest(chainId, instruction);
    expect(
      TypedDataEncoder.hash(
        typedData.domain,
        types as Record<string, { name: string; type: string }[]>,
        typedData.message,
      ),
    ).to.equal(digest);
    const signature = encodeSignature([{ signer: address!, signature: await key.sign(digest, typedData) }]);
    await expect(executes(account, instruction, signature))
      .to.emit(account, 'Executed')
      .withArgs(7);
  });

  it('an account signs for another, with keys of any kind, and not with what was signed for itself', async () => {
    const { p256Verifier, sm2Verifier } = s.deployment.addresses;
    const keys: Key[] = [p256Key(p256Verifier, 'a'), sm2Key(sm2Verifier!, 'b'), ecdsaKey('c')];
    const inner = await (await accountOf(s, { keys, threshold: 2 })).getAddress();
    const branch = await accountOf(s, { keys: [{ signer: inner, sign: () => '0x' }], threshold: 1 });
    const instruction: Instruction = {
      account: await branch.getAddress(),
      calls: [],
      nonce: 0n,
      validUntil: FAR,
    };
    const { chainId } = s.deployment;
    const by = (over: Instruction, ...signing: Key[]) =>
      encodeSignature([{ signer: inner, signature: nestedSignature(chainId, over, inner, signing) }]);
    const plain = encodeSignature(
      keys.map(({ signer, sign }) => ({ signer, signature: sign(executeDigest(chainId, instruction)) })),
    );
    for (const wrong of [
      by(instruction, keys[0]!),
      by(instruction, keys[0]!, ecdsaKey('stranger')),
      by({ ...instruction, nonce: 1n }, ...keys),
      by({ ...instruction, account: inner }, ...keys),
      encodeSignature([{ signer: inner, signature: plain }]),
    ])
      await refused(executes(branch, instruction, wrong), branch, 'OrgAccountInvalidSignature');
    await expect(executes(branch, instruction, by(instruction, keys[0]!, keys[1]!)))
      .to.emit(branch, 'Executed')
      .withArgs(0);
  });
});
