import type { KubeObject, OwnerReference } from '../../api';
import { isDeleting, meta, type Resource } from '../../client';

/** The finalizers with which the API server asks for a way of deleting. */
export const orphanFinalizer = 'orphan';
export const foregroundFinalizer = 'foregroundDeletion';

/** An object as the garbage collector knows it. */
export interface GraphNode {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  /** undefined: of a kind that the server does not serve. */
  readonly resource: Resource | undefined;
  owners: readonly OwnerReference[];
  readonly dependents: Set<GraphNode>;
  /** It is on its way out. */
  deleting: boolean;
  /** It waits, in the foreground, for its dependents to go. */
  deletingDependents: boolean;
  /** Only known from the references of others. */
  virtual: boolean;
}

export interface GraphListener {
  /** Look whether it may have to go. */
  check(node: GraphNode): void;
  /** Its dependents are to be set free. */
  orphan(node: GraphNode): void;
}

const none: readonly OwnerReference[] = [];

/** Most changes of an object leave its owners alone. */
const sameOwners = (a: readonly OwnerReference[], b: readonly OwnerReference[]): boolean =>
  a === b || (a.length === b.length && a.every((one, index) => one.uid === b[index]?.uid && one.blockOwnerDeletion === b[index].blockOwnerDeletion));

/** Who owns whom, by UID; kept by informers' events. */
export class Graph {
  private readonly nodes = new Map<string, GraphNode>();

  constructor(private readonly listener: GraphListener, private readonly resourceOf: (reference: OwnerReference) => Resource | undefined) {}

  get(uid: string): GraphNode | undefined {
    return this.nodes.get(uid);
  }

  /** An object was seen, new or changed. */
  observe(object: KubeObject, resource: Resource): void {
    const { uid, name, namespace = '', ownerReferences = none } = meta(object);
    let node = this.nodes.get(uid);
    if (!node || node.virtual) {
      const dependents = node?.dependents ?? new Set<GraphNode>();
      node = { uid, name, namespace, resource, owners: none, dependents, deleting: false, deletingDependents: false, virtual: false };
      this.replace(uid, node);
    }
    if (!sameOwners(ownerReferences, node.owners)) this.changeOwners(node, ownerReferences);
    this.observeDeletion(node, object);
  }

  /** An object is gone. */
  remove(uid: string): void {
    const node = this.nodes.get(uid);
    if (!node) return;
    this.nodes.delete(uid);
    for (const { uid: owner } of node.owners) {
      const ownerNode = this.nodes.get(owner);
      if (!ownerNode) continue;
      ownerNode.dependents.delete(node);
      if (ownerNode.deletingDependents) this.listener.check(ownerNode);
      else if (ownerNode.virtual && ownerNode.dependents.size === 0) this.nodes.delete(owner);
    }
    for (const dependent of node.dependents) this.listener.check(dependent);
  }

  private replace(uid: string, node: GraphNode): void {
    const before = this.nodes.get(uid);
    this.nodes.set(uid, node);
    if (before) for (const { uid: owner } of before.owners) this.nodes.get(owner)?.dependents.delete(before);
  }

  private changeOwners(node: GraphNode, owners: readonly OwnerReference[]): void {
    const before = node.owners;
    node.owners = owners;
    for (const reference of before) {
      const now = owners.find(({ uid }) => uid === reference.uid);
      const owner = this.nodes.get(reference.uid);
      if (!now) owner?.dependents.delete(node);
      // No longer in the way of an owner that waits.
      if (owner?.deletingDependents && reference.blockOwnerDeletion && !now?.blockOwnerDeletion) this.listener.check(owner);
    }
    for (const reference of owners) {
      let owner = this.nodes.get(reference.uid);
      if (!owner) {
        owner = this.unseen(reference, node.namespace);
        this.nodes.set(reference.uid, owner);
        this.listener.check(owner);
      }
      owner.dependents.add(node);
    }
    if (before.length > 0 || owners.some(({ uid }) => this.nodes.get(uid)?.deletingDependents)) this.listener.check(node);
  }

  private unseen(reference: OwnerReference, namespace: string): GraphNode {
    const resource = this.resourceOf(reference);
    return {
      uid: reference.uid, name: reference.name, namespace: resource?.namespaced === false ? '' : namespace, resource,
      owners: none, dependents: new Set(), deleting: false, deletingDependents: false, virtual: true,
    };
  }

  private observeDeletion(node: GraphNode, object: KubeObject): void {
    if (!isDeleting(object)) return;
    node.deleting = true;
    const finalizers = object.metadata?.finalizers ?? [];
    if (finalizers.includes(orphanFinalizer)) this.listener.orphan(node);
    if (!finalizers.includes(foregroundFinalizer) || node.deletingDependents) return;
    node.deletingDependents = true;
    for (const dependent of node.dependents) this.listener.check(dependent);
    this.listener.check(node);
  }
}
