/**
 * Lives the payables through, day by day. What need not wait for another act is under way at once; what need not happen
 * on its very day (to sign for a bill, to pass a part on) may still be under way when the next day begins.
 */
import { compareDates, instantOf, type LegalDate } from '#domain/dates.ts';
import { parcelId, parseBillNo } from '#domain/bills/intervals.ts';
import { formatRate } from '#domain/money.ts';
import type { FreshNetwork } from '../fresh-network.ts';
import { taxNumberFor } from '../made-up-tax-numbers.ts';
import type { Life, Transfer } from './lives.ts';
import { cny, firm, type Enrolment } from './network.ts';

/** What was signed, and what it did: an instruction may issue or take many bills. */
export type Tally = { acts: number; instructions: number; quotes: number };

const MOST_PER_INSTRUCTION = 100;
/** Seconds: the clock may move on by several days while an instruction is under way. */
const VALID_FOR = 30 * 86_400;

type Bill = {
  readonly life: Life;
  no: string;
  /** Ids of its parcels, in the order in which they came to be. */
  readonly parcels: string[];
  /** For the part that is going to be sold. */
  quote?: string;
  /** Settles when everything that is under way on it is done. */
  done: Promise<void>;
};
type Move = { readonly bill: Bill; readonly transfer: Transfer };
type Arrival = { readonly bill: Bill; readonly to: string; readonly piece: number };

/** Throws what an act is refused with: every one of them must succeed. */
export async function live(
  network: FreshNetwork,
  enrolment: Enrolment,
  lives: readonly Life[],
  onDay: (day: LegalDate) => void,
): Promise<Tally> {
  const course = new Course(enrolment);
  const bills = lives.map((life): Bill => ({ life, no: '', parcels: [], done: Promise.resolve() }));
  const byDay = Map.groupBy(
    bills.flatMap((bill) => daysOf(bill.life).map((day) => ({ day, bill }))),
    ({ day }) => day,
  );
  for (const day of [...byDay.keys()].sort(compareDates)) {
    await network.moveTo(day);
    onDay(day);
    await course.live(
      day,
      (byDay.get(day) ?? []).map(({ bill }) => bill),
    );
  }
  await Promise.all(bills.map(({ done }) => done));
  return course.tally;
}

/** The days on which something happens to a bill. */
const daysOf = ({ issued, due, settled, transfers }: Life): LegalDate[] => [
  ...new Set([issued, settled, ...(settled < due ? [due] : []), ...transfers.map(({ on }) => on)]),
];

class Course {
  readonly tally: Tally = { acts: 0, instructions: 0, quotes: 0 };
  readonly #enrolment: Enrolment;

  constructor(enrolment: Enrolment) {
    this.#enrolment = enrolment;
  }

