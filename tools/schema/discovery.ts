import { ask } from './oracle';

export interface ApiResource {
  name: string;
  singularName: string;
  namespaced: boolean;
  kind: string;
  group?: string;
  version?: string;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  storageVersionHash?: string;
}

export interface Column {
  name: string;
  type: string;
  format: string;
  description: string;
  priority: number;
}

export interface GroupVersionInfo {
  group: string;
  version: string;
  preferred: boolean;
  resources: ApiResource[];
  /** By resource; only those that can be listed have columns. */
  columns: Record<string, Column[]>;
  openapi: Record<string, OpenApiType>;
}

export interface OpenApiField {
  type?: string;
  format?: string;
  default?: unknown;
  enum?: string[];
  items?: OpenApiField;
  additionalProperties?: OpenApiField;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: string;
}

export interface OpenApiType {
  properties?: Record<string, OpenApiField>;
  required?: string[];
  'x-kubernetes-map-type'?: string;
}

interface Groups {
  groups: { name: string; versions: { version: string }[]; preferredVersion: { version: string } }[];
}

const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';

/** Everything the server's discovery lists, in its order. */
export async function discover(): Promise<GroupVersionInfo[]> {
  const { groups } = await ask<Groups>('/apis');
  const out = [await groupVersion('', 'v1', true)];
  for (const group of groups) {
    for (const { version } of group.versions) out.push(await groupVersion(group.name, version, version === group.preferredVersion.version));
  }
  return out;
}

async function groupVersion(group: string, version: string, preferred: boolean): Promise<GroupVersionInfo> {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const { resources } = await ask<{ resources: ApiResource[] }>(root);
  const { components } = await ask<{ components: { schemas: Record<string, OpenApiType> } }>(`/openapi/v3${root}`);
  const columns: Record<string, Column[]> = {};
  for (const resource of resources) {
    if (!resource.verbs.includes('list')) continue;
    columns[resource.name] = (await ask<{ columnDefinitions: Column[] }>(`${root}/${resource.name}?limit=1`, table)).columnDefinitions;
  }
  return { group, version, preferred, resources, columns, openapi: components.schemas };
}
