import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { api } from '#web/api/client.ts';
import type { Import, ImportField, ImportQuestion, ImportRow } from '#web/api/schema.ts';
import { Form } from '#web/forms/form.svelte.ts';
import { count } from '#web/format.ts';
import { m } from '#web/paraglide/messages.js';
import { acts, type Flow } from '#web/state/acts.svelte.ts';
import { PagedQuery, Query } from '#web/state/query.svelte.ts';

export type RowState = ImportRow['state'];

/** Batches that were prepared and left before they were signed, by import. */
const unsigned = new SvelteMap<string, Flow>();

/** One uploaded file: its questions, its rows, and the bills that are made of them. */
export class ImportState extends Form {
  readonly id: () => string;
  readonly file: Query<Import>;
  readonly rows: PagedQuery<ImportRow>;
  /** Rows that were taken out by hand; everything else that can go, goes. */
  readonly left = new SvelteSet<number>();

  constructor(id: () => string, show: () => RowState | undefined) {
    super();
    this.id = id;
    this.file = new Query((signal) => api.import(id(), signal));
    this.rows = new PagedQuery((page, signal) => {
      const state = show();
      return api.importRows(id(), { ...(state ? { state } : {}), ...page }, signal);
    });
  }

  get isAsking(): boolean {
    return (this.file.value?.questions.length ?? 0) > 0;
  }

  /** How many rows would be issued now. */
  get going(): number {
    return Math.max(0, (this.file.value?.counts.ok ?? 0) - this.left.size);
  }

  /** A confirmation that was closed unsigned: its rows wait for it. */
  get unsigned(): Flow | undefined {
    const flow = unsigned.get(this.id());
    return flow === undefined || flow.started ? undefined : flow;
  }

  toggle(row: number): void {
    if (!this.left.delete(row)) this.left.add(row);
  }

  async answer(question: ImportQuestion, choice: string): Promise<void> {
    const given = { [question.field]: choice };
    await this.#change(question.kind === 'column' ? { mapping: given } : { formats: given });
  }

  /** A column for a field, or none. The whole mapping goes: what is left out is not used. */
  async map(field: ImportField, column: string | undefined): Promise<void> {
    const mapping = { ...this.file.value?.mapping };
    if (column === undefined) delete mapping[field];
    else mapping[field] = column;
    await this.#change({ mapping });
  }

  async #change(change: Parameters<typeof api.answer>[1]): Promise<void> {
    await this.run(() => api.answer(this.id(), change));
    this.left.clear();
    await Promise.all([this.file.refresh(), this.rows.refresh()]);
  }

  async issue(): Promise<void> {
    await this.run(async () => {
      const rows = this.left.size === 0 ? ('all-ok' as const) : await this.#rowsThatGo();
      const prepared = await api.prepareImport(this.id(), rows);
      const flow = acts.confirm(prepared.acts, {
        title: m.issue_bills(),
        facts: [
          {
            label: m.bills(),
            value: count(prepared.acts.reduce((sum, act) => sum + act.makes.bills.length, 0)),
            strong: true,
          },
          ...(prepared.acts.length > 1 ? [{ label: m.batches(), value: count(prepared.acts.length) }] : []),
        ],
        warning: m.issue_warning(),
        link: () => '/bills',
      });
      unsigned.set(this.id(), flow);
    });
    await Promise.all([this.file.refresh(), this.rows.refresh()]);
  }

  async #rowsThatGo(): Promise<number[]> {
    const { signal } = new AbortController();
    const rows: number[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await api.importRows(
        this.id(),
        { state: 'ok', limit: 200, ...(cursor ? { cursor } : {}) },
        signal,
      );
      rows.push(...page.items.map((row) => row.row).filter((row) => !this.left.has(row)));
      cursor = page.next;
    } while (cursor !== null);
    return rows;
  }
}
