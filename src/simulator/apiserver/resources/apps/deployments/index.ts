import type { Deployment, DeploymentSpec, DeploymentStatus, DeploymentStrategy } from '../../../../api';
import { type Errors, type Path } from '../../../field';
import { age, containerCells, nameOf, selectorCell } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { internalView, selectorView } from '../../internal-view';
import { checkImmutable, bumpGeneration, collect, keepStatus, newWithGeneration, specPath, statusPath, statusStrategy } from '../../strategy';
import { bareNumber, checkAtMostAll, checkCount, checkIntOrPercent, checkSelectorAndTemplate, defaultTemplate } from '../template';

function applyDefaults(draft: Draft): void {
  const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
  if (spec['replicas'] === undefined) spec['replicas'] = 1;
  const strategy = (spec['strategy'] ??= {}) as Record<string, unknown>;
  if (strategy['type'] === undefined || strategy['type'] === '') strategy['type'] = 'RollingUpdate';
  if (strategy['type'] === 'RollingUpdate') {
    const rolling = (strategy['rollingUpdate'] ??= {}) as Record<string, unknown>;
    if (rolling['maxUnavailable'] === undefined) rolling['maxUnavailable'] = '25%';
    if (rolling['maxSurge'] === undefined) rolling['maxSurge'] = '25%';
  }
  if (spec['revisionHistoryLimit'] === undefined) spec['revisionHistoryLimit'] = 10;
  if (spec['progressDeadlineSeconds'] === undefined) spec['progressDeadlineSeconds'] = 600;
  defaultTemplate(spec);
}

function checkStrategy(strategy: DeploymentStrategy, path: Path, errors: Errors): void {
  if (strategy.type === 'Recreate') {
    if (strategy.rollingUpdate) errors.forbidden(path.child('rollingUpdate'), "may not be specified when strategy `type` is 'Recreate'");
    return;
  }
  if (strategy.type !== 'RollingUpdate') return errors.notSupported(path, internalView('io.k8s.api.apps.v1.DeploymentStrategy', strategy), ['Recreate', 'RollingUpdate']);
  const rolling = strategy.rollingUpdate;
  const at = path.child('rollingUpdate');
  if (!rolling) return errors.required(at, 'this should be defaulted and never be nil');
  const { maxUnavailable = 0, maxSurge = 0 } = rolling;
  checkIntOrPercent(maxUnavailable, at.child('maxUnavailable'), errors);
  checkIntOrPercent(maxSurge, at.child('maxSurge'), errors);
  if (bareNumber(maxUnavailable) === 0 && bareNumber(maxSurge) === 0) errors.invalid(at.child('maxUnavailable'), maxUnavailable, 'may not be 0 when `maxSurge` is 0');
  checkAtMostAll(maxUnavailable, at.child('maxUnavailable'), errors);
}

function checkSpec(spec: DeploymentSpec, errors: Errors): void {
  checkCount(spec.replicas, specPath.child('replicas'), errors);
  checkSelectorAndTemplate(spec.selector, spec.template, specPath, { kind: 'deployment' }, errors);
  checkStrategy(spec.strategy ?? {}, specPath.child('strategy'), errors);
  checkCount(spec.minReadySeconds, specPath.child('minReadySeconds'), errors);
  checkCount(spec.revisionHistoryLimit, specPath.child('revisionHistoryLimit'), errors);
  const deadline = spec.progressDeadlineSeconds;
  if (deadline !== undefined) {
    checkCount(deadline, specPath.child('progressDeadlineSeconds'), errors);
    if (deadline <= (spec.minReadySeconds ?? 0)) errors.invalid(specPath.child('progressDeadlineSeconds'), deadline, 'must be greater than minReadySeconds');
  }
}

const counts = ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas', 'terminatingReplicas'] as const;

function checkStatus(status: DeploymentStatus, old: DeploymentStatus, errors: Errors): void {
  checkCount(status.observedGeneration, statusPath.child('observedGeneration'), errors);
  for (const name of counts) checkCount(status[name], statusPath.child(name), errors);
  if (status.collisionCount !== undefined) checkCount(status.collisionCount, statusPath.child('collisionCount'), errors);
  const { replicas = 0, updatedReplicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  if (updatedReplicas > replicas) errors.invalid(statusPath.child('updatedReplicas'), updatedReplicas, 'cannot be greater than status.replicas');
  if (readyReplicas > replicas) errors.invalid(statusPath.child('readyReplicas'), readyReplicas, 'cannot be greater than status.replicas');
  if (availableReplicas > replicas) errors.invalid(statusPath.child('availableReplicas'), availableReplicas, 'cannot be greater than status.replicas');
  if (availableReplicas > readyReplicas) errors.invalid(statusPath.child('availableReplicas'), availableReplicas, 'cannot be greater than readyReplicas');
  if (old.collisionCount !== undefined && (status.collisionCount ?? -1) < old.collisionCount) errors.invalid(statusPath.child('collisionCount'), status.collisionCount ?? null, 'cannot be decremented');
}

/** Deployments: ReplicaSets that replace one another. */
export const deployments: ResourceDefinition<Deployment> = {
  group: 'apps',
  resource: 'deployments',
  applyDefaults,
  defaultsSpecAlone: true,
  prepareForCreate: newWithGeneration,
  validateCreate: ({ spec }) => collect((errors) => checkSpec(spec as DeploymentSpec, errors)),
  prepareForUpdate: (draft, old) => {
    keepStatus(draft, old);
    bumpGeneration(draft, old);
    const annotations = (draft.metadata['annotations'] ?? {}) as Readonly<Record<string, string>>;
    const before = old.metadata?.annotations ?? {};
    const changed = Object.keys({ ...annotations, ...before }).some((key) => annotations[key] !== before[key]);
    if (changed && draft.metadata['generation'] === old.metadata?.generation) draft.metadata['generation'] = (old.metadata?.generation ?? 0) + 1;
  },
  validateUpdate: ({ spec }, old) =>
    collect((errors) => {
      checkSpec(spec as DeploymentSpec, errors);
      checkImmutable(spec?.selector, old.spec?.selector, specPath.child('selector'), errors, selectorView(spec?.selector));
    }),
  subresources: { status: statusStrategy<Deployment>(({ status }, old) => collect((errors) => checkStatus(status ?? {}, old.status ?? {}, errors)), ['labels']) },
  cells: (deployment, now) => {
    const { spec, status } = deployment;
    const [names, images] = containerCells(spec?.template.spec?.containers);
    return [nameOf(deployment), `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`, status?.updatedReplicas ?? 0, status?.availableReplicas ?? 0, age(deployment, now), names, images, selectorCell(spec?.selector)];
  },
};
