export { Cluster } from './cluster';
export { NodeInfo } from './node-info';
export { type AffinityTerm, type HostPort, podInfo, type PodInfo, termMatches } from './pod-info';
export { milliValue, wholeValue } from './quantity';
export { type Amounts, runningContainers } from './requests';
