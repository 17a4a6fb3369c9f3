/** What an export is made of: names of its files, and their shapes. All JSON in it is canonical. */
import { canonicalJson } from '../canonical-json.ts';
import type { BillKind } from '../codes.ts';
import type { Currency } from '../money.ts';
import type { ActEvent } from '../acts/acts.ts';
import type { STATUS_NUMBERS } from '../bills/ledger-words.ts';
import type { Text } from '../problems.ts';
import type { ActFacts } from './act-bytes.ts';
import type { Hex } from './hex.ts';

export const FORMAT = 'tallystick-export-1';

export const FILES = {
  manifest: 'manifest.json',
  signature: 'signature.json',
  firm: 'export.json',
  audit: 'audit.jsonl',
  block: 'proofs/block.json',
  verifier: 'tallystick-verifier.html',
  readme: 'README.txt',
  bill: (billNo: string) => `bills/${billNo}.json`,
  sheet: (billNo: string) => `bills/${billNo}.pdf`,
  proof: (billNo: string) => `proofs/${billNo}.json`,
  terms: (billNo: string) => `documents/${billNo}/terms.json`,
  documentKey: 'documents/key.json',
  attached: (billNo: string) => `documents/${billNo}/attached.json`,
  sealed: (billNo: string, id: string) => `documents/${billNo}/${id}.sealed`,
  table: (name: string) => `tables/${name}.csv`,
} as const;

/** What is said of each file but the manifest and its signature. */
export type FileFacts = { readonly sha256: string; readonly size: number };

export type Manifest = {
  readonly format: typeof FORMAT;
  readonly madeAt: string;
  readonly member: { readonly number: number; readonly account: string; readonly name: Text };
  readonly chain: {
    readonly chainId: number;
    readonly genesisHash: string;
    readonly block: { readonly number: string; readonly hash: Hex };
    /** By name; `bills` is the ledger. */
    readonly contracts: Readonly<Record<string, string>>;
  };
  /** Numbers of all bills that the firm is or was party to. */
  readonly bills: readonly string[];
  readonly files: Readonly<Record<string, FileFacts>>;
};

export type Signature = { readonly signer: string; readonly message: string; readonly signature: Hex };

/** What the platform's key signs, as a wallet signs a message (EIP-191). */
export const messageFor = (manifestSha256: string): string =>
  `Tallystick export\n${FILES.manifest} SHA-256 ${manifestSha256}`;

export type CashEntry = {
  readonly fromAccount: string | null;
  readonly toAccount: string | null;
  readonly amount: string;
};

/** The firm: its tables by name, rows by column. What moved on its accounts gives its balance to the cent. */
export type FirmExport = Pick<Manifest, 'format' | 'member' | 'chain'> & {
  readonly accounts: readonly string[];
  readonly balance: string;
  readonly currency: Currency;
  /** Those whose numbers stand in a bill of the firm's. */
  readonly names: readonly { readonly number: number; readonly name: Text }[];
  readonly tables: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> & {
    readonly cash_entries: readonly CashEntry[];
  };
};

/** Amounts as "1000.00", places on the line in cents, times in seconds; members by number. */
export type BillExport = {
  readonly billNo: string;
  readonly acceptor: number;
  readonly payee: number;
  readonly guarantor: number | null;
  readonly due: string;
  readonly dueOn: string;
  readonly face: string;
  readonly currency: Currency;
  readonly kind: BillKind;
  readonly status: keyof typeof STATUS_NUMBERS;
  readonly flags: number;
  readonly rulePack: number;
  readonly documentHash: Hex;
  readonly invoicesHash: Hex;
  readonly trail: Hex;
  readonly paidIn: string;
  readonly paidOut: string;
  readonly issuedAt: string;
  readonly issueTx: Hex;
  /** In order, the whole line. */
  readonly parcels: readonly ParcelExport[];
  /** Of runs of parcels that are shown, as `Bills.ledgerHash(billNo, first, end)` gives it. */
  readonly ledgerHashes: readonly { readonly first: string; readonly end: string; readonly hash: Hex }[];
  /** In order, all. */
  readonly acts: readonly ActExport[];
  readonly documents: readonly { readonly file: string; readonly kind: string; readonly keccak256: Hex }[];
};

/** Documents attached to a bill, as ciphertext, and what the firm's key opens them by (ADR 33). */
export type AttachedExport = {
  readonly billNo: string;
  readonly files: readonly {
    readonly id: string;
    /** Of the ciphertext; null: it was removed. */
    readonly file: string | null;
    readonly sha256: string;
    readonly billKey: string;
    readonly by: number;
    /** Ciphertext: kind and name. */
    readonly facts: Hex | null;
    readonly createdAt: string;
    readonly removedAt: string | null;
  }[];
  readonly keys: readonly {
    readonly id: string;
    readonly commitment: Hex;
    /** For the firm. `key`: which of its keys; `sender`: the public key of the member that wrapped it. */
    readonly wraps: readonly {
      readonly key: string;
      readonly wrapped: Hex;
      readonly by: number;
      readonly sender: Hex;
    }[];
  }[];
};

/** The firm's key for documents in force. What devices hold it by is of no use without them, and stays. */
export type DocumentKeyExport = {
  readonly id: string;
  readonly publicKey: Hex;
  /** Wrapped for the recovery code, whose public half this is; null: there is none. */
  readonly recovery: { readonly publicKey: Hex; readonly wrapped: Hex } | null;
};

export type ParcelExport = { readonly first: string; readonly end: string } & (
  | { readonly isHidden: true }
  | {
      readonly isHidden: false;
      readonly holder: number;
      readonly offeredTo: number | null;
      readonly pledgee: number | null;
      readonly paidUpTo: string;
      readonly offerUntil: string | null;
      readonly flags: number;
    }
);

/** Of an act of strangers nothing is told but its hash. A price that is others' business is left out of the facts. */
export type ActExport = {
  readonly position: number;
  readonly block: string;
  readonly at: string;
  readonly tx: Hex;
  readonly hash: Hex;
  readonly trailAfter: Hex;
  readonly name: ActEvent | null;
  readonly facts: ActFacts | null;
};

export type BlockProof = { readonly header: Hex; readonly nodes: readonly Hex[] };
export type BillProof = {
  readonly nodes: readonly Hex[];
  /** By position from 1: `topics ‖ data`; null: of this act the hash alone is to be known. */
  readonly acts: readonly (Hex | null)[];
};

/** For JSON.parse, whose result nobody has looked at yet. Throws where it is not the canonical form. */
export function readCanonical<T>(text: string): T {
  const value = JSON.parse(text) as T;
  if (canonicalJson(value) !== text) throw new Error('not canonical');
  return value;
}
