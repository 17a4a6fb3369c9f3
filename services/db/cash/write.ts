import type { Announced, Ledger } from '../ledger/ledger.ts';

/** `from` null: issued by a settlement bank; `to` null: paid out by one. */
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
    kind: announced?.kind ?? 'transfer',
    bill_no: announced?.billNo ?? null,
    bank: null,
    reference: null,
    at,
  });
}

/** Notes why the same transaction just moved `amount`: what a settlement bank booked, or was asked for. */
export function nameBooking(
  ledger: Ledger,
  kind: 'deposit' | 'redeem' | 'redeemed' | 'returned',
  bank: number,
  amount: bigint,
  reference: Buffer | null = null,
): void {
  const entry = ledger.cashEntries.last();
  if (!entry?.tx_hash.equals(ledger.moment.log.tx_hash) || entry.amount_minor !== amount)
    throw new Error(`bank ${bank} speaks of ${amount} that did not move`);
  Object.assign(entry, { kind, bank, reference });
}

const NO_BOOK = { cap_minor: 0n, issued_minor: 0n, pending_minor: 0n };
type Book = typeof NO_BOOK;

/** Changes the book of a settlement bank. */
export async function setBook(
  ledger: Ledger,
  bank: number,
  change: (book: Book) => Partial<Book>,
): Promise<void> {
  const { cap_minor, issued_minor, pending_minor } = (await ledger.books.get({ bank })) ?? NO_BOOK;
  const book = { cap_minor, issued_minor, pending_minor };
  await ledger.books.set({ bank, ...book, ...change(book) });
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

/** The member's deposits follow it to its new account. */
export async function announceMove(ledger: Ledger, from: Buffer): Promise<void> {
  const amount = (await ledger.balances.get({ account: from }))?.balance_minor ?? 0n;
  ledger.announced = { kind: 'move', billNo: null, amount, txHash: ledger.moment.log.tx_hash };
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
