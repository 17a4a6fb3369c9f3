/** Whether an exported bill is as the ledger keeps it at the block, and whether its acts and sums agree with that. */
import { canonicalJson } from '../canonical-json.ts';
import { covers, parcelId } from '../bills/intervals.ts';
import { paidWord, parcelWord, termsWord } from '../bills/ledger-words.ts';
import { currencyNumber, parseAmount } from '../money.ts';
import { actHashOf, readAct } from './act-bytes.ts';
import { ledgerHashOf, NO_TRAIL, slotOf, storedWord, trailAfter } from './chain-words.ts';
import type { Finding, FindingCode } from './findings.ts';
import { FILES, type BillExport, type BillProof, type ParcelExport } from './format.ts';
import { bytesOf, hexOf, type Hex } from './hex.ts';
import { nodesOf, NotProven, type Nodes } from './trie.ts';

/** What was compared. */
export type BillCounts = { words: number; acts: number; hiddenActs: number; parcels: number };

type Shown = Extract<ParcelExport, { isHidden: false }>;

/** Throws where a field has not the form that it should have. */
export class BillCheck {
  readonly #bill: BillExport;
  readonly #proof: BillProof;
  readonly #nodes: Nodes;
  /** Of the ledger's storage; undefined where it is not proven itself. */
  readonly #root: Hex | undefined;
  readonly findings: Finding[] = [];
  readonly counts: BillCounts = { words: 0, acts: 0, hiddenActs: 0, parcels: 0 };

  constructor(bill: BillExport, proof: BillProof, root: Hex | undefined) {
    this.#bill = bill;
    this.#proof = proof;
    this.#nodes = nodesOf(proof.nodes);
    this.#root = root;
  }

  check(): void {
    const bill = this.#bill;
    const amount = (text: string) => parseAmount(text, bill.currency);
    const face = amount(bill.face);
    const [paidIn, paidOut] = [amount(bill.paidIn), amount(bill.paidOut)];
    const terms = termsWord({
      ...bill,
      face,
      due: BigInt(bill.due),
      currency: currencyNumber(bill.currency),
    });
    const billNo = BigInt(bill.billNo);
    this.#compare('terms', slotOf('terms', billNo), terms);
    this.#compare('trail', slotOf('trail', billNo), BigInt(bill.trail));
    this.#compare('paid', slotOf('paid', billNo), paidWord(paidIn, paidOut));
    this.#parcels(face);
    this.#ledgerHashes({ terms, trail: bill.trail, paidIn, paidOut });
    this.#acts();
    this.#sums(paidIn, paidOut);
  }

