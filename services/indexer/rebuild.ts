import { keccak256 } from '#chain/keccak.ts';
import type { Deployment } from '#chain/deployment.ts';
import { beginBackFill, blocksWithLogs, endBackFill, forgetProof, readCursor } from '#db/chain/store.ts';
import { openWriter } from '#db/chain/writer.ts';
import { Ledger } from '#db/ledger/ledger.ts';
import { applierOf } from './apply.ts';

const CHUNK = 500;

type Config = { readonly databaseUrl: string; readonly deployment: Deployment; readonly patienceMs?: number };

/**
 * Empties the read model and makes it anew from the raw logs, without the chain, in one transaction: readers see the old
 * one or the new one. Needs the right to write, so no indexer may run.
 */
export async function rebuild({ databaseUrl, deployment, patienceMs = 5_000 }: Config): Promise<void> {
  const db = await openWriter(databaseUrl, patienceMs);
  try {
    const applier = applierOf(deployment);
    const ledger = await Ledger.open(db, keccak256);
    await db.transaction().execute(async (trx) => {
      if ((await readCursor(trx)) === undefined) return;
      ledger.readFrom(trx);
      await ledger.empty();
      await beginBackFill(trx);
      for (let after = -1n; ;) {
        const blocks = await blocksWithLogs(trx, after, CHUNK);
        if (blocks.length === 0) break;
        await applier.preload(ledger, blocks);
        for (const block of blocks) await applier.apply(ledger, block);
        for (const change of ledger.collect()) await change(trx);
        if (ledger.isFull) ledger.forget();
        after = blocks.at(-1)!.number;
      }
      await endBackFill(trx);
      await forgetProof(trx);
    });
  } finally {
    await db.destroy();
  }
}
