import type { KubeObject, Node, Pod } from '../../api';

/** Something that happened in the cluster and may make a Pod fit that did not. */
export type ClusterEvent =
  | { readonly kind: 'node'; readonly action: 'add' | 'update' | 'delete'; readonly old: Node | undefined; readonly node: Node }
  | { readonly kind: 'assigned pod'; readonly action: 'add' | 'update' | 'delete'; readonly old: Pod | undefined; readonly pod: Pod }
  | { readonly kind: 'storage'; readonly resource: 'claim' | 'volume' | 'class'; readonly object: KubeObject }
  | { readonly kind: 'the pod itself'; readonly old: Pod; readonly pod: Pod };
