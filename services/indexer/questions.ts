import { toHex } from '#db/bytes.ts';
import type { booksAt } from '#db/ledger/proof.ts';
import type { Question } from './ask.ts';

type Books = Awaited<ReturnType<typeof booksAt>>;

/** What the chain must answer if the books of the read model are right. */
export const questionsOf = (books: Books): Question[] => [
  ...aboutMembers(books),
  ...aboutCash(books),
  ...aboutLines(books),
  ...aboutInvoices(books),
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
  {
    about: 'number of members',
    contract: 'bills',
    view: 'memberCount',
    args: [],
    expected: [members.length],
  },
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
  invoices.map(({ invoice_id, total_minor, used_minor }) => ({
    about: `invoice ${toHex(invoice_id)}`,
    contract: 'bills',
    view: 'usage',
    args: [toHex(invoice_id)],
    expected: [total_minor, used_minor],
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
