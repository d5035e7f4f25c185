import { isQualifiedName, type StorageClass, type TopologySelectorTerm, type VolumeAttributesClass } from '../../../api';
import { type Errors, fieldPath, type Path } from '../../field';
import { age, nameOf } from '../cells';
import type { ResourceDefinition } from '../definition';
import { checkOneOf } from '../pod-spec';
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

type Term = ReadonlyMap<string, ReadonlySet<string>>;

const sameTerm = (a: Term, b: Term): boolean =>
  a.size === b.size && [...a].every(([key, values]) => b.get(key)?.size === values.size && [...values].every((value) => b.get(key)?.has(value)));

/** Checks one term of allowed topologies; gives what it allows. */
function checkTerm({ matchLabelExpressions = [] }: TopologySelectorTerm, path: Path, errors: Errors): Term {
  const term = new Map<string, Set<string>>();
  for (const [index, { key, values }] of matchLabelExpressions.entries()) {
    const at = path.index(index);
    const own = new Set<string>();
    if ((values ?? []).length === 0) errors.required(at.child('values'));
    for (const [valueIndex, value] of (values ?? []).entries()) {
      if (own.has(value)) errors.duplicate(at.child('values').index(valueIndex), value);
      own.add(value);
    }
    errors.invalidEach(at.child('key'), key, isQualifiedName(key));
    if (term.has(key)) errors.duplicate(at.child('key'), key);
    term.set(key, own);
  }
  return term;
}

function checkTopologies({ allowedTopologies = [] }: StorageClass, errors: Errors): void {
  // The real one compares each term with as many empty ones, too, as there are terms.
  const known: Term[] = allowedTopologies.map(() => new Map());
  for (const [index, term] of allowedTopologies.entries()) {
    const path = fieldPath('allowedTopologies').index(index).child('matchLabelExpressions');
    const own = checkTerm(term, path, errors);
    for (const other of known) if (sameTerm(own, other)) errors.duplicate(path, '');
    known.push(own);
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
      check(own, errors);
      checkImmutable(own.parameters, old.parameters, parametersPath, errors, own.parameters ?? null);
      checkImmutable(own.provisioner, old.provisioner, provisionerPath, errors);
      checkImmutable(own.reclaimPolicy, old.reclaimPolicy, fieldPath('reclaimPolicy'), errors);
      checkImmutable(own.volumeBindingMode, old.volumeBindingMode, fieldPath('volumeBindingMode'), errors);
    }),
  allowUnconditionalUpdate: true,
  cells: (own, now) => {
    const isDefault = own.metadata?.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' || own.metadata?.annotations?.['storageclass.beta.kubernetes.io/is-default-class'] === 'true';
    return [isDefault ? `${nameOf(own)} (default)` : nameOf(own), own.provisioner, own.reclaimPolicy ?? 'Delete', own.volumeBindingMode ?? '<unset>', own.allowVolumeExpansion ?? false, age(own, now)];
  },
};

function checkAttributes({ driverName, parameters }: VolumeAttributesClass, errors: Errors): void {
  const driver = driverName.toLowerCase();
  if (driver === '') errors.required(fieldPath('driverName'), '');
  else errors.invalidEach(fieldPath('driverName'), driver, isQualifiedName(driver));
  checkParameters(parameters, true, errors);
}

/** VolumeAttributesClasses: what may change of a volume while it is used. */
export const volumeattributesclasses: ResourceDefinition<VolumeAttributesClass> = {
  group: 'storage.k8s.io',
  resource: 'volumeattributesclasses',
  validateCreate: (own) => collect((errors) => checkAttributes(own, errors)),
  validateUpdate: (own, old) =>
    collect((errors) => {
      if (own.driverName !== old.driverName) errors.forbidden(fieldPath('driverName'), 'updates to driverName are forbidden.');
      if (JSON.stringify(own.parameters ?? {}) !== JSON.stringify(old.parameters ?? {})) errors.forbidden(parametersPath, 'updates to parameters are forbidden.');
      checkAttributes(own, errors);
    }),
  cells: (own, now) => [nameOf(own), own.driverName, age(own, now)],
};
