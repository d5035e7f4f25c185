import { matcherForLabels, type ReplicationController, type ReplicationControllerSpec, type ReplicationControllerStatus } from '../../../../api';
import type { Errors } from '../../../field';
import { age, containerCells, labelsText, nameOf } from '../../cells';
import { checkCount, defaultTemplate } from '../../apps/template';
import type { Draft, ResourceDefinition } from '../../definition';
import { checkPodTemplate } from '../../pod-spec';
import { templateWarnings, workloadNameWarnings } from '../../pod-spec/warnings';
import { collect, newWithCounts, specPath, statusPath, statusStrategy, updateSpec } from '../../strategy';

function applyDefaults(draft: Draft): void {
  const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
  const labels = ((spec['template'] as { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } } | undefined)?.metadata?.labels ?? {}) as Readonly<Record<string, string>>;
  if (Object.keys(labels).length > 0) {
    if (Object.keys((spec['selector'] ?? {}) as object).length === 0) spec['selector'] = { ...labels };
    if (Object.keys((draft.metadata['labels'] ?? {}) as object).length === 0) draft.metadata['labels'] = { ...labels };
  }
  spec['replicas'] ??= 1;
  if (spec['template'] !== undefined) defaultTemplate(spec);
}

function checkSpec({ replicas, minReadySeconds, selector = {}, template }: ReplicationControllerSpec, errors: Errors): void {
  checkCount(minReadySeconds, specPath.child('minReadySeconds'), errors);
  if (Object.keys(selector).length === 0) errors.required(specPath.child('selector'));
  if (replicas === undefined) errors.required(specPath.child('replicas'));
  checkCount(replicas, specPath.child('replicas'), errors);
  const path = specPath.child('template');
  if (!template) return errors.required(path);
  const labels = template.metadata?.labels ?? {};
  if (Object.keys(selector).length > 0 && !matcherForLabels(selector).matches(labels)) errors.invalid(path.child('metadata').child('labels'), template.metadata?.labels ?? null, '`selector` does not match template `labels`');
  checkPodTemplate(template, path, errors);
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? { containers: [] };
  if (restartPolicy !== undefined && restartPolicy !== 'Always') errors.notSupported(path.child('spec').child('restartPolicy'), restartPolicy, ['Always']);
  if (activeDeadlineSeconds !== undefined) errors.forbidden(path.child('spec').child('activeDeadlineSeconds'), 'activeDeadlineSeconds in ReplicationController is not Supported');
}

function checkStatus(status: ReplicationControllerStatus, errors: Errors): void {
  for (const name of ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration'] as const) checkCount(status[name], statusPath.child(name), errors);
  const { replicas, readyReplicas = 0, availableReplicas = 0, fullyLabeledReplicas = 0 } = status;
  for (const [name, value] of [['fullyLabeledReplicas', fullyLabeledReplicas], ['readyReplicas', readyReplicas], ['availableReplicas', availableReplicas]] as const) if (value > replicas) errors.invalid(statusPath.child(name), value, 'cannot be greater than status.replicas');
  if (availableReplicas > readyReplicas) errors.invalid(statusPath.child('availableReplicas'), availableReplicas, 'cannot be greater than readyReplicas');
}

const validate = ({ spec }: ReplicationController) => collect((errors) => checkSpec(spec ?? {}, errors));

/** ReplicationControllers: what ReplicaSets were before. */
export const replicationcontrollers: ResourceDefinition<ReplicationController> = {
  group: '',
  resource: 'replicationcontrollers',
  applyDefaults,
  prepareForCreate: newWithCounts('replicas'),
  validateCreate: validate,
  prepareForUpdate: updateSpec,
  validateUpdate: validate,
  subresources: { status: statusStrategy<ReplicationController>(({ status }) => collect((errors) => checkStatus(status ?? { replicas: 0 }, errors))) },
  warnings: (own, old) => [...workloadNameWarnings(own, old), ...templateWarnings(own, (old ?? own).spec?.template, old)], // of an update, what was there before
  selectableFields: ({ status }) => ({ 'status.replicas': String(status?.replicas ?? 0) }),
  cells: (controller, now) => {
    const { spec, status } = controller;
    const [names, images] = containerCells(spec?.template?.spec?.containers);
    return [nameOf(controller), spec?.replicas ?? 0, status?.replicas ?? 0, status?.readyReplicas ?? 0, age(controller, now), names, images, labelsText(spec?.selector)];
  },
};
