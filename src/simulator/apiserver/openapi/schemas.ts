import type { Describe, FieldSchema, TypeSchema } from '../../api';

/** JSON of an OpenAPI document or a part of one. */
export type Json = Readonly<Record<string, unknown>>;

const special: Readonly<Record<string, string>> = {
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  intOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
  time: 'io.k8s.apimachinery.pkg.apis.meta.v1.Time',
  microTime: 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime',
  duration: 'io.k8s.apimachinery.pkg.apis.meta.v1.Duration',
  fields: 'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1',
  raw: 'io.k8s.apimachinery.pkg.runtime.RawExtension',
};

const text: Json = { type: 'string' };

/** What /version answers. */
function versionInfo(written: Json): Json {
  const required = ['major', 'minor', 'gitVersion', 'gitCommit', 'gitTreeState', 'buildDate', 'goVersion', 'compiler', 'platform'];
  const optional = ['emulationMajor', 'emulationMinor', 'minCompatibilityMajor', 'minCompatibilityMinor'];
  return { type: 'object', required, properties: inOrder(Object.fromEntries([...required.map((name) => [name, written]), ...optional.map((name) => [name, text])])) };
}

/** Types that no field of a kind describes, in OpenAPI 3 and, where it says it otherwise, in 2. */
const loose: Readonly<Record<string, readonly [schema: Json, old?: Json]>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': [{ oneOf: [{ type: 'string' }, { type: 'number' }] }, text],
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': [{ format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] }, { type: 'string', format: 'int-or-string' }],
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': [{ type: 'string', format: 'date-time' }],
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': [{ type: 'string', format: 'date-time' }],
  'io.k8s.apimachinery.pkg.apis.meta.v1.Duration': [text],
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': [{ type: 'object' }],
  'io.k8s.apimachinery.pkg.apis.meta.v1.Patch': [{ type: 'object' }],
  'io.k8s.apimachinery.pkg.runtime.RawExtension': [{ type: 'object' }],
  ...Object.fromEntries(['JSON', 'JSONSchemaPropsOrArray', 'JSONSchemaPropsOrBool', 'JSONSchemaPropsOrStringArray'].map((name) => [`io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.${name}`, [{}]])),
  'io.k8s.apimachinery.pkg.version.Info': [versionInfo({ type: 'string', default: '' }), versionInfo(text)],
};

const apiextensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.';
/** What may stand where a schema of JSON may, by what the field's alternative is. */
const alternatives = { boolean: 'JSONSchemaPropsOrBool', list: 'JSONSchemaPropsOrArray', strings: 'JSONSchemaPropsOrStringArray' } as const;

/** Fields without which discovery's objects are none, and those of their lists that are one value. */
const discovery: Readonly<Record<string, { readonly required: readonly string[]; readonly atomic?: readonly string[] }>> = {
  APIGroup: { required: ['name', 'versions'], atomic: ['serverAddressByClientCIDRs', 'versions'] },
  APIGroupList: { required: ['groups'], atomic: ['groups'] },
  APIResource: { required: ['name', 'singularName', 'namespaced', 'kind', 'verbs'], atomic: ['categories', 'shortNames'] },
  APIResourceList: { required: ['groupVersion', 'resources'], atomic: ['resources'] },
  APIVersions: { required: ['versions', 'serverAddressByClientCIDRs'], atomic: ['serverAddressByClientCIDRs', 'versions'] },
  GroupVersionForDiscovery: { required: ['groupVersion', 'version'] },
  ServerAddressByClientCIDR: { required: ['clientCIDR', 'serverAddress'] },
};

/** Optional fields whose default is nevertheless said: nothing. */
const emptyByDefault = new Set([
  'AzureDiskVolumeSource.readOnly', 'ConfigMapEnvSource.name', 'ConfigMapKeySelector.name', 'ConfigMapProjection.name', 'ConfigMapVolumeSource.name', 'FileKeySelector.optional', 'GRPCAction.service',
  'LocalObjectReference.name', 'ReplicationControllerSpec.minReadySeconds', 'ScaleSpec.replicas', 'SecretEnvSource.name', 'SecretKeySelector.name', 'SecretProjection.name',
]);

