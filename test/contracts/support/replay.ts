import { AbiCoder, concat, keccak256, ZeroHash, type Log } from 'ethers';
import { interfaces } from '#chain/contracts.ts';

const words = (...values: unknown[]): string =>
  AbiCoder.defaultAbiCoder().encode(
    values.map((value) => (typeof value === 'string' ? 'bytes32' : 'uint256')),
    values,
  );

/** The trail after an act, as IBills says it: from the log alone. */
const extended = (trail: string, log: Log): string =>
  keccak256(concat([trail, keccak256(concat([...log.topics, log.data]))]));

/** Whether a log of the ledger is an act on a bill: then the bill's number is its first argument. */
export const isAct = (log: Log): boolean =>
  interfaces.bills.parseLog(log)?.fragment.inputs[0]?.name === 'billNo';

/** The trail of a bill from its logs, in order. */
export const trailOf = (logs: readonly Log[]): string => logs.reduce(extended, ZeroHash);

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

/** `isBank` says which members hold what they receive under a line: no log of the bill does. */
export function replayed(logs: readonly Log[], isBank: (member: bigint) => boolean): Replayed {
  let bill: Replayed = { terms: 0n, paidIn: 0n, paidOut: 0n, pieces: [] };
  for (const log of logs) {
    const { name, args } = interfaces.bills.parseLog(log)!;
    const acceptor = (args['billNo'] as bigint) >> 32n;
    const flags = (holder: bigint): bigint => (isBank(holder) && holder !== acceptor ? 1n : 0n);
    bill = (ACTS[name] ?? unknown(name))(bill, args as unknown as Args, flags);
  }
  return bill;
}

type Args = Record<string, bigint>;
type FlagsOf = (holder: bigint) => bigint;
type Replay = (bill: Replayed, args: Args, flags: FlagsOf) => Replayed;

const unknown = (name: string): never => {
  throw new Error(`the replay knows no ${name}`);
};
const status = (terms: bigint, value: bigint): bigint => (terms & ~(0xffn << 48n)) | (value << 48n);
const NEW = { offeredTo: 0n, pledgee: 0n, offerUntil: 0n, flags: 0n };
/** A new holder has a piece free of the offer, and under its line if it is a bank. */
const received = (holder: bigint, flags: FlagsOf) => ({ ...NEW, holder, flags: flags(holder) });

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
  (change: (args: Args, flags: FlagsOf) => Partial<Piece>): Replay =>
  (bill, args, flags) =>
    placed(bill, args.cutFrom ?? args.first!, (piece) => ({ ...piece, ...change(args, flags) }));
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
  MembersNamed: (bill) => bill,
  BillTaken: ({ pieces, terms, ...bill }, a, flags) => ({
    ...bill,
    terms: status(terms, 2n),
    pieces: pieces.map((piece) => ({ ...piece, ...received(a.payee!, flags) })),
  }),
  BillCancelled: ({ pieces, terms, ...bill }) => ({
    ...bill,
    terms: status(terms, 3n),
    pieces: pieces.map((piece) => ({ ...piece, offeredTo: 0n })),
  }),
  ParcelOffered: changed((a) => ({ first: a.first!, offeredTo: a.offeredTo!, offerUntil: a.until! })),
  ParcelTaken: changed((a, flags) => received(a.to!, flags)),
  OfferRefused: ended,
  OfferWithdrawn: ended,
  OfferExtended: changed((a) => ({ offerUntil: a.until! })),
  OfferExpired: ended,
  ParcelPassedOn: changed((a, flags) => ({ first: a.first!, ...received(a.to!, flags) })),
  ParcelSold: changed((a, flags) => ({ first: a.first!, ...received(a.buyer!, flags) })),
  BillFunded: (bill, a) => ({ ...bill, paidIn: a.paidIn! }),
  ParcelPaid: (bill, a) => ({
    ...placed(bill, a.first!, (piece) => ({ ...piece, paidUpTo: a.paidUpTo! })),
    paidOut: bill.paidOut + a.amount!,
  }),
};

/** The ledger hash of a replayed bill, as IBills says it: of its pieces that begin in `[from, to)`, or of all. */
export function ledgerHashOf(
  { terms, paidIn, paidOut, pieces }: Replayed,
  trail: string,
  [from, to]: readonly [bigint, bigint] = [0n, 2n ** 56n],
): string {
  const start = keccak256(words(terms, trail, paidIn, paidOut));
  const proved = pieces.filter(({ first }) => first >= from && first < to);
  return proved.reduce((hash, piece) => keccak256(words(hash, piece.first, slotOf(piece))), start);
}
