/** The ledger's bills: who issues, passes on, sells, pays, and what anybody may end or pay out. */
import { encodeOrder } from '#chain/typed-data.ts';
import { DUE, quoteOf, termsOf } from '../../../support/acts.ts';
import { clockTo } from '../../../support/chain.ts';
import type { Ground } from '../ground.ts';
import { byAnybody, byAnyMember, byMembers, DONE, type Rows } from '../row.ts';

/** An answer to what is on offer: the piece, whom it is from or to, its end. */
const onOffer = (g: Ground, name: string, party: 'from' | 'to', ...more: unknown[]) =>
  g.on('bills', name, g.offered, g.offerSeen[party], g.offerSeen.end, ...more);

const expires = (g: Ground) =>
  g.on('bills', 'expire', g.offered, g.offerSeen.from, g.offerSeen.to, g.offerSeen.end);
const isOver = (g: Ground) => clockTo(g.offerUntil);
const isDue = () => clockTo(DUE);
const EXPIRED = ['offer of bill 1, 8001-10000, to supplier2: stands → none', 'trail of bill 1: grows'];

export const BILLS: Rows = {
  issue: byMembers(['coreFirm', 'coreFirm2'], 'BillsNotCoreEnterprise', {
    call: (g) => g.on('bills', 'issue', termsOf(g.s, { serial: 9 })),
    but: { supplier: 'BillsToOneself' },
  }),
  offer: byMembers(['supplier'], 'BillsNotHolder', {
    call: (g) => g.on('bills', 'offer', g.bill.root, 10_00n, g.numberOf('supplier2'), 0),
    but: { supplier2: 'BillsToOneself' },
  }),
  take: [
    byMembers(['supplier2'], 'BillsNotOffered', {
      when: 'a piece',
      call: (g) => onOffer(g, 'take', 'from'),
    }),
    byMembers(['supplier'], 'BillsNotOffered', {
      when: 'an issue',
      call: (g) => g.on('bills', 'take', g.waiting.root, g.numberOf('coreFirm'), 100_00n),
    }),
  ],
  refuse: byMembers(['supplier2'], 'BillsNotOffered', { call: (g) => onOffer(g, 'refuse', 'from') }),
  withdraw: byMembers(['supplier'], 'BillsNotHolder', { call: (g) => onOffer(g, 'withdraw', 'to') }),
  extend: byMembers(['supplier'], 'BillsNotHolder', {
    call: (g) => onOffer(g, 'extend', 'to', g.offerUntil + 9),
  }),
  expire: byAnybody({ call: expires, before: isOver, changes: EXPIRED }),
  refuseIssue: byMembers(['supplier'], 'BillsNotOffered', {
    call: (g) => g.on('bills', 'refuseIssue', g.waiting.bill, g.waiting.backing),
  }),
  withdrawIssue: byMembers(['coreFirm'], 'BillsNotHolder', {
    call: (g) => g.on('bills', 'withdrawIssue', g.waiting.bill, g.waiting.backing),
  }),
  expireIssue: byAnybody({
    call: (g) => g.on('bills', 'expireIssue', g.waiting.bill, g.waiting.backing),
    before: isDue,
    changes: [
      'invoice of supplier: 10000 → 0',
      'offer of bill 2, 1-10000, to supplier: stands → none',
      'terms of bill 2: offered → cancelled',
      'trail of bill 2: grows',
    ],
  }),
  sell: byMembers(['supplier'], 'BillsNotHolder', {
    call: (g) => {
      const quote = quoteOf(g.s, g.s.bank, g.bill.root);
      const order = encodeOrder(quote, g.s.bank.signs(quote));
      const { bank, desk } = { bank: g.numberOf('bank'), desk: g.addressOf('desk') };
      return g.on('bills', 'sell', g.bill.root, 10_00n, bank, desk, 0, order);
    },
    but: { bank: 'BillsToOneself' },
  }),
  fund: byMembers(['coreFirm'], 'BillsNotAcceptor', {
    call: (g) => g.on('bills', 'fund', g.bill.bill, 10_00n),
    suspended: DONE,
  }),
  payFor: byAnyMember({ call: (g) => g.on('bills', 'payFor', g.bill.bill, 1_00n) }),
  distribute: byAnybody({
    call: (g) => g.on('bills', 'distribute', g.bill.bill, [0n, 80_00n]),
    before: isDue,
    changes: [
      'deposits of ledger: 1000 → 0',
      'deposits of supplier: 99999500 → 100000500',
      'paid out of bill 1: 0 → 1000',
      'trail of bill 1: grows',
    ],
  }),
  multicall: [
    byAnyMember({
      when: 'of what is its caller’s own to say',
      call: (g) => g.on('bills', 'multicall', [g.on('bills', 'nameHelper', g.numberOf('bank')).data]),
      but: { bank: 'RecoveriesOwnHelper' },
      may: [
        'coreFirm',
        'coreFirm2',
        'supplier',
        'supplier2',
        'bank2',
        'guarantor',
        'regulator',
        'settlementBank',
      ],
    }),
    byAnybody({
      when: 'of what anybody may',
      call: (g) => g.on('bills', 'multicall', [expires(g).data]),
      before: isOver,
      changes: EXPIRED,
    }),
  ],
};
