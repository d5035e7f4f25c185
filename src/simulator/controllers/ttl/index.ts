import type { Node } from '../../api';
import { meta, resources, runController, WorkQueue } from '../../client';
import type { Controller } from '../manager/context';

const annotation = 'node.alpha.kubernetes.io/ttl';
/** Up to so many nodes, kubelets may keep Secrets and ConfigMaps for so many seconds; a step back is taken later than the step up. */
const steps = [[0, 100, 0], [90, 500, 15], [450, 1000, 30], [900, 2000, 60], [1800, Infinity, 300]] as const;

/** Tells kubelets by an annotation how long they may keep Secrets and ConfigMaps. */
export const ttlController: Controller = {
  name: 'ttl-controller',
  *start({ kernel, client, informers }) {
    const nodes = informers.for<Node>(resources.nodes);
    yield* informers.waitSynced();
    const queue = new WorkQueue(kernel);
    let step = 0;
    const recount = () => {
      const before = step;
      const size = nodes.store.size;
      while (size > (steps[step]?.[1] ?? Infinity)) step += 1;
      while (size < (steps[step]?.[0] ?? 0)) step -= 1;
      if (step !== before) for (const name of nodes.store.keys()) queue.add(name);
    };
    nodes.addHandlers({
      add(node) {
        recount();
        queue.add(meta(node).name);
      },
      update: (old, node) => old.metadata?.annotations !== node.metadata?.annotations && queue.add(meta(node).name),
      delete: recount,
    });
    runController({
      kernel, name: 'ttl-controller', queue, workers: 1,
      *sync(name) {
        const node = nodes.get(undefined, name);
        const wanted = String(steps[step]?.[2] ?? 0);
        if (!node || node.metadata?.annotations?.[annotation] === wanted) return;
        yield* client.patch(resources.nodes, undefined, name, 'application/strategic-merge-patch+json', { metadata: { annotations: { [annotation]: wanted } } });
      },
    });
  },
};
