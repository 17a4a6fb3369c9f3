import { expect } from 'chai';
import {
  ContractFactory,
  FunctionFragment,
  MaxUint256,
  Signature,
  TypedDataEncoder,
  ZeroHash,
  type Interface,
} from 'ethers';
import { callsOf } from '../fixtures/calls.ts';
import { quoteTypedData, type Call, type Quote } from '#chain/typed-data.ts';
import { interfaces } from '#chain/contracts.ts';
import { financingDeskBytecode } from '#chain/generated/index.ts';
import { GOVERNANCE_DELAY } from '#chain/governance.ts';
import { bitsOf, ROLE_BITS } from '#domain/codes.ts';
import { keyOf, type Actor } from './support/actors.ts';
import {
  dateOf,
  DUE,
  type Issued,
  issued,
  lineOf,
  pieceOf,
  quoteOf,
  sale,
  seen,
  taken,
} from './support/acts.ts';
import { ethers, networkHelpers } from './support/chain.ts';
import { deployHarness } from './support/harness.ts';
import { madeUpArguments } from './support/made-up.ts';
import { codeFrom, refusalFrom, refused } from './support/refusals.ts';
import { OPENING_CASH, stage, type Stage } from './support/stage.ts';

const INDEX_OF_BANK = 4;

describe('attacks', () => {
  let s: Stage;
  let bill: Issued;
  beforeEach(async () => {
    s = await stage();
    bill = await taken(s);
    await s.bank.does(s.calls.setLine(s.coreFirm.number, 1_000_00n, 0));
  });

  const sells = (quote: Quote, signature: string, amount = 10_00n) =>
    s.supplier.does(s.calls.sell(bill.root, amount, 0n, quote, signature));

  describe('by somebody who is no member', () => {
    /** Open to anybody by design: each says itself what it may do. */
    const OPEN = new Set([
      'bills.distribute',
      'bills.expire',
      'bills.expireIssue',
      'bills.multicall',
      'cash.approve',
      'orgAccountFactory.create',
      'orgAccount.rehearse',
    ]);
    const writersOf = (contract: Interface): FunctionFragment[] =>
      contract.fragments
        .filter((fragment) => fragment instanceof FunctionFragment)
        .filter(({ stateMutability }) => stateMutability !== 'view' && stateMutability !== 'pure');

    it('is refused by every function that writes', async () => {
      const names = ['rulebook', 'lines', 'cash', 'bills', 'desk'] as const;
      const passed: string[] = [];
      let tried = 0;
      for (const name of names) {
        for (const fn of writersOf(interfaces[name])) {
          if (OPEN.has(`${name}.${fn.name}`)) continue;
          tried += 1;
          const data = interfaces[name].encodeFunctionData(fn, madeUpArguments(fn, s.stranger.account));
          const act = s.stranger.does({ target: s.deployment.addresses[name], data });
          const { error } = await refusalFrom(act).catch(() => ({ error: 'none' }));
          if (
            !/Unknown(Account|Member)|Unauthorized|NotBills|NotMember|BillsNotOffered|MoveNotOffered|RecoveriesNotAgreed|NoRedemption|Insufficient/.test(
              error,
            )
          ) {
            passed.push(`${name}.${fn.name}: ${error}`);
          }
        }
      }
      expect(passed).to.deep.equal([]);
      expect(tried).to.be.greaterThan(30);
    });
  });

  describe('with a signature', () => {
    it('that is the mirror image of the bank’s is refused', async () => {
      const quote = quoteOf(s, s.bank, bill.root);
      const { r, s: half, yParity } = Signature.from(s.bank.signs(quote));
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      const mirrored = (order - BigInt(half)).toString(16).padStart(64, '0');
      const signature = `${r}${mirrored}${yParity === 0 ? '1c' : '1b'}`;
      await refused(
        sells(quote, signature),
        s.contracts.desk,
        'FinancingDeskInvalidSignature',
        s.bank.number,
        quote.nonce,
      );
      await sells(quote, s.bank.signs(quote));
    });

    it('that the bank gave on another chain, or for another desk, is refused', async () => {
      const quote = quoteOf(s, s.bank, bill.root);
      const { domain, types, message } = quoteTypedData(s.deployment, s.bank.account, quote);
      const fields = { Quote: types['Quote']! };
      for (const other of [{ chainId: 1 }, { verifyingContract: s.bank2.account }, { version: '2' }]) {
        const digest = TypedDataEncoder.hash({ ...domain, ...other }, fields, message['contents'] as Quote);
        const signature = keyOf(INDEX_OF_BANK).sign(digest).serialized;
        expect(await codeFrom(sells(quote, signature))).to.equal('SIGNATURE_INVALID');
      }
      await sells(quote, s.bank.signs(quote));
    });

    it('that was used up at one desk is worth nothing at the next', async () => {
      const { cash, bills, accessManager } = s.contracts;
      const [signer] = await ethers.getSigners();
      const made = await new ContractFactory(interfaces.desk, financingDeskBytecode, signer!).deploy(
        ...(await Promise.all([cash, bills].map((contract) => contract.getAddress()))),
      );
      const second = await made.getAddress();
      const admission = interfaces.bills.encodeFunctionData('admitDesk', [second]);
      await accessManager.schedule(bills, admission, 0);
      await networkHelpers.time.increase(GOVERNANCE_DELAY);
      await accessManager.execute(bills, admission);
      await s.bank.does({
        target: s.deployment.addresses.cash,
        data: interfaces.cash.encodeFunctionData('approve', [second, MaxUint256]),
      });
      await s.bank.does({
        target: s.deployment.addresses.bills,
        data: interfaces.bills.encodeFunctionData('allowDesk', [second, true]),
      });
      const quote = quoteOf(s, s.bank, bill.root, { amount: 10_00n });
      await sells(quote, s.bank.signs(quote));
      const there = { ...s.deployment, addresses: { ...s.deployment.addresses, desk: second } };
      const again = callsOf(there).sell(bill.root, 10_00n, 0n, quote, s.bank.signs(quote));
      expect(await codeFrom(s.supplier.does(again))).to.equal('SIGNATURE_INVALID');
    });
  });

  describe('by a bank whose account is a contract that acts while it is asked', () => {
    let bank: Actor;
    let trickster: Awaited<ReturnType<typeof deployHarness>>;
    beforeEach(async () => {
      trickster = await deployHarness('Trickster');
      const account = await trickster.getAddress();
      await s.contracts.bills.admit(account, 0, 0, ZeroHash);
      const does: Actor['does'] = ({ target, data }) => trickster.getFunction('act')(target, data);
      const number = Number(await s.contracts.bills.numberOf(account));
      bank = { name: 'trickster', account, number, does, signs: () => '0x' };
      await s.contracts.bills.setPrivileges(number, ROLE_BITS.bank);
      await s.settlementBank.does(s.calls.deposit(number, OPENING_CASH, ZeroHash));
      await bank.does(s.calls.allowDesk());
      await bank.does(s.calls.approveDesk());
      await bank.does(s.calls.setLine(s.coreFirm.number, 1_000_00n, 0));
    });
    const prepared = (data: { target: string; data: string }, burns: boolean) =>
      trickster.getFunction('prepare')(data.target, data.data, burns);

    it('nothing comes of it, and the sale is what it would have been', async () => {
      const quote = quoteOf(s, bank, bill.root);
      for (const trick of [
        s.calls.setLine(s.coreFirm.number, 0n, 0),
        s.calls.cancelQuote(quote.nonce),
        s.calls.approveDesk(0n),
        s.calls.requestRedemption(s.settlementBank.number, OPENING_CASH),
        s.calls.allowDesk(false),
      ]) {
        await prepared(trick, true);
        expect(await codeFrom(s.supplier.does(sale(s, bank, bill.root, 1_00n, quote)))).to.equal(
          'SIGNATURE_INVALID',
        );
        await prepared(trick, false);
        await s.supplier.does(sale(s, bank, bill.root, 1_00n, quote));
      }
      expect((await lineOf(s, bill.bill)).map(([range]) => range)).to.deep.equal([
        '1-9500',
        '9501-9600',
        '9601-9700',
        '9701-9800',
        '9801-9900',
        '9901-10000',
      ]);
      expect((await s.contracts.lines.line(bank.number, s.coreFirm.number)).used).to.equal(5_00n);
    });
  });

  it('a desk that was admitted and a holder, in one hand, cannot give a parcel away while they sell it', async () => {
    const trickster = await deployHarness('Trickster');
    const account = await trickster.getAddress();
    await s.contracts.bills.admit(account, bitsOf(ROLE_BITS, ['supplier']), 0, ZeroHash);
    const number = Number(await s.contracts.bills.numberOf(account));
    const { accessManager, bills } = s.deployment.addresses;
    const admits = interfaces.bills.encodeFunctionData('admitDesk', [account]);
    const schedule = interfaces.accessManager.encodeFunctionData('schedule', [bills, admits, 0]);
    await s.operator.does({ target: accessManager, data: schedule });
    await networkHelpers.time.increase(GOVERNANCE_DELAY + 1);
    await s.operator.does({ target: bills, data: admits });
    await s.supplier2.does(s.calls.setStanding(true));
    await s.supplier.does(s.calls.offer(bill.root, 50_00n, number, 0));
    const parcel = pieceOf(bill.root, 100_00n, 50_00n);
    const act = ({ target, data }: Call) => trickster.getFunction('act')(target, data);
    await act(s.calls.take(parcel, await seen(s, parcel)));
    await s.bank.does({
      target: bills,
      data: interfaces.bills.encodeFunctionData('allowDesk', [account, true]),
    });
    const sells = interfaces.bills.encodeFunctionData('sell', [
      parcel,
      50_00n,
      s.bank.number,
      account,
      1n,
      '0x',
    ]);

    const trick = s.calls.offer(parcel, 20_00n, s.supplier2.number, 0);
    await trickster.getFunction('prepare')(trick.target, trick.data, true);
    await expect(act({ target: bills, data: sells })).to.revert(ethers);
    await trickster.getFunction('prepare')(trick.target, trick.data, false);
    await act({ target: bills, data: sells });
    expect((await lineOf(s, bill.bill)).map(([range, holder]) => [range, holder])).to.deep.equal([
      ['1-5000', 'supplier'],
      ['5001-10000', 'bank'],
    ]);
  });

  it('nor answer, withdraw, end or pay anything, nor sell again', async () => {
    const trickster = await deployHarness('Trickster');
    const account = await trickster.getAddress();
    await s.contracts.bills.admit(account, ROLE_BITS.core_enterprise, 0, ZeroHash);
    const number = Number(await s.contracts.bills.numberOf(account));
    const { accessManager, bills } = s.contracts;
    const target = s.deployment.addresses.bills;
    const act = ({ target: to, data }: Call) => trickster.getFunction('act')(to, data);
    const onBills = (name: string, ...args: unknown[]): Call => ({
      target,
      data: interfaces.bills.encodeFunctionData(name, args),
    });
    await accessManager.schedule(target, onBills('admitDesk', account).data, 0);
    await networkHelpers.time.increase(GOVERNANCE_DELAY);
    await accessManager.execute(target, onBills('admitDesk', account).data);
    await s.bank.does(onBills('allowDesk', account, true));

    // Five pieces of 10.00 that are its own, then what it could answer: an offer to it, one of its own, one that is over.
    const until = (await networkHelpers.time.latest()) + 1_000;
    for (let n = 0; n < 5; n += 1) {
      await s.supplier.does(s.calls.offer(bill.root, 10_00n, number, 0));
      const piece = bill.root + 90_00n - BigInt(n) * 10_00n;
      if (n > 0) await act(s.calls.take(piece, await seen(s, piece)));
    }
    const [toIt, sold, byIt, over, free] = [90_00n, 80_00n, 70_00n, 60_00n, 50_00n].map(
      (at) => bill.root + at,
    );
    await act(s.calls.offer(byIt!, 10_00n, s.supplier2.number, 0));
    await act(s.calls.offer(over!, 10_00n, s.supplier2.number, until));
    const due = await taken(s, { by: s.coreFirm2, serial: 7, due: dateOf('2026-03-10') });
    await act(s.calls.approveFunding(5n));
    await s.settlementBank.does(s.calls.deposit(number, 5n, ZeroHash));
    await networkHelpers.time.increaseTo(dateOf('2026-03-10'));

    const selling = onBills('sell', sold, 10_00n, s.bank.number, account, 1n, '0x');
    const tricks = [
      s.calls.take(toIt!, await seen(s, toIt!)),
      s.calls.refuse(toIt!, await seen(s, toIt!)),
      s.calls.withdraw(byIt!, await seen(s, byIt!)),
      s.calls.expire(over!, await seen(s, over!)),
      s.calls.offer(free!, 1n, s.supplier2.number, 0),
      s.calls.payFor(bill.bill, 1n),
      s.calls.distribute(due.bill, [0n]),
      onBills('sell', free, 1n, s.bank.number, account, 1n, '0x'),
    ];
    for (const trick of tricks) {
      await trickster.getFunction('prepare')(trick.target, trick.data, true);
      await expect(act(selling), trick.data.slice(0, 10)).to.be.revert(ethers);
    }
    // Each of them is possible at another time, so it was the guard that refused it; a sale within a sale never is.
    for (const trick of tricks.slice(0, -1)) {
      const before = (await ethers.provider.send('evm_snapshot', [])) as string;
      await act(trick);
      await ethers.provider.send('evm_revert', [before]);
    }
    await trickster.getFunction('prepare')(bills.target, tricks[0]!.data, false);
    await act(selling);
  });

  describe('with the largest numbers there are', () => {
    const most = 2n ** 64n - 1n;

    it('a line cannot be made to run over', async () => {
      await s.bank.does(s.calls.setLine(s.coreFirm.number, most, 0));
      const quote = quoteOf(s, s.bank, bill.root);
      await sells(quote, s.bank.signs(quote));
      expect(await codeFrom(s.bank.does(s.calls.reserve(s.coreFirm.number, most)))).to.equal('LINE_EXCEEDED');
      await s.bank.does(s.calls.reserve(s.coreFirm.number, most - 10_00n));
      expect(await codeFrom(sells(quote, s.bank.signs(quote), 1n))).to.equal('LINE_EXCEEDED');
      expect(await codeFrom(s.bank.does(s.calls.reserve(s.coreFirm.number, most)))).to.equal('LINE_EXCEEDED');
    });

    it('a quote at the highest rate and fee is refused, not miscounted', async () => {
      const greedy = { amount: 2n ** 56n - 1n, ratePpm: 2 ** 32 - 1, fee: 2n ** 56n - 1n };
      const quote = quoteOf(s, s.bank, bill.root, greedy);
      expect(await codeFrom(sells(quote, s.bank.signs(quote)))).to.equal('AMOUNT_INVALID');
    });
  });

  it('an issue that waits cannot be ended with the backing of another', async () => {
    const first = await issued(s, { serial: 2, invoices: [{ invoiceId: ZeroHash, total: 5n, amount: 2n }] });
    const second = await issued(s, { serial: 3, invoices: [{ invoiceId: ZeroHash, total: 5n, amount: 3n }] });
    await refused(
      s.coreFirm.does(s.calls.withdrawIssue(first.bill, second.backing)),
      s.contracts.bills,
      'BillsWrongBacking',
      first.bill,
    );
    await networkHelpers.time.increaseTo(DUE);
    await refused(
      s.stranger.does(s.calls.expireIssue(second.bill, first.backing)),
      s.contracts.bills,
      'BillsWrongBacking',
      second.bill,
    );
  });
});
