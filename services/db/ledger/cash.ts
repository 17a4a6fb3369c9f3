import type { Announced, Ledger } from './ledger.ts';

/** `from` null: issued by a settlement bank; `to` null: redeemed. */
export async function moveCash(
  ledger: Ledger,
  from: Buffer | null,
  to: Buffer | null,
  amount: bigint,
): Promise<void> {
  if (from !== null) await addToBalance(ledger, from, -amount);
  if (to !== null) await addToBalance(ledger, to, amount);
  const { log, at } = ledger.moment;
  const announced = takeAnnounced(ledger, amount);
  ledger.cashEntries.add({
    block_number: log.block_number,
    log_index: log.log_index,
    tx_hash: log.tx_hash,
    from_account: from,
    to_account: to,
    amount_minor: amount,
    kind: from === null ? 'deposit' : to === null ? 'redeem' : (announced?.kind ?? 'transfer'),
    bill_no: announced?.billNo ?? null,
    bank: null,
    at,
  });
}

/** Notes which settlement bank issued or redeems what the same transaction just moved. */
export function nameSettlementBank(ledger: Ledger, bank: number, amount: bigint): void {
  const entry = ledger.cashEntries.last();
  if (!entry?.tx_hash.equals(ledger.moment.log.tx_hash) || entry.amount_minor !== amount)
    throw new Error(`bank ${bank} speaks of ${amount} that did not move`);
  entry.bank = bank;
}

/** An act tells of the payment that follows it: who reads the statement learns what it was for. */
export function announcePayment(
  ledger: Ledger,
  kind: Announced['kind'],
  billNo: bigint,
  amount: bigint,
): void {
  ledger.announced = { kind, billNo, amount, txHash: ledger.moment.log.tx_hash };
}

function takeAnnounced(ledger: Ledger, amount: bigint): Announced | undefined {
  const { announced } = ledger;
  if (announced?.amount !== amount || !announced.txHash.equals(ledger.moment.log.tx_hash)) return undefined;
  ledger.announced = undefined;
  return announced;
}

async function addToBalance(ledger: Ledger, account: Buffer, change: bigint): Promise<void> {
  const balance = (await ledger.balances.get({ account }))?.balance_minor ?? 0n;
  await ledger.balances.set({ account, balance_minor: balance + change });
}
