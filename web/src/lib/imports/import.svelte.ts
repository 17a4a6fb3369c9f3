import { SvelteSet } from 'svelte/reactivity';
import { api, type PrepareInput } from '#web/api/client.ts';
import type { Import, ImportAnswers, ImportField, ImportQuestion, ImportRow } from '#web/api/schema.ts';
import { Form } from '#web/ui/form.svelte.ts';
import { PagedQuery, Query } from '#web/state/query.svelte.ts';
import { IssueRun, runs } from './issue.svelte.ts';

export type RowState = ImportRow['state'];

/** One uploaded file: its questions, its rows, and the bills that are made of them. */
export class ImportState extends Form {
  readonly id: () => string;
  readonly file: Query<Import>;
  readonly rows: PagedQuery<ImportRow>;
  /** Rows that were taken out by hand; everything else that can go, goes. */
  readonly left = new SvelteSet<number>();
  /** The run whose confirmation or progress is open. */
  shown = $state.raw<IssueRun>();

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

  /** How it is read can be changed as long as nothing of it was taken up. */
  get canChange(): boolean {
    const counts = this.file.value?.counts;
    return counts !== undefined && counts.issued + counts.sent + counts.prepared === 0;
  }

  /** Bills on their way that were started in this window. */
  get underWay(): IssueRun | undefined {
    const run = runs.get(this.id());
    return run?.step === 'running' || run?.step === 'stopped' ? run : undefined;
  }

  /** How many rows would be issued now; those that wait for their signature go first. */
  get going(): number {
    const counts = this.file.value?.counts;
    return counts === undefined ? 0 : Math.max(0, counts.ok - this.left.size) + counts.prepared;
  }

  toggle(row: number): void {
    if (!this.left.delete(row)) this.left.add(row);
  }

  async answer({ kind, field }: ImportQuestion, choice: string): Promise<void> {
    if (kind === 'column') await this.read({ mapping: { [field!]: choice } });
    else if (kind === 'format') await this.read({ formats: { [field!]: choice } });
    else await this.read({ [kind]: choice });
  }

  setTerms(terms: NonNullable<ImportAnswers['terms']>): Promise<void> {
    return this.read({ terms });
  }

  /** A column for a field, or none, whatever the header says. */
  async map(field: ImportField, column: string | undefined): Promise<void> {
    await this.read({ mapping: { [field]: column ?? null } });
  }

  /** Whether a cell of a wrong row can be put right: where a column is read as that, or what a document may leave open. */
  canFix(field: ImportField): boolean {
    const { columns = [], mapping } = this.file.value ?? {};
    return columns.length > 0 ? mapping?.[field] !== undefined : field === 'supplier' || field === 'dueDate';
  }

  /** Puts cells of a row right, or back to what the file says (null). */
  async correct(row: number, cells: Partial<Record<ImportField, string | null>>): Promise<void> {
    const corrections = Object.entries(cells).map(([field, value]) => ({
      ...{ row, field: field as ImportField, value },
    }));
    await this.#change(() => api.answer(this.id(), { corrections }));
  }

  /** Whom a name means, in all rows and in files to come. */
  async nameSupplier(name: string, supplier: number): Promise<void> {
    await this.#change(() => api.nameSupplier(this.id(), name, supplier));
  }

  /** False when it stays. */
  remove(): Promise<boolean> {
    return this.run(() => api.deleteImport(this.id()));
  }

  /** Reads the file again, as it is described now. */
  async read(answers: ImportAnswers): Promise<void> {
    await this.#change(() => api.answer(this.id(), answers));
    this.left.clear();
  }

  /** Prepares the first portion and shows what all of it comes to; nothing is signed before that was agreed to. */
  async issue(restrict?: PrepareInput['restrict']): Promise<void> {
    await this.#change(async () => {
      const asked: PrepareInput = {
        rows: 'all-ok',
        except: [...this.left],
        ...(restrict === undefined ? {} : { restrict }),
      };
      const prepared = await api.prepareImport(this.id(), asked);
      if (prepared.whole === null) return;
      const run = new IssueRun(this.id(), asked, prepared, this.file.value?.counts.issued ?? 0);
      runs.set(this.id(), run);
      this.shown = run;
    });
  }

  /** Prepares again, bound as it is said now; what was prepared otherwise is given up. */
  async restrict(restrict: PrepareInput['restrict']): Promise<void> {
    await this.run(() => api.releaseImport(this.id()));
    if (this.problem === undefined) await this.issue(restrict);
  }

  /** Lets its credit notes count, or takes back those that do. */
  async changeCredits(count: boolean): Promise<void> {
    await this.#change(() => api.changeCredits(this.id(), count));
  }

  /** What was prepared and is not wanted any more can be issued again. */
  async release(): Promise<void> {
    this.shown = undefined;
    runs.delete(this.id());
    await this.#change(() => api.releaseImport(this.id()));
  }

  /** Asks the server, and reads again what came of it. */
  async #change(work: () => Promise<unknown>): Promise<void> {
    await this.run(work);
    await Promise.all([this.file.refresh(), this.rows.refresh()]);
  }
}
