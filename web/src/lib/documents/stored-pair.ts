/** A key pair that this browser keeps and cannot give out, one for each seat of each person. */

const NAME = 'tallystick documents';
const STORE = 'holders';

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error as Error);
  });
}

async function within<T>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = ask(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error as Error);
    });
  } finally {
    database.close();
  }
}

export const storedPair = (seat: string): Promise<CryptoKeyPair | undefined> =>
  within('readonly', (store) => store.get(seat) as IDBRequest<CryptoKeyPair | undefined>);

export async function storePair(seat: string, pair: CryptoKeyPair): Promise<void> {
  await within('readwrite', (store) => store.put(pair, seat));
  // The first page asks for it (routes/(app)/+layout.svelte).
  localStorage.setItem(NAME, seat);
}
