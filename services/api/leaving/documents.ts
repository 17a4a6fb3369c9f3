/** The documents of a bill that go with it: one line for each kind that there is. A new kind of document is added here. */
import { keccak256 } from 'ethers';
import type { PartyBill } from '#db/leaving/bills.ts';
import { FILES, type BillExport } from '#domain/leaving/format.ts';
import type { Hex } from '#domain/leaving/hex.ts';

type Taken = BillExport['documents'][number] & { readonly content: Uint8Array };
type Source = (bill: PartyBill) => readonly Omit<Taken, 'keccak256'>[];

const SOURCES: readonly Source[] = [
  // What the acceptor confirmed, word for word: its hash is on chain.
  ({ bill_no, document }) =>
    document === null
      ? []
      : [{ file: FILES.terms(String(bill_no)), kind: 'terms', content: Buffer.from(document) }],
];

export const documentsOf = (bill: PartyBill): Taken[] =>
  SOURCES.flatMap((source) => source(bill)).map((document) => ({
    ...document,
    keccak256: keccak256(document.content) as Hex,
  }));
