import type { SvelteVirtualizer } from '@tanstack/svelte-virtual';
import { untrack } from 'svelte';
import { fromStore } from 'svelte/store';

const ROW_HEIGHT = 37;
/** Up to here the browser draws all rows with ease, and find-in-page finds them. */
const ALL_UP_TO = 200;
const BEFORE_AND_AFTER = 8;

const PHONE = matchMedia('(max-width: 639px)');
let isPhone = $state(PHONE.matches);
PHONE.addEventListener('change', () => (isPhone = PHONE.matches));

/** A row in view, and how far below the first row of all it begins. */
type Place = { index: number; top: number };

/** Which rows of a long table are in view and where they are. */
export class Rows {
  /** Widths of the columns of a long table, kept as they were: rows come and go, columns stay where they are. */
  widths = $state.raw<readonly string[]>();
  readonly #places: readonly Place[];
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
    // What was measured on a phone is not so wide any more.
    $effect.pre(() => {
      void isPhone;
      untrack(() => this.#virtualizer?.current.measure());
    });
    this.#places = $derived.by(() => this.#placesOf(count()));
  }

  get isLong(): boolean {
    return this.#count() > ALL_UP_TO;
  }

  /** Each row lies where it is told to: neither columns nor neighbours have to be looked at to draw it. */
  get isPlaced(): boolean {
    return this.isLong && this.widths !== undefined;
  }

  get places(): readonly Place[] {
    return this.#places;
  }

  /** Of all rows, in pixels. */
  get height(): number {
    return this.#virtualizer?.current.getTotalSize() ?? this.#count() * ROW_HEIGHT;
  }

  get isMoving(): boolean {
    return this.#virtualizer?.current.isScrolling ?? false;
  }

  /** On a phone each row has a height of its own; elsewhere all are alike, and measuring them would cost frames. */
  get isMeasured(): boolean {
    return isPhone;
  }

  measure = (row: HTMLTableRowElement): void => {
    if (this.isMeasured && untrack(() => this.isLong)) this.#virtualizer?.current.measureElement(row);
  };

  async #load(): Promise<void> {
    const { createWindowVirtualizer } = await import('@tanstack/svelte-virtual');
    this.#virtualizer ??= fromStore(
      createWindowVirtualizer<HTMLTableRowElement>({
        count: 0,
        estimateSize: () => ROW_HEIGHT,
        overscan: BEFORE_AND_AFTER,
        // Only then do rows get in order again, which costs a frame.
        isScrollingResetDelay: 400,
      }),
    );
  }

  #placesOf(rows: number): Place[] {
    const virtualizer = this.#virtualizer?.current;
    const items = this.isLong ? (virtualizer?.getVirtualItems() ?? []) : [];
    if (virtualizer === undefined || items.length === 0) {
      const length = this.isLong ? BEFORE_AND_AFTER * 4 : rows;
      return Array.from({ length }, (_, index) => ({ index, top: index * ROW_HEIGHT }));
    }
    const { scrollMargin } = virtualizer.options;
    return items
      .filter(({ index }) => index < rows)
      .map(({ index, start }) => ({ index, top: start - scrollMargin }));
  }
}

/** In shares, so that a table follows its window. */
function widthsOf(table: HTMLElement): string[] {
  const heads = [...table.querySelectorAll('th')].map((head) => head.getBoundingClientRect().width);
  const total = heads.reduce((sum, width) => sum + width, 0) || 1;
  return heads.map((width) => `${((width / total) * 100).toFixed(2)}%`);
}
