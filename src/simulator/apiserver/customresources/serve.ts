import { type CustomResourceDefinition, goValue, type KubeObject, type StatusCause, type ResourceInfo, structuralType, type StructuralSchema, deepFreeze } from '../../api';
import { sha256, utf8Encode } from '../../kernel';
import { base64UrlEncode } from '../request/base64';
import { compareVersions } from '../discovery/order';
import type { Conversion } from '../registry/conversion';
import { sameJson } from '../registry/equal';
import type { Draft, ResourceDefinition, UpdateStrategy } from '../resources/definition';
import { webhookConversion } from '../outgoing/conversion';
import type { ServerParts } from '../call';
import type { ServedResource } from '../served';
import { columnsOf } from './columns';
import { customErrors, openSchema, shaped } from './schema';

type Version = CustomResourceDefinition['spec']['versions'][number];
type Fields = Readonly<Record<string, unknown>>;

const verbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const subVerbs = ['get', 'patch', 'update'];

/** The value at a simple path (.spec.replicas) of an object. */
function at(object: unknown, path: string): unknown {
  let value = object;
  for (const part of path.split('.').slice(1)) value = typeof value === 'object' && value !== null ? (value as Fields)[part] : undefined;
  return value;
}

function put(draft: Draft, path: string, value: unknown): void {
  const parts = path.split('.').slice(1);
  let holder = draft as Record<string, unknown>;
  for (const part of parts.slice(0, -1)) {
    holder[part] = { ...(holder[part] as object | undefined) };
    holder = holder[part] as Record<string, unknown>;
  }
  holder[parts[parts.length - 1] as string] = value;
}

const schemaOf = (version: Version): StructuralSchema => (version.schema?.openAPIV3Schema as StructuralSchema | undefined) ?? openSchema;

/** Serves every version of a definition that is to be served; gives what was put in place. */
export function serveDefinition(server: ServerParts, definition: CustomResourceDefinition): ServedResource[] {
  const { served } = server;
  const { group, versions, conversion } = definition.spec;
  const names = definition.status?.acceptedNames ?? definition.spec.names;
  const namespaced = definition.spec.scope === 'Namespaced';
  const storage = served.storage(group, names.plural, namespaced, true);
  const stored = versions.find((version) => version.storage)?.name ?? '';
  const isSelectable = versions.some(({ selectableFields = [] }) => selectableFields.length > 0);
  const made: ServedResource[] = [];
  for (const version of versions) {
    if (!version.served) continue;
    const schema = schemaOf(version);
    const columns = columnsOf(version);
    const info: ResourceInfo = {
      group, version: version.name, resource: names.plural, singular: names.singular ?? '', kind: names.kind, namespaced, shortNames: names.shortNames ?? [], categories: names.categories ?? [], verbs,
      subresources: subresourcesOf(version, group, names.kind), columns: columns.definitions, storageVersionHash: storageHash(group, stored, names.kind), type: structuralType(`${group}.${version.name}.${names.kind}`, schema),
    };
    const scale = version.subresources?.scale;
    const one: ServedResource = {
      info,
      storage,
      definition: customDefinition(group, names.plural, version, schema),
      conversion: conversion?.strategy === 'Webhook' && conversion.webhook
        ? webhookConversion({ server, webhook: conversion.webhook, wanted: { group, version: version.name, kind: names.kind }, stored, read: readBy(version, group, names.kind) })
        : renamed(group, version, versions.find(({ storage }) => storage) ?? version, names.kind),
      listKind: names.listKind ?? `${names.kind}List`,
      custom: {
        definitionName: definition.metadata?.name ?? '',
        shape: (value, unknown) => shaped(schema, value, { group, version: version.name, kind: names.kind }, unknown),
        openApi: schema as unknown as Fields,
        ...(isSelectable && { selectableFields: (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.slice(1)) }),
        cells: columns.cells,
        ...(version.deprecated && { deprecationWarning: version.deprecationWarning ?? deprecationOf(version, versions, group, names.kind) }),
        ...(scale && {
          scale: {
            read: (object) => ({ replicas: Number(at(object, scale.specReplicasPath) ?? 0), statusReplicas: Number(at(object, scale.statusReplicasPath) ?? 0), selector: scale.labelSelectorPath === undefined ? '' : String(at(object, scale.labelSelectorPath) ?? '') }),
            setReplicas: (draft, replicas) => put(draft, scale.specReplicasPath, replicas),
          },
        }),
      },
    };
    served.put(one);
    made.push(one);
  }
  return made;
}

/** What a client of a deprecated version is told, when the definition says nothing. */
function deprecationOf({ name }: Version, versions: readonly Version[], group: string, kind: string): string {
  const [newest] = versions.filter((one) => one.served && !one.deprecated).sort((a, b) => compareVersions(a.name, b.name));
  const instead = newest && compareVersions(newest.name, name) < 0 ? `; use ${group}/${newest.name} ${kind}` : '';
  return `${group}/${name} ${kind} is deprecated${instead}`;
}

