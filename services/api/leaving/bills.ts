/** A firm's bills as it takes them away: what it may see of their lines, their acts with the bytes that it may read. */
import { listPartyBills, actBytes, type PartyBill } from '#db/leaving/bills.ts';
import { actsQuery, type ActRow } from '#db/bills/acts.ts';
import { parcelsQuery, type ParcelRow } from '#db/bills/parcels.ts';
import { ask, type Query, type Viewer } from '#db/access/access.ts';
import { toHex } from '#db/wire/bytes.ts';
import type { Database } from '#db/wire/connect.ts';
import type { Page, PageOf } from '#db/wire/page.ts';
import { termsWord, parcelWord } from '#domain/bills/ledger-words.ts';
import { readAct } from '#domain/leaving/act-bytes.ts';
import { ledgerHashOf } from '#domain/leaving/chain-words.ts';
import { runsOf } from '#domain/leaving/check-bill.ts';
import type { ActExport, BillExport, ParcelExport } from '#domain/leaving/format.ts';
import type { Hex } from '#domain/leaving/hex.ts';
import { currencyOfNumber, formatAmount } from '#domain/money.ts';

/** Rows of one trip to the database. */
const PORTION = 500;
/** Bills that are proved with one question to the node. */
const BILLS = 25;

const hex = (bytes: Buffer): Hex => toHex(bytes) as Hex;

/** Whose, and as of which block. */
export type Taking = { readonly db: Database; readonly viewer: Viewer; readonly block: bigint };

/** A bill with the line that its viewer sees; its acts are read when they are written. */
export type OneBill = { readonly row: PartyBill; readonly facts: Omit<BillExport, 'acts' | 'documents'> };
/** With `topics ‖ data` where its viewer may read them. */
export type OneAct = ActExport & { readonly bytes: Hex | null };

/** In portions, by number. */
export async function* billsOf({ db, viewer, block }: Taking): AsyncGenerator<OneBill[]> {
  const read = (page: PageOf) => listPartyBills(db, viewer, block, page);
  for await (const rows of portions(read, BILLS)) {
    const bills: OneBill[] = [];
    for (const row of rows) {
      const query = (page: PageOf) => parcelsQuery(viewer, row.bill_no, block, page);
      const parcels: ParcelExport[] = [];
      for await (const some of portions(asking(db, viewer, query), PORTION))
        parcels.push(...some.map(parcelOf));
      bills.push({ row, facts: factsOf(row, parcels) });
    }
    yield bills;
  }
}

function factsOf(row: PartyBill, parcels: readonly ParcelExport[]): OneBill['facts'] {
  const currency = currencyOfNumber(row.currency);
  const terms = termsWord({ ...row, face: row.face_minor, rulePack: row.rule_pack });
  const words = {
    terms,
    trail: hex(row.trail),
    paidIn: row.paid_in_minor,
    paidOut: row.paid_out_minor,
  };
  return {
    billNo: String(row.bill_no),
    acceptor: row.acceptor,
    payee: row.payee,
    guarantor: row.guarantor,
    due: String(row.due),
    dueOn: row.due_on,
    face: formatAmount(row.face_minor, currency),
    currency,
    kind: row.kind,
    status: row.status,
    flags: row.flags,
    rulePack: row.rule_pack,
    documentHash: hex(row.document_hash),
    invoicesHash: hex(row.invoices_hash),
    trail: words.trail,
    paidIn: formatAmount(row.paid_in_minor, currency),
    paidOut: formatAmount(row.paid_out_minor, currency),
    issuedAt: row.issued_at.toISOString(),
    issueTx: hex(row.issue_tx),
    parcels,
    ledgerHashes: runsOf(parcels).map((run) => ({
      first: run[0]!.first,
      end: run.at(-1)!.end,
      hash: ledgerHashOf(
        words,
        run.map((parcel) => ({
          first: BigInt(parcel.first),
          word: parcelWord({
            ...parcel,
            end: BigInt(parcel.end),
            paidUpTo: BigInt(parcel.paidUpTo),
            offerUntil: parcel.offerUntil === null ? null : BigInt(parcel.offerUntil),
          }),
        })),
      ),
    })),
  };
}

/** Of a parcel of strangers the range alone. */
function parcelOf(row: ParcelRow): ParcelExport {
  const range = { first: String(row.first), end: String(row.end) };
  if (!row.shown) return { ...range, isHidden: true };
  return {
    ...range,
    isHidden: false,
    holder: row.holder,
    offeredTo: row.offered_to,
    pledgee: row.pledgee,
    paidUpTo: String(row.paid_up_to_minor),
    offerUntil: row.offer_until === null ? null : String(row.offer_until),
    flags: row.flags,
  };
}

/** In the order of the trail, up to the block. */
export async function* actsOf({ db, viewer, block }: Taking, billNo: bigint): AsyncGenerator<OneAct> {
  const query = (page: PageOf) => actsQuery(viewer, billNo, { endorsements: false }, page);
  for await (const all of portions(asking(db, viewer, query), PORTION)) {
    const rows = all.filter(({ block_number }) => block_number <= block);
    const shown = rows.filter((row) => row.shown);
    const bytes = await actBytes(db, viewer, shown);
    const bytesOf = new Map(shown.map((row, n) => [row, bytes[n]!]));
    for (const row of rows) yield actOf(row, bytesOf.get(row), viewer);
    if (rows.length < all.length) return;
  }
}

/** The price of a sale is the business of seller and buyer. */
function actOf(row: ActRow, bytes: Buffer | undefined, { member }: Viewer): OneAct {
  const read = bytes && readAct(bytes);
  const hidesPrice = row.price_minor !== null && row.from_member !== member && row.to_member !== member;
  const { price: _, ...facts } = read?.facts ?? {};
  return {
    position: Number(row.position),
    block: String(row.block_number),
    at: row.at.toISOString(),
    tx: hex(row.tx_hash),
    hash: hex(row.act_hash),
    trailAfter: hex(row.trail_after),
    name: read?.name ?? null,
    facts: read === undefined ? null : hidesPrice ? facts : read.facts,
    bytes: bytes === undefined || hidesPrice ? null : hex(bytes),
  };
}

const asking =
  <Row>(db: Database, viewer: Viewer, query: (page: PageOf) => Query<Page<Row>>) =>
  async (page: PageOf): Promise<Page<Row>> =>
    (await ask(db, viewer, query(page)))[0];

/** All pages of a list, one after the other. */
export async function* portions<Row>(
  read: (page: PageOf) => Promise<Page<Row>>,
  limit: number,
): AsyncGenerator<Row[]> {
  for (let after: readonly string[] | undefined; ;) {
    const { rows, next } = await read({ limit, after });
    if (rows.length > 0) yield rows;
    if (next === null) return;
    after = next;
  }
}
