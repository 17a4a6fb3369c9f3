import type { Deployment } from '#chain/deployment.ts';
import { Nodes } from '#chain/nodes.ts';
import { readCursor, recordProof } from '#db/chain/store.ts';
import { connect } from '#db/wire/connect.ts';
import { billsChanged, booksAt } from '#db/ledger/proof.ts';
import { ask, type Difference } from './ask.ts';
import { differingBills } from './prove.ts';
import { questionsOf } from './questions.ts';
import { connectRpc } from './rpc.ts';

export type Verification = {
  readonly block: bigint;
  /** How many of each were compared. */
  readonly checked: Readonly<
    Record<'bills' | 'members' | 'balances' | 'lines' | 'invoices' | 'quotes', number>
  >;
  readonly differences: readonly Difference[];
};

type Config = { readonly databaseUrl: string; readonly rpcUrl: string; readonly deployment: Deployment };

/**
 * Compares the whole read model with the chain at the block that it has reached: every bill by its ledger hash, and the
 * books of members, cash, lines, invoices and quotes. Records the block as proved if all is equal. Trusts nothing that the
 * indexer said of itself.
 */
export async function verify({ databaseUrl, rpcUrl, deployment }: Config): Promise<Verification> {
  const db = connect(databaseUrl, {
    role: 'tallystick_indexer',
    applicationName: 'tallystick-verify',
    max: 4,
  });
  const nodes = new Nodes(rpcUrl, deployment, { log: { warn: () => {} } });
  try {
    const rpc = connectRpc((await nodes.pinned()).ask);
    const cursor = await readCursor(db);
    if (cursor === undefined) throw new Error('there is no read model yet: nothing was indexed');
    const block = { number: cursor.block_number, hash: cursor.block_hash };
    const billNos = await billsChanged(db, -1n, block.number);
    const books = await booksAt(db, block.number);
    const differences = [
      ...(await differingBills(db, rpc, deployment, block, billNos, -1n)),
      ...(await ask(rpc, deployment, block.hash, questionsOf(books))),
    ];
    if (differences.length === 0) await recordProof(db, block);
    return {
      block: block.number,
      checked: {
        bills: billNos.length,
        members: books.members.length,
        balances: books.balances.length,
        lines: books.lines.length + books.groupLines.length,
        invoices: books.invoices.length,
        quotes: books.quotes.length,
      },
      differences,
    };
  } finally {
    nodes.close();
    await db.destroy();
  }
}
