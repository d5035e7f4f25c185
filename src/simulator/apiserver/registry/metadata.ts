import { isDns1123Subdomain, type KubeObject, type ObjectMeta, type OwnerReference } from '../../api';
import { type FieldError, maskTrailingDash } from '../field';
import type { Draft } from '../resources/definition';
import { sameJson } from './equal';
import { annotationErrors, labelErrors, qualifiedNameProblems } from './names';

const invalidValue = (field: string, value: unknown, message: string): FieldError => ({ type: 'FieldValueInvalid', field, message: `Invalid value: ${JSON.stringify(value)}: ${message}` });

/** Why a name (or generateName prefix) will not do. */
export type NameRule = (name: string, isPrefix: boolean) => readonly string[];

/** Most resources are named like DNS subdomains. */
const subdomainRule: NameRule = (name, isPrefix) => isDns1123Subdomain(isPrefix ? maskTrailingDash(name) : name);

const noProblems: readonly string[] = [];

/** Names that only have to be one piece of a path: RBAC's. */
export const pathSegmentRule: NameRule = (name, isPrefix) => {
  if (!isPrefix && (name === '.' || name === '..')) return [`may not be '${name}'`];
  if (!name.includes('/') && !name.includes('%')) return noProblems;
  return ['/', '%'].filter((character) => name.includes(character)).map((character) => `may not contain '${character}'`);
};

const freelyNamed = new Set(['rbac.authorization.k8s.io', 'apiregistration.k8s.io']);

/** The rule of a resource that has none of its own. */
export const ruleFor = (group: string, own: NameRule | undefined): NameRule => own ?? (freelyNamed.has(group) ? pathSegmentRule : subdomainRule);

const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);
const bannedOwners = new Set(['v1/Event']);

/** What is wrong with metadata, in the order in which the real one looks. `eachFinalizer`: whether finalizers are looked at once more, one by one. */
export function metadataErrors(metadata: ObjectMeta, rule: NameRule, eachFinalizer: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const { name = '', generateName = '', generation = 0 } = metadata;
  if (generateName !== '') for (const problem of rule(generateName, true)) errors.push(invalidValue('metadata.generateName', generateName, problem));
  if (name === '') errors.push({ type: 'FieldValueRequired', field: 'metadata.name', message: 'Required value: name or generateName is required' });
  else for (const problem of rule(name, false)) errors.push(invalidValue('metadata.name', name, problem));
  if (generation < 0) errors.push(invalidValue('metadata.generation', generation, 'must be greater than or equal to 0'));
  errors.push(...contentErrors(metadata));
  if (metadata.finalizers) errors.push(...finalizerErrors(metadata.finalizers));
  if (metadata.finalizers && eachFinalizer) errors.push(...unqualifiedFinalizers(metadata.finalizers));
  return errors;
}

/** What is wrong with labels, annotations and owners. */
function contentErrors({ labels, annotations, ownerReferences }: ObjectMeta): FieldError[] {
  const errors: FieldError[] = [];
  if (labels) errors.push(...labelErrors(labels, 'metadata.labels'));
  if (annotations) errors.push(...annotationErrors(annotations, 'metadata.annotations'));
  if (ownerReferences) errors.push(...ownerErrors(ownerReferences));
  return errors;
}

function ownerErrors(owners: readonly OwnerReference[]): FieldError[] {
  const errors: FieldError[] = [];
  const field = 'metadata.ownerReferences';
  let controller: OwnerReference | undefined;
  for (const owner of owners) {
    const { apiVersion = '', kind = '', name = '', uid = '' } = owner as Partial<OwnerReference>;
    if (apiVersion === '' || apiVersion.split('/').length > 2) errors.push(invalidValue(`${field}.apiVersion`, apiVersion, 'version must not be empty'));
    if (kind === '') errors.push(invalidValue(`${field}.kind`, kind, 'must not be empty'));
    if (name === '') errors.push(invalidValue(`${field}.name`, name, 'must not be empty'));
    if (uid === '') errors.push(invalidValue(`${field}.uid`, uid, 'must not be empty'));
    if (bannedOwners.has(`${apiVersion}/${kind}`)) errors.push(invalidValue(field, owner, `/${apiVersion}, Kind=${kind} is disallowed from being an owner`));
    if (owner.controller !== true) continue;
    if (controller === undefined) controller = owner;
    else errors.push(invalidValue(field, owners, `Only one reference can have Controller set to true. Found "true" in references for ${controller.kind}/${controller.name} and ${kind}/${name}`));
  }
  return errors;
}