/** Fields that server-side apply merges although their type, or what they would be without it, is one value. */
const granular = new Set(['PersistentVolumeClaimStatus.allocatedResourceStatuses', 'PersistentVolumeSpec.claimRef']);
const resizeStates = ['ControllerResizeInProgress', 'ControllerResizeInfeasible', 'NodeResizeInProgress', 'NodeResizeInfeasible', 'NodeResizePending'];

/** Objects that are nothing but a reference: the field has no words beside it. */
const bare = new Set(['JSONSchemaProps.not', 'JSONSchemaProps.externalDocs', 'IngressRule.http']);

/** Objects of which one field says which of the others counts. */
const unions: Readonly<Record<string, Json>> = {
  'io.k8s.api.core.v1.AppArmorProfile': { discriminator: 'type', 'fields-to-discriminateBy': { localhostProfile: 'LocalhostProfile' } },
  'io.k8s.api.core.v1.PodSchedulingGroup': { 'fields-to-discriminateBy': { podGroupName: 'PodGroupName' } },
  'io.k8s.api.core.v1.SeccompProfile': { discriminator: 'type', 'fields-to-discriminateBy': { localhostProfile: 'LocalhostProfile' } },
  'io.k8s.api.flowcontrol.v1.LimitResponse': { discriminator: 'type', 'fields-to-discriminateBy': { queuing: 'Queuing' } },
  'io.k8s.api.flowcontrol.v1.PriorityLevelConfigurationSpec': { discriminator: 'type', 'fields-to-discriminateBy': { exempt: 'Exempt', limited: 'Limited' } },
  'io.k8s.api.flowcontrol.v1.Subject': { discriminator: 'kind', 'fields-to-discriminateBy': { group: 'Group', serviceAccount: 'ServiceAccount', user: 'User' } },
};

/** What Go writes for a value that nobody set, where it does not leave it out. */
const zeros: Partial<Record<FieldSchema['type'], unknown>> = { string: '', integer: 0, number: 0, boolean: false };

/** How a version of OpenAPI refers to a named schema. */
export type Prefix = '#/definitions/' | '#/components/schemas/';

/** Writes schemas as one version of OpenAPI refers to them, and remembers which types they refer to. */
export class SchemaWriter {
  /** By name; filled as types are referred to. */
  readonly schemas: Record<string, Json> = {};
  private readonly waiting: TypeSchema[] = [];
  /** Types that server-side apply takes as one value. */
  private readonly atomic = new Set<string>();

  constructor(
    private readonly prefix: Prefix,
    private readonly kindsOf: (name: string) => readonly Json[],
    private readonly describe: Describe,
  ) {}

  /** OpenAPI 2.0, which knows neither zeros nor words beside a reference. */
  private get old(): boolean {
    return this.prefix === '#/definitions/';
  }

  /** The description of a type, or of a field of it, as a part of its schema. */
  words(type: string, field?: string): Json {
    const description = this.describe(type, field);
    return description === undefined ? {} : { description };
  }

  /** A reference to a type, which is written too. */
  type(type: TypeSchema): Json {
    if (!(type.name in this.schemas)) {
      this.schemas[type.name] = {};
      this.waiting.push(type);
      if (this.waiting.length === 1) this.drain();
    }
    return { $ref: this.prefix + type.name };
  }

  private drain(): void {
    for (let type = this.waiting[0]; type !== undefined; type = this.waiting[0]) {
      const short = type.name.slice(type.name.lastIndexOf('.') + 1);
      const known = type.name.includes('.meta.v1.') ? discovery[short] : undefined;
      const properties: Record<string, Json> = {};
      const required: string[] = [...(known?.required ?? [])];
      for (const [name, field] of type.fields) {
        const empty = !this.old && emptyByDefault.has(`${short}.${name}`) ? { default: zeros[field.type] } : {};
        const atomic = known?.atomic?.includes(name) ? { 'x-kubernetes-list-type': 'atomic' } : {};
        if (field.object !== undefined && bare.has(`${short}.${name}`)) properties[name] = this.type(field.object);
        else properties[name] = { ...this.words(type.name, name), ...this.field(field, false), ...empty, ...atomic, ...(granular.has(`${short}.${name}`) && { 'x-kubernetes-map-type': 'granular' }) };
        if (field.required && !required.includes(name)) required.push(name);
      }
      const kinds = this.kindsOf(type.name);
      const union = unions[type.name];
      this.schemas[type.name] = {
        ...this.words(type.name),
        type: 'object',
        ...(required.length > 0 && { required }),
        ...(type.fields.size > 0 && { properties: inOrder(properties) }),
        ...(kinds.length > 0 && { 'x-kubernetes-group-version-kind': kinds }),
        ...(this.atomic.has(type.name) && { 'x-kubernetes-map-type': 'atomic' }),
        ...(union && { 'x-kubernetes-unions': [union] }),
      };
      this.waiting.shift();
    }
  }

