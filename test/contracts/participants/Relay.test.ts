import { expect } from 'chai';
import { Contract, dataLength, type ContractTransactionReceipt } from 'ethers';
import type { OrgAccount } from '../../../types/contracts/participants/OrgAccount.ts';
import type { Relay } from '../../../types/contracts/participants/Relay.ts';
import { interfaces } from '#chain/contracts.ts';
import { refusalOf } from '#chain/errors.ts';
import type { Call } from '#chain/typed-data.ts';
import { accountOf, signed } from '../support/accounts.ts';
import { FAR } from '../support/actors.ts';
import { ethers } from '../support/chain.ts';
import { deployHarness } from '../support/harness.ts';
import { p256Key, type Key } from '../support/keys.ts';
import { stage, type Stage } from '../support/stage.ts';

type Act = { account: string; gas: bigint; execution: string };
type Outcome = 'done' | { readonly reason: string };

const GAS = 400_000n;

describe('Relay', () => {
  let s: Stage;
  let relay: Relay;
  let unruly: Contract;
  const firms: { key: Key; account: OrgAccount; address: string; nonce: bigint }[] = [];

  beforeEach(async () => {
    s = await stage();
    const stranger = await ethers.getSigner(s.stranger.account);
    relay = new Contract(s.deployment.addresses.relay!, interfaces.relay, stranger) as unknown as Relay;
    unruly = await deployHarness('Unruly');
    firms.length = 0;
    for (const seed of ['one', 'two', 'three']) {
      const key = p256Key(s.deployment.addresses.p256Verifier, seed);
      const account = await accountOf(s, { keys: [key], threshold: 1 });
      firms.push({ key, account, address: await account.getAddress(), nonce: 0n });
    }
  });

  const act = async (firm: number, calls: readonly Call[], gas = GAS): Promise<Act> => {
    const { account, address, key } = firms[firm]!;
    const nonce = firms[firm]!.nonce++;
    const signature = await signed(s, account, { calls, nonce }, [key]);
    const data = interfaces.orgAccount.encodeFunctionData('execute', [calls, nonce, FAR, signature]);
    return { account: address, gas, execution: `0x${data.slice(10)}` };
  };
  const good = (firm: number, gas = GAS) => act(firm, [], gas);
  const rudely = (name: string, ...args: unknown[]): Call => ({
    target: unruly.target as string,
    data: unruly.interface.encodeFunctionData(name, args),
  });
  const send = async (acts: readonly Act[], gasLimit = 15_000_000n): Promise<ContractTransactionReceipt> =>
    (await (await relay.relay([...acts], { gasLimit })).wait())!;
  /** By index, as the relayer reads them. */
  const outcomes = (receipt: ContractTransactionReceipt): Map<number, Outcome> =>
    new Map(
      receipt.logs
        .filter(({ address }) => address === s.deployment.addresses.relay)
        .map((log) => {
          const { name, args } = interfaces.relay.parseLog(log)!;
          return [
            Number(args['index']),
            name === 'ActDone' ? 'done' : { reason: String(args['reason']) },
          ] as const;
        }),
    );
  const errorIn = (receipt: ContractTransactionReceipt, index: number): string => {
    const outcome = outcomes(receipt).get(index);
    if (outcome === undefined || outcome === 'done') throw new Error(`act ${index} has not failed`);
    return refusalOf(outcome.reason).error;
  };
  const used = (firm: number) => firms[firm]!.account.usedNonces(0);

  it('carries acts of several firms, and tells after each what became of it', async () => {
    const receipt = await send([await good(0), await good(1), await good(2)]);
    expect([...outcomes(receipt)]).to.deep.equal([
      [0, 'done'],
      [1, 'done'],
      [2, 'done'],
    ]);
    const order = receipt.logs.map(({ address }) => firms.findIndex((firm) => firm.address === address));
    expect(order).to.deep.equal([0, -1, 1, -1, 2, -1]);
  });

  it('lets an act fail by itself, and says why', async () => {
    const bad = await act(1, [s.calls.take(1n, { from: s.bank.number, to: 0, end: 0n })]);
    const receipt = await send([await good(0), bad, await good(2), await good(1)]);
    expect([0, 2, 3].map((n) => outcomes(receipt).get(n))).to.deep.equal(['done', 'done', 'done']);
    expect(errorIn(receipt, 1)).to.equal('ParticipantsUnknownAccount');
    expect(await used(1)).to.equal(2n); // only the second
  });

  it('says of an act that somebody else has carried out that its nonce is used', async () => {
    const first = await good(0);
    await send([first]);
    expect(errorIn(await send([await good(1), first]), 1)).to.equal('OrgAccountNonceUsed');
  });

  it('lets no act use more than its own gas', async () => {
    const receipt = await send([await act(0, [rudely('burn')]), await good(1)]);
    expect(errorIn(receipt, 0)).to.equal('FailedCall'); // what the account says of a call that says nothing
    expect(outcomes(receipt).get(1)).to.equal('done');
    expect(receipt.gasUsed).to.be.lessThan(GAS + 250_000n);
  });

  it('copies only the beginning of what an act reverts with', async () => {
    const receipt = await send([await act(0, [rudely('explode', 40_000)]), await good(1)]);
    const bomb = outcomes(receipt).get(0);
    expect(bomb).to.not.equal('done');
    expect(dataLength((bomb as { reason: string }).reason)).to.equal(256);
    expect(outcomes(receipt).get(1)).to.equal('done');
  });

  it('does not begin an act for which too little gas is left, nor any after it', async () => {
    const acts = [await good(0), await good(1, 2_000_000n), await good(2)];
    const receipt = await send(acts, 1_500_000n);
    expect([...outcomes(receipt)]).to.deep.equal([[0, 'done']]);
    expect([await used(1), await used(2)]).to.deep.equal([0n, 0n]);
    expect([...outcomes(await send(acts.slice(1)))]).to.deep.equal([
      [0, 'done'],
      [1, 'done'],
    ]);
  });

  it('never says failed of an act that its own gas is enough for', async () => {
    const heavy = await act(0, [rudely('keep', 16)], 480_000n);
    const acts = [heavy, await good(1)];
    const ends = new Set<Outcome | undefined>();
    for (let gasLimit = 60_000n; gasLimit <= 700_000n; gasLimit += 5_000n) {
      const before = (await ethers.provider.send('evm_snapshot', [])) as string;
      ends.add(outcomes(await send(acts, gasLimit)).get(0));
      await ethers.provider.send('evm_revert', [before]);
    }
    expect(ends).to.deep.equal(new Set([undefined, 'done']));
  });

  it('never says failed of a large act either, of which a call is given 63 parts of 64 at most', async () => {
    const calls = [rudely('keep', 130)];
    const { nonce } = firms[0]!;
    const tries = async (gas: bigint, gasLimit: bigint): Promise<Outcome | undefined> => {
      firms[0]!.nonce = nonce;
      const before = (await ethers.provider.send('evm_snapshot', [])) as string;
      const outcome = outcomes(await send([await act(0, calls, gas)], gasLimit)).get(0);
      await ethers.provider.send('evm_revert', [before]);
      return outcome;
    };
    let least = 2_800_000n;
    while ((await tries(least, 10_000_000n)) !== 'done') least += 5_000n;
    const ends = new Set<Outcome | undefined>();
    for (let more = 40_000n; more <= 140_000n; more += 4_000n) ends.add(await tries(least, least + more));
    expect(ends).to.deep.equal(new Set([undefined, 'done']));
  });

  it('writes down how the last act ended, whatever that one has used up', async () => {
    const burning = await act(0, [rudely('burn')], 1_000_000n);
    const ends = new Set<string>();
    for (let gasLimit = 1_040_000n; gasLimit <= 1_080_000n; gasLimit += 1_000n) {
      const before = (await ethers.provider.send('evm_snapshot', [])) as string;
      const receipt = await send([burning], gasLimit);
      ends.add(outcomes(receipt).size === 0 ? 'not begun' : errorIn(receipt, 0));
      await ethers.provider.send('evm_revert', [before]);
    }
    expect(ends).to.deep.equal(new Set(['not begun', 'FailedCall']));
  });

  it('lets nobody in while it carries an act', async () => {
    const nested = interfaces.relay.encodeFunctionData('relay', [[await good(1)]]);
    const indifferent = await act(0, [rudely('call', relay.target, nested, false)]);
    const indignant = await act(2, [rudely('call', relay.target, nested, true)]);
    const receipt = await send([indifferent, indignant]);
    // What was tried inside has left no event that could be taken for an outcome.
    expect([...outcomes(receipt).keys()]).to.deep.equal([0, 1]);
    expect(outcomes(receipt).get(0)).to.equal('done');
    expect(errorIn(receipt, 1)).to.equal('RelayReentered');
    expect(await used(1)).to.equal(0n);
    firms[1]!.nonce = 0n;
    await send([await good(1)]); // open again
  });

  it('carries nothing to what is no account of the factory', async () => {
    const { execution } = await good(0);
    const foreign = [unruly.target as string, s.stranger.account, s.deployment.addresses.bills];
    const acts = foreign.map((account) => ({ account, gas: GAS, execution }));
    const receipt = await send([...acts, await good(1)]);
    for (const [n] of foreign.entries()) expect(errorIn(receipt, n)).to.equal('RelayForeignAccount');
    expect(outcomes(receipt).get(3)).to.equal('done');
  });

  it('makes no call but the one that asks for signatures', async () => {
    const change = interfaces.orgAccount.encodeFunctionData('cancelNonces', [0n, 1n]);
    const { address } = firms[0]!;
    const receipt = await send([{ account: address, gas: GAS, execution: change }]);
    expect(outcomes(receipt).get(0)).to.not.equal('done');
    expect(await used(0)).to.equal(0n);
  });

  it('spends nothing of its own on an empty batch', async () => {
    expect((await send([])).logs).to.deep.equal([]);
  });
});
