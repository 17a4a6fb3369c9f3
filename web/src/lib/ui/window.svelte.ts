import { createWindowVirtualizer } from '@tanstack/svelte-virtual';
import { untrack } from 'svelte';
import { fromStore } from 'svelte/store';

const ROW_HEIGHT = 41;
/** Up to here the browser draws all rows with ease, and find-in-page finds them. */
const ALL_UP_TO = 200;

type Range = { from: number; to: number; before: number; after: number };

/** Which rows of a long table are in view, and how high what lies before and after them is. */
export class Window {
  readonly #range: Range;

  constructor(table: () => HTMLElement | undefined, count: () => number) {
    const virtualizer = fromStore(
      createWindowVirtualizer<HTMLTableRowElement>({
        count: 0,
        estimateSize: () => ROW_HEIGHT,
        overscan: 20,
      }),
    );
    $effect(() => {
      const rows = count();
      if (rows <= ALL_UP_TO) return;
      const scrollMargin = (table()?.getBoundingClientRect().top ?? 0) + window.scrollY;
      untrack(() => virtualizer.current.setOptions({ count: rows, scrollMargin }));
    });
    this.#range = $derived.by(() => {
      const rows = count();
      if (rows <= ALL_UP_TO) return { from: 0, to: rows, before: 0, after: 0 };
      const items = virtualizer.current.getVirtualItems();
      const [first, last] = [items[0], items.at(-1)];
      if (first === undefined || last === undefined)
        return { from: 0, to: ALL_UP_TO, before: 0, after: (rows - ALL_UP_TO) * ROW_HEIGHT };
      const { scrollMargin } = virtualizer.current.options;
      const after = virtualizer.current.getTotalSize() - (last.end - scrollMargin);
      return { from: first.index, to: last.index + 1, before: first.start - scrollMargin, after };
    });
  }

  get range(): Range {
    return this.#range;
  }
}
