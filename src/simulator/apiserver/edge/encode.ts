import { encodeAny, encodeJson, type KubeObject, parseApiVersion, resourceForKind, typeForKind, typeNamed, type TypeSchema } from '../../api';
import type { Table } from '../tables';

const objectMeta = (): TypeSchema => typeNamed('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta') as TypeSchema;
const types = new Map<string, TypeSchema | undefined>();

function typeOf(apiVersion: string, kind: string): TypeSchema | undefined {
  const key = `${apiVersion} ${kind}`;
  if (!types.has(key)) types.set(key, typeForKind({ ...parseApiVersion(apiVersion), kind }));
  return types.get(key);
}

/** JSON of a plain document in its own order: discovery, version. */
function encodeOrdered(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(encodeOrdered).join(',')}]`;
  if (typeof value !== 'object' || value === null) return encodeAny(value);
  return `{${Object.entries(value).filter(([, part]) => part !== undefined).map(([key, part]) => `${encodeAny(key)}:${encodeOrdered(part)}`).join(',')}}`;
}

/** JSON of an object without a compiled-in kind (custom resources): sorted, as Go writes maps; metadata is a struct all the same. */
function encodeCustom(object: Readonly<Record<string, unknown>>): string {
  const keys = Object.keys(object).filter((key) => object[key] !== undefined).sort();
  return `{${keys.map((key) => `${encodeAny(key)}:${key === 'metadata' ? encodeJson(objectMeta(), object[key] as object) : encodeAny(object[key])}`).join(',')}}`;
}

function encodeTable(table: Table): string {
  const rows = table.rows?.map(({ cells, object }) => `{"cells":${encodeAny(cells)},"object":${object === null ? 'null' : encodeBody(object)}}`);
  return `{"kind":"Table","apiVersion":${encodeAny(table.apiVersion)},"metadata":${encodeOrdered(table.metadata)},"columnDefinitions":${encodeOrdered(table.columnDefinitions)},"rows":${rows === undefined ? 'null' : `[${rows.join(',')}]`}}`;
}

/** Items of built-in lists do not say their kind. */
function encodeList(list: { readonly kind: string; readonly apiVersion: string; readonly metadata: object; readonly items: readonly object[] }): string {
  const itemKind = list.kind.slice(0, -4);
  const builtIn = resourceForKind({ ...parseApiVersion(list.apiVersion), kind: itemKind });
  const head = builtIn && `{"kind":${encodeAny(itemKind)},"apiVersion":${encodeAny(list.apiVersion)},`;
  const items = list.items.map((item) => {
    const text = encodeBody(item);
    return head !== undefined && text.startsWith(head) ? `{${text.slice(head.length)}` : text;
  });
  const start = builtIn || list.kind === 'PartialObjectMetadataList' ? `"kind":${encodeAny(list.kind)},"apiVersion":${encodeAny(list.apiVersion)},"metadata":${encodeOrdered(list.metadata)},"items":[${items.join(',')}]` : undefined;
  return `{${start ?? `"apiVersion":${encodeAny(list.apiVersion)},"items":[${items.join(',')}],"kind":${encodeAny(list.kind)},"metadata":${encodeOrdered(list.metadata)}`}}`;
}

/** The JSON that the server sends for a body, in Go's order of fields. */
export function encodeBody(body: unknown): string {
  if (typeof body !== 'object' || body === null) return encodeAny(body);
  const { kind, apiVersion } = body as KubeObject;
  if (kind === undefined || apiVersion === undefined || kind.startsWith('API')) return encodeOrdered(body);
  if (kind === 'Table') return encodeTable(body as Table);
  if (kind === 'PartialObjectMetadata') return `{"kind":"PartialObjectMetadata","apiVersion":${encodeAny(apiVersion)},"metadata":${encodeJson(objectMeta(), (body as KubeObject).metadata ?? {})}}`;
  if (Array.isArray((body as { items?: unknown }).items) && kind.endsWith('List')) return encodeList(body as Parameters<typeof encodeList>[0]);
  return encodeObject(body, apiVersion, kind);
}

/** JSON of frozen objects: what is stored is sent to whoever lists or watches it, and never changes. */
const encoded = new WeakMap<object, string>();

function encodeObject(object: object, apiVersion: string, kind: string): string {
  const known = encoded.get(object);
  if (known !== undefined) return known;
  const type = typeOf(apiVersion, kind);
  const text = type ? encodeJson(type, object) : encodeCustom(object as Readonly<Record<string, unknown>>);
  if (Object.isFrozen(object)) encoded.set(object, text);
  return text;
}

/** The same JSON over several lines, two spaces a level. */
export function indented(json: string): string {
  let out = '';
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  for (let at = 0; at < json.length; at++) {
    const character = json[at] as string;
    if (character === '"') {
      const start = at;
      for (at += 1; json[at] !== '"'; at++) if (json[at] === '\\') at += 1;
      out += json.slice(start, at + 1);
    } else if (character === '{' || character === '[') {
      const close = character === '{' ? '}' : ']';
      if (json[at + 1] === close) {
        out += character + close;
        at += 1;
        continue;
      }
      depth += 1;
      out += character + line();
    } else if (character === '}' || character === ']') {
      depth -= 1;
      out += line() + character;
    } else out += character === ',' ? `,${line()}` : character === ':' ? ': ' : character;
  }
  return out;
}
