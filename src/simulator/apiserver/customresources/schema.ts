import { applyStructuralDefaults, decodeValue, DecodeError, type GroupVersionKind, type KubeObject, pruneStructural, type StatusCause, type StructuralSchema, typeNamed, type TypeSchema, validateStructural } from '../../api';
import { badRequest } from '../errors';
import type { FieldError } from '../field';
import { embeddedErrors } from '../resources/apiextensions/embedded';
import { coerceEmbedded } from './embedded';
import type { Draft } from '../resources/definition';

type JsonObject = Record<string, unknown>;

const objectMeta = (): TypeSchema => typeNamed('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta') as TypeSchema;

/** A version of a custom resource without a schema keeps everything (x-kubernetes-preserve-unknown-fields). */
export const openSchema: StructuralSchema = Object.freeze({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true });

/** A private mutable copy of plain JSON. */
function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined).map(([key, part]) => [key, copy(part)]));
}

/** A document that is known to be of the kind: metadata as of every object, the rest pruned and defaulted by its schema. `unknown` collects what was dropped. Throws a 400. */
export function shaped(schema: StructuralSchema, value: unknown, wanted: GroupVersionKind, unknown: string[]): Draft {
  const source = copy(value) as JsonObject;
  const metadata = metadataOf(source['metadata'], wanted, unknown);
  const dropped: string[] = [];
  const pruned = coerceEmbedded(schema, pruneStructural(schema, source, dropped), wanted, dropped) as JsonObject;
  unknown.push(...dropped.map((field) => (field.startsWith('unknown field') ? field : `unknown field ${JSON.stringify(field)}`)));
  const defaulted = applyStructuralDefaults(schema, pruned) as JsonObject;
  return { ...(copy(defaulted) as JsonObject), apiVersion: wanted.group === '' ? wanted.version : `${wanted.group}/${wanted.version}`, kind: wanted.kind, metadata } as Draft;
}

function metadataOf(value: unknown, { kind, version }: GroupVersionKind, unknown: string[]): JsonObject {
  try {
    const { object, strictErrors } = decodeValue(objectMeta(), value ?? {});
    unknown.push(...strictErrors.map((text) => text.replace('field "', 'field "metadata.')));
    return object;
  } catch (error) {
    if (error instanceof DecodeError) throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${error.message}`);
    throw error;
  }
}

/** What is wrong with a custom resource by its schema; `more` is what else is found before its rules. */
export const customErrors = (schema: StructuralSchema, object: KubeObject, old: KubeObject | undefined, more: readonly StatusCause[]): FieldError[] =>
  validateStructural(schema, object as unknown as JsonObject, old as unknown as JsonObject | undefined, [...embeddedErrors(schema, object, false), ...more]).map(({ reason, message, field = '' }) => ({ type: reason as FieldError['type'], message, field }));
