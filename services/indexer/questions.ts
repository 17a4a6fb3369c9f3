import { toHex } from '#db/wire/bytes.ts';
import type { booksAt } from '#db/ledger/proof.ts';
import type { Question } from './ask.ts';

type Books = Awaited<ReturnType<typeof booksAt>>;

/** What the chain must answer if the books of the read model are right. */
export const questionsOf = (books: Books): Question[] => [
  ...aboutMembers(books),
  ...aboutRecoveries(books),
  ...aboutCash(books),
  ...aboutLines(books),
  ...aboutInvoices(books),
  ...aboutSettlementBanks(books),
  ...aboutDesks(books),
  ...aboutQuotes(books),
];

const aboutMembers = ({ members }: Books): Question[] => [
  ...members.map(({ number, account, roles, suspended, standing, credential_expiry }): Question => ({
    about: `member ${number}`,
    contract: 'bills',
    view: 'member',
    args: [number],
    expected: [toHex(account), roles, suspended, standing, credential_expiry ?? 0n],
  })),
  ...members.map((member): Question => ({
    about: `standing acceptance of member ${member.number}`,
    contract: 'bills',
    view: 'standingLimits',
    args: [member.number],
    expected: [
      member.standing_acceptor ?? 0,
      member.standing_counterparty ?? 0,
      member.standing_least ?? 0n,
      member.standing_until ?? 0n,
    ],
  })),
  {
    about: 'number of members',
    contract: 'bills',
    view: 'memberCount',
    args: [],
    expected: [members.length],
  },
];

const NOBODY = `0x${'00'.repeat(20)}`;
const accountOrNobody = (account: Buffer | null): string => (account === null ? NOBODY : toHex(account));

/** When a recovery can be completed depends on the time of day, so it is computed wherever it is shown; what it follows from is here. */
const aboutRecoveries = ({ members, recoveries }: Books): Question[] => [
  ...members.map(({ number, helper, next_helper, next_helper_from }): Question => ({
    about: `helper of member ${number}`,
    contract: 'bills',
    view: 'helperOf',
    args: [number],
    expected: [helper ?? 0, next_helper ?? 0, next_helper_from ?? 0n],
  })),
  ...recoveries.map((recovery): Question => ({
    about: `recovery of member ${recovery.member}`,
    contract: 'bills',
    view: 'recovery',
    args: [recovery.member],
    expected: [
      recovery.helper ?? 0,
      accountOrNobody(recovery.by_helper),
      recovery.helper_at ?? 0n,
      accountOrNobody(recovery.by_operator),
      recovery.operator_at ?? 0n,
    ],
  })),
];

const aboutCash = ({ balances }: Books): Question[] => [
  ...balances.map(({ account, balance_minor }): Question => ({
    about: `cash of ${toHex(account)}`,
    contract: 'cash',
    view: 'balanceOf',
    args: [toHex(account)],
    expected: [balance_minor],
  })),
  {
    about: 'cash in all',
    contract: 'cash',
    view: 'totalSupply',
    args: [],
    expected: [balances.reduce((sum, { balance_minor }) => sum + balance_minor, 0n)],
  },
];

const aboutLines = ({ lines, groupLines }: Books): Question[] => [
  ...lines.map(({ bank, obligor, limit_minor, reserved_minor, used_minor, group_no }): Question => ({
    about: `line of bank ${bank} on ${obligor}`,
    contract: 'lines',
    view: 'line',
    args: [bank, obligor],
    expected: [[limit_minor, reserved_minor, used_minor, group_no ?? 0n]],
  })),
  ...groupLines.map(({ bank, group_no, limit_minor, reserved_minor, used_minor }): Question => ({
    about: `line of bank ${bank} on group ${group_no}`,
    contract: 'lines',
    view: 'groupLine',
    args: [bank, group_no],
    expected: [[limit_minor, reserved_minor, used_minor, 0n]],
  })),
];

const aboutInvoices = ({ invoices }: Books): Question[] =>
  invoices.map(({ payee, invoice_id, total_minor, used_minor }) => ({
    about: `invoice ${toHex(invoice_id)} of member ${payee}`,
    contract: 'bills',
    view: 'usage',
    args: [payee, toHex(invoice_id)],
    expected: [total_minor, used_minor],
  }));

const aboutSettlementBanks = ({ books, redemptions }: Books): Question[] => [
  ...books.map(({ bank, cap_minor, issued_minor, pending_minor }): Question => ({
    about: `book of settlement bank ${bank}`,
    contract: 'cash',
    view: 'book',
    args: [bank],
    expected: [cap_minor, issued_minor, pending_minor],
  })),
  ...redemptions.map(({ number, bank, member, amount_minor, state }): Question => ({
    about: `redemption ${number}`,
    contract: 'cash',
    view: 'redemption',
    args: [number],
    expected: state === 'requested' ? [bank, member, amount_minor] : [0, 0, 0n],
  })),
];

const aboutDesks = ({ desks }: Books): Question[] =>
  desks.map(({ bank, desk }) => ({
    about: `desk ${toHex(desk)} for bank ${bank}`,
    contract: 'bills',
    view: 'isDeskAllowed',
    args: [bank, toHex(desk)],
    expected: [true],
  }));

/** The desk forgets what was bought under a quote that was cancelled. */
const aboutQuotes = ({ quotes }: Books): Question[] =>
  quotes.map(({ bank, nonce, filled_minor, cancelled }) => ({
    about: `quote ${nonce} of bank ${bank}`,
    contract: 'desk',
    view: 'filled',
    args: [bank, nonce],
    expected: cancelled ? [0n, true] : [filled_minor, false],
  }));
