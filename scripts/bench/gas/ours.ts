/** What our acts cost: whole transactions, on a ledger that has seen such acts before. */
import type { TransactionReceipt } from 'ethers';
import { WHOLE } from '#chain/calls.ts';
import type { Call } from '#chain/typed-data.ts';
import { openGasChain, type GasChain } from './chain.ts';
import { floorOf, stepsOf, type Floor } from './floor.ts';
import { openLedger, type Ledger, type MemberName } from './ledger.ts';
import { paperOf, type Paper } from './paper.ts';

export type Act = {
  readonly act: string;
  readonly gas: number;
  /** The aim: at most this. */
  readonly aim?: number;
  /** By the price list of the chain; see floor.ts. */
  readonly floor: number;
  readonly parts?: Omit<Floor, 'gas'>;
};

/** Parcels of the bill that is paid out in one go. */
const BATCH = 100;

/** @param floors Whether each act is traced for its floor, which takes a while; without, floors are 0. */
export async function measureOurs({ floors }: { floors: boolean }): Promise<Act[]> {
  const chain = await openGasChain();
  try {
    const ledger = await openLedger(chain);
    await story(new Run(chain, ledger, 1, false));
    const measured = new Run(chain, ledger, 2, floors);
    await story(measured);
    return measured.acts;
  } finally {
    await chain.close();
  }
}

/** One run through all acts. Its bills, invoices and quotes are its own; the run before has warmed what they share. */
class Run {
  readonly acts: Act[] = [];
  readonly ledger: Ledger;
  readonly paper: Paper;
  readonly #chain: GasChain;
  readonly #floors: boolean;

  constructor(chain: GasChain, ledger: Ledger, round: number, floors: boolean) {
    this.#floors = floors;
    this.#chain = chain;
    this.ledger = ledger;
    this.paper = paperOf(ledger, round);
  }

  does(member: MemberName, call: Call): Promise<TransactionReceipt> {
    const { from, to, data } = this.ledger.sending(member, call);
    return this.#chain.send(from, to, data);
  }

  async measures(act: string, member: MemberName, call: Call, aim?: number): Promise<void> {
    const sending = this.ledger.sending(member, call);
    const steps = this.#floors ? await stepsOf(this.#chain.provider, sending) : [];
    const receipt = await this.#chain.send(sending.from, sending.to, sending.data);
    const gas = Number(receipt.gasUsed);
    if (!this.#floors) return this.#note({ act, gas, floor: 0 }, aim);
    const { gas: floor, ...parts } = floorOf(steps, sending, receipt.logs);
    this.#note({ act, gas, floor, parts }, aim);
  }

  /** What `act` costs beyond `than`. */
  compares(named: string, act: string, than: string, aim?: number): void {
    const [more, less] = [this.#found(act), this.#found(than)];
    this.#note({ act: named, gas: more.gas - less.gas, floor: more.floor - less.floor }, aim);
  }

  /** What one of `count` things cost that `act` did at once, rounded up. */
  divides(named: string, act: string, count: number, aim?: number): void {
    const { gas, floor } = this.#found(act);
    this.#note({ act: named, gas: Math.ceil(gas / count), floor: Math.ceil(floor / count) }, aim);
  }

  /** Takes what a member offered, up to the end of the bill. */
  take(parcel: bigint, from: MemberName): Call {
    return this.ledger.calls.bills.take(parcel, this.ledger.numberOf(from), this.paper.face);
  }

  /** A bill that the supplier holds. */
  async takenBill(): Promise<{ bill: bigint; root: bigint }> {
    const { issue, bill, root } = this.paper.newBill();
    await this.does('core', issue);
    await this.does('supplier', this.take(root, 'core'));
    return { bill, root };
  }

  async falls(): Promise<void> {
    await this.#chain.at(this.paper.due);
  }

  #found(act: string): Act {
    const found = this.acts.find((candidate) => candidate.act === act);
    if (found === undefined) throw new Error(`"${act}" was not measured`);
    return found;
  }

  #note(act: Act, aim: number | undefined): void {
    this.acts.push(aim === undefined ? act : { ...act, aim });
  }
}

async function story(run: Run): Promise<void> {
  await receives(run);
  await passesOn(run);
  await sells(run);
  await pays(run);
}

