import type { NodeInfo } from './node-info';
import type { PodInfo } from './pod-info';

/** How many Pods of one selection each node has; only nodes with some are in it. */
export interface Selection {
  readonly key: string;
  matches(pod: PodInfo): boolean;
  readonly perNode: Map<string, number>;
}

const capacity = 256;

/**
 * Counts of selected Pods per node, kept up to date as Pods come and go. A selection is counted once over all Pods when
 * it is first asked for; the least recently used are forgotten.
 */
export class Counts {
  private readonly selections = new Map<string, Selection>();

  constructor(private readonly nodes: ReadonlyMap<string, NodeInfo>) {}

  /** The counts for a selection; `key` must say all that decides `matches`. */
  of(key: string, matches: (pod: PodInfo) => boolean): ReadonlyMap<string, number> {
    const known = this.selections.get(key);
    if (known) {
      this.selections.delete(key);
      this.selections.set(key, known);
      return known.perNode;
    }
    const selection: Selection = { key, matches, perNode: new Map() };
    for (const node of this.nodes.values()) for (const pod of node.pods.values()) change(selection, node.name, pod, 1);
    this.selections.set(key, selection);
    if (this.selections.size > capacity) {
      for (const oldest of this.selections.keys()) {
        this.selections.delete(oldest);
        break;
      }
    }
    return selection.perNode;
  }

  added(node: string, pod: PodInfo): void {
    for (const selection of this.selections.values()) change(selection, node, pod, 1);
  }

  removed(node: string, pod: PodInfo): void {
    for (const selection of this.selections.values()) change(selection, node, pod, -1);
  }
}

function change({ matches, perNode }: Selection, node: string, pod: PodInfo, by: number): void {
  if (!matches(pod)) return;
  const count = (perNode.get(node) ?? 0) + by;
  if (count === 0) perNode.delete(node);
  else perNode.set(node, count);
}
