export { claim, type Claim, controllerKey, indexByController, orphansOf, ownedBy } from './claim';
export { type BatchResult, createPodControl, inParallel, namespaceIsTerminating, type PodControl, podFromTemplate, slowStart } from './control';
export { byDeletionOrder } from './ranking';
export { isActive, isReady, isTerminal, isTerminating, podCondition, untilAvailable } from './state';
export { watchPodsOf, type PodWatch } from './watch';
