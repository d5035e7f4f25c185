import { type ApiHandler, type ApiResponse, type CustomResourceDefinition, type KubeObject } from '../../api';
import type { Etcd } from '../../etcd';
import { Channel, formatTime, type Kernel, type Task } from '../../kernel';
import type { ServedResource, ServedResources } from '../served';
import { serveDefinition } from './serve';

const prefix = '/registry/apiextensions.k8s.io/customresourcedefinitions/';
const definitionsPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';
const credentials = { certificate: { commonName: 'system:apiserver', organizations: ['system:masters'] } };
const headers = { 'user-agent': 'kube-apiserver/v1.36.3' };

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/**
 * Follows CustomResourceDefinitions: accepts their names, serves their versions, registers their API services, and
 * removes their objects before they go (apiextensions-apiserver's naming, establishing and finalizing controllers).
 */
export class CustomResources {
  private readonly places = new Map<string, readonly ServedResource[]>();
  private readonly changed = new Channel<string>();

  constructor(
    private readonly kernel: Kernel,
    private readonly etcd: Etcd,
    private readonly served: ServedResources,
    private readonly loopback: ApiHandler,
  ) {
    for (const { key, value } of etcd.range(prefix, `${prefix.slice(0, -1)}0`).entries) this.follow(key.slice(prefix.length), value as CustomResourceDefinition);
    etcd.watch(prefix, ({ key, current }) => this.follow(key.slice(prefix.length), current?.value as CustomResourceDefinition | undefined));
  }

  /** Works on what changed; runs as long as the server. */
  *run(): Task {
    for (let name = yield* this.changed.receive(); name !== undefined; name = yield* this.changed.receive()) yield* this.sync(name);
  }

  private follow(name: string, definition: CustomResourceDefinition | undefined): void {
    const before = this.places.get(name) ?? [];
    const established = definition?.status?.conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True');
    const now = definition && established ? serveDefinition(this.served, definition) : [];
    for (const one of before) this.served.remove(one);
    if (definition === undefined && before[0]?.storage) this.served.dropStorage(before[0].storage);
    this.places.set(name, now);
    if (definition === undefined) this.places.delete(name);
    this.changed.send(name);
  }

  private definition(name: string): CustomResourceDefinition | undefined {
    return this.etcd.get(prefix + name)?.value as CustomResourceDefinition | undefined;
  }

  private *sync(name: string): Task {
    const definition = this.definition(name);
    if (definition === undefined) {
      yield* this.unregister(name);
      return;
    }
    if (definition.metadata?.deletionTimestamp !== undefined) yield* this.finalize(definition);
    else if (!isWhole(definition)) return;
    else if (yield* this.establish(definition)) yield* this.register(definition);
  }

