export type { KubeletServer, LogOptions, StreamOptions } from './api';
export type { NodeFacts } from './facts';
export { createKubelet, type Kubelet, type KubeletOptions } from './kubelet';
