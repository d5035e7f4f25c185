import { apiVersionOf, type GroupVersionKind, type ResourceInfo, type SubresourceInfo } from '../../api';

/** A parameter in the path or in the query. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly type: 'string' | 'boolean' | 'integer';
}

/** What stands in a body: an object of a kind, or text. */
export type Content = GroupVersionKind | 'string';

/** One thing that can be asked at a path, as neither version of OpenAPI says it yet. */
export interface Operation {
  readonly method: string;
  readonly tag: string;
  readonly id: string;
  /** list, watchlist, connect …; none for discovery. */
  readonly action?: string;
  readonly kind?: GroupVersionKind;
  readonly consumes: readonly string[];
  readonly produces: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly content: Content | 'patch'; readonly required: boolean };
  readonly codes: readonly number[];
  readonly answer: Content;
}

const objects = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
/** Custom resources have no protobuf. */
const plain = objects.slice(0, 2);
const streams = [...objects, 'application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];
const anything = ['*/*'];
const patches = ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml'];

const query = (type: Parameter['type'], ...names: readonly string[]): Parameter[] => names.map((name) => ({ name, in: 'query', type }));
const inPath = (...names: readonly string[]): Parameter[] => names.map((name) => ({ name, in: 'path', type: 'string' }));

const pretty = query('string', 'pretty');
const selecting = [
  ...query('string', 'continue', 'fieldSelector', 'labelSelector', 'resourceVersion', 'resourceVersionMatch', 'shardSelector'),
  ...query('boolean', 'sendInitialEvents'), ...query('integer', 'limit', 'timeoutSeconds'),
];
const listing = [...selecting, ...query('boolean', 'allowWatchBookmarks', 'watch')];
const writing = query('string', 'dryRun', 'fieldManager', 'fieldValidation');
const deleting = [...query('string', 'dryRun', 'propagationPolicy'), ...query('integer', 'gracePeriodSeconds'), ...query('boolean', 'ignoreStoreReadErrorWithClusterBreakingPotential', 'orphanDependents')];

const metaKind = (kind: string): GroupVersionKind => ({ group: '', version: 'v1', kind });
const status = metaKind('Status');

/** Kinds whose object, not a Status, is the answer to its deletion. */
const answeredByObject = new Set(['PersistentVolumeClaim', 'Pod', 'PodTemplate', 'ResourceQuota', 'ServiceAccount', 'Service', 'PersistentVolume']);
const answeredGroups = new Set(['resource.k8s.io', 'storage.k8s.io']);
const isAnsweredByObject = ({ group, kind }: GroupVersionKind): boolean => answeredByObject.has(kind) || (answeredGroups.has(group) && kind !== 'CSIStorageCapacity');

/** What connect operations understand in the query, by the kind of their options. */
const connectParameters: Readonly<Record<string, readonly Parameter[]>> = {
  PodExecOptions: [...query('string', 'command', 'container'), ...query('boolean', 'stdin', 'stdout', 'stderr', 'tty')],
  PodAttachOptions: [...query('string', 'container'), ...query('boolean', 'stdin', 'stdout', 'stderr', 'tty')],
  PodPortForwardOptions: query('integer', 'ports'),
  PodProxyOptions: query('string', 'path'),
  ServiceProxyOptions: query('string', 'path'),
  NodeProxyOptions: query('string', 'path'),
};
const logParameters = [...query('string', 'container', 'stream'), ...query('boolean', 'follow', 'insecureSkipTLSVerifyBackend', 'previous', 'timestamps'), ...query('integer', 'limitBytes', 'sinceSeconds', 'tailLines')];

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
/** core, apps, rbacAuthorization: a group without .k8s.io, in one word; of a custom resource whole. */
function groupWord(group: string, custom: boolean): string {
  if (group === '') return 'core';
  const [first = '', ...rest] = (custom ? group : group.replace(/\.?k8s\.io$/, '')).split('.');
  return [first, ...rest.map(capitalised)].join('');
}

/** Everything that can be asked of one resource, by path. */
export class ResourceOperations {
  readonly paths = new Map<string, Operation[]>();
  private readonly root: string;
  private readonly tag: string;
  private readonly versionWord: string;
  private readonly kind: GroupVersionKind;
  private readonly within: string;

  constructor(private readonly resource: ResourceInfo, private readonly custom: boolean, private readonly listKind = `${resource.kind}List`) {
    const { group, version, kind, namespaced } = resource;
    const word = groupWord(group, custom);
    this.root = `${group === '' ? '/api' : '/apis'}/${apiVersionOf(group, version)}`;
    this.tag = `${word}_${version}`;
    this.versionWord = `${capitalised(word)}${capitalised(version)}`;
    this.kind = { group, version, kind };
    this.within = namespaced ? '/namespaces/{namespace}' : '';
    this.collection();
    this.single();
    this.watches();
    for (const sub of resource.subresources) this.subresource(sub);
  }

  /** listCoreV1NamespacedPod: what is done, where and to what. */
  private id(verb: string, { what = this.resource.kind, between = '', everywhere = false }: { readonly what?: string; readonly between?: string; readonly everywhere?: boolean } = {}): string {
    const { namespaced } = this.resource;
    return `${verb}${this.versionWord}${between}${namespaced && !everywhere ? 'Namespaced' : ''}${what}${everywhere ? 'ForAllNamespaces' : ''}`;
  }

  private names(name: boolean): Parameter[] {
    return [...(name ? inPath('name') : []), ...(this.resource.namespaced ? inPath('namespace') : [])];
  }

  private add(path: string, operation: Omit<Operation, 'tag' | 'kind' | 'consumes' | 'produces'> & Partial<Pick<Operation, 'kind' | 'consumes' | 'produces'>>): void {
    const operations = this.paths.get(this.root + path) ?? [];
    operations.push({ tag: this.tag, kind: this.kind, consumes: this.custom ? plain : anything, produces: this.custom ? plain : objects, ...operation, ...(this.custom && { kind: this.kind }) });
    this.paths.set(this.root + path, operations);
  }

  private collection(): void {
    const { verbs, resource, namespaced } = this.resource;
    const path = `${this.within}/${resource}`;
    const list = { ...this.kind, kind: this.listKind };
    const read = { method: 'get', action: 'list', codes: [200], answer: list, produces: this.custom ? plain : streams };
    if (verbs.includes('list')) this.add(path, { ...read, id: this.id('list'), parameters: [...listing, ...pretty, ...this.names(false)] });
    if (verbs.includes('create')) this.create(path, this.kind, this.id('create'), this.names(false));
    if (verbs.includes('deletecollection')) {
      this.add(path, { method: 'delete', action: 'deletecollection', id: this.id('delete', { between: 'Collection' }), parameters: [...selecting, ...(this.custom ? query('boolean', 'allowWatchBookmarks', 'watch') : deleting), ...pretty, ...this.names(false)], ...(!this.custom && { body: { content: metaKind('DeleteOptions'), required: false } }), codes: [200], answer: status });
    }
    if (namespaced && verbs.includes('list')) this.add(`/${resource}`, { ...read, id: this.id('list', { everywhere: true }), parameters: [...listing, ...pretty] });
  }

  private create(path: string, content: GroupVersionKind, id: string, names: readonly Parameter[]): void {
    this.add(path, { method: 'post', action: 'post', id, kind: content, parameters: [...writing, ...pretty, ...names], body: { content, required: true }, codes: [200, 201, 202], answer: content });
  }

  private single(): void {
    const { verbs, resource } = this.resource;
    const path = `${this.within}/${resource}/{name}`;
    this.object(path, verbs, this.kind, '');
    if (verbs.includes('delete')) {
      this.add(path, { method: 'delete', action: 'delete', id: this.id('delete'), parameters: [...deleting, ...pretty, ...this.names(true)], body: { content: metaKind('DeleteOptions'), required: false }, codes: [200, 202], answer: isAnsweredByObject(this.kind) ? this.kind : status });
    }
  }

  /** Reading and changing one object, or a subresource of it. */
  private object(path: string, verbs: readonly string[], content: GroupVersionKind, suffix: string): void {
    const what = `${this.resource.kind}${suffix}`;
    const names = [...pretty, ...this.names(true)];
    const common = { kind: content, answer: content };
    const reading = this.custom ? query('string', 'resourceVersion') : [];
    if (verbs.includes('get')) this.add(path, { ...common, method: 'get', action: 'get', id: this.id('read', { what }), parameters: [...reading, ...names], codes: [200] });
    if (verbs.includes('update')) this.add(path, { ...common, method: 'put', action: 'put', id: this.id('replace', { what }), parameters: [...writing, ...names], body: { content, required: true }, codes: [200, 201] });
    if (verbs.includes('patch')) {
      this.add(path, { ...common, method: 'patch', action: 'patch', id: this.id('patch', { what }), consumes: this.custom ? patches.filter((type) => !type.includes('strategic')) : patches, parameters: [...writing, ...query('boolean', 'force'), ...names], body: { content: 'patch', required: true }, codes: this.custom ? [200] : [200, 201] });
    }
  }

  private watches(): void {
    const { verbs, resource, namespaced, kind } = this.resource;
    if (!verbs.includes('watch') || this.custom) return;
    const watch = { method: 'get', codes: [200], answer: metaKind('WatchEvent'), produces: streams };
    const path = `/watch${this.within}/${resource}`;
    this.add(path, { ...watch, action: 'watchlist', id: this.id('watch', { what: `${kind}List` }), parameters: [...listing, ...pretty, ...this.names(false)] });
    this.add(`${path}/{name}`, { ...watch, action: 'watch', id: this.id('watch'), parameters: [...listing, ...pretty, ...this.names(true)] });
    if (namespaced) this.add(`/watch/${resource}`, { ...watch, action: 'watchlist', id: this.id('watch', { what: `${kind}List`, everywhere: true }), parameters: [...listing, ...pretty] });
  }

  private subresource({ name, group, version, kind, verbs }: SubresourceInfo): void {
    const path = `${this.within}/${this.resource.resource}/{name}/${name}`;
    const content = { group, version, kind };
    const suffix = capitalised(name);
    const options = connectParameters[kind];
    if (options !== undefined) this.connect(path, suffix, content, options);
    else if (name === 'log') this.add(path, { method: 'get', action: 'get', id: this.id('read', { what: `${this.resource.kind}Log` }), produces: ['text/plain', ...objects], parameters: [...logParameters, ...pretty, ...this.names(true)], codes: [200], answer: 'string' });
    else {
      this.object(path, verbs, content, suffix);
      if (verbs.includes('create')) this.create(path, content, this.id('create', { what: `${this.resource.kind}${suffix}` }), this.names(true));
    }
  }

  private connect(path: string, suffix: string, kind: GroupVersionKind, options: readonly Parameter[]): void {
    const methods = suffix === 'Proxy' ? ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] : ['get', 'post'];
    const forms = suffix === 'Proxy' ? [['', '', []] as const, ['/{path}', 'WithPath', inPath('path')] as const] : [['', '', []] as const];
    for (const [more, ending, names] of forms) {
      for (const method of methods) {
        const id = `connect${this.versionWord}${capitalised(method)}${this.resource.namespaced ? 'Namespaced' : ''}${this.resource.kind}${suffix}${ending}`;
        this.add(path + more, { method, action: 'connect', id, kind, produces: anything, parameters: [...options, ...names, ...this.names(true)], codes: [200], answer: 'string' });
      }
    }
  }
}

