import { ZeroAddress } from 'ethers';
import { toBytes } from '#db/bytes.ts';
import { moveCash, nameSettlementBank } from '#db/ledger/cash.ts';
import { ignore, type Handlers } from './handlers.ts';

const account = (address: string): Buffer | null => (address === ZeroAddress ? null : toBytes(address));

export const cash: Handlers<'cash'> = {
  Transfer: (ledger, { from, to, value }) => moveCash(ledger, account(from), account(to), value),
  Deposited: (ledger, { bank, amount }) => nameSettlementBank(ledger, Number(bank), amount),
  Redeemed: (ledger, { bank, amount }) => nameSettlementBank(ledger, Number(bank), amount),
  Approval: ignore('an allowance is asked of the chain when it is needed'),
};
