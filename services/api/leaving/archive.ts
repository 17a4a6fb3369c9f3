/** Puts an export together while it is sent: nothing is held of it but the bills of one portion. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { configure, ZipWriter } from '@zip.js/zip.js';
import { exportLinks } from '#db/audit/export.ts';
import { accountsOf, listOwnRows, OWN_TABLES, type OwnTable } from '#db/leaving/tables.ts';
import { toHex } from '#db/wire/bytes.ts';
import { canonicalJson } from '#domain/canonical-json.ts';
import { slotsOf } from '#domain/leaving/check-bill.ts';
import { FILES, messageFor, type FileFacts, type Manifest } from '#domain/leaving/format.ts';
import { canonicalParts, Streamed } from '#domain/leaving/json-stream.ts';
import { formatAmount } from '#domain/money.ts';
import type { Text } from '#domain/problems.ts';
import type { Services } from '../services.ts';
import { actsOf, billsOf, portions, type OneAct, type OneBill, type Taking } from './bills.ts';
import { attachedTo, documentKeyOf, documentsOf } from './documents.ts';
import type { LedgerProofs } from './proofs.ts';
import { README } from './readme.ts';
import { columnNames, csvParts, takenOf, type Taken } from './rows.ts';
import { SHEET_ACTS, sheetOf } from './sheet/sheet.ts';

configure({ useWebWorkers: false });

const ROWS = 500;

type Parts = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
type File = readonly [name: string, parts: Parts];
type Used = Pick<
  Services,
  'db' | 'provider' | 'deployment' | 'names' | 'trail' | 'sheets' | 'exportSigner' | 'verifierFile'
>;
export type Leaver = {
  readonly taking: Taking;
  readonly manifest: Omit<Manifest, 'bills' | 'files'>;
  readonly proofs: LedgerProofs;
};

/**
 * The archive as it is sent. A failure breaks it off, so that it has no end and nobody takes it for whole.
 * @param done Told the hash of the manifest.
 */
export function archiveOf(used: Used, leaver: Leaver, done: (manifestSha256: string) => void): Readable {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const output = Readable.fromWeb(readable as never);
  write(used, leaver, writable, done).catch(async (error: Error) => {
    await writable.abort(error).catch(() => undefined);
    output.destroy(error);
  });
  return output;
}

async function write(
  used: Used,
  leaver: Leaver,
  writable: WritableStream<Uint8Array>,
  done: (manifestSha256: string) => void,
): Promise<void> {
  const writer = new ZipWriter(writable, { lastModDate: new Date(leaver.manifest.madeAt) });
  const files: Record<string, FileFacts> = {};
  const bills: string[] = [];
  const add = async ([name, parts]: File): Promise<FileFacts> => {
    const hash = createHash('sha256');
    let size = 0;
    const counted = async function* () {
      for await (const part of parts) {
        const bytes = typeof part === 'string' ? Buffer.from(part) : part;
        hash.update(bytes);
        size += bytes.length;
        yield bytes;
      }
    };
    await writer.add(name, Readable.toWeb(Readable.from(counted(), { objectMode: false })) as never);
    return { sha256: hash.digest('hex'), size };
  };
  for await (const file of filesOf(used, leaver, bills)) files[file[0]] = await add(file);
  const manifest: Manifest = { ...leaver.manifest, bills, files };
  const { sha256 } = await add([FILES.manifest, [canonicalJson(manifest)]]);
  const { exportSigner } = used;
  const message = messageFor(sha256);
  const signature = {
    signer: await exportSigner.address(),
    message,
    signature: await exportSigner.sign(message),
  };
  await add([FILES.signature, [canonicalJson(signature)]]);
  await writer.close();
  done(sha256);
}

async function* filesOf(used: Used, leaver: Leaver, bills: string[]): AsyncGenerator<File> {
  const { taking, manifest, proofs } = leaver;
  yield [FILES.readme, [README]];
  if (used.verifierFile !== undefined) yield [FILES.verifier, [await readFile(used.verifierFile)]];
  yield [FILES.block, [canonicalJson(proofs.block)]];
  const known = new Set([taking.viewer.member]);
  for await (const portion of billsOf(taking)) {
    const nodes = await proofs.nodesFor(portion.map(({ facts }) => slotsOf(facts)));
    for (const [n, bill] of portion.entries()) {
      bills.push(bill.facts.billNo);
      yield* filesOfBill(used, leaver, bill, nodes[n]!, known);
    }
  }
  const documentKey = await documentKeyOf(taking);
  if (documentKey !== undefined) yield [FILES.documentKey, [canonicalJson(documentKey)]];
  yield* tablesOf(taking);
  const { accounts, balance } = await accountsOf(taking.db, taking.viewer, taking.block);
  const own = { member: taking.viewer.member, block: taking.block, accounts };
  const { currency } = used.deployment;
  for (const table of OWN_TABLES)
    yield [
      FILES.table(table.name),
      csvParts(columnNames(table.columns), rowsOf(taking, table, own, currency)),
    ];
  await used.trail.flush();
  yield [FILES.audit, exportLinks(taking.db, taking.viewer, 0n)];
  const ref = await used.names.of(known);
  const firm = new Streamed({
    ...manifest,
    accounts: accounts.map(toHex),
    balance: formatAmount(balance, currency),
    currency,
    names: [...known].sort((a, b) => a - b).map(ref),
    tables: new Streamed(
      Object.fromEntries(OWN_TABLES.map((table) => [table.name, rowsOf(taking, table, own, currency)])),
    ),
  });
  yield [FILES.firm, canonicalParts(firm)];
}

