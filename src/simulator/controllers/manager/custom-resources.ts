import { apiVersionOf, type CustomResourceDefinition } from '../../api';
import { type Informers, type Resource, resources } from '../../client';
import { deletable } from './manager';

/** The built-in resources that can be deleted, and those that definitions add; told of changes. */
export interface CustomResources {
  /** All of them, built-in ones first. */
  all(): Resource[];
  /** The resource of a kind, if the server serves one. */
  find(apiVersion: string, kind: string): Resource | undefined;
  /** Calls back for each definition's resource that comes or goes; known ones at once. */
  watch(come: (resource: Resource) => void, go: (resource: Resource) => void): void;
}

function resourceOf({ spec, status }: CustomResourceDefinition): Resource | undefined {
  const established = status?.conditions?.some(({ type, status: value }) => type === 'Established' && value === 'True');
  const version = (spec.versions ?? []).find(({ served, storage }) => served && storage) ?? (spec.versions ?? []).find(({ served }) => served);
  if (!established || !version) return undefined;
  return { group: spec.group, version: version.name, resource: spec.names.plural, kind: spec.names.kind, namespaced: spec.scope === 'Namespaced' };
}

/** Follows the CustomResourceDefinitions. */
export function customResources(informers: Informers): CustomResources {
  const definitions = informers.for<CustomResourceDefinition>(resources.customresourcedefinitions);
  const known = () => definitions.store.list().flatMap((definition) => resourceOf(definition) ?? []);
  const builtIn = new Map(deletable.map((resource) => [`${apiVersionOf(resource.group, resource.version)}/${resource.kind}`, resource]));
  return {
    all: () => [...deletable, ...known()],
    find(apiVersion, kind) {
      const exact = builtIn.get(`${apiVersion}/${kind}`);
      if (exact) return exact;
      const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
      return known().find((resource) => resource.group === group && resource.kind === kind) ?? deletable.find((resource) => resource.group === group && resource.kind === kind);
    },
    watch(come, go) {
      const tell = (before: CustomResourceDefinition | undefined, after: CustomResourceDefinition | undefined) => {
        const old = before && resourceOf(before);
        const now = after && resourceOf(after);
        if (old?.version === now?.version) return;
        if (old) go(old);
        if (now) come(now);
      };
      definitions.addHandlers({
        add: (definition) => tell(undefined, definition),
        update: tell,
        delete: (definition) => {
          const resource = resourceOf(definition);
          if (resource) go(resource);
        },
      });
    },
  };
}
