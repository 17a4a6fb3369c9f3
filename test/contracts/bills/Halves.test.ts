/** The two halves of the ledger: one storage, one address, no function in both. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { dataLength, FunctionFragment, Interface, toBeHex, type InterfaceAbi } from 'ethers';
import hre from 'hardhat';
import { interfaces } from '#chain/contracts.ts';
import { DUE, issued, taken, termsOf } from '../support/acts.ts';
import { ethers } from '../support/chain.ts';
import { madeUpArguments } from '../support/made-up.ts';
import { refused } from '../support/refusals.ts';
import { stage, type Stage } from '../support/stage.ts';

type Half = 'Bills' | 'BillsExtension';
type Variable = { label: string; slot: string; offset: number; type: string };
type Output = {
  contracts: Record<string, Record<string, { storageLayout: { storage: Variable[] } }>>;
};

const artifactOf = (name: Half | 'IBills') => hre.artifacts.readArtifact(name);

const functionsOf = async (name: Half | 'IBills'): Promise<FunctionFragment[]> =>
  new Interface((await artifactOf(name)).abi as InterfaceAbi).fragments.filter(
    (fragment) => fragment instanceof FunctionFragment,
  );

/** With what it returns and whether it may write. */
const whole = (fn: FunctionFragment): string =>
  `${fn.format('sighash')} ${fn.stateMutability} ${fn.outputs.map((output) => output.format('sighash')).join()}`;

/** Variables in the order of their slots; the compiler numbers types by their place in the sources, which says nothing. */
async function layoutOf(name: Half): Promise<string[]> {
  const { buildInfoId, inputSourceName } = await artifactOf(name);
  const file = await hre.artifacts.getBuildInfoOutputPath(buildInfoId!);
  const { output } = JSON.parse(readFileSync(file!, 'utf8')) as { output: Output };
  return output.contracts[inputSourceName!]![name]!.storageLayout.storage.map(
    ({ label, slot, offset, type }) => `${slot}+${offset} ${label}: ${type.replaceAll(/(?<=\))\d+/g, '')}`,
  );
}

/** The values that stand in the code at `address` where the compiler left room for immutables. */
async function immutablesOf(name: Half, address: string): Promise<string[]> {
  const code = await ethers.provider.getCode(address);
  const { immutableReferences } = await artifactOf(name);
  const words = Object.values(immutableReferences as Record<string, { start: number; length: number }[]>)
    .flat()
    .map(({ start, length }) => `0x${code.slice(2 + 2 * start, 2 + 2 * (start + length))}`);
  return [...new Set(words)].sort();
}

