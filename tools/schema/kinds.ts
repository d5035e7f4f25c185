import type { GroupVersionInfo, OpenApiType } from './discovery';
import type { GoField, GoShape, GoTypes } from './oracle';
import { plainGoName } from './encode';

/** Names that the hand-written contracts of src/simulator/api already have. */
const written = new Set(['ObjectMeta', 'OwnerReference', 'ListMeta', 'Status', 'StatusDetails', 'StatusCause', 'WatchEvent', 'UserInfo', 'GroupVersionKind', 'GroupVersionResource']);
const inMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
const importedFromMeta = ['ObjectMeta', 'OwnerReference', 'ListMeta'];
const replacedInMeta = ['Status', 'StatusDetails', 'StatusCause', 'WatchEvent'];

const scalars: Record<string, string> = {
  string: 'string', boolean: 'boolean', int32: 'number', int64: 'number', int: 'number', uint8: 'number', uint32: 'number', uint64: 'number', float64: 'number', bytes: 'string', quantity: 'Quantity',
  intOrString: 'IntOrString', time: 'Time', microTime: 'MicroTime', duration: 'string', json: 'unknown', raw: 'unknown', fields: 'unknown',
};

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** AppsV1 for io.k8s.api.apps.v1. */
function prefixOf(name: string): string {
  const parts = name.split('.');
  return capital(parts[parts.length - 3] ?? '') + capital(parts[parts.length - 2] ?? '');
}

/** A TypeScript name for each type: bare for the first in order of preference, with its group and version for others. */
function namesOf(types: readonly string[], groups: readonly GroupVersionInfo[], go: GoTypes): Map<string, string> {
  const preferred = new Set(groups.filter((group) => group.preferred).map((group) => `${group.group}/${group.version}`));
  const rank = (name: string) => {
    if (name.startsWith('io.k8s.api.core.v1.')) return 0;
    if (name.startsWith(inMeta)) return 1;
    const kind = go.kinds.find(({ Type }) => Type.slice(0, Type.lastIndexOf('.')) === name.slice(0, name.lastIndexOf('.')));
    return kind && preferred.has(`${kind.Group}/${kind.Version}`) ? 2 : 3;
  };
  const taken = new Set(written);
  const out = new Map<string, string>();
  for (const name of [...types].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))) {
    const bare = name.slice(name.lastIndexOf('.') + 1);
    const isMeta = name.startsWith(inMeta) && (importedFromMeta.includes(bare) || replacedInMeta.includes(bare));
    const chosen = !isMeta && taken.has(bare) ? prefixOf(name) + bare : bare;
    taken.add(chosen);
    out.set(name, chosen);
  }
  return out;
}

function typeOf(shape: GoShape, names: Map<string, string>): string {
  if (shape.type === 'object') {
    const object = names.get(shape.object ?? '') ?? 'unknown';
    if (shape.or === 'boolean') return `${object} | boolean`;
    if (shape.or === 'list') return `${object} | readonly ${object}[]`;
    if (shape.or === 'strings') return `${object} | readonly string[]`;
    return object;
  }
  const element = shape.element && typeOf(shape.element, names);
  if (shape.type === 'list') return element?.includes(' ') ? `readonly (${element})[]` : `readonly ${element}[]`;
  if (shape.type === 'map') return `Readonly<Record<string, ${element}>>`;
  return scalars[shape.type] ?? 'unknown';
}

function fieldText(field: GoField, type: OpenApiType, names: Map<string, string>): string {
  const optional = !(type.required?.includes(field.name) ?? false);
  const key = /^[A-Za-z_$][\w$]*$/.test(field.name) ? field.name : `'${field.name}'`;
  const open = type.properties?.[field.name];
  const named = field.shape.type === 'string' && open?.enum && plainGoName(field.shape) !== field.shape.go;
  const text = named ? open.enum?.map((value) => `'${value}'`).join(' | ') : typeOf(field.shape, names);
  return `  readonly ${key}${optional ? '?' : ''}: ${text};`;
}

/** The TypeScript source of all these types. */
export function kindsSource(types: readonly string[], go: GoTypes, groups: readonly GroupVersionInfo[]): string {
  const openapi: Record<string, OpenApiType> = Object.assign({}, ...groups.map((group) => group.openapi));
  const names = namesOf(types, groups, go);
  const lines = [
    '/* Generated from a Kubernetes 1.36.3 API server by `npm run schema`; do not edit. */',
    "import type { ListMeta, ObjectMeta } from '../object';",
    "import type { Status } from '../status';",
    '',
    '/** An amount with an optional suffix: 500m, 1Gi. */',
    'export type Quantity = string;',
    'export type IntOrString = number | string;',
    '/** RFC 3339 text with whole seconds. */',
    'export type Time = string;',
    '/** RFC 3339 text with microseconds. */',
    'export type MicroTime = string;',
  ];
  const skipped = new Set([...importedFromMeta, ...replacedInMeta]);
  for (const [name, chosen] of [...names].sort((a, b) => (a[1] < b[1] ? -1 : 1))) {
    if (name.startsWith(inMeta) && skipped.has(chosen)) continue;
    const fields = (go.types[name] ?? []).map((field) => fieldText(field, openapi[name] ?? {}, names));
    lines.push('', `/** ${name} */`, fields.length ? `export interface ${chosen} {\n${fields.join('\n')}\n}` : `export type ${chosen} = Readonly<Record<string, never>>;`);
  }
  return `${lines.join('\n')}\n`;
}
