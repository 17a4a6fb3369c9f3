import type { Deployment } from '#chain/deployment.ts';
import { toHex } from '#db/wire/bytes.ts';
import { blockHash, readCursor, recordProof } from '#db/chain/store.ts';
import type { Database } from '#db/wire/connect.ts';
import { billsAt, billsChanged, type BillWithParcels } from '#db/ledger/proof.ts';
import { ask, type Difference, type Question } from './ask.ts';
import { ledgerHash } from './ledger-hash.ts';
import type { Rpc } from './rpc.ts';

const CHUNK = 500;

/** Parcels that one question covers: a node answers it within its gas. */
const PARCELS = 500;

/** The bill itself is asked about even where none of its parcels changed; neighbours are asked about together. */
function questionsAbout({ bill, parcels }: BillWithParcels): Question[] {
  const runs: BillWithParcels['parcels'][] = parcels.length === 0 ? [[]] : [];
  for (const parcel of parcels) {
    const run = runs.at(-1);
    if (run !== undefined && run.length < PARCELS && run.at(-1)?.end === parcel.first) run.push(parcel);
    else runs.push([parcel]);
  }
  return runs.map((run) => ({
    about: `bill ${bill.bill_no}`,
    contract: 'bills',
    view: 'ledgerHash',
    args: [bill.bill_no, run[0]?.first ?? 0n, run.at(-1)?.end ?? 0n],
    expected: [toHex(ledgerHash({ bill, parcels: run }))],
  }));
}

/** Bills of the read model at a block whose hash, with the parcels that changed after block `since`, the chain does not confirm. */
export async function differingBills(
  db: Database,
  rpc: Rpc,
  deployment: Deployment,
  block: { number: bigint; hash: Buffer },
  billNos: readonly bigint[],
  since: bigint,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (let at = 0; at < billNos.length; at += CHUNK) {
    const bills = await billsAt(db, billNos.slice(at, at + CHUNK), block.number, since);
    differences.push(...(await ask(rpc, deployment, block.hash, bills.flatMap(questionsAbout))));
  }
  return differences;
}

/**
 * Proves at the newest block the bills on which anything happened since the last proof, and their parcels that changed; the others
 * are as they were, so what many pieces of one holder cost does not fall on who acts on another piece.
 * Throws if one differs. Proves nothing where the chain took the block back meanwhile.
 *
 * @returns the block up to which all is proved.
 */
export async function prove(db: Database, rpc: Rpc, deployment: Deployment): Promise<bigint | undefined> {
  const cursor = await readCursor(db);
  if (cursor === undefined) return undefined;
  const proved = cursor.proved_block ?? undefined;
  if (proved === cursor.block_number) return proved;
  const block = { number: cursor.block_number, hash: cursor.block_hash };
  const since = proved ?? -1n;
  const changed = await billsChanged(db, since, block.number);
  const [difference] = await differingBills(db, rpc, deployment, block, changed, since);
  if (difference === undefined) return (await recordProof(db, block)) ? block.number : proved;
  if (!(await blockHash(db, block.number))?.equals(block.hash)) return proved;
  const { about, ledger, chain } = difference;
  throw new Error(
    `${about} differs from the chain at block ${block.number}: hash ${ledger} here, ${chain} there`,
  );
}
