import { apiVersionOf, type GroupVersionKind, type ResourceInfo, typeForKind, type TypeSchema } from '../../api';
import type { Json, SchemaWriter } from './schemas';

const mediaTypes = ['application/json', 'application/vnd.kubernetes.protobuf', 'application/yaml'];
const patchTypes = ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json'];

const query = (name: string, type = 'string'): Json => ({ name, in: 'query', schema: { type, uniqueItems: true } });
const writeParameters = [query('dryRun'), query('fieldManager'), query('fieldValidation')];
const listParameters = [
  query('allowWatchBookmarks', 'boolean'), query('continue'), query('fieldSelector'), query('labelSelector'), query('limit', 'integer'), query('resourceVersion'),
  query('resourceVersionMatch'), query('sendInitialEvents', 'boolean'), query('timeoutSeconds', 'integer'), query('watch', 'boolean'),
];
const deleteParameters = [query('dryRun'), query('gracePeriodSeconds', 'integer'), query('orphanDependents', 'boolean'), query('propagationPolicy')];
const pathParameter = (name: string): Json => ({ name, in: 'path', required: true, schema: { type: 'string', uniqueItems: true } });

const actions: Readonly<Record<string, readonly [method: string, action: string]>> = {
  get: ['get', 'get'], list: ['get', 'list'], watch: ['get', 'watchlist'], create: ['post', 'post'], update: ['put', 'put'], patch: ['patch', 'patch'], delete: ['delete', 'delete'], deletecollection: ['delete', 'deletecollection'],
};

/** Writes the paths of a resource. */
export class PathWriter {
  readonly paths: Record<string, Json> = {};

  constructor(
    private readonly writer: SchemaWriter,
    /** The schema of a custom resource's kind, which no type describes. */
    private readonly customSchema: (kind: GroupVersionKind) => Json | undefined,
  ) {}

  /** The list of resources of a group and version. */
  root(group: string, version: string): void {
    this.paths[`${group === '' ? '/api' : '/apis'}/${apiVersionOf(group, version)}/`] = { get: { tags: [tagOf({ group, version, kind: '' })], responses: { 200: { description: 'OK' }, 401: { description: 'Unauthorized' } } } };
  }

  resource(info: ResourceInfo): void {
    const { group, version, kind, resource, namespaced } = info;
    const root = `${group === '' ? '/api' : '/apis'}/${apiVersionOf(group, version)}`;
    const gvk = { group, version, kind };
    const within = namespaced ? `${root}/namespaces/{namespace}/${resource}` : `${root}/${resource}`;
    const collection = info.verbs.filter((verb) => ['list', 'create', 'deletecollection'].includes(verb));
    const single = info.verbs.filter((verb) => ['get', 'update', 'patch', 'delete'].includes(verb));
    this.add(within, collection, gvk, info.type, namespaced ? ['namespace'] : []);
    if (single.length > 0) this.add(`${within}/{name}`, single, gvk, info.type, namespaced ? ['name', 'namespace'] : ['name']);
    if (namespaced && info.verbs.includes('list')) this.add(`${root}/${resource}`, ['list'], gvk, info.type, []);
    if (info.verbs.includes('watch')) {
      const watch = (path: string, names: readonly string[]) => this.add(path.replace(root, `${root}/watch`), ['watch'], gvk, info.type, names);
      watch(within, namespaced ? ['namespace'] : []);
      watch(`${within}/{name}`, namespaced ? ['name', 'namespace'] : ['name']);
      if (namespaced) watch(`${root}/${resource}`, []);
    }
    for (const sub of info.subresources) {
      const subKind = { group: sub.group, version: sub.version, kind: sub.kind };
      this.add(`${within}/{name}/${sub.name}`, sub.verbs, subKind, sub.kind === kind ? info.type : typeForKind(subKind), namespaced ? ['name', 'namespace'] : ['name']);
    }
  }

  private add(path: string, verbs: readonly string[], kind: GroupVersionKind, type: TypeSchema | undefined, parameters: readonly string[]): void {
    const item: Record<string, unknown> = {};
    for (const verb of verbs) {
      const [method, action] = actions[verb] ?? [];
      if (method !== undefined && action !== undefined) item[method] = this.operation(verb, action, kind, type);
    }
    if (Object.keys(item).length > 0) this.paths[path] = { ...item, parameters: [...parameters.map(pathParameter), query('pretty')] };
  }

  private operation(verb: string, action: string, kind: GroupVersionKind, type: TypeSchema | undefined): Json {
    const schema = verb === 'watch' ? undefined : this.schemaOf(verb === 'list' ? { ...kind, kind: `${kind.kind}List` } : kind, verb === 'list' ? undefined : type);
    const content = schema && Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema }]));
    const body = verb === 'patch' ? patchTypes : verb === 'create' || verb === 'update' ? ['*/*'] : [];
    const bodySchema = verb === 'patch' ? { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.Patch' } : schema;
    if (verb === 'patch') this.writer.schemas['io.k8s.apimachinery.pkg.apis.meta.v1.Patch'] ??= { type: 'object' };
    const parameters = verb === 'list' || verb === 'watch' || verb === 'deletecollection' ? listParameters : verb === 'delete' ? deleteParameters : verb === 'get' ? [] : verb === 'patch' ? [...writeParameters, query('force', 'boolean')] : writeParameters;
    return {
      tags: [tagOf(kind)],
      operationId: `${action}${kind.group}${kind.version}${kind.kind}`.replace(/[^A-Za-z0-9]/g, ''),
      ...(parameters.length > 0 && { parameters }),
      ...(body.length > 0 && bodySchema && { requestBody: { content: Object.fromEntries(body.map((mediaType) => [mediaType, { schema: bodySchema }])), required: true } }),
      responses: { [verb === 'create' ? '201' : '200']: { description: 'OK', ...(content && { content }) }, 401: { description: 'Unauthorized' } },
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': kind,
    };
  }

  private schemaOf(kind: GroupVersionKind, type: TypeSchema | undefined): Json | undefined {
    const custom = this.customSchema(kind);
    if (custom) return custom;
    const found = type ?? typeForKind(kind);
    return found && this.writer.type(found);
  }
}

const tagOf = ({ group, version }: GroupVersionKind): string => `${group === '' ? 'core' : group.split('.')[0]}_${version}`;
