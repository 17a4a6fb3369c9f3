/** What the API takes and gives, as far as this client uses it. The whole of it: docs/openapi.json. */
import type { Role } from '#domain/codes.ts';
import type { ProblemCode, Text } from '#domain/problems.ts';
import type { BillStatus, ParcelState } from '#domain/status.ts';

export type Money = { readonly amount: string; readonly currency: string };
export const money = (amount: string): Money => ({ amount, currency: 'CNY' });

export type Restrict = {
  readonly passOn?: false;
  readonly finance?: false;
  readonly members?: readonly number[];
};

export type InvoiceUse = {
  readonly seller: string;
  readonly number: string;
  readonly total: Money;
  readonly amount: Money;
};

export type IssueTerms = {
  readonly payee: number;
  readonly face: Money;
  readonly due: string;
  /** Others than CERTIFICATE are refused. */
  readonly kind?: string;
  readonly restrict?: Restrict;
  readonly invoices?: readonly InvoiceUse[];
  readonly note?: string;
};

export type Act =
  | { readonly type: 'issue'; readonly bills: readonly IssueTerms[] }
  | { readonly type: 'take'; readonly parcels: readonly string[] }
  | { readonly type: 'refuse' | 'withdraw' | 'expire'; readonly parcel: string }
  | {
      readonly type: 'offer';
      readonly parcel: string;
      readonly amount?: Money;
      readonly to: number;
      readonly until?: string;
    }
  | { readonly type: 'sell'; readonly parcel: string; readonly amount?: Money; readonly quote: string }
  | { readonly type: 'fund'; readonly bill: string; readonly amount: Money; readonly distribute?: boolean }
  | { readonly type: 'setLine'; readonly obligor: number; readonly limit: Money }
  | { readonly type: 'setStanding'; readonly standing: boolean }
  | { readonly type: 'approveCash'; readonly amount?: Money }
  | { readonly type: 'deposit'; readonly member: number; readonly amount: Money };

export type Call = { readonly target: string; readonly data: string };
export type TypedData = {
  readonly domain: { readonly chainId: number | string };
  readonly types: Record<string, { name: string; type: string }[]>;
  readonly primaryType: string;
  readonly message: Record<string, unknown>;
};

export type Makes = { readonly bills: readonly string[]; readonly parcels: readonly string[] };

/** What the firm's signers sign. */
export type PreparedAct = {
  readonly id: string;
  readonly calls: readonly Call[];
  readonly meaning: Text;
  readonly digest: string;
  readonly typedData: TypedData;
  readonly account: string;
  readonly nonce: string;
  /** ISO 8601. */
  readonly validUntil: string;
  readonly signers: readonly { readonly id: string }[];
  readonly makes: Makes;
};

export type ActState = {
  readonly id: string;
  readonly state: 'prepared' | 'submitted' | 'sent' | 'done' | 'failed';
  readonly code: ProblemCode | null;
  readonly detail: Text | null;
  readonly tx: string | null;
  readonly block: number | null;
  readonly makes: Makes;
};

export type RequestTerms = {
  readonly parcel: string;
  /** All of the parcel if left out. */
  readonly amount?: Money;
  readonly banks: readonly number[];
  readonly purpose?: 'discount' | 'rediscount';
  readonly note?: string;
};

/** Left out: the amount of the request, no fee, valid for a day. */
export type QuoteTerms = {
  readonly request: string;
  readonly amount?: Money;
  readonly rate: string;
  readonly fee?: Money;
  /** ISO 8601. */
  readonly validUntil?: string;
};

export type Party = { readonly number: number; readonly name: Text };

export type Parcel = {
  readonly id: string;
  readonly billNo: string;
  readonly range: string;
  readonly amount: Money;
  readonly holder: Party | null;
  readonly state: ParcelState;
};

export type Bill = {
  readonly billNo: string;
  readonly face: Money;
  readonly status: BillStatus;
  readonly paid: Money;
  readonly due: string;
};

export type Line = {
  readonly bank: Party;
  readonly obligor: Party;
  readonly limit: Money;
  readonly used: Money;
};

export type NewMember = {
  readonly name: Text;
  readonly taxId?: string;
  readonly roles: readonly Role[];
  /** Left out: the demonstration makes a key and keeps it. */
  readonly signers?: readonly { readonly type: 'p256'; readonly x: string; readonly y: string }[];
};
