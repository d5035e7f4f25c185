import { allGroupVersions } from '../../../api';
import { compareVersions, type GroupEntry } from '../../discovery';
import type { DiscoveredResource } from './availability';

/** A version of a group that another API server serves. */
export interface AggregatedVersion {
  readonly group: string;
  readonly version: string;
  readonly groupPriority: number;
  readonly versionPriority: number;
  /** As its discovery lists them; undefined while it is not available. */
  readonly resources: readonly DiscoveredResource[] | undefined;
}

/** Of groups that CustomResourceDefinitions make. */
const customPriority = 1000;
const customVersionPriority = 100;

/** The groups together with those of other API servers: compiled-in ones first, the others by priority, then by name. */
export function withAggregated(groups: readonly GroupEntry[], others: readonly AggregatedVersion[]): readonly GroupEntry[] {
  const builtIn = new Set(allGroupVersions().map(({ group }) => group));
  const made = new Map(groups.map((group) => [group.name, group]));
  const priorities = new Map<string, number>();
  for (const other of others) {
    const { name, versions } = made.get(other.group) ?? { name: other.group, versions: [] };
    const all = [...versions.filter(({ version }) => version !== other.version), { version: other.version, resources: [], elsewhere: discovered(other) }];
    const priority = ({ version }: { readonly version: string }): number => others.find((one) => one.group === other.group && one.version === version)?.versionPriority ?? customVersionPriority;
    made.set(name, { name, versions: all.sort((a, b) => priority(b) - priority(a) || compareVersions(a.version, b.version)) });
    priorities.set(name, Math.max(priorities.get(name) ?? 0, other.groupPriority));
  }
  const rest = [...made.values()].filter(({ name }) => !builtIn.has(name));
  rest.sort((a, b) => (priorities.get(b.name) ?? customPriority) - (priorities.get(a.name) ?? customPriority) || (a.name < b.name ? -1 : 1));
  return [...[...made.values()].filter(({ name }) => builtIn.has(name)), ...rest];
}

const optional = (resource: DiscoveredResource, name: string): object => (resource[name] === undefined ? {} : { [name]: resource[name] });
const kindOf = ({ group, version, kind }: DiscoveredResource): object => ({ group: group ?? '', version: version ?? '', kind: kind ?? '' });

/** What aggregated discovery says of another API server's version. */
function discovered({ resources }: AggregatedVersion): object {
  if (!resources) return { freshness: 'Stale' };
  const main = resources.filter(({ name }) => name?.includes('/') === false);
  return {
    resources: main.map((resource) => {
      const subresources = resources.filter(({ name }) => name?.startsWith(`${resource.name}/`) === true);
      return {
        resource: resource.name, responseKind: kindOf(resource), scope: resource['namespaced'] === true ? 'Namespaced' : 'Cluster', singularResource: resource['singularName'] ?? '',
        verbs: resource['verbs'] ?? [], ...optional(resource, 'shortNames'), ...optional(resource, 'categories'),
        ...(subresources.length > 0 && { subresources: subresources.map((sub) => ({ subresource: sub.name?.slice((resource.name?.length ?? 0) + 1), responseKind: kindOf(sub), verbs: sub['verbs'] ?? [] })) }),
      };
    }),
    freshness: 'Current',
  };
}
