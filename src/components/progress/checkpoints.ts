/** Where clusters stood when their page was left, in IndexedDB: too large for localStorage. Losing one loses no work. */

const databaseName = 'kube-dojang';
const storeName = 'checkpoints-v1';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB refused'));
  });
}

async function inStore<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  try {
    const database = await open();
    try {
      return await new Promise<T>((resolve, reject) => {
        const request = ask(database.transaction(storeName, mode).objectStore(storeName));
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('IndexedDB refused'));
      });
    } finally {
      database.close();
    }
  } catch {
    // A browser without storage: the cluster starts afresh after a reload, the files are kept elsewhere.
    return undefined;
  }
}

export async function readCheckpoint(lab: string): Promise<string | undefined> {
  const value: unknown = await inStore('readonly', (store) => store.get(lab));
  return typeof value === 'string' ? value : undefined;
}

export async function writeCheckpoint(lab: string, checkpoint: string): Promise<void> {
  await inStore('readwrite', (store) => store.put(checkpoint, lab));
}

export async function forgetCheckpoint(lab: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(lab));
}
