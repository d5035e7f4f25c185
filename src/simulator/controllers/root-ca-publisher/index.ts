import { type ConfigMap, isStatus, type Namespace } from '../../api';
import { deepEqual, isDeleting, meta, resources, runController, withMeta, WorkQueue } from '../../client';
import type { Controller } from '../manager/context';

const name = 'kube-root-ca.crt';
const description = 'kubernetes.io/description';
const text = 'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Puts the cluster's root certificates into each namespace, as the ConfigMap kube-root-ca.crt, and keeps them right. */
export const rootCaPublisher: Controller = {
  name: 'root-ca-certificate-publisher-controller',
  identity: 'root-ca-cert-publisher',
  *start({ kernel, client, informers, options }) {
    const { rootCertificates } = options;
    if (!rootCertificates) return;
    const data = { 'ca.crt': rootCertificates };
    const namespaces = informers.for<Namespace>(resources.namespaces);
    const maps = informers.for<ConfigMap>(resources.configmaps);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    const changed = (map: ConfigMap) => {
      if (meta(map).name === name) queue.add(meta(map).namespace);
    };
    namespaces.addHandlers({ add: (namespace) => queue.add(meta(namespace).name), update: (_, namespace) => queue.add(meta(namespace).name) });
    maps.addHandlers({ update: (_, map) => changed(map), delete: changed });
    runController({
      kernel, name: 'root-ca-certificate-publisher', queue, workers: 1,
      *sync(namespace) {
        const owner = namespaces.get(undefined, namespace);
        if (!owner || isDeleting(owner) || owner.status?.phase === 'Terminating') return;
        const map = maps.get(namespace, name);
        if (!map) {
          try {
            yield* client.create<ConfigMap>(resources.configmaps, namespace, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, annotations: { [description]: text } }, data });
          } catch (error) {
            if (!isStatus(error, 'AlreadyExists')) throw error;
          }
          return;
        }
        const annotations = { ...map.metadata?.annotations, [description]: text };
        if (deepEqual(map.data, data) && deepEqual(map.metadata?.annotations, annotations)) return;
        yield* client.update<ConfigMap>(resources.configmaps, withMeta({ ...map, data }, { annotations }));
      },
    });
  },
};
