import { createWindowVirtualizer } from '@tanstack/svelte-virtual';
import { fromStore } from 'svelte/store';

const ROW_HEIGHT = 41;
/** Up to here the browser draws all rows with ease, and find-in-page finds them. */
const ALL_UP_TO = 200;

/** Which rows of a long table are in view, and how high what lies before and after them is. */
export class Window {
  #items;
  #count: () => number;

  constructor(table: () => HTMLElement | undefined, count: () => number) {
    this.#count = count;
    const store = createWindowVirtualizer<HTMLTableRowElement>({
      count: 0,
      estimateSize: () => ROW_HEIGHT,
      overscan: 20,
    });
    const current = fromStore(store);
    $effect(() => {
      const top = table()?.getBoundingClientRect().top ?? 0;
      current.current.setOptions({ count: count(), scrollMargin: top + window.scrollY });
    });
    this.#items = $derived({
      shown: current.current.getVirtualItems(),
      total: current.current.getTotalSize(),
      margin: current.current.options.scrollMargin,
    });
  }

  get #isLong(): boolean {
    return this.#count() > ALL_UP_TO;
  }

  get from(): number {
    return this.#isLong ? (this.#items.shown[0]?.index ?? 0) : 0;
  }

  get to(): number {
    return this.#isLong ? (this.#items.shown.at(-1)?.index ?? ALL_UP_TO) + 1 : this.#count();
  }

  get before(): number {
    return this.#isLong ? (this.#items.shown[0]?.start ?? 0) - this.#items.margin : 0;
  }

  get after(): number {
    const last = this.#items.shown.at(-1);
    return this.#isLong && last ? this.#items.total - (last.end - this.#items.margin) : 0;
  }
}
