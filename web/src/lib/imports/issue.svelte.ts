import { SvelteMap } from 'svelte/reactivity';
import { api, type PrepareInput } from '#web/api/client.ts';
import { ApiProblem, asProblem } from '#web/api/problem.ts';
import type { ImportWhole, MemberRef, PreparedInstruction, Signing } from '#web/api/schema.ts';
import { minorOf } from '#web/format.ts';
import { readAll } from '#web/state/query.svelte.ts';
import { session } from '#web/state/session.svelte.ts';

const POLL_MS = 1_000;
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/**
 * Bills of one import on their way: portion by portion they are prepared, signed here and handed in. What was prepared
 * is found again by the server, so that it can be left at any moment and gone on with later, here or elsewhere.
 */
export class IssueRun {
  readonly id: string;
  readonly asked: PrepareInput;
  readonly whole: ImportWhole;
  /** What will be signed first, for whoever wants to check it. */
  readonly first: readonly PreparedInstruction[];
  /** Issued from this import before. */
  readonly before: number;
  step = $state<'confirm' | 'running' | 'stopped' | 'over'>('confirm');
  /** Bills that were handed in. */
  signed = $state(0);
  /** Bills that the ledger has. */
  done = $state(0);
  /** Bills that colleagues have to sign, and who. */
  left = $state(0);
  signing = $state.raw<Signing>();
  problem = $state.raw<ApiProblem>();
  // No page looks at it.
  // eslint-disable-next-line svelte/prefer-svelte-reactivity
  readonly #handedIn = new Set<string>();
  #next: number | null;

  constructor(
    id: string,
    asked: PrepareInput,
    prepared: Awaited<ReturnType<typeof api.prepareImport>>,
    before: number,
  ) {
    this.id = id;
    this.asked = asked;
    this.whole = prepared.whole!;
    this.first = prepared.instructions;
    this.before = before;
    this.#next = prepared.next;
  }

  /** Who gets what: the rows that go, without those that were taken out. */
  async payees(): Promise<{ to: MemberRef; amount: bigint }[]> {
    const { signal } = new AbortController();
    const out = this.asked.except ?? [];
    const rows = await Promise.all(
      (['ok', 'prepared'] as const).map((state) =>
        readAll((page, signal) => api.importRows(this.id, { state, ...page }, signal), Infinity, signal),
      ),
    );
    return rows
      .flat()
      .filter(({ row, state }) => state === 'prepared' || !out.includes(row))
      .flatMap(({ payable }) => (payable ? [{ to: payable.supplier, amount: minorOf(payable.amount) }] : []));
  }

  stop(): void {
    if (this.step === 'running') this.step = 'stopped';
  }

  /** Until all of it is in the ledger; may be called again after it was stopped. */
  async go(): Promise<void> {
    this.step = 'running';
    this.problem = undefined;
    try {
      while (await this.#handInSome());
      await this.#follow();
    } catch (error) {
      this.problem = asProblem(error);
      this.step = 'stopped';
    }
  }

  /** One portion: what waits for its signature, else what is prepared next. False when there is nothing left to sign. */
  async #handInSome(): Promise<boolean> {
    // What somebody else of the firm has to sign too is left to him.
    const open = await api.importBatches(this.id);
    let instructions = open.instructions.filter(({ id }) => !this.#handedIn.has(id));
    if (instructions.length === 0) {
      if (this.#next === null) return false;
      const portion = await api.prepareImport(this.id, { ...this.asked, after: this.#next });
      this.#next = portion.next;
      instructions = portion.instructions;
    }
    const { member, status } = session;
    if (member === null || status === undefined) throw new ApiProblem(401, { code: 'UNAUTHENTICATED' });
    const [{ signBatch }, { ownKeys }] = await Promise.all([
      import('#web/instructions/sign.ts'),
      import('#web/instructions/keys.ts'),
    ]);
    const keys = await ownKeys();
    for (const each of instructions) {
      if (this.step !== 'running') return false;
      const { bills, signature } = await signBatch(each, member, status, keys);
      const key = `submit-${each.id}-${signature.signature.slice(2, 34)}`;
      const act = await api.submit(each.id, [signature], key);
      this.#handedIn.add(each.id);
      this.signed += bills;
      if (act.state === 'prepared') this.#waitsFor(bills, act.signing);
    }
    return true;
  }

  /** Leaves all of it to colleagues who sign. */
  async handOn(): Promise<void> {
    this.problem = undefined;
    try {
      for (let instructions = this.first; ;) {
        for (const { id, makes } of instructions) {
          const { signing } = await api.instructionSheet(id, new AbortController().signal);
          this.#waitsFor(makes.bills.length, signing);
        }
        if (this.#next === null) break;
        const portion = await api.prepareImport(this.id, { ...this.asked, after: this.#next });
        this.#next = portion.next;
        instructions = portion.instructions;
      }
      this.step = 'over';
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  #waitsFor(bills: number, signing: Signing | undefined): void {
    this.left += bills;
    this.signing = signing;
  }

  async #follow(): Promise<void> {
    const { signal } = new AbortController();
    for (;;) {
      const { counts } = await api.import(this.id, signal);
      this.done = counts.issued - this.before;
      if (this.step !== 'running') return;
      if (counts.sent === 0) break;
      await pause(POLL_MS);
    }
    this.step = 'over';
  }
}

/** By import; they go on while other pages are looked at. */
export const runs = new SvelteMap<string, IssueRun>();
