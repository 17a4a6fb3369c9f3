/** A network in which bills were issued, taken, passed on, sold, refused, paid in part and in full: what firms take away shows it. */
import { money } from '#client/money.ts';
import { parseLegalDate } from '#domain/dates.ts';
import { taxNumberFor } from '#scripts/made-up-tax-numbers.ts';
import { openNetwork, type TestNetwork } from '../../../fixtures/network.ts';

export type Story = TestNetwork & {
  /** Divided among supplier, supplier2 and bank, and paid in part. */
  readonly divided: string;
  /** Waits for the supplier to sign for it. */
  readonly offered: string;
  /** The supplier refused it. */
  readonly refused: string;
  /** Of supplier2 alone. */
  readonly others: string;
};

export async function playStory(): Promise<Story> {
  const network = await openNetwork();
  const { coreFirm, supplier, supplier2, bank } = network;
  const issue = async (payee: number, amount: string, due: string) => {
    const invoice = {
      seller: taxNumberFor(payee === supplier.number ? 'TAX-supplier' : 'TAX-supplier2'),
      number: `INV-${amount}`,
      total: money(amount),
      amount: money(amount),
    };
    const bills = [{ payee, face: money(amount), due, invoices: [invoice], note: '=note("1")' }];
    const { makes } = await coreFirm.perform({ type: 'issue', bills });
    return { bill: makes.bills[0]!, parcel: makes.parcels[0]! };
  };
  const first = await issue(supplier.number, '1000000.00', '2026-06-01');
  const { parcel } = first;
  await supplier.perform({ type: 'take', parcels: [parcel] });
  const offer = await supplier.perform({
    type: 'offer',
    parcel,
    amount: money('400000.00'),
    to: supplier2.number,
  });
  await supplier2.perform({ type: 'take', parcels: [offer.makes.parcels[0]!] });
  const request = await supplier.ask({ parcel, banks: [bank.number], amount: money('250000.00') });
  const quote = await bank.quote({ request, rate: '0.020000' });
  await supplier.perform({ type: 'sell', parcel, quote });
  const third = await issue(supplier.number, '333.33', '2026-06-02');
  await supplier.perform({ type: 'refuse', parcel: third.parcel });
  const others = await issue(supplier2.number, '777.77', '2026-06-02');
  await supplier2.perform({ type: 'take', parcels: [others.parcel] });
  await network.moveTo(parseLegalDate('2026-06-01'));
  await coreFirm.perform({ type: 'fund', bill: first.bill, amount: money('700000.01') });
  await supplier.distribute(first.bill);
  const second = await issue(supplier.number, '5000.00', '2026-07-01');
  await network.caughtUp();
  return {
    ...network,
    divided: first.bill,
    offered: second.bill,
    refused: third.bill,
    others: others.bill,
  };
}
