import type { PodInfo } from './cache';

const none: readonly PodInfo[] = [];

/** Pods that have made room on a node and are not there yet. */
export class Nominations {
  private readonly byNode = new Map<string, Map<string, PodInfo>>();
  private readonly nodes = new Map<string, string>();

  add(pod: PodInfo, node: string): void {
    this.delete(pod.uid);
    this.nodes.set(pod.uid, node);
    const there = this.byNode.get(node);
    if (there) there.set(pod.uid, pod);
    else this.byNode.set(node, new Map([[pod.uid, pod]]));
  }

  delete(uid: string): void {
    const node = this.nodes.get(uid);
    if (node === undefined) return;
    this.nodes.delete(uid);
    const there = this.byNode.get(node);
    there?.delete(uid);
    if (there?.size === 0) this.byNode.delete(node);
  }

  nodeOf(uid: string): string | undefined {
    return this.nodes.get(uid);
  }

  /** Those that are expected on a node and not less important than `pod`. */
  on(node: string, pod: PodInfo): readonly PodInfo[] {
    const there = this.byNode.get(node);
    if (!there) return none;
    return [...there.values()].filter(({ uid, priority }) => uid !== pod.uid && priority >= pod.priority);
  }

  /** Those on a node that are less important than `pod`: they have to look for another place. */
  below(node: string, pod: PodInfo): readonly PodInfo[] {
    const there = this.byNode.get(node);
    return there ? [...there.values()].filter(({ uid, priority }) => uid !== pod.uid && priority < pod.priority) : none;
  }
}
