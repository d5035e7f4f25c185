/** Where the resources live whose place in etcd is not their own name. */
const places: Readonly<Record<string, string>> = {
  nodes: 'minions',
  services: 'services/specs',
  endpoints: 'services/endpoints',
  replicationcontrollers: 'controllers',
  'ingresses.networking.k8s.io': 'ingress',
  'customresourcedefinitions.apiextensions.k8s.io': 'apiextensions.k8s.io/customresourcedefinitions',
  'apiservices.apiregistration.k8s.io': 'apiregistration.k8s.io/apiservices',
};

/** The etcd prefix of a resource: /registry/pods/. Custom resources live under their group. */
export function storagePrefix(group: string, resource: string, custom: boolean): string {
  if (custom) return `/registry/${group}/${resource}/`;
  return `/registry/${places[group === '' ? resource : `${resource}.${group}`] ?? resource}/`;
}
