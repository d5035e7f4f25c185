import { formatTime } from '../../../../kernel';
import type { Pod, PodSpec } from '../../../../api';
import { type FieldError } from '../../../field';
import type { Draft, ResourceDefinition, StrategyContext } from '../../definition';
import { checkPodSpec } from '../../pod-spec';
import { checkPodAnnotations } from '../../pod-spec/annotations';
import { bumpGeneration, collect, keepStatus, metadataPath, newWithGeneration, specPath, updateStatusOnly } from '../../strategy';
import { podCells } from './cells';
import { defaultPod } from './defaults';
import { qosClass } from './qos';
import { agreeOnAddresses, validatePodStatus } from './status';
import { validateEphemeralContainers, validatePodUpdate, validateResize } from './update';

const annotationsPath = metadataPath.child('annotations');

function prepareForCreate(draft: Draft, context: StrategyContext): void {
  newWithGeneration(draft);
  const spec = draft['spec'] as PodSpec;
  const gated = (spec.schedulingGates ?? []).length > 0;
  draft['status'] = {
    phase: 'Pending',
    qosClass: qosClass(spec),
    ...(gated && {
      conditions: [{ type: 'PodScheduled', status: 'False', lastProbeTime: null, lastTransitionTime: formatTime(context.now), reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates' }],
    }),
  };
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) (spec as { terminationGracePeriodSeconds?: number }).terminationGracePeriodSeconds = 1;
  dropGatedFields(spec as unknown as Record<string, unknown>);
  appArmorFields(spec, draft.metadata['annotations'] as Readonly<Record<string, string>> | undefined);
}

/** Before there was a field, annotations said which AppArmor profile a container has. */
function appArmorFields(spec: PodSpec, annotations: Readonly<Record<string, string>> | undefined): void {
  if (annotations === undefined) return;
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])] as { readonly name: string; securityContext?: object }[]) {
    const text = annotations[`container.apparmor.security.beta.kubernetes.io/${container.name}`];
    const profile = text === undefined || (container.securityContext && 'appArmorProfile' in container.securityContext) ? undefined : appArmorProfile(text);
    if (profile) container.securityContext = { ...container.securityContext, appArmorProfile: profile };
  }
}

function appArmorProfile(text: string): object | undefined {
  if (text === 'unconfined') return { type: 'Unconfined' };
  if (text === 'runtime/default') return { type: 'RuntimeDefault' };
  return text.startsWith('localhost/') ? { type: 'Localhost', localhostProfile: text.slice('localhost/'.length) } : undefined;
}

/** Fields of features that are off in 1.36 are forgotten. */
function dropGatedFields(spec: Record<string, unknown>): void {
  delete spec['schedulingGroup'];
  for (const list of ['containers', 'initContainers']) {
    for (const container of (spec[list] ?? []) as Record<string, unknown>[]) {
      const lifecycle = container['lifecycle'] as Record<string, unknown> | undefined;
      if (lifecycle?.['stopSignal'] === undefined) continue;
      delete lifecycle['stopSignal'];
      if (Object.keys(lifecycle).length === 0) delete container['lifecycle'];
    }
  }
}

function validateCreate(pod: Pod): FieldError[] {
  return collect((errors) => {
    const spec = pod.spec as PodSpec;
    const annotations = pod.metadata?.annotations;
    if (annotations) {
      if (annotations['kubernetes.io/config.mirror'] !== undefined && (spec.nodeName ?? '') === '') {
        errors.invalid(annotationsPath.index('kubernetes.io/config.mirror'), annotations['kubernetes.io/config.mirror'], 'must set spec.nodeName if mirror pod annotation is set');
      }
      checkPodAnnotations(annotations, spec, annotationsPath, errors);
    }
    checkPodSpec(spec, specPath, true, errors);
    if ((spec.ephemeralContainers ?? []).length > 0) errors.forbidden(specPath.child('ephemeralContainers'), 'cannot be set on create');
    if ((spec.nodeName ?? '') !== '' && (spec.schedulingGates ?? []).length > 0) errors.forbidden(specPath.child('nodeName'), 'cannot be set until all schedulingGates have been cleared');
  });
}

