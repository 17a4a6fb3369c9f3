import type { SvelteVirtualizer } from '@tanstack/svelte-virtual';
import { untrack } from 'svelte';
import { fromStore } from 'svelte/store';

const ROW_HEIGHT = 37;
/** Up to here the browser draws all rows with ease, and find-in-page finds them. */
const ALL_UP_TO = 200;
const BEFORE_AND_AFTER = 8;

const PHONE = matchMedia('(max-width: 639px)');

type Range = { from: number; to: number; before: number; after: number };

/** Which rows of a long table are in view, and how high what lies before and after them is. */
export class Rows {
  /** Widths of the columns of a long table, kept as they were: rows come and go, columns stay where they are. */
  widths = $state.raw<string[]>();
  readonly #range: Range;
  readonly #count: () => number;
  /** Loaded with the first table that is long. */
  #virtualizer = $state.raw<{ readonly current: SvelteVirtualizer<Window, HTMLTableRowElement> }>();

  constructor(table: () => HTMLElement | undefined, count: () => number) {
    this.#count = count;
    $effect(() => {
      const rows = count();
      if (!this.isLong) return void (this.widths = undefined);
      const element = table();
      const virtualizer = this.#virtualizer;
      if (virtualizer === undefined) return void this.#load();
      if (element === undefined) return;
      untrack(() => {
        this.widths ??= widthsOf(element);
        const scrollMargin = element.getBoundingClientRect().top + window.scrollY;
        virtualizer.current.setOptions({ count: rows, scrollMargin });
      });
    });
    this.#range = $derived.by(() => this.#rangeOf(count()));
  }

  get isLong(): boolean {
    return this.#count() > ALL_UP_TO;
  }

  get range(): Range {
    return this.#range;
  }

  /** On a phone each row has a height of its own; elsewhere all are alike, and measuring them would cost frames. */
  measure = (row: HTMLTableRowElement): void => {
    if (PHONE.matches && untrack(() => this.isLong)) this.#virtualizer?.current.measureElement(row);
  };

  async #load(): Promise<void> {
    const { createWindowVirtualizer } = await import('@tanstack/svelte-virtual');
    this.#virtualizer ??= fromStore(
      createWindowVirtualizer<HTMLTableRowElement>({
        count: 0,
        estimateSize: () => ROW_HEIGHT,
        overscan: BEFORE_AND_AFTER,
      }),
    );
  }

  #rangeOf(rows: number): Range {
    if (rows <= ALL_UP_TO) return { from: 0, to: rows, before: 0, after: 0 };
    const virtualizer = this.#virtualizer?.current;
    const items = virtualizer?.getVirtualItems() ?? [];
    const [first, last] = [items[0], items.at(-1)];
    if (virtualizer === undefined || first === undefined || last === undefined) {
      const to = BEFORE_AND_AFTER * 4;
      return { from: 0, to, before: 0, after: (rows - to) * ROW_HEIGHT };
    }
    const { scrollMargin } = virtualizer.options;
    const after = virtualizer.getTotalSize() - (last.end - scrollMargin);
    const to = Math.min(rows, last.index + 1);
    return { from: Math.min(first.index, to), to, before: first.start - scrollMargin, after };
  }
}

/** In shares, so that a table follows its window. */
function widthsOf(table: HTMLElement): string[] {
  const heads = [...table.querySelectorAll('th')].map((head) => head.getBoundingClientRect().width);
  const total = heads.reduce((sum, width) => sum + width, 0) || 1;
  return heads.map((width) => `${((width / total) * 100).toFixed(2)}%`);
}