describe('Bills: hot and cold', () => {
  let s: Stage;
  beforeEach(async () => void (s = await stage()));

  it('have one layout of storage', async () => {
    const layout = await layoutOf('Bills');
    expect(layout.length).to.be.greaterThan(12);
    expect(await layoutOf('BillsExtension')).to.deep.equal(layout);
  });

  it('share no function but those that come with the storage of the access manager', async () => {
    const [hot, cold] = [await functionsOf('Bills'), await functionsOf('BillsExtension')];
    const selectors = new Set(hot.map(({ selector }) => selector));
    expect(cold.filter(({ selector }) => selectors.has(selector)).map(({ name }) => name)).to.deep.equal([
      'authority',
      'isConsumingScheduledOp',
      'setAuthority',
    ]);
  });

  it('are together the whole of IBills, as it is declared, and nothing else', async () => {
    const both = [...(await functionsOf('Bills')), ...(await functionsOf('BillsExtension'))].map(whole);
    expect([...new Set(both)].sort()).to.deep.equal((await functionsOf('IBills')).map(whole).sort());
    const served = s.contracts.bills.interface.fragments.filter((each) => each instanceof FunctionFragment);
    expect(served.map(whole).sort()).to.deep.equal([...new Set(both)].sort());
  });

  it('trust the same contracts', async () => {
    const { addresses } = s.deployment;
    const { rulebook, lines, cash, ribbon, accessManager, bills, billsExtension } = addresses;
    const { relay, timelock, orgAccountFactory: factory } = addresses;
    const word = (value: string | number): string => toBeHex(value, 32);
    const [trusted, currency] = [[rulebook, lines, cash].map(word), word(156)];
    expect(await immutablesOf('Bills', bills)).to.deep.equal(
      [...trusted, currency, word(billsExtension!)].sort(),
    );
    expect(await immutablesOf('BillsExtension', billsExtension!)).to.deep.equal(
      [...trusted, currency, word(billsExtension!), ...[ribbon, relay!, timelock!, factory].map(word)].sort(),
    );
    expect(await s.contracts.bills.extension()).to.equal(billsExtension);
    expect(await s.contracts.bills.parts()).to.deep.equal([
      accessManager,
      rulebook,
      lines,
      cash,
      ribbon,
      156n,
    ]);
  });

  it('leave room in the hot half for what its acts will have to look at', async () => {
    expect(dataLength((await artifactOf('Bills')).deployedBytecode)).to.be.at.most(18_500);
  });

  describe('the extension at its own address', () => {
    it('refuses every call but what it trusts and who governs it', async () => {
      const to = s.deployment.addresses.billsExtension!;
      const answered: string[] = [];
      for (const fn of await functionsOf('BillsExtension')) {
        const data = new Interface([fn]).encodeFunctionData(fn, madeUpArguments(fn, s.stranger.account));
        const call = s.stranger.does({ target: to, data });
        const isRefused = await call.then(
          () => false,
          () =>
            refused(call, s.contracts.bills, 'BillsExtensionNotBills').then(
              () => true,
              () => false,
            ),
        );
        if (!isRefused) answered.push(fn.name);
      }
      expect(answered.sort()).to.deep.equal(['authority', 'isConsumingScheduledOp', 'parts', 'setAuthority']);
    });

    it('is governed by nobody who could make it something else', async () => {
      const { billsExtension, accessManager } = s.deployment.addresses;
      const data = interfaces.bills.encodeFunctionData('setAuthority', [s.stranger.account]);
      await refused(
        s.operator.does({ target: billsExtension!, data }),
        s.contracts.bills,
        'AccessManagedUnauthorized',
        s.operator.account,
      );
      expect(await ethers.provider.getStorage(billsExtension!, 0)).to.equal(toBeHex(accessManager, 32));
    });
  });

  describe('a call through the ledger', () => {
    it('is answered and refused alike, whichever half does it', async () => {
      const { bills } = s.contracts;
      const { root } = await taken(s);
      const [offer, admit] = [
        interfaces.bills.encodeFunctionData('offer', [root, 1n, s.bank.number, 0]),
        interfaces.bills.encodeFunctionData('admit', [s.stranger.account, 1, 0, ethers.ZeroHash]),
      ];
      const target = s.deployment.addresses.bills;
      await refused(
        s.stranger.does({ target, data: offer }),
        bills,
        'ParticipantsUnknownAccount',
        s.stranger.account,
      );
      await refused(
        s.stranger.does({ target, data: admit }),
        bills,
        'AccessManagedUnauthorized',
        s.stranger.account,
      );
      expect(await bills.admit.staticCall(s.stranger.account, 1, 0, ethers.ZeroHash)).to.equal(10n);
    });

    it('of a function that neither has is refused, and so is money', async () => {
      const target = s.deployment.addresses.bills;
      for (const given of [{ data: '0x12345678' }, { data: '0x' }, { value: 1n }]) {
        await expect(ethers.provider.call({ from: s.stranger.account, to: target, ...given })).to.be.revert(
          ethers,
        );
      }
    });

    it('may be several of both halves: all of them or none', async () => {
      const { bills } = s.contracts;
      const { root } = await taken(s);
      const encoded = (name: string, ...args: unknown[]) => interfaces.bills.encodeFunctionData(name, args);
      const offers = (amount: bigint) => encoded('offer', root, amount, s.bank.number, 0);
      const stands = encoded('setStandingAcceptance', true, 0, 0, 0, 0);
      const sends = (...calls: string[]) =>
        s.supplier.does({ target: s.deployment.addresses.bills, data: encoded('multicall', calls) });

      await refused(
        sends(stands, offers(10n ** 6n)),
        bills,
        'BillsAmountExceedsParcel',
        root,
        10n ** 6n,
        100_00n,
      );
      expect((await bills.member(s.supplier.number)).standing).to.equal(false);
      await sends(stands, offers(1_00n));
      expect((await bills.member(s.supplier.number)).standing).to.equal(true);
      expect((await bills.parcelsFrom(root >> 64n, 0, 9)).length).to.equal(2);
    });

    it('ends an issue in the cold half that the hot one began, on one trail', async () => {
      const { bill, backing } = await issued(s, { due: DUE });
      const before = await s.contracts.bills.trail(bill);
      await expect(s.supplier.does(s.calls.refuseIssue(bill, backing)))
        .to.emit(s.contracts.bills, 'BillCancelled')
        .withArgs(bill, s.supplier.number);
      expect(await s.contracts.bills.trail(bill)).not.to.equal(before);
      await refused(s.coreFirm.does(s.calls.issue(termsOf(s))), s.contracts.bills, 'BillsSerialUsed', bill);
    });
  });
});
