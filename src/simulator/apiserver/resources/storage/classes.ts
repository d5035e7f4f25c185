import { isQualifiedName, type StorageClass, type VolumeAttributesClass } from '../../../api';
import { type Errors, fieldPath } from '../../field';
import { age, nameOf } from '../cells';
import type { ResourceDefinition } from '../definition';
import { checkCsiDriverName, checkOneOf } from '../pod-spec';
import { checkImmutable, collect } from '../strategy';

const provisionerPath = fieldPath('provisioner');
const parametersPath = fieldPath('parameters');

function checkParameters(parameters: Readonly<Record<string, string>> | undefined, required: boolean, errors: Errors): void {
  const keys = Object.keys(parameters ?? {});
  if (keys.length > 512) errors.tooLong(parametersPath, 512, 'entries');
  let size = 0;
  for (const key of keys) {
    if (key === '') errors.invalid(parametersPath, key, 'field can not be empty.');
    size += key.length + (parameters?.[key] ?? '').length;
  }
  if (size > 256 * 1024) errors.tooLong(parametersPath, 256 * 1024);
  if (required && keys.length === 0) errors.required(parametersPath, 'must contain at least one key/value pair');
}

function checkTopologies({ allowedTopologies = [] }: StorageClass, errors: Errors): void {
  const path = fieldPath('allowedTopologies');
  for (const [index, { matchLabelExpressions = [] }] of allowedTopologies.entries()) {
    const keys = new Set<string>();
    for (const [expressionIndex, { key, values }] of matchLabelExpressions.entries()) {
      const at = path.index(index).child('matchLabelExpressions').index(expressionIndex);
      if (values.length === 0) errors.required(at.child('values'));
      errors.invalidEach(at.child('key'), key, isQualifiedName(key));
      if (keys.has(key)) errors.duplicate(at.child('key'), key);
      keys.add(key);
    }
  }
}

function check(own: StorageClass, errors: Errors): void {
  if (own.provisioner === '') errors.required(provisionerPath, '');
  else errors.invalidEach(provisionerPath, own.provisioner.toLowerCase(), isQualifiedName(own.provisioner.toLowerCase()));
  checkParameters(own.parameters, false, errors);
  if ((own.reclaimPolicy ?? '') !== '') checkOneOf(own.reclaimPolicy as string, ['Delete', 'Retain'], fieldPath('reclaimPolicy'), errors);
  if (own.volumeBindingMode === undefined) errors.required(fieldPath('volumeBindingMode'));
  else checkOneOf(own.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer'], fieldPath('volumeBindingMode'), errors);
  checkTopologies(own, errors);
}

/** StorageClasses: how volumes are made. */
export const storageclasses: ResourceDefinition<StorageClass> = {
  group: 'storage.k8s.io',
  resource: 'storageclasses',
  applyDefaults: (draft) => {
    draft['reclaimPolicy'] ??= 'Delete';
    draft['volumeBindingMode'] ??= 'Immediate';
  },
  validateCreate: (own) => collect((errors) => check(own, errors)),
  validateUpdate: (own, old) =>
    collect((errors) => {
      checkImmutable(own.parameters, old.parameters, parametersPath, errors, own.parameters ?? null);
      checkImmutable(own.provisioner, old.provisioner, provisionerPath, errors);
      checkImmutable(own.reclaimPolicy, old.reclaimPolicy, fieldPath('reclaimPolicy'), errors);
      checkImmutable(own.volumeBindingMode, old.volumeBindingMode, fieldPath('volumeBindingMode'), errors);
      check(own, errors);
    }),
  allowUnconditionalUpdate: true,
  cells: (own, now) => {
    const isDefault = own.metadata?.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' || own.metadata?.annotations?.['storageclass.beta.kubernetes.io/is-default-class'] === 'true';
    return [isDefault ? `${nameOf(own)} (default)` : nameOf(own), own.provisioner, own.reclaimPolicy ?? 'Delete', own.volumeBindingMode ?? '<unset>', own.allowVolumeExpansion ?? false, age(own, now)];
  },
};

/** VolumeAttributesClasses: what may change of a volume while it is used. */
export const volumeattributesclasses: ResourceDefinition<VolumeAttributesClass> = {
  group: 'storage.k8s.io',
  resource: 'volumeattributesclasses',
  validateCreate: (own) =>
    collect((errors) => {
      if (own.driverName === '') errors.required(fieldPath('driverName'), '');
      else checkCsiDriverName(own.driverName, fieldPath('driverName'), errors);
      checkParameters(own.parameters, true, errors);
    }),
  validateUpdate: (own, old) =>
    collect((errors) => {
      if (own.driverName !== old.driverName) errors.forbidden(fieldPath('driverName'), 'updates to driverName are forbidden.');
      if (JSON.stringify(own.parameters ?? {}) !== JSON.stringify(old.parameters ?? {})) errors.forbidden(parametersPath, 'updates to parameters are forbidden.');
    }),
  cells: (own, now) => [nameOf(own), own.driverName, age(own, now)],
};
