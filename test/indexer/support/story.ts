/** Lives a random but reproducible life of bills on a chain, with some acts that the contracts refuse. */
import { id, ZeroHash } from 'ethers';
import { invoiceId, plainQuoteDigest, type Call, type Quote } from '#chain/typed-data.ts';
import { addDays, instantOf } from '#domain/dates.ts';
import { billNo, parcelId } from '#domain/bills/intervals.ts';
import type { Backing } from '#chain/calls.ts';
import { Random } from './random.ts';
import { nameOf, numberOf, operatorCall, TODAY, type Name, type World } from './world.ts';

const HOLDERS = ['s1', 's2', 's3', 'b1', 'b2'] as const;
/** More parcels than a bill of a story has. */
const MANY = 10_000;
export const DUE = addDays(TODAY, 90);

type Issued = { readonly no: bigint; readonly face: bigint; readonly backing: Backing; readonly payee: Name };

export class Story {
  readonly #world: World;
  readonly #random: Random;
  readonly bills: Issued[] = [];
  #serial: number;
  #quotes = 0n;
  /** What was asked for may be refused: the number is then behind, and answers go to an earlier redemption. */
  #redemptions = 0n;

  /** Stories on one chain need different seeds: bills are numbered from the seed on. */
  constructor(world: World, seed: number) {
    this.#world = world;
    this.#random = new Random(seed);
    this.#serial = seed * 10_000;
    this.#quotes = BigInt(seed) * 10_000n;
  }

  /** Acts, some of them several to a block. */
  async live(acts: number): Promise<void> {
    for (let done = 0; done < acts;) {
      const together = this.#random.chance(25) ? 2 + this.#random.below(4) : 1;
      const some = async () => {
        for (let n = 0; n < together; n++) await this.#act();
      };
      await (together === 1 ? some() : this.#world.inOneBlock(some));
      done += together;
    }
  }

  /** From the due date on: pays in and out, in parts. */
  async settle(): Promise<void> {
    await this.#world.rpc('evm_setNextBlockTimestamp', instantOf(DUE));
    await this.#world.rpc('evm_mine');
    for (const bill of this.bills) {
      const { calls, contracts } = this.#world;
      if (((await contracts.bills.terms(bill.no)) >> 48n) % 256n !== 2n) {
        await this.#send('s1', calls.expireIssue(bill.no, bill.backing));
        continue;
      }
      const acceptor = nameOf(Number(bill.no >> 32n));
      const parcels = await contracts.bills.parcelsFrom(bill.no, 0, MANY);
      for (const { id: parcel, offerUntil, holder: from, offeredTo: to, end } of parcels)
        if (offerUntil !== 0n)
          await this.#send('s1', calls.expire(parcel, { from: Number(from), to: Number(to), end }));
      const firsts = parcels.map(({ first }) => first);
      const part = bill.face - (await contracts.bills.paid(bill.no)).paidIn;
      for (const amount of [part / 3n, part - part / 3n]) {
        await this.#send(acceptor, calls.fund(bill.no, amount));
        await this.#send('s1', calls.distribute(bill.no, this.#random.chance(70) ? firsts : firsts.slice(1)));
      }
      await this.#send('s1', calls.distribute(bill.no, firsts));
    }
  }

  async #act(): Promise<void> {
    const dice = this.#random.below(100);
    if (this.bills.length === 0 || dice < 15) return this.#issue();
    if (dice < 22) return this.#line();
    if (dice < 26) return this.#membership();
    if (dice < 30) return this.#cash();
    const bill = this.#random.of(this.bills);
    if (dice < 36) return this.#fund(bill);
    return this.#move(bill);
  }