function finalizerErrors(finalizers: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  for (const finalizer of finalizers) for (const problem of qualifiedNameProblems(finalizer)) errors.push(invalidValue('metadata.finalizers', finalizer, problem));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalidValue('metadata.finalizers', finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
  return errors;
}

function unqualifiedFinalizers(finalizers: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, finalizer] of finalizers.entries()) {
    if (!finalizer.includes('/') && !standardFinalizers.has(finalizer)) {
      errors.push(invalidValue(`metadata.finalizers[${index}]`, finalizer, 'name is neither a standard finalizer name nor is it fully qualified'));
    }
  }
  return errors;
}

/** What an update changed in metadata that it may not. */
export function metadataUpdateErrors(metadata: ObjectMeta, old: ObjectMeta, eachFinalizer: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp !== undefined) {
    const added = (metadata.finalizers ?? []).filter((finalizer) => !old.finalizers?.includes(finalizer));
    if (added.length > 0) {
      const list = `[]string{${[...added].sort().map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`;
      errors.push({ type: 'FieldValueForbidden', field: 'metadata.finalizers', message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${list}` });
    }
  }
  if (metadata.name !== old.name) errors.push(invalidValue('metadata.name', metadata.name, 'field is immutable'));
  if (metadata.namespace !== old.namespace) errors.push(invalidValue('metadata.namespace', metadata.namespace, 'field is immutable'));
  if (metadata.uid !== old.uid) errors.push(invalidValue('metadata.uid', metadata.uid, 'field is immutable'));
  if (metadata.deletionTimestamp !== old.deletionTimestamp) errors.push(invalidValue('metadata.deletionTimestamp', metadata.deletionTimestamp, 'field is immutable'));
  if (metadata.deletionGracePeriodSeconds !== old.deletionGracePeriodSeconds) {
    errors.push(invalidValue('metadata.deletionGracePeriodSeconds', metadata.deletionGracePeriodSeconds ?? null, 'field is immutable'));
  }
  errors.push(...contentErrors(metadata));
  if (metadata.finalizers && eachFinalizer) errors.push(...unqualifiedFinalizers(metadata.finalizers));
  return errors;
}

/** Takes out owners that are named twice, with a warning. `when`: after what they were seen again. */
export function dedupeOwners({ metadata }: Draft, warnings: Set<string>, when = ''): void {
  const owners = metadata['ownerReferences'] as readonly OwnerReference[] | undefined;
  if (owners === undefined || owners.length < 2) return;
  const kept: OwnerReference[] = [];
  const twice: string[] = [];
  for (const owner of owners) {
    if (kept.some((one) => one.uid === owner.uid && sameJson(one, owner))) twice.push(owner.uid);
    else kept.push(owner);
  }
  if (twice.length === 0) return;
  metadata['ownerReferences'] = kept;
  warnings.add(`.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${twice.join(', ')}`);
}

/** Fills what the server owns in a new object's metadata. */
export function fillNewMetadata(draft: Draft, uid: string, creationTimestamp: string, namespace: string | undefined): void {
  const { metadata } = draft;
  metadata['uid'] = uid;
  metadata['creationTimestamp'] = creationTimestamp;
  if (namespace === undefined) delete metadata['namespace'];
}

/** Takes over from the stored object what an update does not decide; what it explicitly contradicts stays, to be refused. */
export function keepOldMetadata(draft: Draft, old: KubeObject): void {
  const { metadata } = draft;
  const before = old.metadata as ObjectMeta;
  metadata['creationTimestamp'] = before.creationTimestamp;
  if (before.generation === undefined) delete metadata['generation'];
  else metadata['generation'] = before.generation;
  metadata['uid'] ??= before.uid;
  if (before.namespace !== undefined) metadata['namespace'] ??= before.namespace;
  if (before.deletionTimestamp !== undefined) {
    metadata['deletionTimestamp'] ??= before.deletionTimestamp;
    if (before.deletionGracePeriodSeconds !== undefined) metadata['deletionGracePeriodSeconds'] ??= before.deletionGracePeriodSeconds;
  }
}
