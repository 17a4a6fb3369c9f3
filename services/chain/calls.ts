import { PRIVILEGED_ROLES } from '#domain/codes.ts';
import { interfaces } from './contracts.ts';
import type { ContractName, Deployment } from './deployment.ts';
import { encodeOrder, type Call, type Quote } from './typed-data.ts';

/** "All of the parcel", for the acts that take an amount. */
export const WHOLE = (1n << 56n) - 1n;
const MAX_UINT256 = (1n << 256n) - 1n;

export type InvoiceUse = { readonly invoiceId: string; readonly total: bigint; readonly amount: bigint };

/** See IBills.Issue. Amounts in minor units, `due` as the instant at which the date begins. */
export type IssueTerms = {
  readonly serial: number;
  readonly payee: number;
  readonly due: number;
  readonly face: bigint;
  readonly restrictions: number;
  readonly rulePack: number;
  readonly documentHash: string;
  readonly invoices: readonly InvoiceUse[];
  readonly named: readonly number[];
};

export type Backing = Pick<IssueTerms, 'documentHash' | 'invoices' | 'named'>;

/** What was offered, as who answers saw it: `end` is one past its last cent. */
export type OfferSeen = { readonly from: number; readonly to: number; readonly end: bigint };

/** Limits of a standing acceptance; 0 is open, `until` the instant from which it covers nothing. */
export type StandingLimits = {
  readonly acceptor: number;
  readonly counterparty: number;
  readonly least: bigint;
  readonly until: number;
};

export const NO_LIMITS: StandingLimits = { acceptor: 0, counterparty: 0, least: 0n, until: 0 };

/** Builds the calls of a firm's acts, one by one; a batch is several of them. */
export function callsOf({ addresses }: Deployment) {
  const call =
    (contract: Exclude<ContractName, 'p256Verifier' | 'ribbon' | 'billsExtension' | 'relay' | 'timelock'>) =>
    (name: string, ...args: readonly unknown[]): Call => ({
      target: addresses[contract],
      data: interfaces[contract].encodeFunctionData(name, args),
    });
  const [bills, lines, cash, desk] = [call('bills'), call('lines'), call('cash'), call('desk')];
  return {
    issue: (terms: IssueTerms) => bills('issue', terms),
    take: (parcel: bigint, { from, end }: OfferSeen) => bills('take', parcel, from, end),
    refuse: (parcel: bigint, { from, end }: OfferSeen) => bills('refuse', parcel, from, end),
    withdraw: (parcel: bigint, { to, end }: OfferSeen) => bills('withdraw', parcel, to, end),
    expire: (parcel: bigint, { from, to, end }: OfferSeen) => bills('expire', parcel, from, to, end),
    refuseIssue: (bill: bigint, backing: Backing) => bills('refuseIssue', bill, backing),
    withdrawIssue: (bill: bigint, backing: Backing) => bills('withdrawIssue', bill, backing),
    expireIssue: (bill: bigint, backing: Backing) => bills('expireIssue', bill, backing),
    /** @param until Instant from which it can no longer be taken; 0 for until maturity. */
    offer: (parcel: bigint, amount: bigint, to: number, until: number) =>
      bills('offer', parcel, amount, to, until),
    /** @param leastPrice The holder gets this or more. */
    sell: (parcel: bigint, amount: bigint, leastPrice: bigint, quote: Quote, signature: string) =>
      bills('sell', parcel, amount, quote.bank, addresses.desk, leastPrice, encodeOrder(quote, signature)),
    fund: (bill: bigint, amount: bigint) => bills('fund', bill, amount),
    payFor: (bill: bigint, amount: bigint) => bills('payFor', bill, amount),
    distribute: (bill: bigint, firsts: readonly bigint[]) => bills('distribute', bill, firsts),
    /** Lets the ledger of bills take what the acceptor pays in. */
    approveFunding: (amount: bigint) => cash('approve', addresses.bills, amount),
    /** Lets the financing desk pay for what the bank quoted; without an amount, without limit. */
    approveDesk: (amount: bigint = MAX_UINT256) => cash('approve', addresses.desk, amount),
    /** Lets the financing desk say yes for the bank, where the bank has signed a quote. */
    allowDesk: (allowed = true) => bills('allowDesk', addresses.desk, allowed),
    deposit: (member: number, amount: bigint, booking: string) => cash('deposit', member, amount, booking),
    requestRedemption: (bank: number, amount: bigint) => cash('requestRedemption', bank, amount),
    /** @param payment Hash of the bank's payment reference. */
    confirmRedemption: (redemption: bigint, payment: string) =>
      cash('confirmRedemption', redemption, payment),
    refuseRedemption: (redemption: bigint, reasonHash: string) =>
      cash('refuseRedemption', redemption, reasonHash),
    setLine: (obligor: number, limit: bigint, group: number) => lines('setLine', obligor, limit, group),
    setGroupLine: (group: number, limit: bigint) => lines('setGroupLine', group, limit),
    reserve: (obligor: number, amount: bigint) => lines('reserve', obligor, amount),
    release: (obligor: number, amount: bigint) => lines('release', obligor, amount),
    cancelQuote: (nonce: bigint) => desk('cancel', nonce),
    setStanding: (standing: boolean, { acceptor, counterparty, least, until }: StandingLimits = NO_LIMITS) =>
      bills('setStandingAcceptance', standing, acceptor, counterparty, least, until),
    moveAccount: (to: string) => bills('moveAccount', to),
    acceptAccount: (member: number) => bills('acceptAccount', member),
  } satisfies Record<string, (...args: never[]) => Call>;
}

/** Calls of the operator and of governance, from keys of the platform. */
export function platformCallsOf({ addresses }: Deployment) {
  const bills = (name: string, ...args: readonly unknown[]): Call => ({
    target: addresses.bills,
    data: interfaces.bills.encodeFunctionData(name, args),
  });
  return {
    /** Roles that the operator gives; the others come by `setPrivileges`. */
    admit: (account: string, roles: number, expiry: number, identityHash: string) =>
      bills('admit', account, roles & ~PRIVILEGED_ROLES, expiry, identityHash),
    suspend: (member: number, reasonHash: string) => bills('suspend', member, reasonHash),
    restore: (member: number, reasonHash: string) => bills('restore', member, reasonHash),
    setPrivileges: (member: number, roles: number) =>
      bills('setPrivileges', member, roles & PRIVILEGED_ROLES),
    setCap: (bank: number, cap: bigint): Call => ({
      target: addresses.cash,
      data: interfaces.cash.encodeFunctionData('setCap', [bank, cap]),
    }),
  };
}

export type Calls = ReturnType<typeof callsOf>;
