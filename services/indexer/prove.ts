import type { Deployment } from '#chain/deployment.ts';
import { toHex } from '#db/bytes.ts';
import { blockHash, readCursor, recordProof } from '#db/chain/store.ts';
import type { Database } from '#db/connect.ts';
import { billsAt, billsChanged, type BillWithParcels } from '#db/ledger/proof.ts';
import { ask, type Difference, type Question } from './ask.ts';
import { ledgerHash } from './ledger-hash.ts';
import type { Rpc } from './rpc.ts';

const CHUNK = 500;

const question = (bill: BillWithParcels): Question => ({
  about: `bill ${bill.bill.bill_no}`,
  contract: 'bills',
  view: 'ledgerHash',
  args: [bill.bill.bill_no],
  expected: [toHex(ledgerHash(bill))],
});

/** Bills of the read model at a block whose hash the chain does not confirm. */
export async function differingBills(
  db: Database,
  rpc: Rpc,
  deployment: Deployment,
  block: { number: bigint; hash: Buffer },
  billNos: readonly bigint[],
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (let at = 0; at < billNos.length; at += CHUNK) {
    const bills = await billsAt(db, billNos.slice(at, at + CHUNK), block.number);
    differences.push(...(await ask(rpc, deployment, block.hash, bills.map(question))));
  }
  return differences;
}

/**
 * Proves at the newest block the bills on which anything happened since the last proof; the others are as they were.
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
  const changed = await billsChanged(db, proved ?? -1n, block.number);
  const [difference] = await differingBills(db, rpc, deployment, block, changed);
  if (difference === undefined) return (await recordProof(db, block)) ? block.number : proved;
  if (!(await blockHash(db, block.number))?.equals(block.hash)) return proved;
  const { about, ledger, chain } = difference;
  throw new Error(
    `${about} differs from the chain at block ${block.number}: hash ${ledger} here, ${chain} there`,
  );
}
