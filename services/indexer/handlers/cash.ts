import { moveCash, nameSettlementBank } from '#db/ledger/cash.ts';
import { ignore, type Handlers } from './handlers.ts';

const NOBODY = Buffer.alloc(20);
const account = (address: Buffer): Buffer | null => (address.equals(NOBODY) ? null : address);

export const cash: Handlers<'cash'> = {
  Transfer: (ledger, { from, to, value }) => moveCash(ledger, account(from), account(to), value),
  Deposited: (ledger, { bank, amount }) => nameSettlementBank(ledger, bank, amount),
  Redeemed: (ledger, { bank, amount }) => nameSettlementBank(ledger, bank, amount),
  Approval: ignore('an allowance is asked of the chain when it is needed'),
};
