import type { JSONSchemaProps, ValidationRule } from '../generated/kinds';
import { isJsonObject } from '../patch';

/** A schema of a custom resource, as its definition holds it. */
export type StructuralSchema = JSONSchemaProps;

/** The schema's extensions under names that are easier to read. */
export const isEmbedded = (schema: StructuralSchema): boolean => schema['x-kubernetes-embedded-resource'] === true;
export const preserves = (schema: StructuralSchema): boolean => schema['x-kubernetes-preserve-unknown-fields'] === true;
export const isIntOrString = (schema: StructuralSchema): boolean => schema['x-kubernetes-int-or-string'] === true;
export const rulesOf = (schema: StructuralSchema): readonly ValidationRule[] => schema['x-kubernetes-validations'] ?? [];

/** The schema of a list's items. */
export function itemsOf(schema: StructuralSchema): StructuralSchema | undefined {
  const { items } = schema;
  return isJsonObject(items) ? (items as StructuralSchema) : undefined;
}

/** The schema of a map's values; undefined for objects with named properties. */
export function valuesOf(schema: StructuralSchema): StructuralSchema | undefined {
  const { additionalProperties } = schema;
  return isJsonObject(additionalProperties) ? (additionalProperties as StructuralSchema) : undefined;
}

/** Whether fields that the schema does not name may stay. */
export const admitsAnything = (schema: StructuralSchema): boolean => preserves(schema) || schema.additionalProperties === true;

/** The fields that every object of the API has; the schema of a definition need not name them. */
export const objectFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** What an item of a list by keys is known by. */
export function itemKey(schema: StructuralSchema, item: unknown): string | undefined {
  if (schema['x-kubernetes-list-type'] !== 'map' || !isJsonObject(item)) return undefined;
  const keys = [...(schema['x-kubernetes-list-map-keys'] ?? [])].sort();
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, item[key] ?? itemsOf(schema)?.properties?.[key]?.default])));
}
