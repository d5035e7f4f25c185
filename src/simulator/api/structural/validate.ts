import { compileRe2 } from '../re2';
import { encodeAny } from '../decode';
import { equalJson, isJsonObject, type JsonObject } from '../patch';
import type { StatusCause } from '../status';
import { stringFormats } from './formats';
import { isEmbedded, isIntOrString, itemKey, itemsOf, type StructuralSchema, valuesOf } from './schema';

const cause = (reason: string, field: string, message: string): StatusCause => ({ reason, message, field });
const invalid = (field: string, value: unknown, detail: string) => cause('FieldValueInvalid', field, `Invalid value: ${encodeAny(value)}: ${detail}`);
/** A fault of which the server's library does not say where it is. */
const somewhere = (detail: string) => cause('FieldValueInvalid', '<nil>', `Invalid value: "": ${detail}`);

/** What JSON calls a value. */
export function typeOfValue(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? 'integer' : 'number';
  return typeof value;
}

const wrongType = (field: string, wanted: string, actual: string) =>
  cause('FieldValueTypeInvalid', field, `Invalid value: "${actual}": ${field} in body must be of type ${wanted}: "${actual}"`);

const isType = (wanted: string, actual: string) => wanted === actual || (wanted === 'number' && actual === 'integer');

function typeFaults(schema: StructuralSchema, value: unknown, field: string): StatusCause[] {
  if (value === null && schema.nullable) return [];
  const actual = typeOfValue(value);
  if (isIntOrString(schema)) return actual === 'integer' || actual === 'string' ? [] : [wrongType(field, 'integer,string', actual)];
  if (schema.type === undefined || schema.type === '') return [];
  if (!isType(schema.type, actual)) {
    if (schema.type === 'integer' && actual === 'number') {
      const big = Math.abs(value as number) >= 2 ** 63;
      const format = schema.format === undefined || schema.format === '' ? '(default format)' : `with format ${schema.format}`;
      return [big ? wrongType(field, schema.format ?? 'integer', 'float64') : wrongType(field, 'integer', 'number'), somewhere(`Checked value must be of type integer ${format} in ${field}`)];
    }
    return [wrongType(field, schema.type, actual)];
  }
  return typeof value === 'string' ? formatFaults(schema, value, field) : rangeFaults(schema, value, field);
}

function formatFaults(schema: StructuralSchema, value: string, field: string): StatusCause[] {
  const check = stringFormats[schema.format ?? ''];
  if (!check || check(value)) return [];
  return [cause('FieldValueTypeInvalid', field, `Invalid value: ${encodeAny(value)}: ${field} in body must be of type ${schema.format ?? ''}: ${encodeAny(value)}`)];
}

function rangeFaults(schema: StructuralSchema, value: unknown, field: string): StatusCause[] {
  const limit = schema.format === 'int32' ? 2 ** 31 : schema.format === 'float' ? 3.4028234663852886e38 : Infinity;
  if (typeof value !== 'number' || Math.abs(value) < limit || value === -limit) return [];
  return [somewhere(`Checked value must be of type ${schema.type ?? ''} with format ${schema.format ?? ''} in ${field}`)];
}

function numberFaults(schema: StructuralSchema, value: number, field: string): StatusCause[] {
  const out: StatusCause[] = [];
  const { multipleOf, minimum, maximum } = schema;
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) out.push(invalid(field, value, `${field} in body should be a multiple of ${multipleOf}`));
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum)) out.push(invalid(field, value, `${field} in body should be greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${minimum}`));
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum)) out.push(invalid(field, value, `${field} in body should be less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${maximum}`));
  return out;
}

/** The first fault of a text. */
function textFaults(schema: StructuralSchema, value: string, field: string): StatusCause[] {
  const length = [...value].length;
  if (schema.maxLength !== undefined && length > schema.maxLength) return [cause('FieldValueTooLong', field, `Too long: may not be more than ${schema.maxLength} ${schema.maxLength === 1 ? 'byte' : 'bytes'}`)];
  if (schema.minLength !== undefined && length < schema.minLength) return [invalid(field, value, `${field} in body should be at least ${schema.minLength} chars long`)];
  return schema.pattern && !compileRe2(schema.pattern).test(value) ? [invalid(field, value, `${field} in body should match '${schema.pattern}'`)] : [];
}

/** A fraction is compared with whole numbers as a whole number. */
const isListed = (allowed: unknown, value: unknown) => equalJson(allowed, value) || (typeof value === 'number' && Number.isInteger(allowed) && Math.trunc(value) === allowed);

function enumFaults(schema: StructuralSchema, value: unknown, field: string): StatusCause[] {
  if (!schema.enum || (value === null && schema.nullable) || schema.enum.some((allowed) => isListed(allowed, value))) return [];
  const supported = schema.enum.map((allowed) => JSON.stringify(typeof allowed === 'string' ? allowed : encodeAny(allowed))).join(', ');
  return [cause('FieldValueNotSupported', field, `Unsupported value: ${encodeAny(value)}: supported values: ${supported}`)];
}

const at = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);
const tooMany = (field: string, count: number, limit: number) => cause('FieldValueTooMany', field, `Too many: ${count}: must have at most ${limit} ${limit === 1 ? 'item' : 'items'}`);

