import { expect } from 'chai';
import { encodeOrder, QUOTE_SCOPES } from '#chain/typed-data.ts';
import { dateOf, quoteOf } from '../support/acts.ts';
import { FAR } from '../support/actors.ts';
import { ethers, networkHelpers } from '../support/chain.ts';
import { codeFrom } from '../support/refusals.ts';
import { stage } from '../support/stage.ts';
import { vectors } from '../support/vectors.ts';

type Vector = {
  amount: string;
  ratePpm: string;
  days: number;
  basis: number;
  fee: string;
  net?: string;
  refused?: string;
};
const { discount } = vectors<{ discount: Vector[] }>('pricing');

/** The desk is asked as the ledger of bills asks it, so that amounts, days and bases can be any. */
describe('FinancingDesk: prices, against the numbers that all sides share', () => {
  it('are amount less interest, half up, less fee', async () => {
    const s = await stage();
    const bills = s.deployment.addresses.bills;
    await networkHelpers.setBalance(bills, 10n ** 18n);
    const desk = s.contracts.desk.connect(await ethers.getImpersonatedSigner(bills));
    for (const vector of discount) {
      const { amount, ratePpm, days, basis, fee, net, refused } = vector;
      const quote = quoteOf(s, s.bank, 1n, {
        scope: QUOTE_SCOPES.obligor,
        subject: BigInt(s.coreFirm.number),
        amount: BigInt(amount),
        ratePpm: Number(ratePpm),
        fee: BigInt(fee),
        validUntil: FAR,
      });
      const sale = {
        parcel: 1n,
        billNo: 0n,
        acceptor: s.coreFirm.number,
        seller: s.supplier.number,
        buyer: s.bank.number,
        first: 0n,
        amount: BigInt(amount),
        due: dateOf('2026-03-03') + days * 86_400,
        basis,
        sellerAccount: s.supplier.account,
        buyerAccount: s.bank.account,
      };
      const asked = desk.agree.staticCall(sale, encodeOrder(quote, s.bank.signs(quote)));
      if (net !== undefined) expect(await asked, JSON.stringify(vector)).to.equal(BigInt(net));
      else expect(await codeFrom(asked), JSON.stringify(vector)).to.equal(refused);
    }
    expect(discount.filter(({ net }) => net !== undefined).length).to.be.greaterThan(20);
  });
});
