import type { ReplicationController } from '../../api';
import { mapMatcher, resources } from '../../client';
import { replicaController } from '../replicaset/replicas';

/** ReplicationControllers: what ReplicaSets do, with a plain map as selector. */
export const replicationController = replicaController<ReplicationController>({
  name: 'replicationcontroller-controller',
  component: 'replication-controller',
  identity: 'replication-controller',
  resource: resources.replicationcontrollers,
  matches: (set) => mapMatcher(set.spec?.selector),
  hasSelector: (set) => Object.keys(set.spec?.selector ?? {}).length > 0,
});
