/** Lives the payables through, day by day: what need not wait for another act of the day is under way at once. */
import { compareDates, type LegalDate } from '#domain/dates.ts';
import { parcelId, parseBillNo } from '#domain/intervals.ts';
import { formatRate } from '#domain/money.ts';
import type { FreshNetwork } from '../fresh-network.ts';
import type { Life, Transfer } from './lives.ts';
import { cny, firm, type Enrolment } from './network.ts';

/** What was signed, and what it did: an instruction may issue or take many bills. */
export type Tally = { acts: number; instructions: number; quotes: number };

const MOST_PER_INSTRUCTION = 100;

type Bill = {
  readonly life: Life;
  no: string;
  /** Ids of its parcels, in the order in which they came to be. */
  readonly parcels: string[];
  /** Settles when everything that is under way on it is done. */
  done: Promise<void>;
};
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
    const today = (byDay.get(day) ?? []).map(({ bill }) => bill);
    course.begin(day, today);
    await Promise.all(today.map(({ done }) => done));
  }
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

  /** Sets everything of the day going. Each step waits for those before it on the same bills, and for nothing else. */
  begin(day: LegalDate, bills: readonly Bill[]): void {
    const issued = bills.filter(({ life }) => life.issued === day);
    this.#issue(issued);
    this.#take(issued.map((bill) => ({ bill, to: bill.life.supplier, piece: 0 })));
    this.#take(this.#move(day, bills));
    for (const bill of bills.filter(({ life }) => life.settled === day)) this.#payIn(bill);
    for (const bill of bills.filter(({ life }) => life.due === day && life.settled < day)) this.#payOut(bill);
  }

  /** One instruction a core enterprise. */
  #issue(bills: readonly Bill[]): void {
    for (const batch of batchesBy(bills, ({ life }) => life.core)) {
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
      });
    }
  }

  #terms({ supplier, amount, due, invoice }: Life) {
    const face = cny(amount);
    const invoices = [{ seller: supplier, number: invoice, total: face, amount: face }];
    return { payee: this.#firm(supplier).number, face, due, invoices };
  }

  /** One instruction a receiver. */
  #take(arrivals: readonly Arrival[]): void {
    for (const batch of batchesBy(arrivals, ({ to }) => to)) {
      const bills = batch.map(({ bill }) => bill);
      this.#together(bills, batch.length, async () => {
        const parcels = batch.map(({ bill, piece }) => bill.parcels[piece]!);
        await this.#firm(batch[0]!.to).perform({ type: 'take', parcels });
      });
    }
  }

  /** Returns what the receivers have to sign for. */
  #move(day: LegalDate, bills: readonly Bill[]): Arrival[] {
    const arrivals: Arrival[] = [];
    for (const bill of bills) {
      for (const transfer of bill.life.transfers.filter(({ on }) => on === day)) {
        this.#together([bill], 1, () => this.#transfer(bill, transfer));
        if (transfer.kind === 'pass_on' && !this.#enrolment.standing.has(transfer.to)) {
          arrivals.push({ bill, to: transfer.to, piece: transfer.makes });
        }
      }
    }
    return arrivals;
  }

  async #transfer(bill: Bill, transfer: Transfer): Promise<void> {
    const { from, to, piece, makes } = transfer;
    const [seller, receiver] = [this.#firm(from), this.#firm(to)];
    const what = { parcel: bill.parcels[piece]!, amount: cny(transfer.amount) };
    const made =
      transfer.kind === 'pass_on'
        ? await seller.perform({ type: 'offer', ...what, to: receiver.number })
        : await seller.perform({ type: 'sell', ...what, quote: await this.#quote(what, transfer) });
    bill.parcels[makes] = made.makes.parcels[0]!;
  }

  async #quote(what: { parcel: string; amount: ReturnType<typeof cny> }, sale: Transfer): Promise<string> {
    if (sale.kind !== 'sell') throw new Error('only a sale is quoted for');
    const bank = this.#firm(sale.to);
    const request = await this.#firm(sale.from).ask({ ...what, banks: [bank.number] });
    this.tally.quotes += 1;
    return bank.quote({ request, rate: formatRate(sale.ratePpm) });
  }

  /** From the due date on the holders are paid by the same instruction. */
  #payIn(bill: Bill): void {
    const { core, amount, settled, due } = bill.life;
    const distribute = settled >= due;
    this.#together([bill], distribute ? 2 : 1, () =>
      this.#firm(core).perform({ type: 'fund', bill: bill.no, amount: cny(amount), distribute }),
    );
  }

  #payOut(bill: Bill): void {
    this.#together([bill], 1, () => this.#firm(bill.life.core).distribute(bill.no));
  }

  #together(bills: readonly Bill[], acts: number, carryOut: () => Promise<unknown>): void {
    const done = Promise.all(bills.map((bill) => bill.done)).then(async () => {
      await carryOut();
      this.tally.acts += acts;
      this.tally.instructions += 1;
    });
    for (const bill of bills) bill.done = done;
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
