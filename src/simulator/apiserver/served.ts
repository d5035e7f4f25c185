import { allGroupVersions, allResources, type ApiResponse, type KubeObject, type ResourceInfo } from '../api';
import type { Etcd } from '../etcd';
import { assert, type Task, type Time } from '../kernel';
import type { Call } from './call';
import type { GroupEntry } from './discovery';
import type { Draft, ResourceDefinition } from './resources/definition';
import { genericDefinition } from './registry/generic-definition';
import { conversionOf, type Conversion } from './registry/conversion';
import { definitionFor } from './resources';
import type { ServerSoftware } from './software';
import { storagePrefix } from './storage/keys';
import { ResourceStorage } from './storage/resource-storage';

/** One resource in one version, as the server serves it. */
export interface ServedResource {
  readonly info: ResourceInfo;
  /** Shared by all versions; absent for kinds that are only asked (reviews) and never stored. */
  readonly storage: ResourceStorage | undefined;
  readonly definition: ResourceDefinition;
  /** Between this version and the stored one; absent where they are the same. */
  readonly conversion: Conversion | undefined;
  /** Set for resources that a CustomResourceDefinition makes. */
  readonly custom?: CustomServing;
  /** The kind of its lists where that is not the kind and "List". */
  readonly listKind?: string;
}

/** What a custom resource has instead of a compiled-in type. */
export interface CustomServing {
  /** The CustomResourceDefinition's name. */
  readonly definitionName: string;
  /** Its metadata as every object's, the rest pruned and defaulted by the version's schema; what was dropped goes to `unknown`. Throws a 400. */
  shape(value: unknown, unknown: string[]): Draft;
  readonly deprecationWarning?: string;
  /** Besides name and namespace; absent where no version of the definition has any. */
  readonly selectableFields?: readonly string[];
  /** The version's schema as OpenAPI shows it. */
  readonly openApi?: Readonly<Record<string, unknown>>;
  /** The scale subresource's paths. */
  readonly scale?: {
    readonly read: (object: KubeObject) => { readonly replicas: number; readonly statusReplicas: number; readonly selector: string };
    readonly setReplicas: (draft: Draft, replicas: number) => void;
  };
  /** The cells of an object's row, as the definition's printer columns say. */
  readonly cells?: (object: KubeObject, now: Time) => readonly unknown[];
}

/** What other API servers serve, behind APIServices. */
export interface Aggregation {
  /** Answers a request for one of their versions; undefined for all others. */
  answer(call: Call): Task<ApiResponse> | undefined;
  /** The groups that are served here, together with those that are served elsewhere, in discovery's order. */
  groups(own: readonly GroupEntry[]): readonly GroupEntry[];
}

/** The version in which a resource with several is stored. */
const storedVersions: Readonly<Record<string, string>> = { 'autoscaling/horizontalpodautoscalers': 'v2' };
/** Resources of one group that are another group's objects. */
const aliases: Readonly<Record<string, readonly [group: string, version: string]>> = { 'events.k8s.io/events': ['', 'v1'] };

const nodeNameOf = (object: KubeObject) => (object as { spec?: { nodeName?: string } }).spec?.nodeName;

/** A resource that is compiled in. Most definitions are looked at only when somebody uses the cluster. */
class BuiltIn implements ServedResource {
  private found: ResourceDefinition | undefined;

  constructor(
    readonly info: ResourceInfo,
    readonly storage: ResourceStorage | undefined,
    readonly conversion: Conversion | undefined,
    private readonly define: () => ResourceDefinition,
  ) {}

  get definition(): ResourceDefinition {
    return (this.found ??= this.define());
  }
}

/** Everything that is served, by group, version and resource. Custom resources come and go. */
export class ServedResources {
  private readonly byPath = new Map<string, ServedResource>();
  /** Those of one name, in whatever group and version: seldom more than two. */
  private readonly byName = new Map<string, readonly ServedResource[]>();
  private readonly storages = new Map<string, ResourceStorage>();
  /** Grows with each change, so that what is derived (discovery, OpenAPI) knows when it is stale. */
  revision = 0;

  /** Comes with the software. */
  aggregation: Aggregation | undefined;

  private installed: ServerSoftware | undefined;

  constructor(private readonly etcd: Etcd) {
    for (const info of allResources()) this.addBuiltIn(info);
  }

