/** Deposits, lines, the financing desk and the rulebook. */
import { ZeroHash } from 'ethers';
import { encodeOrder } from '#chain/typed-data.ts';
import { DUE, quoteOf, REASON } from '../../../support/acts.ts';
import { MEMBER_NAMES, type Ground } from '../ground.ts';
import {
  byAnnouncement,
  byAnybody,
  byAnyMember,
  byLedger,
  byMembers,
  byNobodyElse,
  byRole,
  DONE,
  sends,
  type Rows,
} from '../row.ts';

export const CASH: Rows = {
  deposit: byMembers(['settlementBank'], 'DepositTokenNotSettlementBank', {
    call: (g) => g.on('cash', 'deposit', g.numberOf('supplier'), 5n, REASON),
  }),
  requestRedemption: byAnyMember({
    call: (g) => g.on('cash', 'requestRedemption', g.numberOf('settlementBank'), 1n),
  }),
  confirmRedemption: byNobodyElse(['settlementBank'], 'DepositTokenNoRedemption', {
    call: (g) => g.on('cash', 'confirmRedemption', 1, REASON),
    suspended: DONE,
  }),
  refuseRedemption: byNobodyElse(['settlementBank'], 'DepositTokenNoRedemption', {
    call: (g) => g.on('cash', 'refuseRedemption', 1, REASON),
    suspended: DONE,
  }),
  /** The ledger's own deposits are what was paid in to bills; its code moves them by `distribute` alone. */
  transfer: byMembers([...MEMBER_NAMES, 'ledger'], DONE, {
    call: (g) => g.on('cash', 'transfer', g.addressOf('guarantor'), 1n),
  }),
  transferFrom: byMembers(['bank', 'ledger'], 'ERC20InsufficientAllowance', {
    call: (g) => g.on('cash', 'transferFrom', g.addressOf('supplier'), g.addressOf('guarantor'), 1n),
    before: (g) => sends(g, 'supplier', g.on('cash', 'approve', g.addressOf('bank'), 1n)),
    outside: 'ERC20InsufficientAllowance',
  }),
  approve: byAnybody({
    call: (g) => g.on('cash', 'approve', g.addressOf('relayer'), 5n),
    changes: ['allowance of stranger for relayer: 0 → 5'],
  }),
  carryOver: byLedger('DepositTokenNotBills', {
    call: (g) => g.on('cash', 'carryOver', g.addressOf('supplier'), g.addressOf('newcomer')),
  }),
  setCap: byAnnouncement((g) => g.on('cash', 'setCap', g.numberOf('settlementBank'), 5n)),
  setAuthority: byRole(['accessManager'], {
    call: (g) => g.on('cash', 'setAuthority', g.addressOf('accessManager')),
  }),
};

const obligor = (g: Ground) => g.numberOf('coreFirm');
const banks = (call: (g: Ground) => ReturnType<Ground['on']>) =>
  byMembers(['bank', 'bank2'], 'CreditLinesNotBank', { call });

export const LINES: Rows = {
  setLine: banks((g) => g.on('lines', 'setLine', obligor(g), 5n, 0)),
  setGroupLine: banks((g) => g.on('lines', 'setGroupLine', 1, 5n)),
  reserve: banks((g) => g.on('lines', 'reserve', obligor(g), 5n)),
  release: banks((g) => g.on('lines', 'release', obligor(g), 5n)),
  useLine: byLedger('CreditLinesNotBills', {
    call: (g) => g.on('lines', 'useLine', g.numberOf('bank'), obligor(g), 5n),
  }),
  freeLine: byLedger('CreditLinesNotBills', {
    call: (g) => g.on('lines', 'freeLine', g.numberOf('bank'), obligor(g), 5n),
    before: (g) => sends(g, 'ledger', g.on('lines', 'useLine', g.numberOf('bank'), obligor(g), 5n)),
  }),
};

export const DESK: Rows = {
  agree: byLedger('FinancingDeskNotBills', {
    call: (g) => {
      const quote = quoteOf(g.s, g.s.bank, g.bill.root);
      const sale = {
        parcel: g.bill.root,
        billNo: g.bill.bill,
        acceptor: obligor(g),
        seller: g.numberOf('supplier'),
        buyer: g.numberOf('bank'),
        first: 0n,
        amount: 10_00n,
        due: DUE,
        basis: 360,
        sellerAccount: g.addressOf('supplier'),
        buyerAccount: g.addressOf('bank'),
      };
      return g.on('desk', 'agree', sale, encodeOrder(quote, g.s.bank.signs(quote)));
    },
  }),
  pay: byLedger('FinancingDeskNotBills', {
    call: (g) => g.on('desk', 'pay', g.addressOf('bank'), g.addressOf('supplier'), 5n),
  }),
  cancel: byMembers(MEMBER_NAMES, DONE, {
    call: (g) => g.on('desk', 'cancel', 7),
    outside: 'FinancingDeskNotMember',
    suspended: DONE,
  }),
};

export const RULEBOOK: Rows = {
  publish: byRole(['operator'], {
    call: (g) => g.on('rulebook', 'publish', 1, DUE + 86_400, 6, 360, 9, ZeroHash),
  }),
  withdraw: byRole(['operator'], { call: (g) => g.on('rulebook', 'withdraw', 2) }),
  setAuthority: byRole(['accessManager'], {
    call: (g) => g.on('rulebook', 'setAuthority', g.addressOf('accessManager')),
  }),
};
