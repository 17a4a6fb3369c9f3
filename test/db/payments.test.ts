import { keccak256 } from '#chain/keccak.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '#db/wire/connect.ts';
import { useNonce } from '#db/accounts/write.ts';
import { announcePayment, moveCash } from '#db/cash/write.ts';
import { Ledger } from '#db/ledger/ledger.ts';
import { migrate } from '#db/migrate.ts';
import { startTemporaryPostgres, type Postgres } from '#embedded/postgres.ts';

const tx = Buffer.alloc(32, 7);
const [buyer, seller, firm] = [1, 2, 3].map((n) => Buffer.alloc(20, n)) as [Buffer, Buffer, Buffer];

describe('what a payment was for', () => {
  let postgres: Postgres;
  let db: Database;
  let ledger: Ledger;
  let logs = 0;

  beforeAll(async () => {
    postgres = await startTemporaryPostgres();
    await migrate(postgres.url);
    db = connect(postgres.url);
    ledger = await Ledger.open(db, keccak256);
    ledger.enterBlock(1n);
  });
  afterAll(async () => {
    await db?.destroy();
    await postgres?.close();
  });

  const nextLog = () => {
    const place = { block_number: 1n, log_index: logs++, tx_index: 0, tx_hash: tx };
    const log = { ...place, address: firm, topics: tx, data: tx };
    ledger.enterLog({ log, at: new Date(0) });
  };
  const pay = async (from: Buffer, to: Buffer) => {
    nextLog();
    await moveCash(ledger, from, to, 5n);
    return ledger.cashEntries.last()!.kind;
  };

  it('is what its act said before it, in whatever company the act goes', async () => {
    nextLog();
    await moveCash(ledger, null, buyer, 100n);
    await moveCash(ledger, null, firm, 100n);
    nextLog();
    useNonce(ledger, buyer, 0n);
    announcePayment(ledger, 'purchase', 1n, 5n);
    expect(await pay(buyer, seller)).toBe('purchase');
    // Sold on another rail: no cash moves. The next act of the transaction moves as much, for another reason.
    nextLog();
    useNonce(ledger, buyer, 1n);
    announcePayment(ledger, 'purchase', 2n, 5n);
    nextLog();
    useNonce(ledger, firm, 0n);
    expect(await pay(firm, seller)).toBe('transfer');
  });
});