/** A grace period: what was asked for, or the Pod's own; none once it has ended or was never on a node. */
function prepareForDelete(draft: Draft, asked: number | undefined): number {
  const spec = draft['spec'] as PodSpec;
  const status = draft['status'] as { readonly phase?: string } | undefined;
  let period = asked ?? spec.terminationGracePeriodSeconds ?? 0;
  if ((spec.nodeName ?? '') === '') period = 0;
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') period = 0;
  if (period < 0) period = 1;
  return period;
}

type Containers = NonNullable<PodSpec['initContainers']>;

/** Containers with the resources that were sent for them; all else stays, unasked. */
function resized(sent: Containers | undefined, before: Containers | undefined): Containers | undefined {
  if (!sent || !before || sent.length !== before.length) return sent;
  return before.map((container) => {
    const same = sent.find(({ name }) => name === container.name);
    if (!same) return container;
    return { ...container, ...(same.resources && { resources: same.resources }), ...(same.resizePolicy && { resizePolicy: same.resizePolicy }) };
  });
}

/** Only the containers' resources of what was sent. */
function prepareForResize(draft: Draft, old: Pod): void {
  const spec = draft['spec'] as PodSpec;
  const containers = resized(spec.containers, old.spec?.containers);
  const initContainers = resized(spec.initContainers, old.spec?.initContainers);
  draft['spec'] = { ...old.spec, ...(containers && { containers }), ...(initContainers && { initContainers }) };
  draft.metadata = { ...old.metadata, managedFields: draft.metadata['managedFields'] };
  keepStatus(draft, old);
  bumpGeneration(draft, old);
}

function prepareForEphemeral(draft: Draft, old: Pod): void {
  const containers = (draft['spec'] as PodSpec | undefined)?.ephemeralContainers;
  const { ephemeralContainers: _before, ...rest } = old.spec as PodSpec;
  draft['spec'] = { ...rest, ...(containers !== undefined && { ephemeralContainers: containers }) };
  keepStatus(draft, old);
  bumpGeneration(draft, old);
}

/** Pods: the unit that is scheduled and run. */
export const pods: ResourceDefinition<Pod> = {
  group: '',
  resource: 'pods',
  applyDefaults: defaultPod,
  defaultsSpecAlone: true,
  prepareForCreate,
  validateCreate,
  prepareForUpdate: (draft, old) => {
    keepStatus(draft, old);
    bumpGeneration(draft, old);
  },
  validateUpdate: validatePodUpdate,
  subresources: {
    status: {
      prepareForUpdate: (draft, old) => {
        updateStatusOnly(draft, old, ['ownerReferences', 'deletionTimestamp', 'deletionGracePeriodSeconds']);
        const status = draft['status'] as Record<string, unknown> | undefined;
        if (status) agreeOnAddresses(status);
        if (status && status['qosClass'] === undefined && old.status?.qosClass !== undefined) status['qosClass'] = old.status.qosClass;
      },
      validateUpdate: validatePodStatus,
    },
    resize: { keptMetadata: 'all', prepareForUpdate: prepareForResize, validateUpdate: validateResize },
    ephemeralcontainers: { prepareForUpdate: prepareForEphemeral, validateUpdate: validateEphemeralContainers },
  },
  allowUnconditionalUpdate: true,
  selectableFields: ({ spec, status }) => ({
    'spec.nodeName': spec?.nodeName ?? '',
    'spec.restartPolicy': spec?.restartPolicy ?? '',
    'spec.schedulerName': spec?.schedulerName ?? '',
    'spec.serviceAccountName': spec?.serviceAccountName ?? '',
    'spec.hostNetwork': String(spec?.hostNetwork ?? false),
    'status.phase': status?.phase ?? '',
    'status.podIP': status?.podIPs?.[0]?.ip ?? '',
    'status.nominatedNodeName': status?.nominatedNodeName ?? '',
  }),
  cells: podCells,
  prepareForDelete,
};
