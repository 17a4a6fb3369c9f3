import { untrack } from 'svelte';
import { asProblem, type ApiProblem } from '#web/api/problem.ts';
import { live } from './live.svelte.ts';
import { session } from './session.svelte.ts';

type Load<T> = (signal: AbortSignal) => Promise<T>;
/** `live`: read again with the ledger. `keep`: show the old answer until the answer to a changed question is there. */
type Options = { live?: boolean; keep?: boolean };

/**
 * One read of the API that stays true: it is read again when what it depends on changes (state that `load` reads before
 * its first await) and when the ledger moves on. Made while a component starts, it ends with the component.
 */
export class Query<T> {
  value = $state.raw<T>();
  problem = $state.raw<ApiProblem>();
  busy = $state(false);
  /** The ledger has moved on since this was read, and it was not read again. */
  hasNews = $state(false);
  #load: Load<T>;
  #current = new AbortController();

  constructor(load: Load<T>, options: Options = {}) {
    this.#load = load;
    $effect(() => {
      if (options.keep !== true) untrack(() => (this.value = undefined));
      void this.#run();
      return () => this.#current.abort();
    });
    if (options.live !== false) $effect(() => live.onchange(() => this.heard()));
  }

  protected heard(): void {
    void this.refresh();
  }

  refresh(): Promise<void> {
    return untrack(() => this.#run());
  }

  async #run(): Promise<void> {
    this.#current.abort();
    const { signal } = (this.#current = new AbortController());
    const reading = this.#load(signal);
    untrack(() => (this.busy = true));
    try {
      const value = await reading;
      if (signal.aborted) return;
      this.value = value;
      this.problem = undefined;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = asProblem(error);
      if (this.problem.status === 401) void session.lost();
      if (this.problem.code === 'SESSION_CHANGED') session.changed();
    } finally {
      if (!signal.aborted) this.busy = false;
    }
  }
}

export type PageOf<T> = { items: T[]; next: string | null };
type LoadPage<T> = (page: { cursor?: string; limit: number }, signal: AbortSignal) => Promise<PageOf<T>>;

const PAGE = 50;
const MOST = 200;

/** More than these are not read again by themselves: the list says that there is news, and is read again when asked. */
const MOST_REREAD = 1_000;

/** A list that is read page by page; when the ledger moves on, as many rows are read again as were there. */
export class PagedQuery<T> extends Query<PageOf<T>> {
  #loadPage: LoadPage<T>;
  #wanted: { rows: number };

  constructor(loadPage: LoadPage<T>, options: Options = {}) {
    const wanted = { rows: PAGE };
    super((signal) => loadAtLeast(loadPage, wanted.rows, signal), options);
    this.#loadPage = loadPage;
    this.#wanted = wanted;
  }

  protected override heard(): void {
    if (this.rows.length <= MOST_REREAD) super.heard();
    else this.hasNews = true;
  }

  override refresh(): Promise<void> {
    this.hasNews = false;
    return super.refresh();
  }

  /** Every row there is, also those that were not read yet: for files. */
  all = async (): Promise<T[]> => {
    if (!this.hasMore && !this.hasNews) return this.rows;
    return (await loadAtLeast(this.#loadPage, Infinity, new AbortController().signal)).items;
  };

  get rows(): T[] {
    return this.value?.items ?? [];
  }

  get hasMore(): boolean {
    return this.value?.next != null;
  }

  async more(): Promise<void> {
    const before = this.value;
    if (this.busy || before?.next == null) return;
    this.busy = true;
    const limit = before.items.length < MOST ? PAGE : MOST;
    try {
      const page = await this.#loadPage({ cursor: before.next, limit }, new AbortController().signal);
      if (this.value !== before) return;
      this.value = { items: [...before.items, ...page.items], next: page.next };
      this.#wanted.rows = this.value.items.length;
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.busy = false;
    }
  }
}

/** So many rows of a list, or all that there are. */
export const readAll = async <T>(load: LoadPage<T>, rows: number, signal: AbortSignal): Promise<T[]> =>
  (await loadAtLeast(load, rows, signal)).items;

async function loadAtLeast<T>(load: LoadPage<T>, rows: number, signal: AbortSignal): Promise<PageOf<T>> {
  let page = await load({ limit: Math.min(rows, MOST) }, signal);
  while (page.next !== null && page.items.length < rows) {
    const further = await load({ cursor: page.next, limit: MOST }, signal);
    page = { items: [...page.items, ...further.items], next: further.next };
  }
  return page;
}
