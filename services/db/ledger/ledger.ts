import type { Kysely, Selectable } from 'kysely';
import type { ChainBlock, ChainLog, DB } from '../types.ts';
import { insertion, readColumns, type Change, type Columns } from './columns.ts';
import { Facts } from './facts.ts';
import { emptyLedger, rollbackLedger } from './rollback.ts';
import type { Hash } from './trail.ts';
import { Versions, type Unit } from './versions.ts';

/** A log as the chain gave it; topics one after the other. */
export type RawLog = Selectable<ChainLog>;
export type StoredBlock = Selectable<ChainBlock>;

/** Where in the chain's story we are: the log that is being handled, and its block's time. */
export type Moment = { readonly log: RawLog; readonly at: Date };

/** A payment that an act announced: the next movement of that much cash in the same transaction, by the same firm. */
export type Announced = {
  readonly kind: 'purchase' | 'funding' | 'payout' | 'move';
  readonly txHash: Buffer;
  readonly billNo: bigint | null;
  readonly amount: bigint;
};

/** Rows in memory: more than this are forgotten after a unit of work. */
const REMEMBERED = 60_000;

/**
 * The writer of the read model. Functions of this folder change it, {@link collect} gives what changed. One unit of work
 * is one database transaction over one block or many; the same logs leave the same rows either way.
 */
export class Ledger {
  readonly #columns: Columns;
  readonly #raw: Columns;
  readonly #unit: Unit;
  #moment: Moment | undefined;
  announced: Announced | undefined;
  readonly hash: Hash;

  readonly members;
  readonly recoveries;
  readonly accounts;
  readonly signers;
  readonly accessRoles;
  readonly rules;
  readonly changes;
  readonly packs;
  readonly bills;
  readonly parcels;
  readonly lines;
  readonly groupLines;
  readonly cancelledQuotes;
  readonly desks;
  readonly allowedDesks;
  readonly invoices;
  readonly invoiceUses;
  readonly balances;
  readonly books;
  readonly redemptions;
  readonly acts;
  readonly parties;
  readonly named;
  readonly cashEntries;
  readonly quoteFills;
  readonly usedNonces;
  readonly latePayments;

  static async open(db: Kysely<DB>, hash: Hash): Promise<Ledger> {
    return new Ledger(db, hash, await readColumns(db), await readColumns(db, 'chain'));
  }

  private constructor(db: Kysely<DB>, hash: Hash, columns: Columns, raw: Columns) {
    this.hash = hash;
    this.#columns = columns;
    this.#raw = raw;
    const unit: Unit = { db, block: -1n };
    this.#unit = unit;
    this.members = new Versions('ledger.member', ['number'], unit);
    this.recoveries = new Versions('ledger.recovery', ['member'], unit);
    this.accounts = new Versions('ledger.account', ['account'], unit);
    this.signers = new Versions('ledger.account_signer', ['account', 'place'], unit);
    this.accessRoles = new Versions('ledger.access_role', ['role', 'account'], unit);
    this.rules = new Versions('ledger.account_rule', ['account', 'place'], unit);
    this.changes = new Versions('ledger.account_change', ['account', 'change'], unit);
    this.packs = new Versions('ledger.rule_pack', ['number'], unit);
    this.bills = new Versions('ledger.bill', ['bill_no'], unit);
    this.parcels = new Versions('ledger.parcel', ['bill_no', 'first'], unit);
    this.lines = new Versions('ledger.line', ['bank', 'obligor'], unit);
    this.groupLines = new Versions('ledger.group_line', ['bank', 'group_no'], unit);
    this.cancelledQuotes = new Versions('ledger.quote_cancelled', ['bank', 'nonce'], unit);
    this.desks = new Versions('ledger.desk', ['desk'], unit);
    this.allowedDesks = new Versions('ledger.desk_allowed', ['bank', 'desk'], unit);
    this.invoices = new Versions('ledger.invoice', ['payee', 'invoice_id'], unit);
    this.invoiceUses = new Versions('ledger.invoice_use', ['bill_no', 'invoice_id'], unit);
    this.balances = new Versions('ledger.cash_balance', ['account'], unit);
    this.books = new Versions('ledger.settlement_book', ['bank'], unit);
    this.redemptions = new Versions('ledger.redemption', ['number'], unit);
    this.acts = new Facts('ledger.act');
    this.parties = new Facts('ledger.bill_party', 'ignore');
    this.named = new Facts('ledger.bill_named', 'ignore');
    this.cashEntries = new Facts('ledger.cash_entry');
    this.quoteFills = new Facts('ledger.quote_fill');
    this.usedNonces = new Facts('ledger.nonce_used');
    this.latePayments = new Facts('ledger.late_payment');
  }

  /** What is not remembered is read from here. */
  readFrom(db: Kysely<DB>): void {
    this.#unit.db = db;
  }

  enterBlock(block: bigint): void {
    this.#unit.block = block;
  }

  enterLog(moment: Moment): void {
    this.#moment = moment;
  }

  get block(): bigint {
    return this.#unit.block;
  }

  get moment(): Moment {
    if (this.#moment === undefined) throw new Error('no log is being handled');
    return this.#moment;
  }

  /**
   * What changed since the last time, with raw material that belongs to it, as statements to be executed in this order in
   * one transaction. Until they are, what is read from the database lacks them; the rows in question are remembered.
   */
  collect(blocks: readonly StoredBlock[] = [], logs: readonly RawLog[] = []): Change[] {
    return [
      ...insertion(this.#raw.get('chain.block')!, blocks),
      ...insertion(this.#raw.get('chain.log')!, logs),
      ...[...this.#versioned(), ...this.#facts()].flatMap((table) => table.collect(this.#columns)),
    ];
  }

  /** Whether so much is remembered that it is time to {@link forget}, once all that was collected is written. */
  get isFull(): boolean {
    return this.#versioned().reduce((rows, table) => rows + table.size, 0) > REMEMBERED;
  }

  /** After a transaction that failed, a rollback, or a look of somebody else at the pen. */
  forget(): void {
    for (const table of [...this.#versioned(), ...this.#facts()]) table.forget();
    this.announced = undefined;
  }

  async rollback(db: Kysely<DB>, block: bigint): Promise<void> {
    await rollbackLedger(db, this.#columns, block);
    this.forget();
  }

  async empty(): Promise<void> {
    await emptyLedger(this.#unit.db, this.#columns);
    this.forget();
  }

  #versioned() {
    return [
      this.members,
      this.recoveries,
      this.accounts,
      this.signers,
      this.accessRoles,
      this.rules,
      this.changes,
      this.packs,
      this.bills,
      this.parcels,
      this.lines,
      this.groupLines,
      this.cancelledQuotes,
      this.desks,
      this.allowedDesks,
      this.invoices,
      this.invoiceUses,
      this.balances,
      this.books,
      this.redemptions,
    ] as const;
  }

  #facts() {
    return [
      this.acts,
      this.parties,
      this.named,
      this.cashEntries,
      this.quoteFills,
      this.usedNonces,
      this.latePayments,
    ] as const;
  }
}
