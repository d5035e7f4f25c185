import type { Pod, Service } from '../../api';
import { deepEqual, type Informer, isDeleting, keyOf, mapMatcher, meta } from '../../client';
import { isReady, isTerminal } from '../pods';

/** Whether anything that endpoints say of a Pod has changed. */
const differs = (old: Pod, pod: Pod): boolean =>
  old.status?.podIP !== pod.status?.podIP || isReady(old) !== isReady(pod) || isDeleting(old) !== isDeleting(pod) || isTerminal(old) !== isTerminal(pod)
  || old.spec?.nodeName !== pod.spec?.nodeName || old.spec?.hostname !== pod.spec?.hostname || !deepEqual(old.status?.podIPs, pod.status?.podIPs);

/** Calls `changed` with the key of each Service that changed or whose Pods did. */
export function servicesOfPods(services: Informer<Service>, pods: Informer<Pod>, changed: (key: string) => void): void {
  const affected = (pod: Pod) => {
    for (const service of services.store.by('namespace', meta(pod).namespace)) {
      if (mapMatcher(service.spec?.selector)(pod.metadata?.labels)) changed(keyOf(service));
    }
  };
  services.addHandlers({
    add: (service) => changed(keyOf(service)),
    update: (_, service) => changed(keyOf(service)),
    delete: (service) => changed(keyOf(service)),
  });
  pods.addHandlers({
    add: affected,
    update(old, pod) {
      const relabelled = old.metadata?.labels !== pod.metadata?.labels && !deepEqual(old.metadata?.labels, pod.metadata?.labels);
      if (!relabelled && !differs(old, pod)) return;
      affected(pod);
      if (relabelled) affected(old);
    },
    delete: affected,
  });
}
