import { isDns1123Subdomain, parseQuantity, type PersistentVolumeClaimSpec, type TypedLocalObjectReference, type TypedObjectReference } from '../../../../api';
import { fractionalWarnings } from '../../pod-spec/amount-warnings';
import { type Errors, labelSelectorErrors, type Path } from '../../../field';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/** Checks the ways in which storage is to be mounted. */
export function checkAccessModes(modes: readonly string[], path: Path, errors: Errors): void {
  let once = false;
  let others = false;
  for (const mode of modes) {
    if (!accessModes.includes(mode)) errors.notSupported(path, mode, accessModes);
    else if (mode === 'ReadWriteOncePod') once = true;
    else others = true;
  }
  if (once && others) errors.forbidden(path, 'may not use ReadWriteOncePod with other access modes');
}

/** Checks a claim's spec, of a claim itself or a template. */
export function checkClaimSpec(spec: PersistentVolumeClaimSpec, path: Path, errors: Errors): void {
  const { accessModes: modes = [], selector, resources, storageClassName, volumeMode, dataSource, dataSourceRef, volumeAttributesClassName } = spec;
  if (modes.length === 0) errors.required(path.child('accessModes'), 'at least 1 access mode is required');
  if (selector) labelSelectorErrors(selector, path.child('selector'), errors);
  checkAccessModes(modes, path.child('accessModes'), errors);
  const storage = resources?.requests?.['storage'];
  if (storage === undefined) errors.required(path.child('resources').index('storage'));
  else if (parseQuantity(String(storage)).sign <= 0) errors.invalid(path.child('resources').index('storage'), storage, 'must be greater than zero');
  if ((storageClassName ?? '') !== '') errors.invalidEach(path.child('storageClassName'), storageClassName, isDns1123Subdomain(storageClassName ?? ''));
  if (volumeMode !== undefined && volumeMode !== 'Block' && volumeMode !== 'Filesystem') errors.notSupported(path.child('volumeMode'), volumeMode, ['Block', 'Filesystem']);
  if (dataSource) checkSource(dataSource, path.child('dataSource'), errors);
  if (dataSourceRef) checkSource(dataSourceRef, path.child('dataSourceRef'), errors);
  if (dataSource && dataSourceRef && !sameSource(dataSource, dataSourceRef)) errors.invalid(path, {}, 'must match dataSourceRef');
  if (volumeAttributesClassName !== undefined && volumeAttributesClassName !== '') errors.invalidEach(path.child('volumeAttributesClassName'), volumeAttributesClassName, isDns1123Subdomain(volumeAttributesClassName));
}

/** Sizes of a claim's spec that are no whole number of bytes. */
export function claimSpecWarnings(spec: PersistentVolumeClaimSpec | undefined, path: string, out: string[]): void {
  for (const list of ['requests', 'limits'] as const) fractionalWarnings(spec?.resources?.[list], `${path}.resources.${list}`, ['storage'], out);
}

const sameSource = (a: TypedLocalObjectReference, b: TypedObjectReference) => a.name === b.name && a.kind === b.kind && (a.apiGroup ?? '') === (b.apiGroup ?? '');

function checkSource({ name, kind, apiGroup: group }: TypedLocalObjectReference, path: Path, errors: Errors): void {
  const apiGroup = group ?? '';
  if (name === '') errors.required(path.child('name'));
  if (kind === '') errors.required(path.child('kind'));
  if (apiGroup === '' && kind !== 'PersistentVolumeClaim') errors.invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
  else if (apiGroup !== '') errors.invalidEach(path.child('apiGroup'), apiGroup, isDns1123Subdomain(apiGroup));
}