  /** What is needed once the cluster is used. */
  get software(): ServerSoftware {
    assert(this.installed !== undefined, 'the API server has its software');
    return this.installed;
  }

  /** Warning headers of a write. While a cluster comes up nobody reads them. */
  warningsOf({ info, definition }: ServedResource, object: KubeObject, old: KubeObject | undefined): string[] {
    const warnings = definition.warnings ?? this.installed?.warningsFor(info.group, info.resource);
    return warnings?.(object, old) ?? [];
  }

  install(software: ServerSoftware): void {
    this.installed = software;
  }

  /** Admission asks a dozen times for each write: no text is made to look it up. */
  find(group: string, version: string, resource: string): ServedResource | undefined {
    const sameName = this.byName.get(resource);
    if (sameName !== undefined) for (const served of sameName) if (served.info.group === group && served.info.version === version) return served;
    return undefined;
  }

  /** What others serve has changed. */
  touch(): void {
    this.revision += 1;
  }

  /** The version in which a resource is stored. */
  stored(group: string, resource: string): ServedResource | undefined {
    const version = storedVersions[`${group}/${resource}`];
    if (version !== undefined) return this.find(group, version, resource);
    for (const { group: g, version: v } of allGroupVersions()) {
      const found = g === group ? this.find(g, v, resource) : undefined;
      if (found) return found;
    }
    for (const served of this.byPath.values()) if (served.info.group === group && served.info.resource === resource) return served;
    return undefined;
  }

  /** The same resource in other versions and groups: what has the same objects. */
  equivalents(group: string, version: string, resource: string): readonly ServedResource[] {
    const own = this.find(group, version, resource);
    if (own?.storage === undefined) return [];
    return (this.byName.get(resource) ?? []).filter((other) => other !== own && other.storage === own.storage);
  }

  all(): Iterable<ServedResource> {
    return this.byPath.values();
  }

  hasGroup(group: string): boolean {
    for (const { info } of this.byPath.values()) if (info.group === group) return true;
    return false;
  }

  hasGroupVersion(group: string, version: string): boolean {
    for (const { info } of this.byPath.values()) if (info.group === group && info.version === version) return true;
    return false;
  }

  /** The storage of a resource, made when it is first asked for. */
  storage(group: string, resource: string, namespaced: boolean, custom: boolean): ResourceStorage {
    const prefix = storagePrefix(group, resource, custom);
    const there = this.storages.get(prefix);
    if (there) return there;
    const isPods = group === '' && resource === 'pods';
    const made = new ResourceStorage({ etcd: this.etcd, prefix, namespaced, ...(isPods && { nodeNameOf }) });
    this.storages.set(prefix, made);
    return made;
  }

  /** Every open storage. */
  allStorages(): Iterable<ResourceStorage> {
    return this.storages.values();
  }

  put(served: ServedResource): void {
    this.byPath.set(`${served.info.group}/${served.info.version}/${served.info.resource}`, served);
    this.byName.set(served.info.resource, [...this.others(served), served]);
    this.revision += 1;
  }

  remove(served: ServedResource): void {
    const path = `${served.info.group}/${served.info.version}/${served.info.resource}`;
    if (this.byPath.get(path) !== served) return;
    this.byPath.delete(path);
    this.byName.set(served.info.resource, this.others(served));
    this.revision += 1;
  }

  /** What else is served under its name. */
  private others({ info }: ServedResource): ServedResource[] {
    return (this.byName.get(info.resource) ?? []).filter((other) => other.info.group !== info.group || other.info.version !== info.version);
  }

  /** Forgets a storage and ends its watches: no version of the resource is served any more. */
  dropStorage(storage: ResourceStorage): void {
    storage.close();
    this.storages.delete(storage.prefix);
  }

  private addBuiltIn(info: ResourceInfo): void {
    const [group, version] = aliases[`${info.group}/${info.resource}`] ?? [info.group, storedVersions[`${info.group}/${info.resource}`] ?? info.version];
    const stored = info.verbs.includes('list') && info.kind !== 'ComponentStatus';
    const define = (): ResourceDefinition => definitionFor(info.group, info.resource) ?? this.software.definitionFor(info.group, info.resource) ?? genericDefinition(info, group);
    this.put(new BuiltIn(info, stored ? this.storage(group, info.resource, info.namespaced, false) : undefined, conversionOf(info, group, version), define));
  }
}
