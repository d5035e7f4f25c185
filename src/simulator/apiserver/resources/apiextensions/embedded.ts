import { decodeValue, DecodeError, encodeAny, isDns1035Label, itemsOf, type ObjectMeta, type StatusCause, type StructuralSchema, typeNamed, type TypeSchema, valuesOf } from '../../../api';
import { metadataErrors, ruleFor } from '../../registry/metadata';

type JsonObject = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const join = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`);
const fault = (reason: string, field: string, message: string): StatusCause => ({ reason, message, field });

function typeErrors({ apiVersion, kind }: JsonObject, path: string): StatusCause[] {
  const out: StatusCause[] = [];
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const version = text(apiVersion);
  if (version.split('/').length > 2) out.push(fault('FieldValueInvalid', join(path, 'apiVersion'), `Invalid value: ${JSON.stringify(version)}: unexpected GroupVersion string: ${version}`));
  const own = text(kind);
  if (own !== '') for (const reason of isDns1035Label(own.toLowerCase())) out.push(fault('FieldValueInvalid', join(path, 'kind'), `Invalid value: ${JSON.stringify(own)}: may have mixed case, but should otherwise match: ${reason}`));
  return out;
}

function metaErrors(metadata: unknown, path: string): StatusCause[] {
  if (metadata === undefined) return [];
  try {
    const { object } = decodeValue(typeNamed('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta') as TypeSchema, metadata);
    const own = { name: 'fake', ...object } as ObjectMeta;
    return metadataErrors(own, ruleFor('rbac.authorization.k8s.io', undefined), true).map(({ type, field, message }) => fault(type, join(path, field), message));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [fault('FieldValueInvalid', join(path, 'metadata'), `Invalid value: ${encodeAny(metadata)}: ${error.message}`)];
  }
}

/** apiVersion and kind must be there; schemas say so for embedded resources, not for the root. */
export const requiredOfResource = (value: unknown): StatusCause[] =>
  ['apiVersion', 'kind'].filter((field) => !isObject(value) || (value[field] ?? '') === '').map((field) => fault('FieldValueRequired', field, 'Required value'));

/** What is wrong with apiVersion, kind and metadata of the resources inside a value. */
export function embeddedErrors(schema: StructuralSchema, value: unknown, isResource: boolean, path = ''): StatusCause[] {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items ? (value as unknown[]).flatMap((item, index) => embeddedErrors(items, item, false, `${path}[${index}]`)) : [];
  }
  if (!isObject(value)) return [];
  const own = isResource || schema['x-kubernetes-embedded-resource'] === true ? [...metaErrors(value['metadata'], path), ...typeErrors(value, path)] : [];
  const values = valuesOf(schema);
  return [...own, ...Object.entries(value).flatMap(([key, item]) => {
    const inner = schema.properties?.[key] ?? values;
    return inner ? embeddedErrors(inner, item, false, join(path, key)) : [];
  })];
}
