/** Checks what is paid in for a bill. */
import { billNumber } from '../../domain/bills/bill-number.ts';
import { cents, NAME, PIECE, same, type Check, type Reader } from './reader.ts';

/** An allowance for exactly what is paid in, before it; none where one for good was given. */
function mayApprove(calls: Reader, spender: string, amount: bigint): void {
  const approval = calls.try('cash', 'approve');
  if (approval === undefined) return;
  same('spender', approval[0], BigInt(spender));
  same('allowance', approval[1], amount);
}

const fund: Check<'fund'> = ({ bill, amount, distribute }, calls, { pin }) => {
  mayApprove(calls, pin.contracts.bills, cents(amount));
  const [no, paid] = calls.next('bills', 'fund');
  same('bill', no, BigInt(bill));
  same('amount', paid, cents(amount));
  const payout = distribute === true ? calls.try('bills', 'distribute') : undefined;
  if (payout !== undefined) same('bill to pay out', payout[0], BigInt(bill));
  const number = billNumber(BigInt(bill));
  return [[{ bill: number, distribute: payout !== undefined, amount: cents(amount), ...PIECE }]];
};

const payFor: Check<'payFor'> = ({ bill, amount }, calls, { pin }) => {
  mayApprove(calls, pin.contracts.bills, cents(amount));
  const [no, paid] = calls.next('bills', 'payFor');
  same('bill', no, BigInt(bill));
  same('amount', paid, cents(amount));
  const number = billNumber(BigInt(bill));
  return [[{ acceptor: NAME, bill: number, amount: cents(amount), currency: 'CNY' }]];
};

export const paymentChecks = { fund, payFor };