async function* filesOfBill(
  { names, sheets }: Used,
  { taking, manifest, proofs }: Leaver,
  bill: OneBill,
  nodes: readonly `0x${string}`[],
  known: Set<number>,
): AsyncGenerator<File> {
  const { row, facts } = bill;
  if (proofs.word(slotsOf(facts)[1]!, nodes) !== BigInt(facts.trail))
    throw new Error(`bill ${facts.billNo} is not on the chain as it is here`);
  const documents = documentsOf(row);
  const shown: OneAct[] = [];
  let count = 0;
  const acts = async function* () {
    for await (const { bytes: _, ...act } of actsOf(taking, row.bill_no)) {
      count++;
      if (act.name !== null && shown.length < SHEET_ACTS) shown.push({ ...act, bytes: null });
      for (const field of MEMBERS) {
        const member = act.facts?.[field];
        if (typeof member === 'number' && member > 0) known.add(member);
      }
      yield act;
    }
  };
  for (const member of [row.acceptor, row.payee]) known.add(member);
  for (const parcel of facts.parcels)
    if (!parcel.isHidden)
      for (const member of [parcel.holder, parcel.offeredTo, parcel.pledgee])
        if (member !== null) known.add(member);
  yield [
    FILES.bill(facts.billNo),
    canonicalParts(
      new Streamed({
        ...facts,
        acts: acts(),
        documents: documents.map(({ content: _, ...document }) => document),
      }),
    ),
  ];
  const bytes = async function* () {
    for await (const act of actsOf(taking, row.bill_no)) yield act.bytes;
  };
  yield [FILES.proof(facts.billNo), canonicalParts(new Streamed({ nodes, acts: bytes() }))];
  for (const { file, content } of documents) yield [file, [content]];
  const attached = await attachedTo(taking, row.bill_no);
  if (attached !== undefined) {
    for (const { by } of attached.listed.files) known.add(by);
    yield [FILES.attached(facts.billNo), [canonicalJson(attached.listed)]];
    for await (const [file, content] of attached.contents) yield [file, [content]];
  }
  const ref = await names.of(known);
  const nameOf = (member: number): Text => ref(member).name;
  yield [FILES.sheet(facts.billNo), [await sheets.draw(sheetOf(bill, shown, count, manifest, nameOf))]];
}

/** Fields of acts that name a member. */
const MEMBERS = ['acceptor', 'payee', 'holder', 'offeredTo', 'from', 'to', 'by', 'seller', 'buyer', 'payer'];

const BILL_COLUMNS = [
  'billNo',
  'kind',
  'status',
  'acceptor',
  'payee',
  'guarantor',
  'face',
  'paidIn',
  'paidOut',
  'currency',
  'dueOn',
  'issuedAt',
  'documentHash',
  'trail',
];
const PARCEL_COLUMNS = ['billNo', 'first', 'end', 'isHidden', 'holder', 'offeredTo', 'pledgee', 'paidUpTo'];
const ACT_COLUMNS = ['billNo', 'position', 'block', 'at', 'tx', 'name', 'facts', 'hash', 'trailAfter'];

/** The bills once more, as tables. */
function* tablesOf(taking: Taking): Generator<File> {
  const each = async function* (rows: (bill: OneBill) => AsyncIterable<Taken> | Iterable<Taken>) {
    for await (const portion of billsOf(taking)) for (const bill of portion) yield* rows(bill);
  };
  yield [
    FILES.table('bills'),
    csvParts(
      BILL_COLUMNS,
      each(({ facts }) => [facts]),
    ),
  ];
  yield [
    FILES.table('parcels'),
    csvParts(
      PARCEL_COLUMNS,
      each(({ facts: { billNo, parcels } }) => parcels.map((parcel) => ({ billNo, ...parcel }))),
    ),
  ];
  yield [
    FILES.table('acts'),
    csvParts(
      ACT_COLUMNS,
      each(async function* ({ row, facts: { billNo } }) {
        for await (const act of actsOf(taking, row.bill_no)) yield { billNo, ...act };
      }),
    ),
  ];
}

async function* rowsOf(
  { db, viewer }: Taking,
  table: OwnTable,
  own: Parameters<OwnTable['rows']>[0],
  currency: Used['deployment']['currency'],
): AsyncGenerator<Taken> {
  for await (const rows of portions((page) => listOwnRows(db, viewer, table, own, page), ROWS))
    for (const row of rows) yield takenOf(row, table.columns, currency);
}
