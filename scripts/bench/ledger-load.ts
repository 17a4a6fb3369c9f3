/**
 * A ledger of any size, for benchmarks: members, and bills that are issued, taken, split, passed on, sold and paid. Each
 * life takes the same steps with other firms and amounts; many lives overlap, so a block holds acts of all kinds.
 */
import { id, Wallet, ZeroHash } from 'ethers';
import { callsOf, UNLIMITED, type Calls } from '#chain/calls.ts';
import { encodeOrder, invoiceId, plainQuoteDigest, type Call, type Quote } from '#chain/typed-data.ts';
import { bitsOf, PRIVILEGED_ROLES, ROLE_BITS, type Role } from '#domain/codes.ts';
import { addDays, instantOf, parseLegalDate } from '#domain/dates.ts';
import { billNo, parcelId } from '#domain/bills/intervals.ts';
import { random, type Random } from '#scripts/replay/random.ts';
import type { LoadChain } from './load-chain.ts';

const TODAY = parseLegalDate('2026-03-03');
export const START = instantOf(TODAY);
/** Bills fall due on that many days from the 60th on. */
const DUE_DAYS = 90;
const PLENTY = 10n ** 16n;

export type LoadOptions = {
  readonly bills: number;
  readonly seed: number;
  readonly actsPerBlock: number;
  /** Blocks between two steps of one bill. */
  readonly gap: number;
  /** How many of 100 bills are paid in the end. */
  readonly percentPaid: number;
};

type Firm = { readonly number: number; readonly wallet: Wallet };
type Cast = {
  readonly cores: Firm[];
  readonly plain: Firm[];
  readonly standing: Firm[];
  readonly banks: Firm[];
  house: Firm;
};

type Bill = {
  readonly no: bigint;
  readonly face: bigint;
  readonly due: number;
  readonly acceptor: Firm;
  /** Where the four pieces begin, and who of {@link Cast} comes to hold them: see {@link stepsOf}. */
  readonly cuts: readonly [bigint, bigint, bigint];
  readonly suppliers: readonly [Firm, Firm, Firm, Firm];
  readonly bank: Firm;
};

type Step = (bill: Bill) => readonly [from: Firm, call: Call, events: number];

/** Lives all bills on the chain; returns how many events our contracts emitted since the deployment's end. */
export async function liveLedger(chain: LoadChain, options: LoadOptions): Promise<number> {
  const dice = random(options.seed);
  const calls = callsOf(chain.deployment);
  const { cast, events } = await admitCast(chain, calls);
  const bills = Array.from({ length: options.bills }, (_, n) => makeBill(dice, cast, n));
  const play = playerOf(chain, options);
  const moved = await play(bills, stepsOf(chain, calls, cast));
  await chain.wait(instantOf(addDays(TODAY, 60 + DUE_DAYS)));
  const paid = bills.filter(() => dice.between(1, 100) <= options.percentPaid);
  return events + moved + (await play(paid, payingSteps(calls)));
}

/** Plays the steps of all bills, a few bills behind the ones before, `gap` blocks between two steps of one. */
function playerOf(chain: LoadChain, { actsPerBlock, gap }: LoadOptions) {
  return async (bills: readonly Bill[], steps: readonly Step[]): Promise<number> => {
    const atOnce = Math.max(1, Math.ceil(actsPerBlock / steps.length));
    const blocks = Math.ceil(bills.length / atOnce) + (steps.length - 1) * gap;
    let events = 0;
    for (let block = 0; block < blocks; block++) {
      for (const [n, step] of steps.entries()) {
        const first = (block - n * gap) * atOnce;
        for (const bill of bills.slice(Math.max(0, first), Math.max(0, first + atOnce))) {
          const [from, call, count] = step(bill);
          chain.send(from.wallet.address, call);
          events += count;
        }
      }
      await chain.mine();
    }
    return events;
  };
}

/** The payee keeps the first piece; the second goes by offer, the third by standing acceptance and to a bank, so does the fourth but for the bank. */
function stepsOf(chain: LoadChain, calls: Calls, cast: Cast): Step[] {
  const quotes = quotesOf(chain, cast);
  const offer =
    (from: number, piece: 0 | 1 | 2): Step =>
    ({ no, face, cuts, suppliers }) => [
      suppliers[0],
      calls.bills.offer(
        parcelId(no as never, 0n as never),
        (cuts[piece + 1] ?? face) - cuts[piece],
        suppliers[from]!.number,
        0,
      ),
      1,
    ];
  return [
    ({ no, face, due, acceptor, suppliers }) => [
      acceptor,
      calls.bills.issue(termsOf(no, face, due, suppliers[0])),
      2,
    ],
    ({ no, face, acceptor, suppliers }) => [
      suppliers[0],
      calls.bills.take(no << 64n, acceptor.number, face),
      1,
    ],
    offer(3, 2),
    offer(2, 1),
    offer(1, 0),
    ({ no, cuts, suppliers }) => [
      suppliers[1],
      calls.bills.take((no << 64n) | cuts[0], suppliers[0].number, cuts[1]),
      1,
    ],
    ({ no, cuts, suppliers, bank, acceptor }) => {
      const { quote, signature } = quotes.get(`${bank.number}/${acceptor.number}`)!;
      return [
        suppliers[2],
        calls.bills.sell(
          (no << 64n) | cuts[1],
          cuts[2] - cuts[1],
          quote.bank,
          chain.deployment.addresses.desk,
          0n,
          encodeOrder(quote, signature),
        ),
        4,
      ];
    },
  ];
}

