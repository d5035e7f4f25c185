import type { CustomResourceDefinition, KubeObject, StructuralSchema } from '../../../api';
import { type Errors, fieldPath, type Path } from '../../field';
import type { Draft, ResourceDefinition } from '../definition';
import { bumpGeneration, checkImmutable, collect, keepStatus, metadataPath, specPath, statusPath, statusStrategy } from '../strategy';
import { unrecognizedFormats } from './formats';
import { checkAcceptedNames, checkSpec } from './spec';

type Spec = { names?: Record<string, unknown>; conversion?: { webhook?: { clientConfig?: { service?: Record<string, unknown> } } }; versions?: readonly { name: string; storage?: boolean }[] };

const approval = 'api-approved.kubernetes.io';
const seeProposal = 'see https://github.com/kubernetes/enhancements/pull/1111';

const storageVersion = (draft: Draft): string | undefined => (draft['spec'] as Spec | undefined)?.versions?.find((version) => version.storage)?.name;

/** A default of null is none. */
function dropNullDefaults(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  if (Array.isArray(schema)) return schema.forEach(dropNullDefaults);
  const own = schema as Record<string, unknown>;
  if (own['default'] === null) delete own['default'];
  for (const field of ['items', 'additionalProperties', 'not', 'allOf', 'anyOf', 'oneOf']) dropNullDefaults(own[field]);
  if (typeof own['properties'] === 'object' && own['properties'] !== null) Object.values(own['properties']).forEach(dropNullDefaults);
}

function applyDefaults(draft: Draft): void {
  const spec = draft['spec'] as Spec | undefined;
  if (!spec) return;
  for (const version of spec.versions ?? []) dropNullDefaults((version as { schema?: { openAPIV3Schema?: unknown } }).schema?.openAPIV3Schema);
  const names = (spec.names ??= {});
  if (typeof names['kind'] === 'string' && names['kind'] !== '') {
    names['singular'] ||= names['kind'].toLowerCase();
    names['listKind'] ||= `${names['kind']}List`;
  }
  spec.conversion ??= { strategy: 'None' } as object;
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (service) service['port'] ??= 443;
  if ((spec as { preserveUnknownFields?: boolean }).preserveUnknownFields === false) delete (spec as { preserveUnknownFields?: boolean }).preserveUnknownFields;
}

const isProtected = (group: string): boolean => /(?:^|\.)(?:k8s|kubernetes)\.io$/.test(group);

/** What the annotation says by which a definition of a Kubernetes group shows that it was approved. */
export function approvalOf({ metadata, spec }: CustomResourceDefinition): { readonly status: 'True' | 'False'; readonly reason: string; readonly message: string } | undefined {
  if (!isProtected(spec.group)) return undefined;
  const text = metadata?.annotations?.[approval] ?? '';
  if (text === '') return { status: 'False', reason: 'MissingAnnotation', message: `protected groups must have approval annotation ${JSON.stringify(approval)}, ${seeProposal}` };
  if (text.startsWith('unapproved')) return { status: 'False', reason: 'UnapprovedAnnotation', message: `not approved: ${JSON.stringify(text)}` };
  if (/^[a-z][-+.a-z0-9]*:\/\/[^/\s]+/i.test(text)) return { status: 'True', reason: 'ApprovedAnnotation', message: `approved in ${text}` };
  return { status: 'False', reason: 'InvalidAnnotation', message: `protected groups must have approval annotation ${JSON.stringify(approval)} with either a URL or a reason starting with "unapproved", ${seeProposal}` };
}

function checkApproval(definition: CustomResourceDefinition, errors: Errors): void {
  const state = approvalOf(definition);
  const path = metadataPath.child('annotations').index(approval);
  if (state?.reason === 'MissingAnnotation') errors.required(path, state.message);
  if (state?.reason === 'InvalidAnnotation') errors.invalid(path, definition.metadata?.annotations?.[approval], state.message);
}