  async #issue(): Promise<void> {
    const acceptor = this.#random.of(['core1', 'core2'] as const);
    const payee = this.#random.of(['s1', 's2', 's3'] as const);
    const serial = this.#serial++;
    const face = 1n + this.#random.amount(1_000_000n);
    const number = `invoice ${this.#random.below(20)} of ${acceptor}`;
    const invoices = this.#random.chance(50)
      ? [{ invoiceId: invoiceId('seller', number), total: 10_000_000n, amount: face }]
      : [];
    const backing = { documentHash: id(`document ${serial}`), invoices, named: [] };
    const due = instantOf(DUE);
    const terms = {
      serial,
      payee: numberOf(payee),
      due,
      face,
      restrictions: 0,
      rulePack: 1,
      ...backing,
    };
    this.bills.push({ no: billNo(numberOf(acceptor), serial), face, backing, payee });
    await this.#send(acceptor, this.#world.calls.issue(terms));
  }

  /** What the parcel's state invites to: taking, refusing, passing on, selling. */
  async #move(bill: Issued): Promise<void> {
    const { calls, contracts } = this.#world;
    const parcels = await contracts.bills.parcelsFrom(bill.no, 0, MANY);
    if (parcels.length === 0) return;
    const { id: parcel, first, end, holder, offeredTo, offerUntil } = this.#random.of([...parcels]);
    const status = ((await contracts.bills.terms(bill.no)) >> 48n) % 256n;
    const dice = this.#random.below(100);
    if (offeredTo !== 0n) {
      const to = nameOf(Number(offeredTo));
      const by = nameOf(Number(holder));
      const seen = { from: Number(holder), to: Number(offeredTo), end };
      if (offerUntil !== 0n && dice < 25)
        return this.#send(by, calls.extend(parcel, seen, instantOf(addDays(TODAY, 60))));
      if (dice < 70) return this.#send(to, calls.take(parcel, seen));
      if (status === 1n)
        return dice < 85
          ? this.#send(to, calls.refuseIssue(bill.no, bill.backing))
          : this.#send(by, calls.withdrawIssue(bill.no, bill.backing));
      return dice < 85
        ? this.#send(to, calls.refuse(parcel, seen))
        : this.#send(by, calls.withdraw(parcel, seen));
    }
    const amount = this.#random.chance(30) ? end - first : 1n + this.#random.amount(end - first);
    const by = nameOf(Number(holder));
    const others = HOLDERS.filter((name) => name !== by);
    const until = this.#random.chance(30) ? instantOf(addDays(TODAY, 30)) : 0;
    if (dice < 60)
      return this.#send(by, calls.offer(parcel, amount, numberOf(this.#random.of(others)), until));
    await this.#sell(by, bill, parcelId(bill.no, first), amount);
  }

  async #sell(seller: Name, bill: Issued, parcel: bigint, amount: bigint): Promise<void> {
    const { calls, deployment, wallets } = this.#world;
    const bank = this.#random.of((['b1', 'b2'] as const).filter((name) => name !== seller));
    const quote: Quote = {
      bank: numberOf(bank),
      scope: 1,
      subject: bill.no,
      seller: 0,
      currency: 156,
      amount: bill.face,
      ratePpm: 20_000 + this.#random.below(30_000),
      fee: 0n,
      recourse: 0,
      recourseTerms: ZeroHash,
      validUntil: instantOf(DUE),
      nonce: this.#quotes++,
    };
    const signature = wallets[bank].signingKey.sign(plainQuoteDigest(deployment, quote)).serialized;
    await this.#send(seller, calls.sell(parcel, amount, 0n, quote, signature));
    if (this.#random.chance(30)) await this.#send(bank, calls.cancelQuote(quote.nonce));
  }

  async #fund(bill: Issued): Promise<void> {
    const acceptor = nameOf(Number(bill.no >> 32n));
    await this.#send(acceptor, this.#world.calls.fund(bill.no, 1n + this.#random.amount(bill.face)));
  }

  async #line(): Promise<void> {
    const { calls } = this.#world;
    const bank = this.#random.of(['b1', 'b2'] as const);
    const obligor = numberOf(this.#random.of(['core1', 'core2'] as const));
    const dice = this.#random.below(4);
    const limit = 10_000_000n + this.#random.amount(1_000_000n);
    if (dice === 0) return this.#send(bank, calls.setGroupLine(1, limit));
    if (dice === 1) return this.#send(bank, calls.reserve(obligor, this.#random.amount(1_000n)));
    if (dice === 2) return this.#send(bank, calls.release(obligor, this.#random.amount(500n)));
    await this.#send(bank, calls.setLine(obligor, limit, bank === 'b2' ? 1 : 0));
  }

  async #membership(): Promise<void> {
    const world = this.#world;
    const dice = this.#random.below(3);
    if (dice === 0) return this.#send('s3', world.calls.setStanding(this.#random.chance(70)));
    await world.send(world.operator, operatorCall(world, dice === 1 ? 'suspend' : 'restore', 4, id('order')));
  }

  async #cash(): Promise<void> {
    const { calls, contracts, deployment } = this.#world;
    const to = this.#random.of(HOLDERS);
    const amount = this.#random.amount(10_000n);
    if (this.#random.chance(40)) return this.#send('house', calls.deposit(numberOf(to), amount, ZeroHash));
    if (this.#random.chance(50)) {
      await this.#send(to, calls.requestRedemption(numberOf('house'), amount));
      const words = id(`answer ${++this.#redemptions}`);
      const dice = this.#random.below(100);
      if (dice < 60) await this.#send('house', calls.confirmRedemption(this.#redemptions, words));
      else if (dice < 85) await this.#send('house', calls.refuseRedemption(this.#redemptions, words));
      return;
    }
    const data = contracts.cash.interface.encodeFunctionData('transfer', [
      this.#world.wallets.s1.address,
      amount,
    ]);
    await this.#send(to, { target: deployment.addresses.cash, data });
  }

  async #send(from: Name, call: Call): Promise<void> {
    await this.#world.send(this.#world.wallets[from], call);
  }
}
