export { allGroupVersions, allResources, resourceFor, resourceForKind, typeForKind, typeNamed, type GroupVersionEntry } from './load';
