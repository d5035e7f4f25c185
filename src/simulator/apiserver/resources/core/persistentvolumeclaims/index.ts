import { parseQuantity, type PersistentVolumeClaim, type PersistentVolumeClaimSpec } from '../../../../api';
import { type Errors, fieldPath, type Path } from '../../../field';
import { age, nameOf } from '../../cells';
import type { Draft, ResourceDefinition } from '../../definition';
import { sameValue } from '../../equality';
import { internalView } from '../../internal-view';
import { agreeOnSource, defaultClaimSpec, isExtendedResource } from '../../pod-spec';
import { collect, keepStatus, specPath, statusPath, updateStatusOnly } from '../../strategy';
import { unifiedDiff } from '../../unified-diff';
import { accessModesText } from '../persistentvolumes/access-modes';
import { betaClass, betaClassWarning } from './beta-class';
import { checkClaimSpec, claimSpecWarnings } from './spec';

function applyDefaults(draft: Draft): void {
  const spec = (draft['spec'] ??= {}) as Record<string, unknown>;
  defaultClaimSpec(spec);
  const status = (draft['status'] ??= {}) as Record<string, unknown>;
  if ((status['phase'] ?? '') === '') status['phase'] = 'Pending';
}

const specType = 'io.k8s.api.core.v1.PersistentVolumeClaimSpec';
const onlyThese = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

/** A class may be given once to a claim that has none. */
const mayGetClass = (now: PersistentVolumeClaim, old: PersistentVolumeClaim): boolean =>
  old.spec?.storageClassName === undefined && now.spec?.storageClassName !== undefined && old.metadata?.annotations?.[betaClass] === undefined && old.spec?.volumeName === now.spec?.volumeName;

function checkUpdate(now: PersistentVolumeClaim, old: PersistentVolumeClaim, errors: Errors): void {
  const spec = (now.spec ?? {}) as PersistentVolumeClaimSpec;
  const before = (old.spec ?? {}) as PersistentVolumeClaimSpec;
  checkClaimSpec(spec, specPath, errors);
  const allowed: Record<string, unknown> = { ...spec };
  const was: Record<string, unknown> = { ...before };
  if ((before.volumeName ?? '') === '' && (spec.volumeName ?? '') !== '') was['volumeName'] = spec.volumeName;
  if (mayGetClass(now, old)) allowed['storageClassName'] = before.storageClassName;
  if (old.status?.phase === 'Bound') {
    allowed['resources'] = { ...spec.resources, requests: before.resources?.requests };
    allowed['volumeAttributesClassName'] = before.volumeAttributesClassName;
  }
  for (const name in allowed) if (allowed[name] === undefined) delete allowed[name];
  if (!sameValue(allowed, was)) {
    const text = (value: object) => JSON.stringify(internalView(specType, value), undefined, 1);
    errors.forbidden(specPath, `${onlyThese}\n${unifiedDiff(text(was), text(allowed))}`);
  }
  checkSize(now, old, errors);
  if (spec.volumeMode !== before.volumeMode) errors.invalid(fieldPath('volumeMode'), spec.volumeMode ?? null, 'field is immutable');
}

function checkSize(now: PersistentVolumeClaim, old: PersistentVolumeClaim, errors: Errors): void {
  const sizeOf = (claim: PersistentVolumeClaim) => parseQuantity(String(claim.spec?.resources?.requests?.['storage'] ?? '0'));
  const size = sizeOf(now);
  if (size.compare(sizeOf(old)) >= 0) return;
  const capacity = parseQuantity(String(old.status?.capacity?.['storage'] ?? '0'));
  if (size.compare(capacity) <= 0) errors.forbidden(specPath.child('resources').child('requests').child('storage'), 'field can not be less than status.capacity');
}

const resizeStates = ['ControllerResizeInProgress', 'ControllerResizeInfeasible', 'NodeResizeInProgress', 'NodeResizeInfeasible', 'NodeResizePending'];

/** Checks what a status says of a volume that is being resized (KEP-1790). */
function checkResize(status: PersistentVolumeClaim['status'], errors: Errors): void {
  const checkName = (name: string, path: Path) => void (name !== 'storage' && !isExtendedResource(name) && errors.notSupported(path, name, ['storage']));
  const states = (status?.allocatedResourceStatuses ?? {}) as Readonly<Record<string, string>>;
  for (const name of Object.keys(states).sort()) {
    const path = statusPath.child('allocatedResourceStatuses');
    checkName(name, path);
    if (!resizeStates.includes(states[name] as string)) errors.list.push({ type: 'FieldValueNotSupported', field: path.toString(), message: `Unsupported value: ${JSON.stringify(name)}: supported values: ${resizeStates.map((one) => JSON.stringify(one)).join(', ')}` });
  }
  const amounts = (status?.allocatedResources ?? {}) as Readonly<Record<string, string>>;
  for (const name of Object.keys(amounts).sort()) {
    const path = statusPath.child('allocatedResources');
    checkName(name, path);
    const amount = parseQuantity(String(amounts[name]));
    if (amount.sign < 0) errors.invalid(path.index(name), amount.value(), 'must be a valid resource quantity');
  }
}

/** PersistentVolumeClaims: storage that is asked for. */
export const persistentvolumeclaims: ResourceDefinition<PersistentVolumeClaim> = {
  group: '',
  resource: 'persistentvolumeclaims',
  applyDefaults,
  prepareForCreate: (draft) => {
    draft['status'] = { phase: 'Pending' };
    agreeOnSource(draft['spec'] as Record<string, unknown>);
  },
  validateCreate: ({ spec }) => collect((errors) => checkClaimSpec((spec ?? {}) as PersistentVolumeClaimSpec, specPath, errors)),
  prepareForUpdate: (draft, old) => {
    keepStatus(draft, old);
    agreeOnSource(draft['spec'] as Record<string, unknown>);
  },
  validateUpdate: (claim, old) => collect((errors) => checkUpdate(claim, old, errors)),
  subresources: {
    status: {
      prepareForUpdate: (draft, old) => updateStatusOnly(draft, old),
      validateUpdate: ({ status }) =>
        collect((errors) => {
          const capacity = (status?.capacity ?? {}) as Readonly<Record<string, string>>;
          for (const name in capacity) {
            const amount = parseQuantity(String(capacity[name]));
            if (amount.sign < 0) errors.invalid(statusPath.child('capacity').index(name), amount.value(), 'must be a valid resource quantity');
          }
          checkResize(status, errors);
        }),
    },
  },
  warnings: ({ metadata, spec }) => {
    const out = metadata?.annotations?.[betaClass] === undefined ? [] : [betaClassWarning];
    claimSpecWarnings(spec, 'spec', out);
    return out;
  },
  selectableFields: ({ metadata }) => ({ name: metadata?.name ?? '' }),
  cells: (claim, now) => {
    const { spec, status, metadata } = claim;
    const bound = (spec?.volumeName ?? '') !== '';
    return [
      nameOf(claim), metadata?.deletionTimestamp !== undefined ? 'Terminating' : (status?.phase ?? ''), spec?.volumeName ?? '', bound ? parseQuantity(String(status?.capacity?.['storage'] ?? '0')).toString() : '',
      bound ? accessModesText(status?.accessModes) : '', metadata?.annotations?.[betaClass] ?? spec?.storageClassName ?? '', status?.currentVolumeAttributesClassName ?? '<unset>', age(claim, now), spec?.volumeMode ?? '<unset>',
    ];
  },
};
