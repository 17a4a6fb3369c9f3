import { goto } from '$app/navigation';
import { navigating } from '$app/state';
import { session } from '#web/state/session.svelte.ts';
import { placesFor } from './places.ts';

const CHORD_MS = 1_200;
const ROWS = 'main table.data tbody tr[data-row], main [data-inbox] li';
const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled)';

/** Everything by keyboard: the palette, places ("g", then a letter), the search of a page, rows one after the other. */
export class Keys {
  isPaletteOpen = $state(false);
  /** When "g" was pressed. */
  #chord = -CHORD_MS;
  /** Pressed on the way to a page: meant for that page, not for the one that is still shown. */
  #early: KeyboardEvent[] = [];

  press = (event: KeyboardEvent): void => {
    if (event.isComposing || event.defaultPrevented) return;
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      this.isPaletteOpen = !this.isPaletteOpen;
      return;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event) || hasDialog()) return;
    if (navigating.to !== null) this.#early.push(event);
    else if (this.#act(event)) event.preventDefault();
  };

  /** The page that was gone to is there. */
  arrived = (): void => {
    const early = this.#early;
    this.#early = [];
    for (const event of early) this.#act(event);
  };

  #act({ key, timeStamp }: KeyboardEvent): boolean {
    if (timeStamp - this.#chord < CHORD_MS) {
      this.#chord = -CHORD_MS;
      const places = placesFor(session.looker);
      const place = places.find((each) => each.key === key);
      if (place) void goto(place.href);
      return place !== undefined;
    }
    if (key === 'g') this.#chord = timeStamp;
    else if (key === '?') this.isPaletteOpen = true;
    else if (key === '/') this.isPaletteOpen = !focusSearch();
    else if (key === 'j' || key === 'k') return walk(key === 'j' ? 1 : -1);
    else return false;
    return true;
  }
}

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=range])'));

const hasDialog = (): boolean => document.querySelector('dialog[open]') !== null;

function focusSearch(): boolean {
  const search = document.querySelector<HTMLInputElement>('main input[type=search]');
  search?.focus();
  search?.select();
  return search !== null;
}

/** The row before or after the one that has the focus; at first the first. */
function walk(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>(ROWS)];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const row = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
  const links = [...(row?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])];
  (links.find((each) => each.tagName === 'A') ?? links[0])?.focus();
  row?.scrollIntoView({ block: 'nearest' });
  return row !== undefined;
}
