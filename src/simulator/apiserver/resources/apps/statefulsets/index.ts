import { isDns1123Label, type PodTemplateSpec, type StatefulSet, type StatefulSetSpec, type StatefulSetStatus } from '../../../../api';
import type { Errors } from '../../../field';
import { age, containerCells, nameOf } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { sameValue } from '../../equality';
import { internalView } from '../../internal-view';
import { checkOneOf, defaultClaimSpec } from '../../pod-spec';
import { templateWarnings } from '../../pod-spec/warnings';
import { collect, newWithGeneration, specPath, statusPath, statusStrategy, updateSpec } from '../../strategy';
import { checkClaimSpec, claimSpecWarnings } from '../../core/persistentvolumeclaims/spec';
import { checkCount, checkIntOrPercent, checkSelector, checkTemplate, defaultTemplate } from '../template';

function applyDefaults(draft: Draft): void {
  const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
  if ((spec['podManagementPolicy'] ?? '') === '') spec['podManagementPolicy'] = 'OrderedReady';
  const strategy = (spec['updateStrategy'] ??= {}) as Record<string, unknown>;
  if ((strategy['type'] ?? '') === '') {
    strategy['type'] = 'RollingUpdate';
    strategy['rollingUpdate'] ??= {};
  }
  const rolling = strategy['rollingUpdate'] as Record<string, unknown> | undefined;
  if (rolling) rolling['partition'] ??= 0;
  const retention = (spec['persistentVolumeClaimRetentionPolicy'] ??= {}) as Record<string, unknown>;
  if ((retention['whenDeleted'] ?? '') === '') retention['whenDeleted'] = 'Retain';
  if ((retention['whenScaled'] ?? '') === '') retention['whenScaled'] = 'Retain';
  spec['replicas'] ??= 1;
  spec['revisionHistoryLimit'] ??= 10;
  for (const claim of (spec['volumeClaimTemplates'] ?? []) as Record<string, unknown>[]) {
    claim['apiVersion'] = 'v1';
    claim['kind'] = 'PersistentVolumeClaim';
    defaultClaimSpec((claim['spec'] ??= {}) as Record<string, unknown>);
    claim['status'] = { phase: 'Pending', ...(claim['status'] as object | undefined) };
  }
  defaultTemplate(spec);
}

function checkStrategy({ updateStrategy = {} }: StatefulSetSpec, errors: Errors): void {
  const path = specPath.child('updateStrategy');
  const { type, rollingUpdate } = updateStrategy;
  switch ((type as string | undefined) ?? '') {
    case '':
      return errors.required(path);
    case 'OnDelete':
      if (rollingUpdate) errors.invalid(path.child('rollingUpdate'), internalView('io.k8s.api.apps.v1.RollingUpdateStatefulSetStrategy', rollingUpdate), "only allowed for updateStrategy 'RollingUpdate'");
      return;
    case 'RollingUpdate':
      if (rollingUpdate) {
        checkCount(rollingUpdate.partition, path.child('rollingUpdate').child('partition'), errors);
        if (rollingUpdate.maxUnavailable !== undefined) checkIntOrPercent(rollingUpdate.maxUnavailable, path.child('rollingUpdate').child('maxUnavailable'), errors);
      }
      return;
    default:
      errors.invalid(path, internalView('io.k8s.api.apps.v1.StatefulSetUpdateStrategy', updateStrategy), "must be 'RollingUpdate' or 'OnDelete'");
  }
}