function subresourcesOf(version: Version, group: string, kind: string): ResourceInfo['subresources'] {
  const { status, scale } = version.subresources ?? {};
  return [
    ...(scale ? [{ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: subVerbs }] : []),
    ...(status ? [{ name: 'status', group, version: version.name, kind, verbs: subVerbs }] : []),
  ];
}

const storageHash = (group: string, version: string, kind: string): string =>
  `${base64UrlEncode(sha256(utf8Encode(`${group}/${version}/${kind}`)).subarray(0, 8)).replaceAll('-', '+').replaceAll('_', '/')}=`;

/** Objects are read by the schema of the day: what it has come to prune or to default since they were stored shows, in every version. */
function readBy(version: Version, group: string, kind: string): (object: KubeObject) => KubeObject {
  const read = new WeakMap<object, KubeObject>();
  const wanted = { group, version: version.name, kind };
  return (object) => {
    let made = read.get(object);
    if (made === undefined) {
      const draft = { ...shaped(schemaOf(version), { ...object, metadata: {} }, wanted, []), metadata: object.metadata };
      made = sameJson(draft, object) ? object : (deepFreeze(draft) as unknown as KubeObject);
      read.set(object, made);
    }
    return made;
  };
}

/** Strategy None: versions differ by name alone. */
function renamed(group: string, version: Version, stored: Version, kind: string): Conversion {
  const own = readBy(version, group, kind);
  const first = readBy(stored, group, kind); // what the stored version defaults shows in the others
  const read = version === stored ? own : (object: KubeObject) => own(first(object));
  return {
    toStored(draft) {
      draft['apiVersion'] = `${group}/${stored.name}`;
    },
    fromStored: <T extends KubeObject>(object: T): T => read(object) as T,
  };
}

/** What is wrong with the number that the scale subresource reads and writes. */
function scaleFaults({ subresources }: Version, object: KubeObject): StatusCause[] {
  const path = subresources?.scale?.specReplicasPath;
  const value = path === undefined ? undefined : at(object, path);
  if (path === undefined || value === undefined) return [];
  const fault = (shown: number, message: string) => [{ reason: 'FieldValueInvalid', field: path, message: `Invalid value: ${shown}: ${message}` }];
  if (typeof value !== 'number' || !Number.isInteger(value)) return fault(0, `${path} accessor error: ${goValue(value)} is of the type ${goType(value)}, expected int64`);
  if (value < 0) return fault(value, 'should be a non-negative integer');
  return value > 0x7fffffff ? fault(value, 'should be less than or equal to 2147483647') : [];
}

/** What Go calls a value that was read from JSON. */
function goType(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  return typeof value === 'number' ? 'float64' : typeof value === 'boolean' ? 'bool' : 'string';
}

/** What may be said of custom resources in general: status by its subresource, generation by everything else. */
function customDefinition(group: string, resource: string, version: Version, schema: StructuralSchema): ResourceDefinition {
  const hasStatus = version.subresources?.status !== undefined;
  const status: UpdateStrategy = {
    prepareForUpdate(draft, old) {
      const before = old as unknown as Fields;
      for (const field of Object.keys(draft)) if (field !== 'status' && field !== 'metadata') delete draft[field];
      for (const field of Object.keys(before)) if (field !== 'status' && field !== 'metadata') draft[field] = before[field];
      const labels = old.metadata?.labels;
      if (labels) draft.metadata['labels'] ??= labels;
    },
    validateUpdate: (object, old) => customErrors(schema, object, old, scaleFaults(version, object)),
  };
  const fields = (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath);
  return {
    group,
    resource,
    allowUnconditionalUpdate: false,
    allowCreateOnUpdate: false,
    prepareForCreate(draft) {
      if (hasStatus) delete draft['status'];
      draft.metadata['generation'] = 1;
    },
    validateCreate: (object) => customErrors(schema, object, undefined, scaleFaults(version, object)),
    prepareForUpdate(draft, old) {
      const before = old as unknown as Fields;
      if (hasStatus) {
        if (before['status'] === undefined) delete draft['status'];
        else draft['status'] = before['status'];
      }
      const { metadata: _, ...own } = draft;
      const { metadata: __, ...previous } = before;
      if (!sameJson(own, previous)) draft.metadata['generation'] = (old.metadata?.generation ?? 0) + 1;
    },
    validateUpdate: (object, old) => customErrors(schema, object, old, scaleFaults(version, object)),
    ...(hasStatus && { subresources: { status } }),
    selectableFields: (object) => Object.fromEntries(fields.map((path) => [path.slice(1), String(at(object, path) ?? '')])),
  };
}
