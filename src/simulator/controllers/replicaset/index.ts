import type { ReplicaSet } from '../../api';
import { labelMatcher, resources } from '../../client';
import { replicaController } from './replicas';

/** ReplicaSets: as many Pods as replicas says. */
export const replicaSetController = replicaController<ReplicaSet>({
  name: 'replicaset-controller',
  component: 'replicaset-controller',
  identity: 'replicaset-controller',
  resource: resources.replicasets,
  matches: (set) => labelMatcher(set.spec?.selector),
  hasSelector: (set) => Object.keys(set.spec?.selector.matchLabels ?? {}).length + (set.spec?.selector.matchExpressions?.length ?? 0) > 0,
});
