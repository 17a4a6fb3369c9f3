import type { ErrorFragment, Interface } from 'ethers';
import type { ProblemCode } from '#domain/problems.ts';
import { interfaces } from './contracts.ts';

/** What the contracts refuse, as problem codes. An error that is not named here is a fault of ours: INTERNAL. */
const CODES: Readonly<Record<string, ProblemCode>> = {
  BillsToOneself: 'REQUEST_INVALID',
  BillsSerialUsed: 'REQUEST_INVALID',
  BillsWrongKind: 'REQUEST_INVALID',
  BillsUnknownRestriction: 'REQUEST_INVALID',
  BillsUnknownDesk: 'REQUEST_INVALID',
  BillsWrongBacking: 'REQUEST_INVALID',
  BillsDeskNotAllowed: 'DESK_NOT_ALLOWED',
  BillsNoSuchParcel: 'REQUEST_INVALID',
  BillsOfferStands: 'REQUEST_INVALID',
  FinancingDeskQuoteMismatch: 'REQUEST_INVALID',
  CreditLinesInUse: 'REQUEST_INVALID',
  CreditLinesReservedTooLow: 'REQUEST_INVALID',
  ParticipantsAccountTaken: 'REQUEST_INVALID',
  ParticipantsInvalidAccount: 'REQUEST_INVALID',
  ParticipantsStatusUnchanged: 'REQUEST_INVALID',
  ParticipantsMoveNotOffered: 'REQUEST_INVALID',
  ParticipantsWrongRoles: 'REQUEST_INVALID',
  ParticipantsReasonMissing: 'REQUEST_INVALID',
  RecoveriesOwnHelper: 'REQUEST_INVALID',
  RecoveriesNotHelper: 'ROLE_REQUIRED',
  RecoveriesBothHalves: 'ROLE_REQUIRED',
  RecoveriesNotMember: 'ROLE_REQUIRED',
  RecoveriesNone: 'RECOVERY_NONE',
  RecoveriesNotAgreed: 'RECOVERY_NOT_AGREED',
  RecoveriesTooEarly: 'RECOVERY_TOO_EARLY',
  DepositTokenNoRedemption: 'REQUEST_INVALID',
  DepositTokenReasonMissing: 'REQUEST_INVALID',
  RulebookNotInForce: 'REQUEST_INVALID',
  RulebookUnknownPack: 'REQUEST_INVALID',
  RulebookInvalidPack: 'REQUEST_INVALID',
  RulebookInvalidStart: 'REQUEST_INVALID',
  AuditAnchorNotAhead: 'ALREADY_DONE',
  RelayReentered: 'REQUEST_INVALID',
  RelayForeignAccount: 'FORBIDDEN',
  ParticipantsUnknownAccount: 'MEMBER_UNKNOWN',
  ParticipantsUnknownMember: 'MEMBER_UNKNOWN',
  DepositTokenNotMember: 'MEMBER_UNKNOWN',
  FinancingDeskNotMember: 'MEMBER_UNKNOWN',
  ParticipantsNotActive: 'MEMBER_NOT_ACTIVE',
  BillsNotCoreEnterprise: 'ROLE_REQUIRED',
  BillsNotBank: 'ROLE_REQUIRED',
  BillsNotAcceptor: 'ROLE_REQUIRED',
  CreditLinesNotBank: 'ROLE_REQUIRED',
  DepositTokenNotSettlementBank: 'ROLE_REQUIRED',
  AccessManagedUnauthorized: 'ROLE_REQUIRED',
  BillsNotHolder: 'NOT_HOLDER',
  BillsNotOffered: 'NOT_OFFERED_TO_YOU',
  BillsOfferChanged: 'OFFER_CHANGED',
  BillsOfferExpired: 'OFFER_EXPIRED',
  BillsNotActive: 'BILL_NOT_ACTIVE',
  BillsMatured: 'BILL_MATURED',
  BillsNotDue: 'NOT_DUE',
  BillsParcelLocked: 'PARCEL_LOCKED',
  BillsRestricted: 'RESTRICTED',
  BillsInvalidAmount: 'AMOUNT_INVALID',
  DepositTokenInvalidAmount: 'AMOUNT_INVALID',
  FinancingDeskNoPrice: 'AMOUNT_INVALID',
  BillsAmountExceedsParcel: 'AMOUNT_EXCEEDS_PARCEL',
  BillsInvalidDueDate: 'DUE_DATE_INVALID',
  BillsTenorTooLong: 'TENOR_TOO_LONG',
  BillsPriceTooLow: 'PRICE_CHANGED',
  InvoiceRegistryOccupied: 'INVOICE_OCCUPIED',
  FinancingDeskQuoteExpired: 'QUOTE_EXPIRED',
  FinancingDeskQuoteExceeded: 'QUOTE_EXCEEDED',
  CreditLinesExceeded: 'LINE_EXCEEDED',
  BillsOverpaid: 'OVERPAID',
  DepositTokenCapExceeded: 'CAP_EXCEEDED',
  DepositTokenBeyondIssued: 'REDEMPTION_EXCEEDED',
  ERC20InsufficientBalance: 'INSUFFICIENT_CASH',
  ERC20InsufficientAllowance: 'INSUFFICIENT_CASH',
  FinancingDeskInvalidSignature: 'SIGNATURE_INVALID',
  OrgAccountInvalidSignature: 'SIGNATURE_INVALID',
  OrgAccountExpired: 'INSTRUCTION_EXPIRED',
  OrgAccountNonceUsed: 'ALREADY_DONE',
  OrgAccountDayLimitExceeded: 'DAY_LIMIT_EXCEEDED',
  OrgAccountInvalidSigner: 'REQUEST_INVALID',
  OrgAccountInvalidPolicy: 'REQUEST_INVALID',
  OrgAccountInvalidRule: 'REQUEST_INVALID',
  OrgAccountUnreachable: 'REQUEST_INVALID',
  OrgAccountLevelsMissing: 'REQUEST_INVALID',
  OrgAccountTooManyChanges: 'REQUEST_INVALID',
  OrgAccountPolicyChanged: 'REQUEST_INVALID',
  OrgAccountNoSuchChange: 'CHANGE_NOT_WAITING',
  OrgAccountChangeNotReady: 'CHANGE_NOT_READY',
  OrgAccountVetoDoesNotCount: 'VETO_DOES_NOT_COUNT',
};

