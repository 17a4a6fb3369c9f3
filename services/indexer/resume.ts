import type { Deployment } from '#chain/deployment.ts';
import { toBytes } from '#db/wire/bytes.ts';
import { createCursor, readCursor, recordStop } from '#db/chain/store.ts';
import type { Database } from '#db/wire/connect.ts';
import { readHeaders } from './blocks.ts';
import { Retry } from './errors.ts';
import type { Rpc } from './rpc.ts';
import type { Point } from './write.ts';

/** The block up to which the read model is written. Throws if node, database and deployment are not of one chain. */
export async function resume(db: Database, rpc: Rpc, deployment: Deployment): Promise<Point> {
  const before = BigInt(Math.max(0, deployment.startBlock - 1));
  const chainId = Number(await rpc.one<string>('eth_chainId'));
  if (chainId !== deployment.chainId)
    throw new Error(`the node is of chain ${chainId}, the deployment of chain ${deployment.chainId}`);
  const [genesis, first] = await readHeaders(rpc, [0n, before]);
  if (genesis === undefined) throw new Retry('the node has no block 0');
  const genesisHash = toBytes(deployment.genesisHash);
  if (!genesis.hash.equals(genesisHash)) throw new Error('the node is of another chain than the deployment');
  const bills = toBytes(deployment.addresses.bills);
  const cursor = await readCursor(db);
  if (cursor === undefined) {
    if (first === undefined) throw new Retry(`the node has no block ${before} yet`);
    await createCursor(db, { genesis_hash: genesisHash, bills }, first);
    return { number: first.number, hash: first.hash };
  }
  if (!cursor.genesis_hash.equals(genesisHash) || !cursor.bills.equals(bills))
    throw new Error('the database holds the books of another deployment');
  if (cursor.stopped_reason !== null) await recordStop(db, null);
  return { number: cursor.block_number, hash: cursor.block_hash };
}