  /** Writes names and conditions into the status. True when there was nothing more to write. */
  private *establish(definition: CustomResourceDefinition): Task<boolean> {
    const { names } = definition.spec;
    const conflict = this.conflict(definition);
    const before = (definition.status?.conditions ?? []) as readonly Condition[];
    const accepted = conflict === undefined;
    const wasEstablished = before.some((condition) => condition.type === 'Established' && condition.status === 'True');
    const wanted: Condition[] = [
      accepted ? { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' } : { type: 'NamesAccepted', status: 'False', ...conflict },
      accepted || wasEstablished
        ? { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' }
        : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
    ];
    const same = wanted.every((condition) => before.some((old) => old.type === condition.type && old.status === condition.status && old.reason === condition.reason)) && JSON.stringify(definition.status?.acceptedNames) === JSON.stringify(accepted ? names : definition.status?.acceptedNames);
    if (same) return accepted;
    const now = formatTime(this.kernel.now);
    const conditions = wanted.map((condition) => {
      const old = before.find((one) => one.type === condition.type && one.status === condition.status);
      return { lastTransitionTime: old?.lastTransitionTime ?? now, ...condition };
    });
    const stored = (definition.spec.versions as typeof definition.spec.versions | null)?.find((version) => version.storage)?.name ?? '';
    const storedVersions = definition.status?.storedVersions ?? [];
    yield* this.request('PUT', `${definitionsPath}/${definition.metadata?.name}/status`, {
      ...definition,
      status: { acceptedNames: accepted ? names : (definition.status?.acceptedNames ?? { plural: '', kind: '' }), storedVersions: storedVersions.includes(stored) ? storedVersions : [...storedVersions, stored], conditions },
    });
    return false;
  }

  /** Another definition of the same group that has one of the names. */
  private conflict(definition: CustomResourceDefinition): { reason: string; message: string } | undefined {
    const { group, names } = definition.spec;
    for (const { key, value } of this.etcd.range(prefix, `${prefix.slice(0, -1)}0`).entries) {
      const other = value as CustomResourceDefinition;
      if (key === prefix + definition.metadata?.name || other.spec.group !== group) continue;
      const taken = other.status?.acceptedNames;
      if (!taken) continue;
      const resources = new Set([taken.plural, taken.singular ?? '', ...(taken.shortNames ?? [])]);
      const kinds = new Set([taken.kind, taken.listKind ?? '']);
      if (resources.has(names.plural)) return { reason: 'PluralConflict', message: `${JSON.stringify(names.plural)} is already in use` };
      if (names.singular !== undefined && resources.has(names.singular)) return { reason: 'SingularConflict', message: `${JSON.stringify(names.singular)} is already in use` };
      const short = names.shortNames?.find((one) => resources.has(one));
      if (short !== undefined) return { reason: 'ShortNamesConflict', message: `${JSON.stringify(short)} is already in use` };
      if (kinds.has(names.kind)) return { reason: 'KindConflict', message: `${JSON.stringify(names.kind)} is already in use` };
      if (names.listKind !== undefined && kinds.has(names.listKind)) return { reason: 'ListKindConflict', message: `${JSON.stringify(names.listKind)} is already in use` };
    }
    return undefined;
  }

  /** An APIService for each version of the group, as the aggregator keeps them. */
  private *register({ spec }: CustomResourceDefinition): Task {
    for (const { name: version, served } of spec.versions) {
      if (!served) continue;
      const name = `${version}.${spec.group}`;
      const path = '/apis/apiregistration.k8s.io/v1/apiservices';
      const created = yield* this.request('POST', path, {
        apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name, labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } },
        spec: { group: spec.group, version, groupPriorityMinimum: 1000, versionPriority: 100 },
      });
      if (created.status !== 201) continue;
      const conditions = [{ type: 'Available', status: 'True', lastTransitionTime: formatTime(this.kernel.now), reason: 'Local', message: 'Local APIServices are always available' }];
      yield* this.request('PUT', `${path}/${name}/status`, { ...(created.body as object), status: { conditions } });
    }
  }

  private *unregister(name: string): Task {
    const group = name.slice(name.indexOf('.') + 1);
    const response = yield* this.request('GET', '/apis/apiregistration.k8s.io/v1/apiservices');
    for (const { metadata, spec } of ((response.body as { items?: readonly (KubeObject & { spec?: { group?: string; version?: string } })[] }).items ?? [])) {
      if (spec?.group === group && metadata?.labels?.['kube-aggregator.kubernetes.io/automanaged'] === 'true' && !this.served.hasGroupVersion(group, spec.version ?? '')) {
        yield* this.request('DELETE', `/apis/apiregistration.k8s.io/v1/apiservices/${metadata.name}`);
      }
    }
  }

  /** Deletes the objects of a definition that is being deleted, then lets it go. */
  private *finalize(definition: CustomResourceDefinition): Task {
    const { name = '', finalizers = [] } = definition.metadata ?? {};
    if (!finalizers.includes(cleanupFinalizer)) return;
    const [place] = this.places.get(name) ?? [];
    if (place?.storage) {
      const { info } = place;
      const root = `/apis/${info.group}/${info.version}`;
      for (const object of place.storage.list()) {
        const namespace = object.metadata?.namespace;
        yield* this.request('DELETE', `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${info.resource}/${object.metadata?.name}`);
      }
      if (place.storage.list().length > 0) {
        this.kernel.after(1_000_000, () => this.changed.send(name));
        return;
      }
    }
    const current = this.definition(name);
    if (!current) return;
    const { finalizers: _, ...metadata } = current.metadata ?? {};
    const rest = finalizers.filter((finalizer) => finalizer !== cleanupFinalizer);
    yield* this.request('PUT', `${definitionsPath}/${name}`, { ...current, metadata: { ...metadata, ...(rest.length > 0 && { finalizers: rest }) } });
  }

  private *request(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown): Task<ApiResponse> {
    return yield* this.loopback({ method, url, credentials, headers, ...(body !== undefined && { body }) });
  }
}

/** Without names and versions there is nothing to serve. */
const isWhole = ({ spec }: CustomResourceDefinition): boolean => Array.isArray(spec?.versions) && spec.versions.length > 0 && (spec.names?.plural ?? '') !== '' && (spec.names?.kind ?? '') !== '' && spec.group !== '';

/** What a CustomResourceDefinition waits for before it goes. */
export const definitionFinalizer = cleanupFinalizer;