function checkSpec(spec: StatefulSetSpec, errors: Errors, isNew: boolean): void {
  const policy = (spec.podManagementPolicy as string | undefined) ?? '';
  if (policy === '') errors.required(specPath.child('podManagementPolicy'));
  else if (policy !== 'OrderedReady' && policy !== 'Parallel') errors.invalid(specPath.child('podManagementPolicy'), policy, "must be 'OrderedReady' or 'Parallel'");
  checkStrategy(spec, errors);
  const retention = spec.persistentVolumeClaimRetentionPolicy;
  for (const name of ['whenDeleted', 'whenScaled'] as const) checkOneOf((retention?.[name] as string | undefined) ?? '', ['Retain', 'Delete'], specPath.child('persistentVolumeClaimRetentionPolicy').child(name), errors);
  if (isNew) for (const [index, claim] of (spec.volumeClaimTemplates ?? []).entries()) checkClaimSpec(claim.spec ?? {}, specPath.child('volumeClaimTemplates').index(index).child('spec'), errors);
  checkCount(spec.replicas, specPath.child('replicas'), errors);
  checkCount(spec.minReadySeconds, specPath.child('minReadySeconds'), errors);
  if (spec.ordinals) checkCount(spec.ordinals.start, specPath.child('ordinals.start'), errors);
  if (isNew && (spec.serviceName ?? '') !== '') errors.invalidEach(specPath.child('serviceName'), spec.serviceName, isDns1123Label(spec.serviceName ?? ''));
  checkSelector(spec.selector, specPath.child('selector'), 'statefulset', errors);
  checkTemplate(spec.selector, asMade(spec), specPath.child('template'), errors, 'StatefulSet');
}

/** The template as Pods are made of it: its claims are volumes, and what names the Pods is the controller's. */
function asMade({ template, volumeClaimTemplates }: StatefulSetSpec): PodTemplateSpec {
  const claims = new Set((volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name ?? ''));
  if (!template.spec) return template;
  const { hostname: _hostname, subdomain: _subdomain, volumes = [], ...spec } = template.spec;
  const all = [...[...claims].map((name) => ({ name, persistentVolumeClaim: { claimName: name } })), ...volumes.filter(({ name }) => !claims.has(name))];
  return { ...template, spec: all.length === 0 ? spec : { ...spec, volumes: all } };
}

const mutable = ['replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy', 'minReadySeconds'] as const;

function checkStatus(status: StatefulSetStatus, errors: Errors): void {
  for (const name of ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas', 'observedGeneration', 'collisionCount'] as const) checkCount(status[name], statusPath.child(name), errors);
  const { replicas = 0, readyReplicas = 0, currentReplicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const checks = [['readyReplicas', readyReplicas], ['currentReplicas', currentReplicas], ['updatedReplicas', updatedReplicas], ['availableReplicas', availableReplicas]] as const;
  for (const [name, value] of checks) if (value > replicas) errors.invalid(statusPath.child(name), value, 'cannot be greater than status.replicas');
  if (availableReplicas > readyReplicas) errors.invalid(statusPath.child('availableReplicas'), availableReplicas, 'cannot be greater than status.readyReplicas');
}

/** StatefulSets: Pods with names and volumes of their own. */
export const statefulsets: ResourceDefinition<StatefulSet> = {
  group: 'apps',
  resource: 'statefulsets',
  applyDefaults,
  defaultsSpecAlone: true,
  prepareForCreate: (draft) => newWithGeneration(draft, undefined, { replicas: 0, availableReplicas: 0 }),
  validateCreate: ({ spec }) => collect((errors) => checkSpec(spec as StatefulSetSpec, errors, true)),
  prepareForUpdate: updateSpec,
  validateUpdate: ({ spec }, old) =>
    collect((errors) => {
      checkSpec(spec as StatefulSetSpec, errors, false);
      const put: Record<string, unknown> = { ...spec };
      for (const field of mutable) put[field] = old.spec?.[field];
      if (!sameValue(put, old.spec)) errors.forbidden(specPath, "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
    }),
  subresources: { status: statusStrategy<StatefulSet>(({ status }) => collect((errors) => checkStatus(status ?? { replicas: 0 }, errors))) },
  warnings: (own, old) => {
    const { spec } = own;
    const out = templateWarnings(own, spec?.template, old);
    for (const [index, claim] of (spec?.volumeClaimTemplates ?? []).entries()) claimSpecWarnings(claim.spec, `spec.volumeClaimTemplates[${index}]`, out);
    return (spec?.revisionHistoryLimit ?? 0) < 0 ? [...out, 'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended'] : out;
  },
  cells: (set, now) => {
    const { spec, status } = set;
    const [names, images] = containerCells(spec?.template.spec?.containers);
    return [nameOf(set), `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`, age(set, now), names, images];
  },
};
