import { moveCash, nameBooking, setBook } from '#db/cash/write.ts';
import { answerRedemption, requestRedemption } from '#db/cash/write-redemptions.ts';
import { ignore, type Handlers } from './handlers.ts';

const NOBODY = Buffer.alloc(20);
const account = (address: Buffer): Buffer | null => (address.equals(NOBODY) ? null : address);

export const cash: Handlers<'cash'> = {
  Transfer: (ledger, { from, to, value }) => moveCash(ledger, account(from), account(to), value),
  Deposited: async (ledger, { bank, amount, booking }) => {
    nameBooking(ledger, 'deposit', bank, amount, booking);
    await setBook(ledger, bank, ({ issued_minor }) => ({ issued_minor: issued_minor + amount }));
  },
  RedemptionRequested: async (ledger, { redemption, bank, member, amount }) => {
    nameBooking(ledger, 'redeem', bank, amount);
    requestRedemption(ledger, { number: redemption, bank, member, amount_minor: amount });
    await setBook(ledger, bank, ({ pending_minor }) => ({ pending_minor: pending_minor + amount }));
  },
  RedemptionConfirmed: async (ledger, { redemption, bank, amount, payment }) => {
    nameBooking(ledger, 'redeemed', bank, amount, payment);
    await answerRedemption(ledger, redemption, 'confirmed', payment);
    await setBook(ledger, bank, ({ issued_minor, pending_minor }) => ({
      issued_minor: issued_minor - amount,
      pending_minor: pending_minor - amount,
    }));
  },
  RedemptionRefused: async (ledger, { redemption, bank, amount, reasonHash }) => {
    nameBooking(ledger, 'returned', bank, amount);
    await answerRedemption(ledger, redemption, 'refused', reasonHash);
    await setBook(ledger, bank, ({ pending_minor }) => ({ pending_minor: pending_minor - amount }));
  },
  CapSet: (ledger, { bank, cap }) => setBook(ledger, bank, () => ({ cap_minor: cap })),
  Approval: ignore('an allowance is asked of the chain when it is needed'),
  AuthorityUpdated: ignore('who governs is the access manager’s affair'),
};
