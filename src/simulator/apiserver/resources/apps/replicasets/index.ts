import type { ReplicaSet, ReplicaSetSpec, ReplicaSetStatus } from '../../../../api';
import { type Errors } from '../../../field';
import { age, containerCells, nameOf, selectorCell } from '../../cells';
import type { ResourceDefinition } from '../../definition';
import { selectorView } from '../../internal-view';
import { checkImmutable, collect, newWithCounts, specPath, statusPath, statusStrategy, updateSpec } from '../../strategy';
import { checkCount, checkSelector, checkTemplate, defaultTemplate } from '../template';

function checkSpec({ replicas, minReadySeconds, selector, template }: ReplicaSetSpec, errors: Errors): void {
  checkCount(replicas, specPath.child('replicas'), errors);
  checkCount(minReadySeconds, specPath.child('minReadySeconds'), errors);
  checkSelector(selector, specPath.child('selector'), 'deployment', errors);
  checkTemplate(selector, template ?? {}, specPath.child('template'), errors);
}

function checkStatus(status: ReplicaSetStatus, errors: Errors): void {
  for (const name of ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'terminatingReplicas', 'observedGeneration'] as const) checkCount(status[name], statusPath.child(name), errors);
  const { replicas, fullyLabeledReplicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  const checks = [['fullyLabeledReplicas', fullyLabeledReplicas], ['readyReplicas', readyReplicas], ['availableReplicas', availableReplicas]] as const;
  for (const [name, value] of checks) if (value > replicas) errors.invalid(statusPath.child(name), value, 'cannot be greater than status.replicas');
  if (availableReplicas > readyReplicas) errors.invalid(statusPath.child('availableReplicas'), availableReplicas, 'cannot be greater than readyReplicas');
}

/** ReplicaSets: so many Pods of one template. */
export const replicasets: ResourceDefinition<ReplicaSet> = {
  group: 'apps',
  resource: 'replicasets',
  defaultsSpecAlone: true,
  applyDefaults: (draft) => {
    const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
    if (spec['replicas'] === undefined) spec['replicas'] = 1;
    defaultTemplate(spec);
  },
  prepareForCreate: newWithCounts('replicas'),
  validateCreate: ({ spec }) => collect((errors) => checkSpec(spec as ReplicaSetSpec, errors)),
  prepareForUpdate: updateSpec,
  validateUpdate: ({ spec }, old) =>
    collect((errors) => {
      checkSpec(spec as ReplicaSetSpec, errors);
      checkImmutable(spec?.selector, old.spec?.selector, specPath.child('selector'), errors, selectorView(spec?.selector));
    }),
  subresources: { status: statusStrategy<ReplicaSet>(({ status }) => collect((errors) => checkStatus(status ?? { replicas: 0 }, errors))) },
  selectableFields: ({ status }) => ({ 'status.replicas': String(status?.replicas ?? 0) }),
  cells: (set, now) => {
    const { spec, status } = set;
    const [names, images] = containerCells(spec?.template?.spec?.containers);
    return [nameOf(set), spec?.replicas ?? 0, status?.replicas ?? 0, status?.readyReplicas ?? 0, age(set, now), names, images, selectorCell(spec?.selector)];
  },
};