  /** A reference to a type that no kind describes. */
  named(name: string): Json {
    const [schema, old = schema] = loose[name] ?? [];
    this.schemas[name] ??= { ...this.words(name), ...(this.old ? old : schema) };
    return { $ref: this.prefix + name };
  }

  private reference(reference: Json, beside: Json): Json {
    if (this.old) return { ...reference, ...beside };
    return Object.keys(beside).length === 0 ? reference : { ...beside, allOf: [reference] };
  }

  private field(field: FieldSchema, item: boolean): Json {
    const { default: value, ...rest } = extensionsOf(field);
    const extensions = this.old || value === undefined ? rest : { default: value, ...rest };
    if (field.alternative !== undefined) return this.named(apiextensions + alternatives[field.alternative]);
    const known = special[field.type] ?? special[field.format ?? ''];
    if (known !== undefined) return item ? this.named(known) : this.old ? { ...this.named(known), ...extensions } : { allOf: [this.named(known)], ...extensions };
    switch (field.type) {
      case 'object': {
        const type = field.object as TypeSchema;
        if (field.atomic) this.atomic.add(type.name);
        const { 'x-kubernetes-map-type': _, ...own } = extensions as Json;
        const beside = { ...(!this.old && field.pointer !== true && { default: {} }), ...own };
        return item || this.old ? this.reference(this.type(type), beside) : { ...beside, allOf: [this.type(type)] };
      }
      case 'list':
      case 'map': {
        const { enum: values = field.name === 'allocatedResourceStatuses' ? resizeStates : undefined, ...own } = extensions as Json;
        const element = { ...this.field(field.element as FieldSchema, true), ...(values !== undefined && { enum: values }) };
        return { ...(field.type === 'list' ? { type: 'array', items: element } : { type: 'object', additionalProperties: element }), ...own };
      }
      case 'bytes':
        return { type: 'string', format: 'byte', ...extensions };
      case 'json':
        return this.json(field, item, extensions);
      default:
        return { type: field.type, ...(field.format !== undefined && field.type !== 'string' && { format: field.format }), ...this.zero(field), ...extensions };
    }
  }

  /** Only a schema's own parts are JSON of any kind; a default of theirs may be null. */
  private json(field: FieldSchema, item: boolean, extensions: Json): Json {
    const reference = this.named(`${apiextensions}JSON`);
    return !this.old && !item && field.name === 'default' ? { ...extensions, allOf: [reference] } : { ...reference, ...extensions };
  }

  private zero(field: FieldSchema): Json {
    return this.old || field.pointer === true || field.omitEmpty === true ? {} : { default: zeros[field.type] };
  }
}

/** By name, as the server writes it. */
export function inOrder(named: Json): Json {
  return Object.fromEntries(Object.entries(named).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function extensionsOf(field: FieldSchema): Json {
  return {
    ...(field.default !== undefined && { default: field.default }),
    ...(field.enum && { enum: field.enum }),
    ...(field.listMapKeys && { 'x-kubernetes-list-map-keys': field.listMapKeys }),
    ...(field.listType && { 'x-kubernetes-list-type': field.listType }),
    ...(field.atomic && (field.type === 'bytes' ? { 'x-kubernetes-list-type': 'atomic' } : { 'x-kubernetes-map-type': 'atomic' })),
    ...(field.patchMergeKey !== undefined && { 'x-kubernetes-patch-merge-key': field.patchMergeKey }),
    ...(field.patchStrategy !== undefined && { 'x-kubernetes-patch-strategy': field.patchStrategy }),
  };
}