  #find(code: FindingCode, place: string, file = FILES.bill(this.#bill.billNo)): void {
    this.findings.push({ code, file, place });
  }

  #compare(place: string, slot: Uint8Array, told: bigint): void {
    if (this.#root === undefined) return; // that it is not proven is said once, of the block
    try {
      this.counts.words++;
      if (storedWord(this.#root, slot, this.#nodes) !== told) this.#find('WORD_DIFFERS', place);
    } catch (error) {
      if (!(error instanceof NotProven)) throw error;
      this.#find('NOT_PROVEN', place, FILES.proof(this.#bill.billNo));
    }
  }

  #parcels(face: bigint): void {
    const { billNo, parcels, status } = this.#bill;
    const line = parcels.map(({ first, end }) => ({ first: BigInt(first), end: BigInt(end) }));
    if (!covers(line, face)) this.#find('LINE_NOT_COVERED', placeOfGap(line));
    for (const parcel of parcels) {
      this.counts.parcels++;
      if (parcel.isHidden) continue;
      const place = `parcel ${parcel.first}`;
      if (status === 'active')
        this.#compare(
          place,
          slotOf('parcel', parcelId(BigInt(billNo), BigInt(parcel.first))),
          contentOf(parcel),
        );
      else if (contentOf(parcel) !== this.#untaken(face)) this.#find('WORD_DIFFERS', place);
    }
  }

  /** The first parcel of an issue is not stored before it is taken: it follows from the terms. */
  #untaken(face: bigint): bigint {
    const { acceptor, payee, status } = this.#bill;
    return parcelWord({
      holder: acceptor,
      offeredTo: status === 'offered' ? payee : null,
      pledgee: null,
      end: face,
      paidUpTo: 0n,
      offerUntil: null,
      flags: 0,
    });
  }

  #ledgerHashes(bill: Parameters<typeof ledgerHashOf>[0]): void {
    const { parcels, ledgerHashes } = this.#bill;
    const told = ledgerHashes.map(({ first, end, hash }) => canonicalJson({ end, first, hash }));
    runsOf(parcels).forEach((run, n) => {
      const words = run.map((parcel) => ({ first: BigInt(parcel.first), word: contentOf(parcel) }));
      const [first, end] = [run[0]!.first, run.at(-1)!.end];
      const hash = ledgerHashOf(bill, words);
      if (told[n] !== canonicalJson({ end, first, hash }))
        this.#find('LEDGER_HASH_DIFFERS', `[${first}, ${end})`);
    });
    if (told.length !== runsOf(parcels).length) this.#find('LEDGER_HASH_DIFFERS', String(told.length));
  }

  #acts(): void {
    const { acts, billNo } = this.#bill;
    let trail = NO_TRAIL;
    if (this.#proof.acts.length !== acts.length)
      this.#find('ACT_DIFFERS', `act ${Math.min(this.#proof.acts.length, acts.length) + 1}`);
    for (const [n, act] of acts.entries()) {
      const place = `act ${n + 1}`;
      const bytes = this.#proof.acts[n] ?? null;
      this.counts.acts++;
      if (bytes === null) {
        this.counts.hiddenActs++;
        if (act.facts !== null && !isPriceHidden(act)) this.#find('ACT_DIFFERS', place);
      } else {
        const content = bytesOf(bytes);
        const { name, facts } = readAct(content);
        const isAsTold = name === act.name && canonicalJson(facts) === canonicalJson(act.facts);
        if (!isAsTold || actHashOf(content) !== act.hash || facts['billNo'] !== billNo)
          this.#find('ACT_DIFFERS', place);
      }
      trail = trailAfter(trail, act.hash);
      if (act.position !== n + 1 || trail !== act.trailAfter) return this.#find('TRAIL_DIFFERS', place);
    }
    if (trail !== this.#bill.trail) this.#find('TRAIL_DIFFERS', `after act ${acts.length}`);
  }

  /** What the acts say of terms and payments, as far as their bytes are at hand. */
  #sums(paidIn: bigint, paidOut: bigint): void {
    const bill = this.#bill;
    const read = this.#proof.acts.map((bytes) => (bytes === null ? undefined : readAct(bytesOf(bytes))));
    const sumOf = (event: string) =>
      read.reduce(
        (sum, act) => (act?.name === event ? sum + BigInt(act.facts['amount'] as string) : sum),
        0n,
      );
    if (sumOf('BillFunded') !== paidIn) this.#find('SUM_DIFFERS', 'paidIn');
    if (this.counts.hiddenActs === 0 && sumOf('ParcelPaid') !== paidOut) this.#find('SUM_DIFFERS', 'paidOut');
    const issue = read[0];
    if (issue?.name !== 'BillIssued') return this.#find('ACT_DIFFERS', 'act 1');
    const told = { documentHash: bill.documentHash, invoicesHash: bill.invoicesHash };
    for (const [field, value] of Object.entries(told))
      if (issue.facts[field] !== value) this.#find('ACT_DIFFERS', field);
  }
}

/** What is told of an act is read from its bytes; of a sale that is others' business the bytes would tell the price. */
const isPriceHidden = ({ name, facts }: BillExport['acts'][number]): boolean =>
  name === 'ParcelSold' && facts?.['price'] === undefined;

const contentOf = (parcel: Shown): bigint =>
  parcelWord({
    ...parcel,
    end: BigInt(parcel.end),
    paidUpTo: BigInt(parcel.paidUpTo),
    offerUntil: parcel.offerUntil === null ? null : BigInt(parcel.offerUntil),
  });

/** Parcels that are shown and follow each other. */
export function runsOf(parcels: readonly ParcelExport[]): Shown[][] {
  const runs: Shown[][] = [];
  let isOpen = false;
  for (const parcel of parcels) {
    if (parcel.isHidden) isOpen = false;
    else if (isOpen) runs.at(-1)!.push(parcel);
    else {
      runs.push([parcel]);
      isOpen = true;
    }
  }
  return runs;
}

function placeOfGap(line: readonly { first: bigint; end: bigint }[]): string {
  let at = 0n;
  for (const { first, end } of line) {
    if (first !== at) break;
    at = end;
  }
  return `cent ${at}`;
}

/** Slots that a bill's proof has to show. */
export const slotsOf = ({
  billNo,
  parcels,
  status,
}: Pick<BillExport, 'billNo' | 'parcels' | 'status'>): Hex[] => {
  const no = BigInt(billNo);
  const stored = status === 'active' ? parcels.filter(({ isHidden }) => !isHidden) : [];
  return [
    ...(['terms', 'trail', 'paid'] as const).map((of) => slotOf(of, no)),
    ...stored.map(({ first }) => slotOf('parcel', parcelId(no, BigInt(first)))),
  ].map(hexOf);
};
