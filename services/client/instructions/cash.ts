/** Checks deposits and their redemption. */
import { cents, NAME, same, sameWords, SOME, type Check } from './reader.ts';

const deposit: Check<'deposit'> = ({ member, amount, reference }, calls) => {
  const [to, credited, booking] = calls.next('cash', 'deposit');
  same('member', to, member);
  same('amount', credited, cents(amount));
  sameWords('reference', booking, reference);
  return [[{ to: NAME, reference, amount: cents(amount), currency: 'CNY' }]];
};

const redeem: Check<'redeem'> = ({ bank, amount }, calls) => {
  const [of, asked] = calls.next('cash', 'requestRedemption');
  same('bank', of, bank);
  same('amount', asked, cents(amount));
  return [[{ bank: NAME, amount: cents(amount), currency: 'CNY' }]];
};

/** Who asked, and for how much, the signer need not know: the number binds it. */
const REDEMPTION = { member: NAME, amount: SOME, currency: 'CNY' } as const;

const confirmRedemption: Check<'confirmRedemption'> = ({ redemption, reference }, calls) => {
  const [number, payment] = calls.next('cash', 'confirmRedemption');
  same('redemption', number, BigInt(redemption));
  sameWords('reference', payment, reference);
  return [[{ reference, number: redemption, ...REDEMPTION }]];
};

const refuseRedemption: Check<'refuseRedemption'> = ({ redemption, reason }, calls) => {
  const [number, reasonHash] = calls.next('cash', 'refuseRedemption');
  same('redemption', number, BigInt(redemption));
  sameWords('reason', reasonHash, reason);
  return [[{ reason, number: redemption, ...REDEMPTION }]];
};

export const cashChecks = { deposit, redeem, confirmRedemption, refuseRedemption };
