import { type Deployment, type DeploymentStatus, isStatus, type ReplicaSet } from '../../api';
import { controllerReference, deepEqual, isApiFailure, meta, ownedByController, resources } from '../../client';
import type { Task } from '../../kernel';
import { namespaceIsTerminating } from '../pods';
import { condition, findCondition, hasProgressDeadline } from './conditions';
import { sameTemplate, templateHash } from './hash';
import { annotation, byCreation, hashLabel, maxSurge, newSetSize, replicasOf, revisionIn, revisionOf } from './rules';
import { announceScaling, highestRevision, type Sets, type Sync, writeCondition, writeStatus } from './sync';

const notCopied = new Set<string>([
  'kubectl.kubernetes.io/last-applied-configuration', 'deprecated.deployment.rollback.to',
  ...Object.values(annotation),
]);

/** The sets of the Deployment, with the revision of its newest put right; makes that one when `create` is set. */
export function* findSets(sync: Sync, create: boolean): Task<Sets> {
  const sets = byCreation(sync.sets);
  const template = sync.deployment.spec?.template;
  const current = sets.find((set) => sameTemplate(set.spec?.template, template));
  const old = sets.filter((set) => set !== current);
  if (current) return { newSet: yield* adoptRevision(sync, current, highestRevision(old) + 1n), old };
  if (!create) return { newSet: undefined, old };
  return { newSet: yield* createSet(sync, old), old };
}

/** The annotations of a Deployment that its sets carry too, and the revision; `undefined` when nothing changes. */
function annotationsFor({ deployment }: Sync, set: Readonly<Record<string, string>>, revision: bigint, fresh: boolean): Record<string, string> {
  const annotations: Record<string, string> = { ...set };
  for (const [key, value] of Object.entries(deployment.metadata?.annotations ?? {})) if (!notCopied.has(key)) annotations[key] = value;
  const before = revisionIn(set);
  if (before < revision) {
    annotations[annotation.revision] = String(revision);
    if (!fresh && before > 0n) {
      const history = set[annotation.revisionHistory];
      annotations[annotation.revisionHistory] = history ? `${history},${before}` : String(before);
    }
  }
  if (fresh) {
    annotations[annotation.desiredReplicas] = String(replicasOf(deployment));
    annotations[annotation.maxReplicas] = String(replicasOf(deployment) + maxSurge(deployment));
  }
  return annotations;
}

function* adoptRevision(sync: Sync, set: ReplicaSet, revision: bigint): Task<ReplicaSet> {
  const annotations = annotationsFor(sync, set.metadata?.annotations ?? {}, revision, false);
  const minReadySeconds = sync.deployment.spec?.minReadySeconds ?? 0;
  if (!deepEqual(annotations, set.metadata?.annotations ?? {}) || (set.spec?.minReadySeconds ?? 0) !== minReadySeconds) {
    const { minReadySeconds: _, ...spec } = set.spec ?? {};
    return yield* sync.client.update<ReplicaSet>(resources.replicasets, {
      ...set, metadata: { ...set.metadata, annotations }, spec: { ...spec, ...(minReadySeconds > 0 && { minReadySeconds }) },
    } as ReplicaSet);
  }
  yield* writeRevision(sync, revisionOf(set));
  if (hasProgressDeadline(sync.deployment) && !findCondition(sync.deployment.status, 'Progressing')) {
    yield* writeCondition(sync, condition('Progressing', 'True', 'FoundNewReplicaSet', `Found new replica set "${meta(set).name}"`, sync.kernel.now));
  }
  return set;
}

/** The Deployment's own revision annotation follows that of its newest set; written with the status, so that the generation stays. */
function* writeRevision(sync: Sync, revision: bigint): Task {
  if (revisionOf(sync.deployment) === revision) return;
  const annotations = { ...sync.deployment.metadata?.annotations, [annotation.revision]: String(revision) };
  sync.deployment = yield* sync.client.updateStatus<Deployment>(resources.deployments, { ...sync.deployment, metadata: { ...sync.deployment.metadata, annotations } });
}

function describeSet(sync: Sync, old: readonly ReplicaSet[], revision: bigint): ReplicaSet {
  const { deployment } = sync;
  const { namespace, name } = meta(deployment);
  const template = deployment.spec?.template ?? {};
  const hash = templateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const selector = deployment.spec?.selector ?? {};
  const minReadySeconds = deployment.spec?.minReadySeconds;
  return {
    apiVersion: 'apps/v1', kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`, namespace, labels,
      ownerReferences: [controllerReference(deployment, resources.deployments)],
      annotations: annotationsFor(sync, {}, revision, true),
    },
    spec: {
      replicas: newSetSize(deployment, old, 0),
      ...(minReadySeconds && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

function* createSet(sync: Sync, old: readonly ReplicaSet[]): Task<ReplicaSet> {
  const revision = highestRevision(old) + 1n;
  const wanted = describeSet(sync, old, revision);
  let created: ReplicaSet;
  let existed = false;
  try {
    created = yield* sync.client.create<ReplicaSet>(resources.replicasets, meta(sync.deployment).namespace, wanted);
  } catch (error) {
    if (!isApiFailure(error)) throw error;
    created = yield* settleFailure(sync, wanted, error);
    existed = true;
  }
  const size = created.spec?.replicas ?? 0;
  if (!existed && size > 0) announceScaling(sync, meta(created).name, 0, size);
  yield* writeRevision(sync, revision);
  if (!existed && hasProgressDeadline(sync.deployment)) {
    yield* writeCondition(sync, condition('Progressing', 'True', 'NewReplicaSetCreated', `Created new replica set "${meta(created).name}"`, sync.kernel.now));
  }
  return created;
}

/** A set with this name that is ours after all is taken; another one's makes the next try use another hash. */
function* settleFailure(sync: Sync, wanted: ReplicaSet, error: Error): Task<ReplicaSet> {
  const { deployment, client, recorder, kernel } = sync;
  const { namespace, name } = meta(wanted);
  if (isStatus(error, 'AlreadyExists')) {
    const existing = yield* client.get<ReplicaSet>(resources.replicasets, namespace, name);
    if (ownedByController(existing, deployment) && sameTemplate(existing.spec?.template, deployment.spec?.template)) return existing;
    const status: DeploymentStatus = { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 };
    yield* writeStatus(sync, status);
    throw error;
  }
  if (namespaceIsTerminating(error)) throw error;
  const message = `Failed to create new replica set "${name}": ${error.message}`;
  if (hasProgressDeadline(deployment)) yield* writeCondition(sync, condition('Progressing', 'False', 'ReplicaSetCreateError', message, kernel.now));
  recorder.event(deployment, 'Warning', 'ReplicaSetCreateError', message);
  throw error;
}
