import { decodeValue, DecodeError, encodeAny, type GroupVersionKind, itemsOf, type StructuralSchema, typeNamed, type TypeSchema, valuesOf } from '../../api';
import { badRequest } from '../errors';

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const join = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`);

function coerced(value: JsonObject, path: string, { kind, version }: GroupVersionKind, unknown: string[]): JsonObject {
  const refuse = (field: string, found: unknown, reason: string) => badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${join(path, field)}: Invalid value: ${encodeAny(found)}: ${reason}`);
  for (const field of ['apiVersion', 'kind']) if (value[field] !== undefined && typeof value[field] !== 'string') throw refuse(field, value[field], 'must be a string');
  if (value['metadata'] === undefined) return value;
  try {
    const { object, strictErrors } = decodeValue(typeNamed('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta') as TypeSchema, value['metadata']);
    unknown.push(...strictErrors.map((text) => text.replace(/^unknown field "(.*)"$/, (_, field: string) => join(path, `metadata.${field}`))));
    return { ...value, metadata: object };
  } catch (error) {
    if (error instanceof DecodeError) throw refuse('metadata', value['metadata'], error.message);
    throw error;
  }
}

/** With the metadata of the resources inside as every object's is; paths of what was dropped go to `unknown`. Throws a 400. */
export function coerceEmbedded(schema: StructuralSchema, value: unknown, wanted: GroupVersionKind, unknown: string[], path = ''): unknown {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items ? (value as unknown[]).map((item, index) => coerceEmbedded(items, item, wanted, unknown, `${path}[${index}]`)) : value;
  }
  if (!isObject(value)) return value;
  const own = schema['x-kubernetes-embedded-resource'] === true ? coerced(value, path, wanted, unknown) : value;
  const values = valuesOf(schema);
  const out: JsonObject = {};
  for (const [key, item] of Object.entries(own)) {
    const inner = schema.properties?.[key] ?? values;
    out[key] = inner ? coerceEmbedded(inner, item, wanted, unknown, join(path, key)) : item;
  }
  return out;
}