async function receives(run: Run): Promise<void> {
  const [plain, one, two] = [run.paper.newBill(), run.paper.newBill(1), run.paper.newBill(2)];
  await run.measures('issue', 'core', plain.issue, 90_000);
  await run.measures('issue on one invoice', 'core', one.issue);
  await run.measures('issue on two invoices', 'core', two.issue);
  run.compares('the first invoice', 'issue on one invoice', 'issue', 28_000);
  run.compares('each further invoice', 'issue on two invoices', 'issue on one invoice', 28_000);
  await run.measures('take a new bill', 'supplier', run.take(plain.root, 'core'));
  await run.measures(
    'withdraw an issue',
    'core',
    run.ledger.calls.bills.withdrawIssue(one.bill, one.backing),
  );
}

/** Firms that sign in another way than with one P-256 key. */
const SIGNED = [
  ['pair', 'two P-256'],
  ['passkey', 'passkey'],
  ['sm2', 'SM2'],
  ['ruled', 'rules by amount'],
  ['limited', 'limit a day'],
] as const;

async function passesOn(run: Run): Promise<void> {
  const { calls, numberOf } = run.ledger;
  const { root } = await run.takenBill();
  const { part, piece } = run.paper;
  const offered = (n: number, to: MemberName, amount = part): Call =>
    calls.bills.offer(n === 0 ? root : piece(root, n), amount, numberOf(to), 0);

  await run.measures('offer a part', 'supplier', offered(0, 'careful'));
  await run.measures('take a parcel', 'careful', run.take(piece(root, 1), 'supplier'), 45_000);
  await run.measures('offer a whole parcel', 'careful', offered(1, 'supplier', WHOLE));
  await run.measures('pass on a part', 'supplier', offered(0, 'trusting'), 68_000);
  await run.measures('pass on a whole parcel', 'trusting', offered(2, 'firm', WHOLE), 45_000);
  const plain = 'pass on a whole parcel';
  await run.measures(`${plain}, P-256`, 'firm', offered(2, 'trusting', WHOLE));
  for (const [firm, how] of SIGNED) {
    await run.does('trusting', offered(2, firm, WHOLE));
    await run.measures(`${plain}, ${how}`, firm, offered(2, 'trusting', part));
  }
  run.compares('one P-256 signature', `${plain}, P-256`, plain, 45_000);
  run.compares('two P-256 signatures', `${plain}, two P-256`, plain, 65_000);
  run.compares('one passkey (WebAuthn)', `${plain}, passkey`, plain, 70_000);
  run.compares('one SM2 signature', `${plain}, SM2`, plain, 420_000);
  run.compares('rules by amount', `${plain}, rules by amount`, `${plain}, P-256`, 10_000);
  run.compares('a limit a day, on the same day', `${plain}, limit a day`, `${plain}, P-256`, 8_000);
}

async function sells(run: Run): Promise<void> {
  const { root } = await run.takenBill();
  const { part, piece, sale } = run.paper;
  await run.measures('sell a part, fourth quote', 'supplier', sale('bank', root, part, 0));
  await run.measures('sell a part', 'supplier', sale('bank', root, part, 1), 137_100);
  await run.does('supplier', sale('bank2', root, part, 0));
  await run.measures('resell a whole parcel', 'bank', sale('bank2', piece(root, 2), WHOLE, 1));
  await run.measures('sell a whole parcel', 'supplier', sale('bank', root, WHOLE, 2), 117_100);
}

async function pays(run: Run): Promise<void> {
  const { calls, numberOf } = run.ledger;
  const { bill, root } = await run.takenBill();
  for (let n = 1; n < BATCH; ++n) {
    await run.does('supplier', calls.bills.offer(root, run.paper.part, numberOf('trusting'), 0));
  }
  const other = await run.takenBill();
  await run.does('core', calls.bills.fund(other.bill, 1n)); // the ledger holds money of other bills too
  await run.measures('fund', 'core', calls.bills.fund(bill, run.paper.face));
  await run.falls();
  const firsts = Array.from({ length: BATCH }, (_, n) =>
    n === 0 ? 0n : run.paper.face - BigInt(n) * run.paper.part,
  );
  await run.measures(`distribute to ${BATCH} parcels`, 'supplier', calls.bills.distribute(bill, firsts));
  run.divides('distribute, a parcel', `distribute to ${BATCH} parcels`, BATCH, 22_000);
}