/** Discovery of a version: its resources. */
export const versionOperation = (group: string, version: string): Operation => discovery(`${groupWord(group, false)}_${version}`, `get${capitalised(groupWord(group, false))}${capitalised(version)}APIResources`, 'APIResourceList');
/** Discovery of a group: its versions. */
export const groupOperation = (group: string): Operation => discovery(groupWord(group, false), `get${capitalised(groupWord(group, false))}APIGroup`, 'APIGroup');

const discovery = (tag: string, id: string, kind: string): Operation => ({ method: 'get', tag, id, consumes: objects, produces: objects, parameters: [], codes: [200], answer: metaKind(kind) });

/** The paths that belong to no resource, by path. */
export const serverOperations: ReadonlyMap<string, Operation> = new Map([
  ['/.well-known/openid-configuration/', { ...discovery('WellKnown', 'getServiceAccountIssuerOpenIDConfiguration', ''), consumes: [], produces: ['application/json'], answer: 'string' }],
  ['/api/', discovery('core', 'getCoreAPIVersions', 'APIVersions')],
  ['/apis/', discovery('apis', 'getAPIVersions', 'APIGroupList')],
  ['/openid/v1/jwks/', { ...discovery('openid', 'getServiceAccountIssuerOpenIDKeyset', ''), consumes: [], produces: ['application/jwk-set+json'], answer: 'string' }],
  ['/version/', { ...discovery('version', 'getCodeVersion', 'version.Info'), consumes: ['application/json'], produces: ['application/json'] }],
] satisfies [string, Operation][]);
