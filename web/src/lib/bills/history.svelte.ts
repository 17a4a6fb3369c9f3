import { parcelId } from '#domain/bills/intervals.ts';
import { api } from '#web/api/client.ts';
import type { BillAct, Ribbon } from '#web/api/schema.ts';
import { text } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { filter, filterBy } from '#web/state/address.ts';
import { Query, readAll } from '#web/state/query.svelte.ts';
import { endorsementsOf, type Endorsement } from './tree.ts';
import type { Piece } from './ribbon.ts';

type Step = Ribbon['steps'][number];
const STEP_MS = 1_100;
/** Of a bill with more, the first are shown. */
const MOST_ACTS = 2_000;

/** The past of a bill: every state that its line has been in, and the one that is looked at. */
export class BillHistory {
  readonly ribbon: Query<Ribbon>;
  readonly acts: Query<BillAct[]>;
  isPlaying = $state(false);
  /** Under the hand, before it is let go. */
  #dragged = $state<number>();
  readonly #billNo: () => string;

  constructor(billNo: () => string) {
    this.#billNo = billNo;
    this.ribbon = new Query((signal) => api.ribbon(billNo(), signal), { keep: true });
    this.acts = new Query(
      (signal) => readAll((page, signal) => api.billActs(billNo(), page, signal), MOST_ACTS, signal),
      { keep: true },
    );
    $effect(() => {
      if (!this.isPlaying) return;
      const timer = setInterval(() => this.#next(), STEP_MS);
      return () => clearInterval(timer);
    });
  }

  get steps(): readonly Step[] {
    return this.ribbon.value?.steps ?? [];
  }

  /** The step that is shown; the last is now. */
  get index(): number {
    const last = this.steps.length - 1;
    const block = filter('asOf');
    if (this.#dragged !== undefined) return Math.min(this.#dragged, last);
    if (block === undefined) return last;
    return this.steps.findLastIndex((step) => step.block <= Number(block));
  }

  get isPast(): boolean {
    return this.index >= 0 && this.index < this.steps.length - 1;
  }

  get step(): Step | undefined {
    return this.steps[this.index];
  }

  /** What the page is read as of; undefined: now. */
  get asOf(): number | undefined {
    const block = filter('asOf');
    return block !== undefined && /^\d{1,15}$/.test(block) ? Number(block) : undefined;
  }

  get pieces(): Piece[] {
    return (this.step?.pieces ?? []).map((piece) => ({
      id: parcelId(BigInt(this.#billNo()), BigInt(piece.first)).toString(),
      first: BigInt(piece.first),
      end: BigInt(piece.end),
      holder: piece.holder?.number ?? null,
      holderName: piece.holder ? text(piece.holder.name) : m.hidden_holder(),
      state: piece.state,
    }));
  }

  get endorsements(): Endorsement[] {
    return endorsementsOf(this.acts.value ?? [], this.isPast ? this.step!.block : undefined);
  }

  /** Acts up to the step that is shown. */
  get actsSoFar(): BillAct[] {
    const all = this.acts.value ?? [];
    return this.isPast ? all.filter((act) => act.block <= this.step!.block) : all;
  }

  /** What happened in the block of the step. */
  get happened(): BillAct[] {
    return (this.acts.value ?? []).filter((act) => act.block === this.step?.block);
  }

  drag(index: number): void {
    this.#dragged = index;
  }

  /** The step stays in the address: it can be linked to. */
  async rest(): Promise<void> {
    const { step, isPast } = this;
    await filterBy({ asOf: isPast && step ? String(step.block) : undefined });
    this.#dragged = undefined;
  }

  play(): void {
    this.isPlaying = !this.isPlaying;
    if (!this.isPlaying) void this.rest();
    else if (!this.isPast) this.drag(0);
  }

  now(): Promise<void> {
    this.isPlaying = false;
    this.#dragged = this.steps.length - 1;
    return this.rest();
  }

  #next(): void {
    if (this.isPast) return this.drag(this.index + 1);
    this.isPlaying = false;
    void this.rest();
  }
}
