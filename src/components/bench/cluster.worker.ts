import { expose } from 'comlink';
import type { ClusterWorker } from './protocol';

const missing = (): never => {
  throw new Error('The simulated cluster is not part of this build.');
};

/** Answers every request with why there is no cluster. */
const worker: Pick<ClusterWorker, 'open' | 'setVisible'> = { open: async () => missing(), setVisible: async () => undefined };
expose(worker);
