/** What this browser keeps beyond a page and cannot give out: keys, as the browser's own objects. */
type Ask<T> = (store: IDBObjectStore) => IDBRequest<T>;

/** One store of a database of its own. @param name Of the database. */
export class Kept<T> {
  readonly #name: string;
  readonly #store: string;

  constructor(name: string, store: string) {
    this.#name = name;
    this.#store = store;
  }

  get = (key: string): Promise<T | undefined> =>
    this.#within('readonly', (store) => store.get(key) as IDBRequest<T | undefined>);

  put = (key: string, value: T): Promise<unknown> =>
    this.#within('readwrite', (store) => store.put(value, key));

  async #within<R>(mode: IDBTransactionMode, ask: Ask<R>): Promise<R> {
    const database = await this.#opened();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(this.#store, mode);
        const request = ask(transaction.objectStore(this.#store));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onerror = () => reject(transaction.error as Error);
      });
    } finally {
      database.close();
    }
  }

  #opened(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(this.#name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(this.#store);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error as Error);
    });
  }
}
