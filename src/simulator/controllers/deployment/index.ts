import type { Deployment, Pod, ReplicaSet } from '../../api';
import { controllerOf, type Informer, isDeleting, keyOf, labelMatcher, meta, resources, runController, WorkQueue } from '../../client';
import { deepEqual } from '../../client';
import type { Task } from '../../kernel';
import type { Controller, ControllerContext } from '../manager/context';
import { claim, controllerKey, indexByController, ownedBy } from '../pods';
import { condition, findCondition, hasProgressDeadline } from './conditions';
import { findSets } from './new-set';
import { recreate, rollOut, scaleOnly, wasScaled } from './strategies';
import { type Sync, syncCounts, writeCondition } from './sync';

/** Deployments: a ReplicaSet for each template, and the way from one to the next. */
export const deploymentController: Controller = {
  name: 'deployment-controller',
  *start(context) {
    const deployments = context.informers.for<Deployment>(resources.deployments);
    const sets = context.informers.for<ReplicaSet>(resources.replicasets);
    const pods = context.informers.for<Pod>(resources.pods);
    indexByController(sets);
    indexByController(pods);
    yield* context.informers.waitSynced();
    const queue = new WorkQueue(context.kernel);
    follow(queue, deployments, sets, pods);
    const recorder = context.recorder('deployment-controller');
    const sync = (key: string) => syncDeployment({ ...context, recorder, deployments, sets, pods, queue }, key);
    runController({ kernel: context.kernel, name: 'deployment-controller', queue, workers: 5, maxRetries: 15, sync });
  },
};

function follow(queue: WorkQueue, deployments: Informer<Deployment>, sets: Informer<ReplicaSet>, pods: Informer<Pod>): void {
  deployments.addHandlers({
    add: (deployment) => queue.add(keyOf(deployment)),
    update: (_, deployment) => queue.add(keyOf(deployment)),
    delete: (deployment) => queue.add(keyOf(deployment)),
  });
  const owner = (set: ReplicaSet) => {
    const key = controllerKey(set, 'Deployment', deployments);
    if (key !== undefined) queue.add(key);
  };
  const orphan = (set: ReplicaSet) => {
    for (const deployment of deployments.store.by('namespace', meta(set).namespace)) {
      if (labelMatcher(deployment.spec?.selector)(set.metadata?.labels)) queue.add(keyOf(deployment));
    }
  };
  sets.addHandlers({
    add: (set) => (controllerOf(set) ? owner(set) : isDeleting(set) || orphan(set)),
    update(old, set) {
      if (controllerOf(old)?.uid !== controllerOf(set)?.uid) owner(old);
      if (controllerOf(set)) owner(set);
      else if (controllerOf(old) || !deepEqual(old.metadata?.labels, set.metadata?.labels)) orphan(set);
    },
    delete: owner,
  });
  pods.addHandlers({
    // Recreate waits for the last Pod.
    delete(pod) {
      const reference = controllerOf(pod);
      const set = reference?.kind === 'ReplicaSet' ? sets.get(meta(pod).namespace, reference.name) : undefined;
      if (!set || ownedBy(pods, meta(set).uid).length > 0) return;
      const key = controllerKey(set, 'Deployment', deployments);
      if (key !== undefined && deployments.store.get(key)?.spec?.strategy?.type === 'Recreate') queue.add(key);
    },
  });
}

interface Parts extends Omit<ControllerContext, 'recorder'> {
  readonly recorder: Sync['recorder'];
  readonly deployments: Informer<Deployment>;
  readonly sets: Informer<ReplicaSet>;
  readonly pods: Informer<Pod>;
  readonly queue: WorkQueue;
}

function* syncDeployment({ kernel, client, recorder, deployments, sets, pods, queue }: Parts, key: string): Task {
  const deployment = deployments.store.get(key);
  if (!deployment) return;
  const selector = deployment.spec?.selector;
  if (Object.keys(selector?.matchLabels ?? {}).length === 0 && (selector?.matchExpressions ?? []).length === 0) {
    recorder.event(deployment, 'Warning', 'SelectingAll', 'This deployment is selecting all pods. A non-empty selector is required.');
    return;
  }
  const claimed = yield* claim({ client, informer: sets, owner: deployment, ownerKind: resources.deployments, matches: labelMatcher(selector) });
  const sync: Sync = { kernel, client, recorder, pods, deployment, sets: claimed, again: (delay) => queue.addAfter(key, delay) };
  if (isDeleting(deployment)) return yield* syncCounts(sync, yield* findSets(sync, false));
  yield* markPaused(sync);
  if (deployment.spec?.paused || wasScaled(sync)) return yield* scaleOnly(sync);
  yield* deployment.spec?.strategy?.type === 'Recreate' ? recreate(sync) : rollOut(sync);
}

/** Pausing and resuming stop and restart the clock of the progress deadline. */
function* markPaused(sync: Sync): Task {
  const { deployment, kernel } = sync;
  if (!hasProgressDeadline(deployment)) return;
  const progress = findCondition(deployment.status, 'Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded') return;
  const marked = progress?.reason === 'DeploymentPaused';
  if (deployment.spec?.paused && !marked) yield* writeCondition(sync, condition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', kernel.now));
  else if (!deployment.spec?.paused && marked) yield* writeCondition(sync, condition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', kernel.now));
}
