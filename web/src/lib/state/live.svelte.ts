/**
 * What the server tells without being asked: blocks, acts, inbox, a chain that stands still. Everybody who shows something of the ledger listens
 * here and reads again; news that come close together are taken as one.
 */
type Listener = () => void;
type ActNews = { id: string; state: string };

const GATHER_MS = 250;
const RETRY_MS = 3_000;

class Live {
  connected = $state(false);
  #source: EventSource | undefined;
  #listeners = new Set<Listener>();
  #actListeners = new Set<(news: ActNews) => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #missed = false;

  open(): void {
    if (this.#source !== undefined) return;
    const source = (this.#source = new EventSource('/api/events'));
    source.onopen = () => {
      // After a gap nobody knows what happened in it.
      if (this.#missed) this.#changed();
      this.connected = true;
    };
    source.onerror = () => {
      this.connected = false;
      this.#missed = true;
      // The browser tries again by itself after a cut, but not after a refusal.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.#reopen(source), RETRY_MS);
    };
    source.addEventListener('block', () => this.#changed());
    source.addEventListener('inbox', () => this.#changed());
    source.addEventListener('chain', () => this.#changed());
    source.addEventListener('instruction', (event) => {
      const news = JSON.parse(event.data as string) as ActNews;
      for (const listener of this.#actListeners) listener(news);
      if (news.state === 'done' || news.state === 'failed') this.#changed();
    });
    document.addEventListener('visibilitychange', this.#seen);
  }

  close(): void {
    this.#source?.close();
    this.#source = undefined;
    this.connected = false;
    document.removeEventListener('visibilitychange', this.#seen);
  }

  #reopen(source: EventSource): void {
    if (this.#source !== source) return;
    this.#source = undefined;
    this.open();
  }

  onchange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onact(listener: (news: ActNews) => void): () => void {
    this.#actListeners.add(listener);
    return () => this.#actListeners.delete(listener);
  }

  /** A page that nobody looks at reads nothing until it is looked at again. */
  #changed(): void {
    this.#missed = true;
    if (document.hidden) return;
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#missed = false;
      for (const listener of this.#listeners) listener();
    }, GATHER_MS);
  }

  #seen = (): void => {
    if (!document.hidden && this.#missed) this.#changed();
  };
}

export const live = new Live();
