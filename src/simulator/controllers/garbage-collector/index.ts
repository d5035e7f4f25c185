import type { KubeObject, OwnerReference } from '../../api';
import { type Informer, meta, type Resource, runController, WorkQueue } from '../../client';
import type { Controller } from '../manager/context';
import { customResources } from '../manager';
import { collect, type Collector, orphanDependents } from './collect';
import { Graph, type GraphNode } from './graph';

/** Events own nothing and nobody owns them: following them would cost and never collect. */
const ignored = (resource: Resource): boolean => resource.resource === 'events' && resource.group === '';

/** Deletes what has lost its last owner, and carries out foreground deletion and orphaning. */
export const garbageCollector: Controller = {
  name: 'garbage-collector-controller',
  identity: 'generic-garbage-collector',
  *start({ kernel, client, informers, recorder }) {
    const served = customResources(informers);
    yield* informers.waitSynced();
    const checks = new WorkQueue(kernel);
    const orphans = new WorkQueue(kernel);
    const nodes = new Map<string, GraphNode>();
    const enqueue = (queue: WorkQueue) => (node: GraphNode) => {
      nodes.set(node.uid, node);
      queue.add(node.uid);
    };
    const resourceOf = ({ apiVersion, kind }: OwnerReference) => served.find(apiVersion, kind);
    const graph = new Graph({ check: enqueue(checks), orphan: enqueue(orphans) }, resourceOf);
    const collector: Collector = { client, graph, check: enqueue(checks), resourceOf };
    const events = recorder('garbage-collector-controller');
    const followed = new Map<string, Informer>();

    const warn = (object: KubeObject, resource: Resource) => {
      for (const { apiVersion, kind, name, uid } of object.metadata?.ownerReferences ?? []) {
        const owner = graph.get(uid);
        if (!owner || owner.virtual || owner.namespace === (object.metadata?.namespace ?? '') || owner.namespace === '') continue;
        const reference = { apiVersion: object.apiVersion ?? '', kind: object.kind ?? resource.kind, name: meta(object).name, namespace: meta(object).namespace, uid: meta(object).uid };
        events.event(reference, 'Warning', 'OwnerRefInvalidNamespace', `ownerRef [${apiVersion}/${kind}, namespace: ${meta(object).namespace}, name: ${name}, uid: ${uid}] does not exist in namespace "${meta(object).namespace}"`);
      }
    };
    const follow = (resource: Resource) => {
      if (ignored(resource)) return;
      const informer = informers.for(resource);
      followed.set(`${resource.group}/${resource.resource}`, informer);
      informer.addHandlers({
        add(object) {
          graph.observe(object, resource);
          if (object.metadata?.ownerReferences) warn(object, resource);
        },
        update: (_, object) => graph.observe(object, resource),
        delete: (object) => graph.remove(meta(object).uid),
      });
    };
    served.all().forEach(follow);
    yield* informers.waitSynced();
    served.watch(follow, (resource) => {
      const key = `${resource.group}/${resource.resource}`;
      const informer = followed.get(key);
      if (!informer) return;
      followed.delete(key);
      for (const object of informer.store.list()) graph.remove(meta(object).uid);
      informer.stop();
    });

    const work = (act: typeof collect) => function* sync(uid: string) {
      const node = nodes.get(uid);
      if (!node) return;
      nodes.delete(uid);
      try {
        yield* act(collector, node);
      } catch (error) {
        nodes.set(uid, node);
        throw error;
      }
    };
    runController({ kernel, name: 'garbage-collector', queue: checks, workers: 20, sync: work(collect) });
    runController({ kernel, name: 'garbage-collector orphans', queue: orphans, workers: 20, sync: work(orphanDependents) });
  },
};
