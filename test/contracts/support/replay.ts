import { AbiCoder, concat, keccak256, type Log } from 'ethers';
import { interfaces } from '#chain/contracts.ts';

const words = (...values: unknown[]): string =>
  AbiCoder.defaultAbiCoder().encode(
    values.map((value) => (typeof value === 'string' ? 'bytes32' : 'uint256')),
    values,
  );

/** `hash 240 | splitsLeft 16` after an act, as IBills says it: from the log alone. */
function extended(trail: bigint, log: Log): bigint {
  const event = interfaces.bills.parseLog(log)!;
  const { cutFrom, first, maxSplits } = event.args;
  const before = event.name === 'BillIssued' ? (maxSplits as bigint) : trail & 0xffffn;
  const splitsLeft = cutFrom !== undefined && cutFrom !== first ? before - 1n : before;
  const link = keccak256(
    concat([words(trail - (trail & 0xffffn)), keccak256(concat([...log.topics, log.data]))]),
  );
  return BigInt(link) - (BigInt(link) & 0xffffn) + splitsLeft;
}

/** Whether a log of the ledger is an act on a bill: then the bill's number is its first argument. */
export const isAct = (log: Log): boolean =>
  interfaces.bills.parseLog(log)?.fragment.inputs[0]?.name === 'billNo';

/** The trail word of a bill from its logs, in order. */
export const trailOf = (logs: readonly Log[]): bigint => logs.reduce(extended, 0n);

export type Piece = {
  first: bigint;
  end: bigint;
  holder: bigint;
  offeredTo: bigint;
  pledgee: bigint;
  paidUpTo: bigint;
  offerUntil: bigint;
  flags: bigint;
};

const slotOf = (p: Piece): bigint =>
  (p.holder << 224n) |
  (p.offeredTo << 192n) |
  (p.pledgee << 160n) |
  (p.end << 104n) |
  (p.paidUpTo << 48n) |
  (p.offerUntil << 8n) |
  p.flags;

/** A bill as its logs tell it: all that the read model knows of it. */
export type Replayed = { terms: bigint; paidIn: bigint; paidOut: bigint; pieces: Piece[] };

export function replayed(logs: readonly Log[]): Replayed {
  let bill: Replayed = { terms: 0n, paidIn: 0n, paidOut: 0n, pieces: [] };
  for (const log of logs) {
    const { name, args } = interfaces.bills.parseLog(log)!;
    bill = (ACTS[name] ?? unknown(name))(bill, args as unknown as Args);
  }
  return bill;
}

type Args = Record<string, bigint>;
type Replay = (bill: Replayed, args: Args) => Replayed;

const unknown = (name: string): never => {
  throw new Error(`the replay knows no ${name}`);
};
const status = (terms: bigint, value: bigint): bigint => (terms & ~(0xffn << 48n)) | (value << 48n);
const NEW = { offeredTo: 0n, pledgee: 0n, offerUntil: 0n, flags: 0n };

/** Puts a piece into the line; what it was cut from keeps the rest. */
const placed = ({ pieces, ...bill }: Replayed, at: bigint, change: (whole: Piece) => Piece): Replayed => ({
  ...bill,
  pieces: pieces.flatMap((piece) => {
    if (piece.first !== at) return [piece];
    const changed = change(piece);
    return changed.first === at ? [changed] : [{ ...piece, end: changed.first }, changed];
  }),
});
const changed =
  (change: (args: Args) => Partial<Piece>): Replay =>
  (bill, args) =>
    placed(bill, args.cutFrom ?? args.first!, (piece) => ({ ...piece, ...change(args) }));
const ended = changed(() => ({ offeredTo: 0n, offerUntil: 0n }));

const ACTS: Record<string, Replay> = {
  BillIssued: (_, a) => ({
    terms:
      (a.acceptor! << 224n) |
      (a.payee! << 192n) |
      (a.due! << 120n) |
      (a.face! << 64n) |
      (a.kind! << 56n) |
      (1n << 48n) |
      (a.flags! << 32n) |
      (a.rulePack! << 16n) |
      a.currency!,
    paidIn: 0n,
    paidOut: 0n,
    pieces: [{ ...NEW, first: 0n, end: a.face!, holder: a.acceptor!, offeredTo: a.payee!, paidUpTo: 0n }],
  }),
  BillTaken: ({ pieces, terms, ...bill }, a) => ({
    ...bill,
    terms: status(terms, 2n),
    pieces: pieces.map((piece) => ({ ...piece, ...NEW, holder: a.payee! })),
  }),
  BillCancelled: ({ pieces, terms, ...bill }) => ({
    ...bill,
    terms: status(terms, 3n),
    pieces: pieces.map((piece) => ({ ...piece, offeredTo: 0n })),
  }),
  ParcelOffered: changed((a) => ({ first: a.first!, offeredTo: a.offeredTo!, offerUntil: a.until! })),
  ParcelTaken: changed((a) => ({ ...NEW, holder: a.to! })),
  OfferRefused: ended,
  OfferWithdrawn: ended,
  OfferExpired: ended,
  ParcelPassedOn: changed((a) => ({ ...NEW, first: a.first!, holder: a.to! })),
  ParcelSold: changed((a) => ({ ...NEW, first: a.first!, holder: a.buyer!, flags: 1n })),
  BillFunded: (bill, a) => ({ ...bill, paidIn: a.paidIn! }),
  ParcelPaid: (bill, a) => ({
    ...placed(bill, a.first!, (piece) => ({ ...piece, paidUpTo: a.paidUpTo! })),
    paidOut: bill.paidOut + a.amount!,
  }),
};

/** The ledger hash of a replayed bill, as IBills says it. */
export function ledgerHashOf({ terms, paidIn, paidOut, pieces }: Replayed, trail: bigint): string {
  const start = keccak256(words(terms, trail, paidIn, paidOut));
  return pieces.reduce((hash, piece) => keccak256(words(hash, piece.first, slotOf(piece))), start);
}
