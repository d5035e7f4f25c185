import { useSyncExternalStore } from 'react';
import { noProgress, type Progress, readProgress, storageRefused, subscribeProgress } from './store';

/** What this browser has kept; nothing while the page is rendered on the server. */
export function useProgress(): Progress {
  return useSyncExternalStore(subscribeProgress, readProgress, () => noProgress);
}

/** True when the browser refused to keep something. */
export function useStorageRefused(): boolean {
  return useSyncExternalStore(subscribeProgress, storageRefused, () => false);
}
