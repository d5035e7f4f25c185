import type { KubeObject, Node, Pod } from '../../../simulator/api';
import { resources } from '../../../simulator/client';
import type { Cluster } from '../../../simulator/cluster';
import type { MapChange } from '../protocol';
import { nodeView, podView } from './views';

/** One kind of object: what was told last, and how to find what has changed since. Objects are frozen, so identity decides. */
class Told<T extends KubeObject, View> {
  readonly #last = new Map<string, T>();

  constructor(private readonly key: (object: T) => string, private readonly view: (object: T) => View) {}

  changes(objects: readonly T[]): { readonly changed: View[]; readonly gone: string[] } {
    const changed: View[] = [];
    const seen = new Set<string>();
    for (const object of objects) {
      const key = this.key(object);
      seen.add(key);
      if (this.#last.get(key) === object) continue;
      this.#last.set(key, object);
      changed.push(this.view(object));
    }
    const gone = [...this.#last.keys()].filter((key) => !seen.has(key));
    for (const key of gone) this.#last.delete(key);
    return { changed, gone };
  }
}

/** Looks at the cluster's nodes and Pods from outside the world and says what differs from the last look. */
export class MapWatcher {
  readonly #nodes = new Told<Node & KubeObject, ReturnType<typeof nodeView>>((node) => node.metadata?.name ?? '', nodeView);
  readonly #pods = new Told<Pod & KubeObject, ReturnType<typeof podView>>((pod) => pod.metadata?.uid ?? '', podView);

  constructor(private readonly cluster: Cluster) {}

  /** Undefined when nothing has changed. */
  look(): MapChange | undefined {
    const nodes = this.#nodes.changes(this.cluster.objects(resources.nodes));
    const pods = this.#pods.changes(this.cluster.objects(resources.pods));
    if (nodes.changed.length + nodes.gone.length + pods.changed.length + pods.gone.length === 0) return undefined;
    return { nodes: nodes.changed, goneNodes: nodes.gone, pods: pods.changed, gonePods: pods.gone };
  }
}
