import { allGroupVersions, apiVersionOf, type ResourceInfo } from '../../api';
import type { ServedResources } from '../served';
import { compareVersions } from './order';

export { compareVersions } from './order';


/** One version of a group with its resources, in discovery's order. */
interface VersionEntry {
  readonly version: string;
  readonly resources: readonly ResourceInfo[];
  /** What aggregated discovery says of a version that another API server serves. */
  readonly elsewhere?: object;
}

/** A group with its versions. */
export interface GroupEntry {
  readonly name: string;
  /** The preferred version first. */
  readonly versions: readonly VersionEntry[];
}

/** Discovery documents, made again when what is served changes. */
export class Discovery {
  private revision = -1;
  private groups: readonly GroupEntry[] = [];
  private documents = new Map<string, object>();

  constructor(
    private readonly served: ServedResources,
    private readonly advertise: string,
  ) {}

  /** /api */
  versions(): object {
    return this.document('/api', () => ({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: this.advertise }] }));
  }

  /** /apis */
  groupList(): object {
    return this.document('/apis', () => ({ kind: 'APIGroupList', apiVersion: 'v1', groups: this.namedGroups().map(groupDocument) }));
  }

  /** /apis/GROUP; undefined when there is none. */
  group(name: string): object | undefined {
    const group = this.namedGroups().find((entry) => entry.name === name);
    return group && this.document(`/apis/${name}`, () => ({ kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(group) }));
  }

  /** /api/v1 or /apis/GROUP/VERSION; undefined when there is none. */
  resources(group: string, version: string): object | undefined {
    const entry = this.all().find((one) => one.name === group)?.versions.find((one) => one.version === version);
    return entry && this.document(`${group}/${version}`, () => ({
      kind: 'APIResourceList',
      ...(group !== '' && { apiVersion: 'v1' }),
      groupVersion: apiVersionOf(group, version),
      resources: entry.resources.flatMap((info) => resourceDocuments(info, this.isCustom(info))),
    }));
  }

  /** The aggregated form of /api (the core group) or /apis (all others). */
  aggregated(core: boolean): object {
    return this.document(`aggregated ${core}`, () => ({
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      metadata: {},
      items: (core ? this.all().filter(({ name }) => name === '') : this.namedGroups()).map(({ name, versions }) => ({
        metadata: name === '' ? {} : { name },
        versions: versions.map(({ version, resources, elsewhere }) => (elsewhere ? { version, ...elsewhere } : { version, resources: resources.map((info) => aggregatedResource(info, this.isCustom(info))), freshness: 'Current' })),
      })),
    }));
  }

  /** All groups that are served, in order. */
  all(): readonly GroupEntry[] {
    if (this.revision === this.served.revision) return this.groups;
    this.revision = this.served.revision;
    this.documents = new Map();
    const byGroup = new Map<string, Map<string, ResourceInfo[]>>();
    for (const { group, version } of allGroupVersions()) versionsOf(byGroup, group).set(version, []);
    for (const { info } of this.served.all()) {
      const versions = versionsOf(byGroup, info.group);
      const list = versions.get(info.version) ?? [];
      versions.set(info.version, list);
      list.push(info);
    }
    this.groups = [...byGroup].map(([name, versions]) => ({
      name,
      versions: [...versions].sort(([a], [b]) => compareVersions(a, b)).map(([version, resources]) => ({ version, resources: resources.sort((a, b) => (a.resource < b.resource ? -1 : 1)) })),
    }));
    return (this.groups = this.served.aggregation?.groups(this.groups) ?? this.groups);
  }

  private isCustom(info: ResourceInfo): boolean {
    return this.served.find(info.group, info.version, info.resource)?.custom !== undefined;
  }

  private namedGroups(): GroupEntry[] {
    return this.all().filter(({ name }) => name !== '');
  }

  private document(key: string, make: () => object): object {
    this.all();
    let known = this.documents.get(key);
    if (known === undefined) {
      known = make();
      this.documents.set(key, known);
    }
    return known;
  }
}

function versionsOf(groups: Map<string, Map<string, ResourceInfo[]>>, group: string): Map<string, ResourceInfo[]> {
  const there = groups.get(group) ?? new Map<string, ResourceInfo[]>();
  groups.set(group, there);
  return there;
}

function groupDocument({ name, versions }: GroupEntry): object {
  const list = versions.map(({ version }) => ({ groupVersion: apiVersionOf(name, version), version }));
  return { name, versions: list, preferredVersion: list[0] };
}

const optional = (info: ResourceInfo) => ({ ...(info.shortNames.length > 0 && { shortNames: info.shortNames }), ...(info.categories.length > 0 && { categories: info.categories }) });

function resourceDocuments(info: ResourceInfo, custom: boolean): object[] {
  const main = {
    name: info.resource, singularName: info.singular, namespaced: info.namespaced, kind: info.kind, verbs: info.verbs, ...optional(info),
    ...(info.storageVersionHash !== '' && { storageVersionHash: info.storageVersionHash }),
  };
  return [
    main,
    ...info.subresources.map(({ name, group, version, kind, verbs }) => {
      const own = group === info.group && version === info.version;
      return { name: `${info.resource}/${name}`, singularName: '', namespaced: info.namespaced, ...(!own && !custom && { group, version }), ...(custom && !own && { group, version }), kind, verbs };
    }),
  ];
}

function aggregatedResource(info: ResourceInfo, custom: boolean): object {
  const kindOf = (group: string, version: string, kind: string) => {
    const own = group === info.group && version === info.version && !custom;
    return { group: own ? '' : group, version: own ? '' : version, kind };
  };
  return {
    resource: info.resource,
    responseKind: kindOf(info.group, info.version, info.kind),
    scope: info.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: info.singular,
    verbs: info.verbs,
    ...optional(info),
    ...(info.subresources.length > 0 && { subresources: info.subresources.map(({ name, group, version, kind, verbs }) => ({ subresource: name, responseKind: kindOf(group, version, kind), verbs })) }),
  };
}
