import { type ApiResponse, type CustomResourceDefinition, type KubeObject } from '../../api';
import { Channel, formatTime, type Task } from '../../kernel';
import type { ServerParts } from '../call';
import type { ServedResource } from '../served';
import { sameValue } from '../resources/equality';
import { acceptNames, type State } from './names';

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

const established: State = { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' };
const notEstablished: State = { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };

/**
 * Follows CustomResourceDefinitions: accepts their names, serves their versions, registers their API services, and
 * removes their objects before they go (apiextensions-apiserver's naming, establishing and finalizing controllers).
 */
export class CustomResources {
  private readonly places = new Map<string, readonly ServedResource[]>();
  private readonly changed = new Channel<string>();

  constructor(
    private readonly server: ServerParts,
  ) {
    server.etcd.watch(prefix, ({ key, current }) => this.follow(key.slice(prefix.length), current?.value as CustomResourceDefinition | undefined));
  }

  /** Serves what the store has kept. */
  restore(): void {
    for (const { key, value } of this.server.etcd.range(prefix, `${prefix.slice(0, -1)}0`).entries) this.follow(key.slice(prefix.length), value as CustomResourceDefinition);
  }

  /** Works on what changed; runs as long as the server. */
  *run(): Task {
    for (let name = yield* this.changed.receive(); name !== undefined; name = yield* this.changed.receive()) yield* this.sync(name);
  }

  private follow(name: string, definition: CustomResourceDefinition | undefined): void {
    const before = this.places.get(name) ?? [];
    const established = definition?.status?.conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True');
    const now = definition && established ? this.server.served.software.serveDefinition(this.server, definition) : [];
    for (const one of before) this.server.served.remove(one);
    if (definition === undefined && before[0]?.storage) this.server.served.dropStorage(before[0].storage);
    this.places.set(name, now);
    if (definition === undefined) this.places.delete(name);
    this.changed.send(name);
  }

  private definition(name: string): CustomResourceDefinition | undefined {
    return this.server.etcd.get(prefix + name)?.value as CustomResourceDefinition | undefined;
  }

  private *sync(name: string): Task {
    const definition = this.definition(name);
    if (definition === undefined) {
      yield* this.unregister(name);
      for (const other of this.ofGroup(groupOf(name))) if (isRefused(other)) this.changed.send(other.metadata?.name ?? '');
      return;
    }
    if (definition.metadata?.deletionTimestamp !== undefined) yield* this.finalize(definition);
    else if (yield* this.establish(definition)) yield* this.register(definition);
  }

  /** Writes names and conditions into the status. True when there was nothing more to write and the definition is served. */
  private *establish(definition: CustomResourceDefinition): Task<boolean> {
    const status = definition.status ?? {};
    const { names, state } = acceptNames(definition, this.ofGroup(definition.spec.group));
    const before = (status.conditions as readonly Condition[] | null | undefined) ?? [];
    const namesState = state ?? before.find(({ type }) => type === 'NamesAccepted');
    const isEstablished = before.some(({ type, status: own }) => type === 'Established' && own === 'True');
    const approval = this.server.served.software.approvalOf(definition);
    const wanted: Condition[] = [
      ...(namesState ? [namesState] : []),
      isEstablished || namesState?.status === 'True' ? established : notEstablished,
      ...(approval ? [{ type: 'KubernetesAPIApprovalPolicyConformant', ...approval }] : []),
    ];
    const same = wanted.every((condition) => before.some((old) => old.type === condition.type && old.status === condition.status && old.reason === condition.reason && old.message === condition.message));
    if (same && sameValue(names, status.acceptedNames)) return isEstablished;
    const now = formatTime(this.server.kernel.now);
    const kept = before.filter(({ type }) => !wanted.some((one) => one.type === type));
    const own = wanted.map((state) => ({ ...before.find((one) => one.type === state.type && one.status === state.status), ...state, lastTransitionTime: before.find((one) => one.type === state.type && one.status === state.status)?.lastTransitionTime ?? now }));
    yield* this.request('PUT', `${definitionsPath}/${definition.metadata?.name}/status`, { ...definition, status: { ...status, conditions: [...own, ...kept], acceptedNames: names } });
    for (const other of this.ofGroup(definition.spec.group)) if (isRefused(other) && other.metadata?.name !== definition.metadata?.name) this.changed.send(other.metadata?.name ?? '');
    return false;
  }

  /** The definitions of a group. */
  private ofGroup(group: string): readonly CustomResourceDefinition[] {
    return this.server.etcd.range(prefix, `${prefix.slice(0, -1)}0`).entries.map(({ value }) => value as CustomResourceDefinition).filter(({ spec }) => spec.group === group);
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
      const conditions = [{ type: 'Available', status: 'True', lastTransitionTime: formatTime(this.server.kernel.now), reason: 'Local', message: 'Local APIServices are always available' }];
      yield* this.request('PUT', `${path}/${name}/status`, { ...(created.body as object), status: { conditions } });
    }
  }

  private *unregister(name: string): Task {
    const group = groupOf(name);
    const response = yield* this.request('GET', '/apis/apiregistration.k8s.io/v1/apiservices');
    for (const { metadata, spec } of ((response.body as { items?: readonly (KubeObject & { spec?: { group?: string; version?: string } })[] }).items ?? [])) {
      if (spec?.group === group && metadata?.labels?.['kube-aggregator.kubernetes.io/automanaged'] === 'true' && !this.server.served.hasGroupVersion(group, spec.version ?? '')) {
        yield* this.request('DELETE', `/apis/apiregistration.k8s.io/v1/apiservices/${metadata.name}`);
      }
    }
  }

  /** Deletes the objects of a definition that is being deleted, then lets it go. */
  private *finalize(definition: CustomResourceDefinition): Task {
    const { name = '', finalizers = [] } = definition.metadata ?? {};
    if (!finalizers.includes(cleanupFinalizer)) return;
    const places = this.places.get(name) ?? [];
    const stored = definition.spec.versions.find((version) => version.storage)?.name; // in which nobody has to convert
    const place = places.find(({ info }) => info.version === stored) ?? places[0];
    if (place?.storage) {
      const { info } = place;
      const root = `/apis/${info.group}/${info.version}`;
      for (const object of place.storage.list()) {
        const namespace = object.metadata?.namespace;
        yield* this.request('DELETE', `${root}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${info.resource}/${object.metadata?.name}`);
      }
      if (place.storage.list().length > 0) {
        this.server.kernel.after(1_000_000, () => this.changed.send(name));
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
    return yield* this.server.loopback({ method, url, credentials, headers, ...(body !== undefined && { body }) });
  }
}

/** The group in a definition's name. */
const groupOf = (name: string): string => name.slice(name.indexOf('.') + 1);

const isRefused = ({ status }: CustomResourceDefinition): boolean => status?.conditions?.some(({ type, status: own }) => type === 'NamesAccepted' && own === 'False') === true;

/** What a CustomResourceDefinition waits for before it goes. */
export const definitionFinalizer = cleanupFinalizer;
