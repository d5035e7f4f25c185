import { formatTime } from '../../../../kernel';
import { isDns1123Subdomain, parseQuantity, type PersistentVolume, type PersistentVolumeSpec } from '../../../../api';
import { type Errors, fieldPath } from '../../../field';
import { age, nameOf } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { sameValue } from '../../equality';
import { internalView } from '../../internal-view';
import { checkNodeSelector, checkOneOf, roundAmounts } from '../../pod-spec';
import { termWarnings } from '../../pod-spec/placement-warnings';
import { collect, keepStatus, specPath, updateStatusOnly } from '../../strategy';
import { unifiedDiff } from '../../unified-diff';
import { betaClass, betaClassWarning } from '../persistentvolumeclaims/beta-class';
import { checkAccessModes } from '../persistentvolumeclaims/spec';
import { accessModesText } from './access-modes';
import { checkSources, sourceNames } from './sources';

function applyDefaults(draft: Draft): void {
  const status = (draft['status'] ??= {}) as Record<string, unknown>;
  if ((status['phase'] ?? '') === '') status['phase'] = 'Pending';
  const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
  if ((spec['persistentVolumeReclaimPolicy'] ?? '') === '') spec['persistentVolumeReclaimPolicy'] = 'Retain';
  spec['volumeMode'] ??= 'Filesystem';
  roundAmounts(spec['capacity']);
  const hostPath = spec['hostPath'] as Record<string, unknown> | undefined;
  if (hostPath) hostPath['type'] ??= '';
  const iscsi = spec['iscsi'] as Record<string, unknown> | undefined;
  if (iscsi) iscsi['iscsiInterface'] ??= 'default';
  const azureDisk = spec['azureDisk'] as Record<string, unknown> | undefined;
  if (azureDisk) azureDisk['readOnly'] ??= false;
}

function checkSpec(spec: PersistentVolumeSpec, errors: Errors): void {
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.required(specPath.child('accessModes'));
  checkAccessModes(modes, specPath.child('accessModes'), errors);
  const capacity = spec.capacity ?? {};
  const names = Object.keys(capacity);
  if (names.length === 0) errors.required(specPath.child('capacity'));
  if (capacity['storage'] === undefined || names.length > 1) errors.notSupported(specPath.child('capacity'), spec.capacity ? Object.fromEntries(Object.entries(capacity).sort(([a], [b]) => (a < b ? -1 : 1))) : null, ['storage']);
  for (const name of names) {
    const amount = parseQuantity(String(capacity[name]));
    if (amount.sign < 0) errors.invalid(specPath.child('capacity').index(name), amount.value(), 'must be a valid resource quantity');
    if (amount.sign <= 0) errors.invalid(specPath.child('capacity').index(name), capacity[name], 'must be greater than zero');
  }
  if (spec.persistentVolumeReclaimPolicy !== undefined) checkOneOf(spec.persistentVolumeReclaimPolicy, ['Delete', 'Recycle', 'Retain'], specPath.child('persistentVolumeReclaimPolicy'), errors);
  const required = spec.nodeAffinity?.required;
  if (spec.nodeAffinity && !required) errors.required(specPath.child('nodeAffinity').child('required'), 'must specify required node constraints');
  if (required) checkNodeSelector(required, specPath.child('nodeAffinity').child('required'), errors);
  checkSources(spec, specPath, errors);
  if (spec.hostPath?.path === '/' && spec.persistentVolumeReclaimPolicy === 'Recycle') errors.forbidden(specPath.child('persistentVolumeReclaimPolicy'), "may not be 'recycle' for a hostPath mount of '/'");
  if ((spec.storageClassName ?? '') !== '') errors.invalidEach(specPath.child('storageClassName'), spec.storageClassName, isDns1123Subdomain(spec.storageClassName ?? ''));
  if (spec.volumeMode !== undefined) checkOneOf(spec.volumeMode, ['Block', 'Filesystem'], specPath.child('volumeMode'), errors);
  const attributes = spec.volumeAttributesClassName;
  if (attributes === undefined) return;
  const at = specPath.child('volumeAttributesClassName');
  if (attributes === '') errors.required(at, 'an empty string is disallowed');
  else errors.invalidEach(at, attributes, isDns1123Subdomain(attributes));
  if (!spec.csi) errors.required(specPath.child('csi'), 'has to be specified when using volumeAttributesClassName');
}

/** The source as the server's own struct holds it: every kind of source, one of them set. */
function sourceView(spec: PersistentVolumeSpec): unknown {
  const view = internalView('io.k8s.api.core.v1.PersistentVolumeSpec', spec) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(sourceFields.map((name) => [name, view[name] ?? null]));
}

