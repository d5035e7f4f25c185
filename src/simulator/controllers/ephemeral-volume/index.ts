import { isStatus, type PersistentVolumeClaim, type Pod } from '../../api';
import { controllerReference, isDeleting, keyOf, meta, ownedByController, resources, runController, WorkQueue } from '../../client';
import type { Controller } from '../manager/context';
import { isTerminal } from '../pods';

/** Makes the claims of Pods' generic ephemeral volumes. */
export const ephemeralVolumeController: Controller = {
  name: 'ephemeral-volume-controller',
  *start({ kernel, client, informers, recorder }) {
    const pods = informers.for<Pod>(resources.pods);
    const claims = informers.for<PersistentVolumeClaim>(resources.persistentvolumeclaims);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const events = recorder('ephemeral_volume');
    pods.addHandlers({ add: (pod) => pod.spec?.volumes?.some(({ ephemeral }) => ephemeral) && queue.add(keyOf(pod)) });
    claims.addHandlers({ delete: (claim) => claim.metadata?.ownerReferences?.forEach(({ kind, name }) => kind === 'Pod' && queue.add(`${meta(claim).namespace}/${name}`)) });
    runController({
      kernel, name: 'ephemeral-volume-controller', queue, workers: 1,
      *sync(key) {
        const pod = pods.store.get(key);
        if (!pod || isDeleting(pod) || isTerminal(pod)) return;
        for (const { name: volume, ephemeral } of pod.spec?.volumes ?? []) {
          const template = ephemeral?.volumeClaimTemplate;
          if (!template) continue;
          const { namespace } = meta(pod);
          const name = `${meta(pod).name}-${volume}`;
          const existing = claims.get(namespace, name);
          if (existing) {
            if (!ownedByController(existing, pod)) events.event(pod, 'Warning', 'FailedBinding', `ephemeral volume ${volume}: PVC ${namespace}/${name} was not created for pod ${key} (pod is not owner)`);
            continue;
          }
          const { labels, annotations } = template.metadata ?? {};
          try {
            yield* client.create<PersistentVolumeClaim>(resources.persistentvolumeclaims, namespace, {
              apiVersion: 'v1', kind: 'PersistentVolumeClaim',
              metadata: { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }), ownerReferences: [controllerReference(pod, resources.pods)] },
              spec: template.spec,
            });
          } catch (error) {
            if (!isStatus(error, 'AlreadyExists')) throw error;
          }
        }
      },
    });
  },
};
