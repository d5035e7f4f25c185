import { apiVersionOf } from '../../api';
import type { Task } from '../../kernel';
import { CommandError } from '../errors';
import { fieldsAt, listAt, textAt, textsAt, type Fields } from '../fields';
import type { Rest } from './rest';

/** One resource of the server, as discovery tells it. */
export interface Mapping {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
}

/** `deployments.apps`, `pods`: a resource with its group. */
export const resourceName = ({ resource, group }: Pick<Mapping, 'resource' | 'group'>): string => (group === '' ? resource : `${resource}.${group}`);

/** `deployment.apps`, `pod`: what messages call an object's type. */
export const kindName = ({ kind, group }: Pick<Mapping, 'kind' | 'group'>): string => (group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`);

/** The path of a resource's collection, or of one object. */
export function resourcePath(mapping: Pick<Mapping, 'group' | 'version' | 'resource' | 'namespaced'>, namespace: string | undefined, name?: string, subresource?: string): string {
  const base = mapping.group === '' ? `/api/${mapping.version}` : `/apis/${mapping.group}/${mapping.version}`;
  const scope = mapping.namespaced && namespace !== undefined && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const rest = name === undefined ? '' : `/${encodeURIComponent(name)}${subresource === undefined || subresource === '' ? '' : `/${subresource}`}`;
  return `${base}${scope}/${mapping.resource}${rest}`;
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

function mappingsOf(group: Fields): Mapping[] {
  const groupName = textAt(group, 'metadata', 'name');
  return listAt(group, 'versions').flatMap((version) =>
    listAt(version, 'resources').map((resource) => ({
      group: groupName,
      version: textAt(version, 'version'),
      resource: textAt(resource, 'resource'),
      singular: textAt(resource, 'singularResource') || textAt(resource, 'responseKind', 'kind').toLowerCase(),
      kind: textAt(resource, 'responseKind', 'kind'),
      namespaced: textAt(resource, 'scope') === 'Namespaced',
      shortNames: textsAt(resource, 'shortNames'),
      categories: textsAt(resource, 'categories'),
      verbs: textsAt(resource, 'verbs'),
      subresources: listAt(resource, 'subresources').map((subresource) => textAt(subresource, 'subresource')),
    })),
  );
}

/** What the server serves: finds resources by the names that people and manifests use. */
export class Mapper {
  /** `mappings` in discovery's order; versions of a group in order of preference. */
  constructor(readonly mappings: readonly Mapping[], readonly groupVersions: readonly string[]) {}

  /** What a word on the command line means. Throws kubectl's `the server doesn't have a resource type`. */
  resolve(word: string): Mapping {
    const found = this.find(word);
    if (!found) throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(word)}`);
    return found;
  }

  find(word: string): Mapping | undefined {
    const [first = '', ...rest] = word.split('.');
    if (rest.length === 0) return this.match(first);
    const withVersion = rest.length > 1 ? this.match(first, rest.slice(1).join('.'), rest[0]) : undefined;
    if (withVersion) return withVersion;
    const plainVersion = rest.length === 1 ? this.match(first, '', rest[0]) : undefined;
    return this.match(first, rest.join('.')) ?? (rest.length === 1 && /^v\d/.test(rest[0] as string) ? plainVersion : undefined);
  }

  private match(name: string, group?: string, version?: string): Mapping | undefined {
    const lower = name.toLowerCase();
    const candidates = this.mappings.filter((mapping) => (group === undefined || mapping.group === group) && (version === undefined || mapping.version === version));
    return (
      candidates.find((mapping) => mapping.resource === lower || mapping.singular === lower) ??
      candidates.find((mapping) => mapping.kind.toLowerCase() === lower) ??
      candidates.find((mapping) => mapping.shortNames.includes(name))
    );
  }

  /** The resources of a category (`all`), each once, in its preferred version. */
  category(name: string): readonly Mapping[] {
    const seen = new Set<string>();
    return this.mappings.filter((mapping) => {
      if (!mapping.categories.includes(name) || seen.has(resourceName(mapping))) return false;
      seen.add(resourceName(mapping));
      return true;
    });
  }

  /** Each resource once, in its group's preferred version. */
  get preferred(): readonly Mapping[] {
    const seen = new Set<string>();
    return this.mappings.filter((mapping) => {
      const key = resourceName(mapping);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  }

  /** The resource of a manifest's apiVersion and kind. */
  byKind(apiVersion: string, kind: string): Mapping | undefined {
    return this.mappings.find((mapping) => mapping.kind === kind && apiVersionOf(mapping.group, mapping.version) === apiVersion && mapping.resource !== '');
  }
}

/** Reads discovery in its aggregated form. */
export function* loadMapper(rest: Rest): Task<Mapper> {
  const core = yield* rest.get('/api', aggregated);
  const named = yield* rest.get('/apis', aggregated);
  const groups = [...listAt(core, 'items'), ...listAt(named, 'items')];
  const groupVersions = groups.flatMap((group) => listAt(group, 'versions').map((version) => apiVersionOf(textAt(group, 'metadata', 'name'), textAt(version, 'version'))));
  return new Mapper(groups.flatMap((group) => (fieldsAt(group, 'metadata') ? mappingsOf(group) : [])), groupVersions);
}