const sourceFields = [
  'GCEPersistentDisk', 'AWSElasticBlockStore', 'HostPath', 'Glusterfs', 'NFS', 'RBD', 'Quobyte', 'ISCSI', 'FlexVolume', 'Cinder', 'CephFS', 'FC', 'Flocker', 'AzureFile', 'VsphereVolume', 'AzureDisk', 'PhotonPersistentDisk',
  'PortworxVolume', 'ScaleIO', 'Local', 'StorageOS', 'CSI',
];

function sourceOf(spec: PersistentVolumeSpec | undefined): unknown {
  const own = (spec ?? {}) as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(sourceNames.filter((name) => own[name] !== undefined).map((name) => [name, own[name]]));
}

function checkUpdate({ spec = {} }: PersistentVolume, old: PersistentVolume, errors: Errors): void {
  checkSpec(spec, errors);
  checkSpec(spec, errors); // the server does so twice
  if (!sameValue(sourceOf(spec), sourceOf(old.spec))) {
    const text = (value: PersistentVolumeSpec) => JSON.stringify(sourceView(value), undefined, 1);
    errors.forbidden(specPath.child('persistentvolumesource'), `spec.persistentvolumesource is immutable after creation\n${unifiedDiff(text(old.spec ?? {}), text(spec))}`);
  }
  if ((spec.volumeMode ?? null) !== (old.spec?.volumeMode ?? null)) errors.invalid(fieldPath('volumeMode'), spec.volumeMode ?? null, 'field is immutable');
  if (old.spec?.nodeAffinity && !sameValue(spec.nodeAffinity, old.spec.nodeAffinity)) errors.invalid(specPath.child('nodeAffinity'), internalView('io.k8s.api.core.v1.VolumeNodeAffinity', spec.nodeAffinity ?? {}), 'field is immutable');
}

/** PersistentVolumes: storage that is there. */
export const persistentvolumes: ResourceDefinition<PersistentVolume> = {
  group: '',
  resource: 'persistentvolumes',
  applyDefaults,
  prepareForCreate: (draft, context) => void (draft['status'] = { phase: 'Pending', lastPhaseTransitionTime: formatTime(context.now) }),
  validateCreate: ({ spec }) => collect((errors) => checkSpec(spec ?? {}, errors)),
  prepareForUpdate: keepStatus,
  validateUpdate: (volume, old) => collect((errors) => checkUpdate(volume, old, errors)),
  subresources: {
    status: {
      prepareForUpdate: (draft, old, context) => {
        updateStatusOnly(draft, old);
        const status = draft['status'] as Record<string, unknown> | undefined;
        if (!status) return;
        if (status['phase'] === old.status?.phase && old.status?.lastPhaseTransitionTime !== undefined) status['lastPhaseTransitionTime'] ??= old.status.lastPhaseTransitionTime;
        if (status['phase'] !== old.status?.phase) status['lastPhaseTransitionTime'] ??= formatTime(context.now);
        if (status['phase'] !== old.status?.phase && status['lastPhaseTransitionTime'] === old.status?.lastPhaseTransitionTime) status['lastPhaseTransitionTime'] = formatTime(context.now);
      },
    },
  },
  warnings: ({ metadata, spec }) => {
    const out = metadata?.annotations?.[betaClass] === undefined ? [] : [betaClassWarning];
    if (spec?.persistentVolumeReclaimPolicy === 'Recycle') out.push('spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.');
    for (const [index, term] of (spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []).entries()) termWarnings(term, `spec.nodeAffinity.required.nodeSelectorTerms[${index}]`, out);
    return out;
  },
  selectableFields: ({ metadata }) => ({ name: metadata?.name ?? '' }),
  cells: (volume, now) => {
    const { spec, status, metadata } = volume;
    const claim = spec?.claimRef ? `${spec.claimRef.namespace ?? ''}/${spec.claimRef.name ?? ''}` : '';
    return [
      nameOf(volume), parseQuantity(String(spec?.capacity?.['storage'] ?? '0')).toString(), accessModesText(spec?.accessModes), spec?.persistentVolumeReclaimPolicy ?? '', metadata?.deletionTimestamp !== undefined ? 'Terminating' : (status?.phase ?? ''),
      claim, metadata?.annotations?.[betaClass] ?? spec?.storageClassName ?? '', spec?.volumeAttributesClassName ?? '<unset>', status?.reason ?? '', age(volume, now), spec?.volumeMode ?? '<unset>',
    ];
  },
};
