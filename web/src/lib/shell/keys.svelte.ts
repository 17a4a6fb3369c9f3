import { goto } from '$app/navigation';
import { navigating } from '$app/state';
import { session } from '#web/state/session.svelte.ts';
import { placesFor } from './places.ts';

const CHORD_MS = 1_200;

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
    else if (key === '/') void inPage().then(({ focusSearch }) => (this.isPaletteOpen = !focusSearch()));
    else if (key === 'j' || key === 'k') void inPage().then(({ walk }) => walk(key === 'j' ? 1 : -1));
    else return false;
    return true;
  }
}

const inPage = () => import('./keys-in-page.ts');

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=range])'));

const hasDialog = (): boolean => document.querySelector('dialog[open]') !== null;
