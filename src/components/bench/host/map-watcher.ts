import type { KubeObject, Node, Pod } from '../../../simulator/api';
import { resources } from '../../../simulator/client';
import type { Cluster } from '../../../simulator/cluster';
import { groupBy } from '../group-by';
import type { MapChange, Undrawn } from '../protocol';
import { isSystem, nodeView, podView } from './views';

const uidOf = (pod: Pod & KubeObject): string => pod.metadata?.uid ?? '';
const placeOf = (pod: Pod & KubeObject): string => `${pod.spec?.nodeName ?? ''} ${isSystem(pod)}`;

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

/** Pods drawn on one node at most; the rest are counted. */
const drawnPerNode = 40;

/** Which Pods have a place in the picture: whoever stands in it stays, and the first by name fill what is free. */
class Seats {
  #drawn: ReadonlySet<string> = new Set();

  choose(pods: readonly (Pod & KubeObject)[]): { readonly drawn: readonly (Pod & KubeObject)[]; readonly undrawn: readonly Undrawn[] } {
    const drawn: (Pod & KubeObject)[] = [];
    const undrawn: Undrawn[] = [];
    for (const group of groupBy(pods, placeOf).values()) {
      const [first] = group;
      if (first === undefined) continue;
      if (group.length > drawnPerNode) undrawn.push({ node: first.spec?.nodeName, system: isSystem(first), count: group.length - drawnPerNode });
      drawn.push(...this.#seated(group));
    }
    this.#drawn = new Set(drawn.map(uidOf));
    return { drawn, undrawn };
  }

  #seated(group: readonly (Pod & KubeObject)[]): readonly (Pod & KubeObject)[] {
    if (group.length <= drawnPerNode) return group;
    const standing = group.filter((pod) => this.#drawn.has(uidOf(pod))).slice(0, drawnPerNode);
    const newcomers = group.filter((pod) => !this.#drawn.has(uidOf(pod))).slice(0, drawnPerNode - standing.length);
    return [...standing, ...newcomers];
  }
}

/** Looks at the cluster's nodes and Pods from outside the world and says what differs from the last look. */
export class MapWatcher {
  readonly #nodes = new Told<Node & KubeObject, ReturnType<typeof nodeView>>((node) => node.metadata?.name ?? '', nodeView);
  readonly #seats = new Seats();
  #undrawn: readonly Undrawn[] = [];
  readonly #pods = new Told<Pod & KubeObject, ReturnType<typeof podView>>(uidOf, podView);

  constructor(private readonly cluster: Cluster) {}

  /** Undefined when nothing has changed. */
  look(): MapChange | undefined {
    const nodes = this.#nodes.changes(this.cluster.objects(resources.nodes));
    const { drawn, undrawn } = this.#seats.choose(this.cluster.objects(resources.pods));
    const pods = this.#pods.changes(drawn);
    const recounted = undrawn.length !== this.#undrawn.length || undrawn.some(({ count }, index) => count !== this.#undrawn[index]?.count);
    if (!recounted && nodes.changed.length + nodes.gone.length + pods.changed.length + pods.gone.length === 0) return undefined;
    this.#undrawn = undrawn;
    return { nodes: nodes.changed, goneNodes: nodes.gone, pods: pods.changed, gonePods: pods.gone, undrawn };
  }
}
