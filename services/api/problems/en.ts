/** Why the API refuses, in English: a sentence for each reason, made of its facts. The other catalogues have the same reasons. */
import type { Missing } from '#domain/applications/form.ts';
import type { Currency } from '#domain/money.ts';
import type { Text } from '#domain/problems.ts';

/** An invoice of a request: where it stands, and its number as it came. */
type Invoice = { readonly path: string; readonly number: string };
const of = ({ path, number }: Invoice, why: string) => `${path}, invoice ${number}: ${why}`;

const MISSING_NAMES: Readonly<Record<Missing, string>> = {
  entity: 'the kind of firm',
  number: 'its number',
  name: 'its name',
  contact: 'a contact',
  legalPerson: 'the legal person',
  address: 'the address',
  roles: 'the roles asked for',
  rolesOfSoleTrader: 'a sole trader can be a supplier only',
  account: 'a bank account',
  accountProof: 'the proof of the bank account',
  policy: 'how many sign',
  credentialExpiry: 'until when the licence runs',
  licence: 'the licence',
  legalPersonDocument: 'the document of the legal person',
  signers: 'enough people who sign',
  administrator: 'somebody who administers',
};

export const en = {
  // Requests
  JSON_NOT_UTF8: () => 'The JSON is not in UTF-8',
  CHARACTER_IMPOSSIBLE: () => 'There is a character that no text has',
  NESTED_TOO_DEEP: ({ depth }: { depth: number }) => `The request is nested deeper than ${depth} levels`,
  TOO_MANY_VALUES: ({ values }: { values: number }) => `The request has more than ${values} values`,
  HOST_TWICE: () => 'There is more than one Host header',
  CURSOR_FOREIGN: () => 'The cursor is not of this list; start from its first page',
  CURRENCY_FOREIGN: ({ ledger, given }: { ledger: Currency; given: string }) =>
    `This ledger is kept in ${ledger}, not in ${given}`,
  BLOCK_TO_COME: ({ newest }: { newest: bigint }) => `The ledger is at block ${newest}`,
  NO_BILL_DUE: () => 'No bill falls due after today',
  // Bills and requests to banks
  CHECK_DIGIT_WRONG: ({ text }: { text: string }) =>
    `The check digit of bill ${text} does not fit: one of its digits is wrong; check it`,
  REQUEST_CLOSED: () => 'The request is closed',
  // Invoices
  INVOICE_SELLER_UNREADABLE: (invoice: Invoice) =>
    of(invoice, 'the seller is named by its tax number, which has letters A–Z and digits only'),
  INVOICE_NUMBER_UNREADABLE: (invoice: Invoice) =>
    of(
      invoice,
      'the number may have digits, letters A–Z, Han characters and plain signs, none of other scripts that look like them',
    ),
  INVOICE_CODE_MISSING: (invoice: Invoice) =>
    of(invoice, 'a number of eight digits needs its code (发票代码)'),
  INVOICE_CODE_INVALID: (invoice: Invoice) =>
    of(invoice, 'a code (发票代码) has 10 or 12 digits and agrees with the number'),
  PAYEE_WITHOUT_TAX_NUMBER: (invoice: Invoice & { payee: number }) =>
    of(
      invoice,
      `the payee, member ${invoice.payee}, has no tax number to compare with the seller; have the operator record it first`,
    ),
  SELLER_NOT_PAYEE: (invoice: Invoice & { seller: string; taxNumber: string }) =>
    of(invoice, `its seller ${invoice.seller} is not the payee, whose tax number is ${invoice.taxNumber}`),
  // Imports
  FORM_UNREADABLE: ({ why }: { why: string }) => `The form cannot be read (${why})`,
  PART_NOT_JSON: ({ name }: { name: string }) => `"${name}" is not JSON`,
  UPLOADS_OF_MEMBER: ({ count }: { count: number }) =>
    `${count} files of yours are being imported; wait until one of them is done`,
  UPLOADS_OF_ALL: () => 'Too many files are being imported now; try again later',
  COLUMN_NOT_READ: ({ field }: { field: Text }) =>
    `No column is read as the ${field.en}: there is nothing to correct`,
  ROWS_GONE_ON: ({ rows }: { rows: readonly number[] }) =>
    `Rows ${rows.join(', ')} are issued, on their way or not there, and cannot be corrected`,
  INSTRUCTION_GOES_ON: () => 'It waits for signatures or is on its way; take it back first',
  INSTRUCTION_OF_IMPORT: () => 'Prepare it again from the rows of its import',
  ROWS_NOT_FREE: ({ rows }: { rows: readonly number[] }) =>
    `Rows ${rows.join(', ')} have errors or are issued already`,
  IMPORT_HAS_BILLS: ({ rows }: { rows: number }) =>
    `${rows} of its rows are issued or on their way: they say where those bills come from, so it stays`,
  IMPORT_WAITS: ({ rows }: { rows: number }) =>
    `${rows} of its rows wait for a signature: give these up first`,
  IMPORT_COUNTS: ({ credits }: { credits: number }) =>
    `${credits} of its credit notes count: take these back first`,
  // Applications
  APPLICATIONS_MANY: () =>
    'There are enough applications under way from you, or from where you are; finish one first',
  APPLICATION_MISSING: ({ missing }: { missing: readonly Missing[] }) =>
    `Still missing: ${missing.map((each) => MISSING_NAMES[each]).join(', ')}`,
  NO_DATE: ({ text }: { text: string }) => `${text} is no date`,
  DOCUMENTS_MANY: ({ count }: { count: number }) => `An application has at most ${count} documents`,
  PEOPLE_MANY: ({ count }: { count: number }) =>
    `An application has at most ${count} people, open links counted`,
  FILES_OF_BILL: ({ count }: { count: number }) => `A member attaches at most ${count} documents to a bill`,
  FILES_OF_MEMBER: ({ megabytes }: { megabytes: number }) =>
    `A member keeps at most ${megabytes} MB of documents here`,
  KEYS_OF_BILL: ({ count }: { count: number }) => `A bill has at most ${count} keys for documents`,
  HOLDERS_MANY: ({ count }: { count: number }) => `A key has at most ${count} holders: remove some first`,
  KEY_SIGNER_UNSUITABLE: () => 'A key for documents is signed with a passkey or a P-256 key',
  SIGHT_NOT_ASKED: () => 'Sight is given to a bank that you have asked to quote for this bill',
  NO_BANK_CONNECTED: () => 'No bank is connected: the account is looked at with its papers',
  CREDITS_MANY: ({ count }: { count: number }) =>
    `No further credit: ${count} for an application, and only so many to one account within a day`,
  TRIES_OVER: ({ count }: { count: number }) => `${count} tries are over; have another amount credited`,
  CHECKS_MISSING: () => 'Not everything that has to be compared is ticked',
  INVITATIONS_MANY: ({ count }: { count: number }) => `At most ${count} invitations wait at once`,
  NOBODY_TO_INVITE: () => 'Each unknown supplier of this file is invited already, or there is none',
  APPEAL_TODAY: () => 'A note was sent within the last day; send the next one tomorrow',
  EXPORT_UNDER_WAY: () => 'An export of your firm is under way, or too many others are: try again in a while',
  NOT_SUSPENDED: () => 'The member is not suspended',
  // Parts that are not ready
  DATABASE_SILENT: () => 'the database does not answer',
  NODE_SILENT: () => 'the node of the chain does not answer',
  INDEXER_NOT_BEGUN: () => 'the indexer has not begun',
  INDEXER_STOPPED: () => 'the indexer has stopped: its log says why',
  READ_MODEL_BEHIND: ({ blocks }: { blocks: number }) => `the read model is ${blocks} blocks behind`,
  CHAIN_STANDS_STILL: ({ since }: { since: string }) =>
    `the chain has stood still since ${since}: no new block`,
};

export type Reason = keyof typeof en;
export type FactsOf<R extends Reason> = Parameters<(typeof en)[R]>;
export type Catalogue = { readonly [R in Reason]: (...facts: FactsOf<R>) => string };