function checkStoredVersions({ spec, status }: CustomResourceDefinition, errors: Errors): void {
  const path = statusPath.child('storedVersions');
  const stored = (status?.storedVersions as readonly string[] | null | undefined) ?? [];
  if (stored.length === 0) errors.invalid(path, null, 'must have at least one stored version');
  const versions = (spec.versions as typeof spec.versions | null) ?? [];
  for (const [index, name] of stored.entries()) {
    if (!versions.some((version) => version.name === name)) {
      errors.invalid(path.index(index), name, `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`);
    }
  }
  if (stored.length === 0) return;
  // Each stored version answers for one that is marked, so that of two with one name the second misses its own.
  const left = new Set(stored);
  for (const { name, storage } of versions) if (storage && !left.delete(name)) errors.invalid(path, stored, `must have the storage version ${name}`);
}

function checkKeepsUnknown({ spec }: CustomResourceDefinition, errors: Errors): void {
  if (spec.preserveUnknownFields === true) errors.invalid(specPath.child('preserveUnknownFields'), true, 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead');
}

function validateCreate(definition: CustomResourceDefinition): Errors['list'] {
  return collect((errors) => {
    checkSpec(definition, errors);
    checkStoredVersions(definition, errors);
    checkApproval(definition, errors);
    checkKeepsUnknown(definition, errors);
  });
}

const isEstablished = ({ status }: CustomResourceDefinition): boolean => status?.conditions?.some(({ type, status: state }) => type === 'Established' && state === 'True') === true;

function validateUpdate(definition: CustomResourceDefinition, old: CustomResourceDefinition): Errors['list'] {
  return collect((errors) => {
    checkSpec(definition, errors);
    const { spec } = definition;
    if (isEstablished(old)) {
      checkImmutable(spec.scope, old.spec.scope, specPath.child('scope'), errors);
      checkImmutable(spec.names.kind, old.spec.names.kind, specPath.child('names').child('kind'), errors);
    }
    checkImmutable(spec.group, old.spec.group, specPath.child('group'), errors);
    checkImmutable(spec.names.plural, old.spec.names.plural, specPath.child('names').child('plural'), errors);
    checkStoredVersions(definition, errors);
    checkApproval(definition, errors);
    if (old.spec.preserveUnknownFields !== true) checkKeepsUnknown(definition, errors);
  });
}

function prepareForUpdate(draft: Draft, old: CustomResourceDefinition): void {
  keepStatus(draft, old);
  bumpGeneration(draft, old);
  const stored = storageVersion(draft);
  const versions = old.status?.storedVersions ?? [];
  if (stored !== undefined && !versions.includes(stored)) draft['status'] = { ...old.status, storedVersions: [...versions, stored] };
}

function warnings({ spec }: CustomResourceDefinition, old: CustomResourceDefinition | undefined): string[] {
  const known = new Set((old?.spec.versions ?? []).flatMap((version) => [...unrecognizedFormats((version.schema?.openAPIV3Schema ?? {}) as StructuralSchema)]));
  const found = new Set(spec.versions.flatMap((version) => [...unrecognizedFormats((version.schema?.openAPIV3Schema ?? {}) as StructuralSchema)]));
  return [...found].filter((format) => !known.has(format)).map((format) => `unrecognized format ${JSON.stringify(format)}`);
}

const named: (name: string, object: KubeObject) => string[] = (name, object) => {
  const { spec } = object as CustomResourceDefinition;
  return name === `${spec.names.plural}.${spec.group}` ? [] : ['must be spec.names.plural+"."+spec.group'];
};

const acceptedPath: Path = fieldPath('status').child('acceptedNames');

/** CustomResourceDefinitions: kinds that clients add (apiextensions.k8s.io/v1). */
export const customresourcedefinitions: ResourceDefinition<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io',
  resource: 'customresourcedefinitions',
  applyDefaults,
  nameErrors: named,
  prepareForCreate(draft) {
    const stored = storageVersion(draft);
    draft['status'] = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: stored === undefined ? null : [stored] };
    draft.metadata['generation'] = 1;
  },
  validateCreate,
  prepareForUpdate,
  validateUpdate,
  warnings,
  subresources: {
    status: statusStrategy<CustomResourceDefinition>(({ status }) => collect((errors) => checkAcceptedNames(status?.acceptedNames, acceptedPath, errors))),
  },
};