  /**
   * Sets everything of the day going; each step waits for those before it on the same bills, and for nothing else.
   * Settles when the clock may move on.
   */
  async live(day: LegalDate, bills: readonly Bill[]): Promise<void> {
    const issued = bills.filter(({ life }) => life.issued === day);
    const settled = bills.filter(({ life }) => life.settled === day);
    const due = bills.filter(({ life }) => life.due === day && life.settled < day);
    const bound = this.#issue(issued);
    this.#take(issued.map((bill) => ({ bill, to: bill.life.supplier, piece: 0 })));
    const moves = bills.flatMap((bill) =>
      bill.life.transfers.filter(({ on }) => on === day).map((transfer) => ({ bill, transfer })),
    );
    bound.push(...this.#sell(moves));
    this.#take(this.#passOn(moves));
    bound.push(...settled.map((bill) => this.#payIn(bill)), ...due.map((bill) => this.#payOut(bill)));
    for (const bill of bills) this.#quoteAhead(day, bill);
    await Promise.all(bound);
  }

  /** One instruction a core enterprise. */
  #issue(bills: readonly Bill[]): Promise<void>[] {
    return batchesBy(bills, ({ life }) => life.core).map((batch) =>
      this.#together(batch, batch.length, async () => {
        const core = this.#firm(batch[0]!.life.core);
        const { makes } = await core.perform({
          type: 'issue',
          bills: batch.map(({ life }) => this.#terms(life)),
        });
        for (const [n, bill] of batch.entries()) {
          bill.no = makes.bills[n]!;
          bill.parcels.push(parcelId(parseBillNo(bill.no), 0n).toString());
        }
      }),
    );
  }

  #terms({ supplier, amount, due, invoice }: Life) {
    const face = cny(amount);
    const invoices = [{ seller: taxNumberFor(supplier), number: invoice, total: face, amount: face }];
    return { payee: this.#firm(supplier).number, face, due, invoices };
  }

  /** One instruction a receiver. */
  #take(arrivals: readonly Arrival[]): void {
    for (const batch of batchesBy(arrivals, ({ to }) => to)) {
      const bills = batch.map(({ bill }) => bill);
      void this.#together(bills, batch.length, async () => {
        const parcels = batch.map(({ bill, piece }) => bill.parcels[piece]!);
        await this.#firm(batch[0]!.to).perform({ type: 'take', parcels }, VALID_FOR);
      });
    }
  }

  /** Returns what the receivers have to sign for. */
  #passOn(moves: readonly Move[]): Arrival[] {
    const passed = moves.filter(({ transfer }) => transfer.kind === 'pass_on');
    for (const { bill, transfer } of passed) {
      void this.#together([bill], 1, async () => {
        const { from, to, piece, amount } = transfer;
        const what = { parcel: bill.parcels[piece]!, amount: cny(amount), to: this.#firm(to).number };
        const { makes } = await this.#firm(from).perform({ type: 'offer', ...what }, VALID_FOR);
        bill.parcels[transfer.makes] = makes.parcels[0]!;
      });
    }
    return passed
      .filter(({ transfer }) => !this.#enrolment.standing.has(transfer.to))
      .map(({ bill, transfer: { to, makes } }) => ({ bill, to, piece: makes }));
  }

  #sell(moves: readonly Move[]): Promise<void>[] {
    return moves
      .filter(({ transfer }) => transfer.kind === 'sell')
      .map(({ bill, transfer: { from, piece, amount, makes: made } }) =>
        this.#together([bill], 1, async () => {
          const what = { parcel: bill.parcels[piece]!, amount: cny(amount), quote: bill.quote! };
          const { makes } = await this.#firm(from).perform({ type: 'sell', ...what });
          bill.parcels[made] = makes.parcels[0]!;
        }),
      );
  }

  /** The holder has the bank's quote in hand before the day of the sale, as soon as what is sold is his. */
  #quoteAhead(day: LegalDate, bill: Bill): void {
    const sale = bill.life.transfers.find(({ on }) => on > day);
    if (sale?.kind !== 'sell' || bill.quote !== undefined) return;
    void this.#behind([bill], async () => {
      const bank = this.#firm(sale.to);
      const what = { parcel: bill.parcels[sale.piece]!, amount: cny(sale.amount), banks: [bank.number] };
      const request = await this.#firm(sale.from).ask(what);
      const validUntil = new Date(instantOf(bill.life.due) * 1_000).toISOString();
      bill.quote = await bank.quote({ request, rate: formatRate(sale.ratePpm), validUntil });
      this.tally.quotes += 1;
    });
  }

  /** From the due date on the holders are paid by the same instruction. */
  #payIn(bill: Bill): Promise<void> {
    const { core, amount, settled, due } = bill.life;
    const distribute = settled >= due;
    return this.#together([bill], distribute ? 2 : 1, () =>
      this.#firm(core).perform({ type: 'fund', bill: bill.no, amount: cny(amount), distribute }),
    );
  }

  #payOut(bill: Bill): Promise<void> {
    return this.#together([bill], 1, () => this.#firm(bill.life.core).distribute(bill.no));
  }

  #together(bills: readonly Bill[], acts: number, instruct: () => Promise<unknown>): Promise<void> {
    return this.#behind(bills, async () => {
      await instruct();
      this.tally.acts += acts;
      this.tally.instructions += 1;
    });
  }

  /** Once all that is under way on the bills is done. */
  #behind(bills: readonly Bill[], carryOut: () => Promise<void>): Promise<void> {
    const done = Promise.all(bills.map((bill) => bill.done)).then(carryOut);
    done.catch(() => undefined); // whoever waits for one of the bills learns of it
    for (const bill of bills) bill.done = done;
    return done;
  }

  #firm(name: string) {
    return firm(this.#enrolment.firms, name);
  }
}

function batchesBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  return [...Map.groupBy(items, key).values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / MOST_PER_INSTRUCTION) }, (_, n) =>
      group.slice(n * MOST_PER_INSTRUCTION, (n + 1) * MOST_PER_INSTRUCTION),
    ),
  );
}