function listFaults(schema: StructuralSchema, value: readonly unknown[], old: unknown, field: string): StatusCause[] {
  const out: StatusCause[] = [];
  const items = itemsOf(schema);
  const previous = new Map<string | undefined, unknown>(Array.isArray(old) ? (old as unknown[]).map((item) => [itemKey(schema, item), item]) : []);
  if (items) for (const [i, item] of value.entries()) out.push(...validateSchema(items, item, correlated(itemKey(schema, item), previous), `${field}[${i}]`));
  if (schema.minItems !== undefined && value.length < schema.minItems) out.push(invalid(field, value.length, `${field} in body should have at least ${schema.minItems} items`));
  if (schema.maxItems !== undefined && value.length > schema.maxItems) out.push(tooMany(field, value.length, schema.maxItems));
  return out;
}

const correlated = (key: string | undefined, previous: ReadonlyMap<string | undefined, unknown>) => (key === undefined ? undefined : previous.get(key));

function objectFaults(schema: StructuralSchema, value: JsonObject, old: unknown, field: string): StatusCause[] {
  const out: StatusCause[] = [];
  const count = Object.keys(value).length;
  const previous = isJsonObject(old) ? old : undefined;
  if (schema.minProperties !== undefined && count < schema.minProperties) out.push(invalid(field, count, `${field} in body should have at least ${schema.minProperties} properties`));
  if (schema.maxProperties !== undefined && count > schema.maxProperties) out.push(tooMany(field, count, schema.maxProperties));
  const values = valuesOf(schema);
  if (values) for (const [key, item] of Object.entries(value)) if (item !== undefined && !schema.properties?.[key]) out.push(...validateSchema(values, item, previous?.[key], `${field}.${key}`));
  const required = [...(isEmbedded(schema) ? ['apiVersion', 'kind'] : []), ...(schema.required ?? [])];
  for (const key of required) if (value[key] === undefined) out.push(cause('FieldValueRequired', at(field, key), 'Required value'));
  for (const [key, item] of Object.entries(value)) {
    const inner = schema.properties?.[key];
    if (inner && item !== undefined) out.push(...validateSchema(inner, item, previous?.[key], at(field, key)));
  }
  return out;
}

function combined(schema: StructuralSchema, value: unknown, field: string): StatusCause[] {
  const out: StatusCause[] = [];
  const each = (schemas: readonly StructuralSchema[]) => schemas.map((one) => validateSchema(one, value, undefined, field));
  if (schema.anyOf && !isIntOrString(schema)) {
    const results = each(schema.anyOf);
    if (!results.some((faults) => faults.length === 0)) out.push(somewhere(`"${field}" must validate at least one schema (anyOf)`), ...(results[0] ?? []));
  }
  if (schema.oneOf) {
    const results = each(schema.oneOf);
    const valid = results.filter((faults) => faults.length === 0).length;
    if (valid !== 1) out.push(somewhere(`"${field}" must validate one and only one schema (oneOf). Found ${valid === 0 ? 'none valid' : `${valid} valid alternatives`}`), ...(valid === 0 ? (results[0] ?? []) : []));
  }
  if (schema.allOf && !isIntOrString(schema)) {
    const results = each(schema.allOf);
    const faults = results.flat();
    const noneFits = results.every((one) => one.length > 0);
    if (faults.length > 0) out.push(...faults, somewhere(`"${field}" must validate all the schemas (allOf)${noneFits ? '. None validated' : ''}`));
  }
  if (schema.not && validateSchema(schema.not, value, undefined, field).length === 0) out.push(somewhere(`"${field}" must not validate the schema (not)`));
  return out;
}

/**
 * What is wrong with a value; with the old value, only what is wrong with what changed (ratcheting). The faults come
 * with the server's reasons, messages and fields.
 */
export function validateSchema(schema: StructuralSchema, value: unknown, old: unknown, field = ''): StatusCause[] {
  if (old !== undefined && equalJson(old, value)) return [];
  const out = [...typeFaults(schema, value, field), ...combined(schema, value, field)];
  if (typeof value === 'number') out.push(...numberFaults(schema, value, field));
  else if (typeof value === 'string') out.push(...textFaults(schema, value, field));
  else if (Array.isArray(value)) out.push(...listFaults(schema, value as unknown[], old, field));
  else if (isJsonObject(value)) out.push(...objectFaults(schema, value, old, field));
  out.push(...enumFaults(schema, value, field));
  return out;
}

/** Duplicates in sets and in lists by keys. */
export function validateListTypes(schema: StructuralSchema, value: unknown, field = ''): StatusCause[] {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    const faults = items ? (value as unknown[]).flatMap((item, i) => validateListTypes(items, item, `${field}[${i}]`)) : [];
    const type = schema['x-kubernetes-list-type'];
    if (type !== 'set' && type !== 'map') return faults;
    const times = new Map<string, number>();
    for (const [i, item] of value.entries()) {
      const key = type === 'set' ? encodeAny(item) : itemKey(schema, item);
      if (key === undefined) continue;
      const before = times.get(key) ?? 0;
      if (before === 1) faults.push(cause('FieldValueDuplicate', `${field}[${i}]`, `Duplicate value: ${key}`));
      times.set(key, before + 1);
    }
    return faults;
  }
  if (!isJsonObject(value)) return [];
  const values = valuesOf(schema);
  return Object.entries(value).flatMap(([key, item]) => {
    const inner = schema.properties?.[key] ?? values;
    return inner ? validateListTypes(inner, item, at(field, key)) : [];
  });
}
