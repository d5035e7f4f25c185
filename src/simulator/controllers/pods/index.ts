export { countedPods, countPods, groupOf, type PodGroup } from './census';
export { claim, type Claim, controllerKey, hasOrphans, indexByController, orphansOf, ownedBy, settleClaims } from './claim';
export { type BatchResult, createPodControl, inParallel, namespaceIsTerminating, type PodControl, podFromTemplate, slowStart } from './control';
export { byDeletionOrder } from './ranking';
export { isActive, isReady, isTerminal, isTerminating, podCondition, untilAvailable } from './state';
export { watchPodsOf, type PodWatch } from './watch';
