import { expect } from 'chai';
import { AbiCoder, id, ZeroHash } from 'ethers';
import { WHOLE } from '#chain/calls.ts';
import { plainQuoteDigest, QUOTE_SCOPES, RECOURSE_NUMBERS, type Quote } from '#chain/typed-data.ts';
import { interestOf } from '#domain/sales/pricing.ts';
import {
  CNY,
  DUE,
  type Issued,
  lineOf,
  paysOut,
  pieceOf,
  quoteOf,
  REASON,
  sale,
  taken,
} from '../support/acts.ts';
import { exactlyAt } from '../support/chain.ts';
import { changesOf } from '../support/neighbours.ts';
import { refused } from '../support/refusals.ts';
import { OPENING_CASH, stage, type Stage } from '../support/stage.ts';

describe('FinancingDesk', () => {
  let s: Stage;
  let made: Issued;
  beforeEach(async () => {
    s = await stage();
    made = await taken(s);
    for (const bank of [s.bank, s.bank2]) {
      await bank.does(s.calls.setLine(s.coreFirm.number, 1_000_000_00n, 0));
      await bank.does(s.calls.setLine(s.coreFirm2.number, 1_000_000_00n, 0));
    }
  });
  const quoted = (fields: Partial<Quote> = {}, bank = s.bank) => quoteOf(s, bank, made.root, fields);
  const sells = (amount: bigint, quote: Quote, { bank = s.bank, by = s.supplier, root = made.root } = {}) =>
    by.does(sale(s, bank, root, amount, quote));
  const refuses = (act: Promise<unknown>, error: string, ...args: unknown[]) =>
    refused(act, s.contracts.desk, error, ...args);
  const cashOf = ({ account }: { account: string }) => s.contracts.cash.balanceOf(account);

  describe('a sale', () => {
    it('moves title and cash in one step, uses the line, and touches nothing else', async () => {
      const { bills, desk } = s.contracts;
      // 40.00 at 2 % for 90 days is 0.20.
      const quote = quoted({ fee: 2_50n, amount: 100_00n, recourse: 1, recourseTerms: id('terms') });
      const changes = await changesOf(s, () =>
        expect(sells(40_00n, quote))
          .to.emit(bills, 'ParcelSold')
          .withArgs(
            made.bill,
            s.supplier.number,
            s.bank.number,
            0,
            60_00n,
            100_00n,
            38_80n,
            s.deployment.addresses.desk,
          )
          .and.to.emit(desk, 'QuoteFilled')
          .withArgs(
            s.bank.number,
            quote.nonce,
            made.bill,
            s.supplier.number,
            60_00n,
            40_00n,
            20_000,
            20n,
            1_00n,
            38_80n,
            RECOURSE_NUMBERS.with,
            id('terms'),
          ),
      );
      expect(changes).to.deep.equal([
        'bill 1/1 1-10000',
        'bill 1/1 1-6000',
        'bill 1/1 6001-10000',
        'cash of bank',
        'cash of supplier',
        'line of bank on coreFirm',
      ]);
      expect(await lineOf(s, made.bill)).to.deep.equal([
        ['1-6000', 'supplier', 'held'],
        ['6001-10000', 'bank', 'held'],
      ]);
      expect(await cashOf(s.bank)).to.equal(OPENING_CASH - 38_80n);
      expect(await cashOf(s.supplier)).to.equal(OPENING_CASH + 38_80n);
      expect(await desk.filled(s.bank.number, quote.nonce)).to.deep.equal([40_00n, false]);
    });

    it('of all of a parcel leaves nothing behind', async () => {
      await sells(WHOLE, quoted());
      expect(await lineOf(s, made.bill)).to.deep.equal([['1-10000', 'bank', 'held']]);
    });

    it('to a bank that signs by ERC-1271 is the same', async () => {
      await sells(40_00n, quoted({}, s.bank2), { bank: s.bank2 });
      expect(await lineOf(s, made.bill)).to.deep.equal([
        ['1-6000', 'supplier', 'held'],
        ['6001-10000', 'bank2', 'held'],
      ]);
      expect(await cashOf(s.bank2)).to.equal(OPENING_CASH - 39_80n);
    });

    it('from bank to bank is the same act', async () => {
      await sells(40_00n, quoted());
      const bought = pieceOf(made.root, 100_00n, 40_00n);
      const quote = quoteOf(s, s.bank2, bought, { ratePpm: 10_000 });
      await sells(WHOLE, quote, { by: s.bank, bank: s.bank2, root: bought });
      expect(await cashOf(s.bank)).to.equal(OPENING_CASH - 39_80n + 39_90n);
      expect(await lineOf(s, made.bill)).to.deep.equal([
        ['1-6000', 'supplier', 'held'],
        ['6001-10000', 'bank2', 'held'],
      ]);
    });

    it('counts days to the due date, whatever the hour', async () => {
      const price = async (root: bigint) => {
        const before = await cashOf(s.supplier);
        await sells(10_000_00n, quoteOf(s, s.bank, root, { amount: 10_000_00n }), { root });
        return (await cashOf(s.supplier)) - before;
      };
      const interest = (days: number) =>
        10_000_00n - interestOf({ amount: 10_000_00n, ratePpm: 20_000n, days, basis: 360 });
      const { root } = await taken(s, { serial: 2, face: 50_000_00n });
      expect(await price(root)).to.equal(interest(90));
      await exactlyAt(DUE - 2 * 86_400 - 1);
      expect(await price(root)).to.equal(interest(3));
      await exactlyAt(DUE - 2 * 86_400);
      expect(await price(root)).to.equal(interest(2));
      await exactlyAt(DUE - 1);
      expect(await price(root)).to.equal(interest(1));
      await exactlyAt(DUE);
      await refused(price(root), s.contracts.bills, 'BillsMatured', root >> 64n);
    });

    it('is refused to oneself, to what is no bank, through what is no desk', async () => {
      const { bills } = s.contracts;
      await sells(WHOLE, quoted());
      await refused(sells(1n, quoted(), { by: s.bank }), bills, 'BillsToOneself', s.bank.number);
      await refused(
        sells(1n, quoted({}, s.supplier2), { bank: s.supplier2 }),
        bills,
        'BillsNotBank',
        s.supplier2.number,
      );
      const order = AbiCoder.defaultAbiCoder().encode(['bytes'], ['0x']);
      const data = bills.interface.encodeFunctionData('sell', [
        made.root,
        1n,
        s.bank.number,
        s.stranger.account,
        0n,
        order,
      ]);
      await refused(
        s.supplier.does({ target: s.deployment.addresses.bills, data }),
        bills,
        'BillsUnknownDesk',
        s.stranger.account,
      );
    });

    it('is refused without the bank’s money, or without its leave to spend it', async () => {
      const { cash } = s.contracts;
      await paysOut(s, s.bank, OPENING_CASH - 1_00n);
      await refused(sells(40_00n, quoted()), cash, 'ERC20InsufficientBalance', s.bank.account, 1_00n, 39_80n);
      await s.bank.does(s.calls.approveDesk(50n));
      await refused(
        sells(1_00n, quoted()),
        cash,
        'ERC20InsufficientAllowance',
        s.deployment.addresses.desk,
        50n,
        99n,
      );
      expect(await lineOf(s, made.bill)).to.deep.equal([['1-10000', 'supplier', 'held']]);
    });
  });

  describe('a quote', () => {
    it('is worth nothing with another’s signature, or altered', async () => {
      const quote = quoted();
      const forged = s.calls.sell(made.root, 1_00n, 0n, quote, s.bank2.signs(quote));
      await refuses(s.supplier.does(forged), 'FinancingDeskInvalidSignature', s.bank.number, quote.nonce);
      const alterations: Partial<Quote>[] = [
        { amount: quote.amount + 1n },
        { ratePpm: quote.ratePpm - 1 },
        { fee: 1n },
        { recourse: 1 },
        { recourseTerms: id('others') },
        { validUntil: quote.validUntil + 1 },
        { nonce: quote.nonce + 1000n },
        { seller: s.supplier.number },
      ];
      for (const alteration of alterations) {
        const altered = { ...quote, ...alteration };
        const call = s.calls.sell(made.root, 1_00n, 0n, altered, s.bank.signs(quote));
        await refuses(s.supplier.does(call), 'FinancingDeskInvalidSignature', s.bank.number, altered.nonce);
      }
      await sells(1_00n, quote);
    });

    it('has the digest that the services compute', async () => {
      const quote = quoted({ recourse: 2, recourseTerms: id('x'), seller: 3, fee: 9n });
      expect(await s.contracts.desk.digestOf({ ...quote })).to.equal(plainQuoteDigest(s.deployment, quote));
    });

    it('covers a parcel, a bill or an obligor, as it says', async () => {
      const { parcel, bill, obligor } = QUOTE_SCOPES;
      await sells(1_00n, quoted({ scope: parcel, subject: made.root }));
      await sells(1_00n, quoted({ scope: bill, subject: made.bill }));
      await sells(1_00n, quoted({ scope: obligor, subject: BigInt(s.coreFirm.number) }));
    });

    it('is refused for another parcel, bill, obligor, seller, buyer or currency', async () => {
      const { parcel, bill, obligor } = QUOTE_SCOPES;
      const mismatches: Partial<Quote>[] = [
        { scope: parcel, subject: made.root + 1n },
        { scope: parcel, subject: made.bill },
        { scope: bill, subject: made.bill + 1n },
        { scope: bill, subject: made.root },
        { scope: obligor, subject: BigInt(s.coreFirm2.number) },
        { scope: obligor, subject: BigInt(s.coreFirm.number) + (1n << 32n) },
        { scope: 3, subject: BigInt(s.coreFirm.number) },
        { seller: s.supplier2.number },
        { currency: CNY + 1 },
      ];
      for (const mismatch of mismatches) {
        const quote = quoted(mismatch);
        await refuses(sells(1_00n, quote), 'FinancingDeskQuoteMismatch', s.bank.number, quote.nonce);
      }
      const others = quoted({}, s.bank2);
      const data = s.contracts.bills.interface.encodeFunctionData('sell', [
        made.root,
        1_00n,
        s.bank.number,
        s.deployment.addresses.desk,
        0n,
        orderOf(s.calls.sell(made.root, 1_00n, 0n, others, s.bank2.signs(others)).data, s),
      ]);
      await refuses(
        s.supplier.does({ target: s.deployment.addresses.bills, data }),
        'FinancingDeskQuoteMismatch',
        s.bank2.number,
        others.nonce,
      );
    });

    it('for a piece is for the piece that bears the name when it is sold', async () => {
      const quote = quoted();
      await sells(40_00n, quote);
      await sells(60_00n, quote);
      expect(await lineOf(s, made.bill)).to.deep.equal([
        ['1-6000', 'bank', 'held'],
        ['6001-10000', 'bank', 'held'],
      ]);
    });

    it('is filled in parts and never beyond its amount', async () => {
      const { desk } = s.contracts;
      const quote = quoted({ amount: 50_00n });
      await sells(30_00n, quote);
      await refuses(sells(20_01n, quote), 'FinancingDeskQuoteExceeded', s.bank.number, quote.nonce, 20_00n);
      await sells(20_00n, quote);
      await refuses(sells(1n, quote), 'FinancingDeskQuoteExceeded', s.bank.number, quote.nonce, 0n);
      expect(await desk.filled(s.bank.number, quote.nonce)).to.deep.equal([50_00n, false]);
    });

    it('bears exactly its fee, however it is filled', async () => {
      const quote = quoted({ amount: 100_00n, fee: 1_01n, ratePpm: 0 });
      let price = await cashOf(s.supplier);
      for (const amount of [33_33n, 33_33n, 1n, 33_33n]) await sells(amount, quote);
      price = (await cashOf(s.supplier)) - price;
      expect(price).to.equal(100_00n - 1_01n);
    });

    it('is valid in its last second, not after', async () => {
      const quote = quoted({ validUntil: DUE - 86_400 });
      await exactlyAt(quote.validUntil);
      await sells(1_00n, quote);
      await exactlyAt(quote.validUntil + 1);
      await refuses(sells(1_00n, quote), 'FinancingDeskQuoteExpired', s.bank.number, quote.nonce);
    });

    it('is withdrawn by its bank, filled in part or not, and others’ of that number are not', async () => {
      const { desk } = s.contracts;
      const quote = quoted();
      const other = quoted({ nonce: quote.nonce }, s.bank2);
      await sells(1_00n, quote);
      await expect(s.bank.does(s.calls.cancelQuote(quote.nonce)))
        .to.emit(desk, 'QuoteCancelled')
        .withArgs(s.bank.number, quote.nonce);
      expect(await desk.filled(s.bank.number, quote.nonce)).to.deep.equal([0n, true]);
      await refuses(sells(1_00n, quote), 'FinancingDeskQuoteExpired', s.bank.number, quote.nonce);
      await sells(1_00n, other, { bank: s.bank2 });
      await refused(
        s.stranger.does(s.calls.cancelQuote(1n)),
        desk,
        'FinancingDeskNotMember',
        s.stranger.account,
      );
    });

    it('is withdrawn by a suspended bank, and does not stand again when that is restored', async () => {
      const quote = quoted();
      await s.contracts.bills.suspend(s.bank.number, REASON);
      await s.bank.does(s.calls.cancelQuote(quote.nonce));
      await s.contracts.bills.restore(s.bank.number, ZeroHash);
      await refuses(sells(1_00n, quote), 'FinancingDeskQuoteExpired', s.bank.number, quote.nonce);
    });

    it('keeps its own book beside quotes with neighbouring numbers', async () => {
      const { desk } = s.contracts;
      const numbers = [1000n, 1001n, 1002n, 1003n, 1004n, 2n ** 64n - 1n];
      for (const [n, nonce] of numbers.entries()) await sells(BigInt(n + 1) * 100n, quoted({ nonce }));
      await s.bank.does(s.calls.cancelQuote(1001n));
      const books = await Promise.all(numbers.map((nonce) => desk.filled(s.bank.number, nonce)));
      expect(books).to.deep.equal([
        [100n, false],
        [0n, true],
        [300n, false],
        [400n, false],
        [500n, false],
        [600n, false],
      ]);
    });

    it('that leaves the seller nothing is refused', async () => {
      const cases: [Partial<Quote>, bigint, bigint][] = [
        [{ fee: 100_00n }, 50n, 100_00n],
        [{ fee: 99_50n }, 50n, 99_50n],
        [{ ratePpm: 2 ** 32 - 1 }, 107374_18n, 0n],
      ];
      for (const [fields, interest, fee] of cases) {
        await refuses(sells(100_00n, quoted(fields)), 'FinancingDeskNoPrice', 100_00n, interest, fee);
      }
      await sells(100_00n, quoted({ fee: 99_49n }));
    });

    it('for nothing, or of no use to the bank, is refused', async () => {
      const nothing = quoted({ amount: 0n, fee: 5n });
      await refuses(sells(1_00n, nothing), 'FinancingDeskQuoteExceeded', s.bank.number, nothing.nonce, 0n);
      await s.contracts.bills.suspend(s.bank.number, REASON);
      await refused(sells(1_00n, quoted()), s.contracts.bills, 'ParticipantsNotActive', s.bank.number);
    });
  });

  it('speaks to the ledger of bills alone', async () => {
    const { desk } = s.contracts;
    const sold = {
      parcel: made.root,
      billNo: made.bill,
      acceptor: s.coreFirm.number,
      seller: s.supplier.number,
      buyer: s.bank.number,
      first: 0n,
      amount: 1_00n,
      due: DUE,
      basis: 360,
      sellerAccount: s.stranger.account,
      buyerAccount: s.bank.account,
    };
    const attempts = [
      desk.interface.encodeFunctionData('pay', [sold.buyerAccount, sold.sellerAccount, 1n]),
      desk.interface.encodeFunctionData('agree', [sold, '0x']),
    ];
    for (const data of attempts) {
      for (const actor of [s.stranger, s.supplier, s.operator]) {
        await refuses(
          actor.does({ target: s.deployment.addresses.desk, data }),
          'FinancingDeskNotBills',
          actor.account,
        );
      }
    }
  });
});

const orderOf = (sellData: string, s: Stage): string =>
  s.contracts.bills.interface.decodeFunctionData('sell', sellData).order as string;