const payingSteps = (calls: Calls): Step[] => [
  ({ no, face, acceptor }) => [acceptor, calls.bills.fund(no, face), 2],
  ({ no, cuts, acceptor }) => [acceptor, calls.bills.distribute(no, [0n, ...cuts]), 9],
];

function termsOf(no: bigint, face: bigint, due: number, payee: Firm) {
  const invoices = [{ invoiceId: invoiceId('load', String(no)), total: face, amount: face }];
  const serial = Number(no & 0xffff_ffffn);
  const documentHash = id(`document ${no}`);
  return {
    serial,
    payee: payee.number,
    due,
    face,
    restrictions: 0,
    rulePack: 1,
    named: [],
    documentHash,
    invoices,
  };
}

function makeBill(dice: Random, cast: Cast, n: number): Bill {
  const acceptor = dice.pick(cast.cores);
  const face = BigInt(dice.between(100_000, 100_000_000));
  const cuts = [1n, 2n, 3n].map((quarter) => (face * quarter) / 4n - BigInt(dice.between(0, 20_000)));
  const payee = dice.between(0, cast.plain.length - 1);
  return {
    no: billNo(acceptor.number, n + 1),
    face,
    due: instantOf(addDays(TODAY, 60 + dice.between(0, DUE_DAYS))),
    acceptor,
    cuts: cuts as [bigint, bigint, bigint],
    suppliers: [
      cast.plain[payee]!,
      cast.plain[(payee + dice.between(1, cast.plain.length - 1)) % cast.plain.length]!,
      dice.pick(cast.standing),
      dice.pick(cast.standing),
    ],
    bank: dice.pick(cast.banks),
  };
}

/** One quote of each bank for each acceptor, for as much as there is. */
function quotesOf(
  { deployment }: LoadChain,
  { banks, cores }: Cast,
): Map<string, { quote: Quote; signature: string }> {
  const pairs = banks.flatMap((bank) => cores.map((core) => ({ bank, core })));
  return new Map(
    pairs.map(({ bank, core }, n) => {
      const quote: Quote = {
        bank: bank.number,
        scope: 2,
        subject: BigInt(core.number),
        seller: 0,
        currency: 156,
        amount: PLENTY,
        ratePpm: 30_000,
        fee: 0n,
        recourse: 0,
        recourseTerms: ZeroHash,
        validUntil: instantOf(addDays(TODAY, 59)),
        nonce: BigInt(n),
      };
      const signature = bank.wallet.signingKey.sign(plainQuoteDigest(deployment, quote)).serialized;
      return [`${bank.number}/${core.number}`, { quote, signature }] as const;
    }),
  );
}

async function admitCast(chain: LoadChain, calls: Calls): Promise<{ cast: Cast; events: number }> {
  const { desk, bills } = chain.deployment.addresses;
  let members = 0;
  let events = 0;
  const note = (from: string, call: Call, count: number): void => {
    chain.send(from, call);
    events += count;
  };
  const admit = (count: number, role: Role): Firm[] =>
    Array.from({ length: count }, () => {
      const number = ++members;
      const wallet = new Wallet(id(`tallystick load: ${number}`));
      const roles = bitsOf(ROLE_BITS, [role]);
      note(chain.operator, calls.bills.admit(wallet.address, roles & ~PRIVILEGED_ROLES, 0, ZeroHash), 1);
      if ((roles & PRIVILEGED_ROLES) !== 0)
        note(chain.operator, calls.bills.setPrivileges(number, roles & PRIVILEGED_ROLES), 1);
      return { number, wallet };
    });
  const cores = admit(20, 'core_enterprise');
  const plain = admit(100, 'supplier');
  const standing = admit(100, 'supplier');
  const banks = admit(10, 'bank');
  const [house] = admit(1, 'settlement_bank');
  note(chain.operator, calls.cash.setCap(house!.number, 2n ** 64n - 1n), 1);
  await chain.mine();
  for (const { wallet } of standing)
    note(wallet.address, calls.bills.setStandingAcceptance(true, 0, 0, 0n, 0), 1);
  for (const { number } of [...cores, ...banks])
    note(house!.wallet.address, calls.cash.deposit(number, PLENTY, ZeroHash), 2);
  for (const { wallet } of cores) note(wallet.address, calls.cash.approve(bills, PLENTY), 1);
  for (const { wallet } of banks) {
    note(wallet.address, calls.cash.approve(desk, UNLIMITED), 1);
    note(wallet.address, calls.bills.allowDesk(desk, true), 1);
  }
  for (const { wallet } of banks)
    for (const { number } of cores) note(wallet.address, calls.lines.setLine(number, PLENTY, 0), 1);
  await chain.mine();
  return { cast: { cores, plain, standing, banks, house: house! }, events };
}
