import { expose } from 'comlink';
import { Host } from './host/host';

/** The worker of one bench: one cluster, spoken to as protocol.ts says. */
expose(new Host());
