import { canonicalQuantity, emptyMapValue, type FieldSchema, type TypeSchema } from '../../api';

/** Copies a value of one field's type; `anomaly` when it is not plainly of that type, so that decoding must look at it closely. */
type Copier = (value: unknown) => unknown;

/** Stands for: not a plain copy. */
export const anomaly: unique symbol = Symbol('anomaly');

/** Whether the copy being made keeps empty optional lists and maps, and whether it has met one. */
const copying = { keepsEmpty: false, empties: false };

const day = String.raw`\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)`; // 29 February is looked at closely
const time = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d`;
const plainTime = new RegExp(`^${day}T${time}Z$`);
const zeroTime = '0001-01-01T00:00:00Z'; // which is none
const plainMicroTime = new RegExp(String.raw`^${day}T${time}\.\d{6}Z$`);
const plainBase64 = /^[A-Za-z0-9+/]*={0,2}$/;
const quantities = new Map<string, string>();
const rememberLimit = 10_000;

/** A quantity as the server writes it; `anomaly` for what is none. */
function copyQuantity(text: string): unknown {
  let written = quantities.get(text);
  if (written === undefined) {
    try {
      written = canonicalQuantity(text);
    } catch {
      return anomaly;
    }
    if (quantities.size > rememberLimit) quantities.clear();
    quantities.set(text, written);
  }
  return written;
}

type Source = Readonly<Record<string, unknown>>;

interface TypeCopier {
  readonly fields: ReadonlyMap<string, Copier>;
  /** What Go writes even when nobody set it: name and a maker of its zero value. */
  readonly always: readonly (readonly [string, () => unknown])[];
}

const compiled = new Map<TypeSchema, TypeCopier>();

function compilerOf(type: TypeSchema): TypeCopier {
  const known = compiled.get(type);
  if (known) return known;
  const fields = new Map<string, Copier>();
  const always: (readonly [string, () => unknown])[] = [];
  const made: TypeCopier = { fields, always };
  compiled.set(type, made);
  for (const [name, field] of type.fields) {
    fields.set(name, copierOf(field, field.omitEmpty === true));
    if (!field.omitEmpty && (field.protobuf !== undefined || (name !== 'apiVersion' && name !== 'kind'))) always.push([name, zeroOf(field)]);
  }
  return made;
}

/** The zero value that Go writes for a field without omitempty. */
function zeroOf(field: FieldSchema): () => unknown {
  if (field.pointer) return () => null;
  switch (field.type) {
    case 'string':
    case 'duration':
      return () => '';
    case 'integer':
    case 'number':
    case 'intOrString':
      return () => 0;
    case 'quantity':
      return () => '0';
    case 'boolean':
      return () => false;
    case 'object':
      return () => copyObject(field.object as TypeSchema, {});
    default:
      return () => null;
  }
}

function copierOf(field: FieldSchema, omitEmpty: boolean): Copier {
  const keepsZero = !omitEmpty || field.pointer === true;
  if (field.alternative !== undefined) return () => anomaly;
  switch (field.type) {
    case 'string':
      return (value) => (typeof value === 'string' ? (value === '' && !keepsZero ? undefined : value) : anomaly);
    case 'time':
      return (value) => (typeof value === 'string' && value !== zeroTime && plainTime.test(value) ? value : anomaly);
    case 'microTime':
      return (value) => (typeof value === 'string' && plainMicroTime.test(value) ? value : anomaly);
    case 'bytes':
      return (value) => (typeof value === 'string' && value.length % 4 === 0 && plainBase64.test(value) ? (value === '' && !keepsZero ? undefined : value) : anomaly);
    case 'quantity':
      return (value) => (typeof value === 'string' ? copyQuantity(value) : anomaly);
    case 'duration':
      return () => anomaly;
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? (!value && !keepsZero ? undefined : value) : anomaly);
    case 'integer':
      return integerCopier(field.format === 'int32' ? 2 ** 31 : 2 ** 53, keepsZero);
    case 'number':
      return (value) => (typeof value === 'number' ? (value === 0 && !keepsZero ? undefined : value) : anomaly);
    case 'intOrString':
      return (value) => (typeof value === 'string' || (typeof value === 'number' && value === (value | 0)) ? value : anomaly);
    case 'object':
      return objectCopier(field.object as TypeSchema, keepsZero);
    case 'list':
      return listCopier(field, omitEmpty);
    case 'map':
      return mapCopier(field, omitEmpty);
    case 'json':
      return copyJson;
  }
}

const integerCopier = (limit: number, keepsZero: boolean): Copier => (value) => (typeof value === 'number' && Number.isSafeInteger(value) && value >= -limit && value < limit ? (value === 0 && !keepsZero ? undefined : value) : anomaly);

const isRecord = (value: unknown): value is Source => typeof value === 'object' && value !== null && !Array.isArray(value);

function objectCopier(type: TypeSchema, keepsEmpty: boolean): Copier {
  return (value) => {
    if (!isRecord(value)) return anomaly;
    const copy = copyObject(type, value);
    if (keepsEmpty || copy === anomaly) return copy;
    for (const _ in copy) return copy;
    return undefined;
  };
}

function listCopier(field: FieldSchema, omitEmpty: boolean): Copier {
  const copy = copierOf(field.element as FieldSchema, false);
  return (value) => {
    if (!Array.isArray(value)) return anomaly;
    if (value.length === 0) return omitEmpty ? emptyValue([]) : [];
    const out = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++) {
      const item = copy(value[i]);
      if (item === anomaly) return anomaly;
      out[i] = item;
    }
    return out;
  };
}

function mapCopier(field: FieldSchema, omitEmpty: boolean): Copier {
  const copy = copierOf(field.element as FieldSchema, false);
  return (value) => {
    if (!isRecord(value)) return anomaly;
    let empty = true;
    const out: Record<string, unknown> = {};
    for (const key in value) {
      const item = copy(value[key]);
      if (item === anomaly) return anomaly;
      out[key] = item;
      empty = false;
    }
    return empty && omitEmpty ? emptyValue(emptyMapValue()) : out;
  };
}

/** An empty optional list or map, if it is kept. */
function emptyValue(value: object): unknown {
  if (!copying.keepsEmpty) return undefined;
  copying.empties = true;
  return value;
}

/** Open JSON is never changed in place, so what is frozen is shared. */
function copyJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  return Array.isArray(value) ? value.map(copyJson) : Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyJson(part)]));
}

function copyObject(type: TypeSchema, source: Source): Record<string, unknown> | typeof anomaly {
  const { fields, always } = compilerOf(type);
  const out: Record<string, unknown> = {};
  for (const name in source) {
    const copy = fields.get(name);
    if (copy === undefined) return anomaly;
    const value = source[name];
    if (value === undefined || value === null) continue;
    const made = copy(value);
    if (made === anomaly) return anomaly;
    if (made !== undefined) out[name] = made;
  }
  for (let i = 0; i < always.length; i++) {
    const [name, zero] = always[i] as readonly [string, () => unknown];
    if (out[name] === undefined) out[name] = zero();
  }
  return out;
}

/** Drafts that have empty optional lists or maps: what a client sent, and checks tell from none, though it is never written. */
const noted = new WeakSet<object>();

/** Remembers that a draft has empty optional lists or maps. */
export const noteEmpties = (draft: object): void => void noted.add(draft);

/** Forgets it again. */
export const forgetEmpties = (draft: object): boolean => noted.delete(draft);

/** Whether a draft has empty optional lists or maps. */
export const hasEmpties = (draft: object): boolean => noted.has(draft);

function copyKeeping(type: TypeSchema, source: Source): Record<string, unknown> | typeof anomaly {
  copying.keepsEmpty = true;
  copying.empties = false;
  const copy = copyObject(type, source);
  copying.keepsEmpty = false;
  if (copying.empties && copy !== anomaly) noteEmpties(copy);
  return copy;
}

/**
 * A private mutable copy of an object that is plainly of this type, as Go would decode it: optional fields that are empty are
 * gone, but for lists and maps (noted, see empties.ts), the others are there. `anomaly` when any part is unknown, null or of
 * another type.
 */
export const plainCopy = (type: TypeSchema, source: object): Record<string, unknown> | typeof anomaly => copyKeeping(type, source as Source);

/** The same without empty optional lists and maps, as Go would write it. */
export const writtenCopy = (type: TypeSchema, source: object): Record<string, unknown> | typeof anomaly => copyObject(type, source as Source);

/**
 * The same for a write of a status. Of the fields that it cannot change, those that are the stored object's own (as clients
 * in this process send them, and patches leave them) are shared with it: frozen, decoded and with defaults.
 */
export function statusCopy(type: TypeSchema, source: object, stored: object): Record<string, unknown> | typeof anomaly {
  const shared: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const name in source) {
    const value = (source as Source)[name];
    const isShared = name !== 'metadata' && name !== 'status' && typeof value === 'object' && value === (stored as Source)[name];
    (isShared ? shared : rest)[name] = value;
  }
  const copy = copyKeeping(type, rest);
  return copy === anomaly ? anomaly : Object.assign(copy, shared);
}