export type Refusal = {
  readonly code: ProblemCode;
  /** Name of the contract's error, `unknown` when the data is none of ours. For logs, not for people. */
  readonly error: string;
  readonly args: readonly unknown[];
};

/** What a contract meant by its revert data (`0x…`). */
export function refusalOf(revertData: string): Refusal {
  const error = parseError(revertData);
  if (error === null) return { code: 'INTERNAL', error: 'unknown', args: [] };
  return { code: CODES[error.name] ?? 'INTERNAL', error: error.name, args: [...error.args] };
}

/** A rehearsal that would succeed reverts too: with this error. */
export const isRehearsed = (revertData: string): boolean =>
  parseError(revertData)?.name === 'OrgAccountRehearsed';

/** The revert data that an RPC error of ethers carries, if it is one. */
export function revertDataOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { data, info, error: inner } = error as { data?: unknown; info?: unknown; error?: unknown };
  if (typeof data === 'string' && data.startsWith('0x')) return data;
  if (typeof data === 'object' && data !== null) return revertDataOf(data);
  return revertDataOf(info) ?? revertDataOf(inner);
}

type KnownError = { readonly contract: Interface; readonly fragment: ErrorFragment };

/** By selector. Several contracts may declare the same error: it means the same in all of them. */
const ERRORS: ReadonlyMap<string, KnownError> = new Map(
  Object.values(interfaces).flatMap((contract) => {
    const entries: (readonly [string, KnownError])[] = [];
    contract.forEachError((fragment) => entries.push([fragment.selector, { contract, fragment }]));
    return entries;
  }),
);

function parseError(data: string): { name: string; args: readonly unknown[] } | null {
  const known = ERRORS.get(data.slice(0, 10).toLowerCase());
  if (known === undefined) return null;
  const { contract, fragment } = known;
  try {
    return { name: fragment.name, args: [...contract.decodeErrorResult(fragment, data)] };
  } catch {
    return null; // its arguments are cut short
  }
}

/** Every error that our contracts can raise, for the test that none lacks a code. */
export const knownErrorNames = (): string[] =>
  Object.values(interfaces).flatMap((contract) => {
    const names: string[] = [];
    contract.forEachError(({ name }) => names.push(name));
    return names;
  });

export const hasCode = (errorName: string): boolean => Object.hasOwn(CODES, errorName);
