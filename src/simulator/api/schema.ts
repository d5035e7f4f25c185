/**
 * What is known of every kind, field and resource: generated from a real API server by `npm run schema` (see
 * tools/schema), loaded once. Everything that walks objects (decoding, defaulting, patching, apply, explain, the
 * editor's completion) walks these.
 */

/** What a type, or a field of it, means; the schema itself has no words. Undefined where nothing is known. Types go by their full names; '' is any object. */
export type Describe = (type: string, field?: string) => string | undefined;

/** What a field holds. `json` is anything (RawExtension, JSONSchemaProps' open parts, FieldsV1). */
export type FieldType =
  | 'string' | 'boolean' | 'integer' | 'number' | 'bytes' | 'quantity' | 'intOrString'
  | 'time' | 'microTime' | 'duration' | 'object' | 'list' | 'map' | 'json';

export interface FieldSchema {
  /** JSON name; '' for the element of a list or map. */
  readonly name: string;
  readonly type: FieldType;
  /** int32, int64, uint8 …, double; of `json`: raw for RawExtension, fields for FieldsV1. */
  readonly format?: string;
  readonly required: boolean;
  readonly enum?: readonly string[];
  /** The default that the schema itself carries. */
  readonly default?: unknown;
  /** Of an object. */
  readonly object?: TypeSchema;
  /** Of a list's or map's element. */
  readonly element?: FieldSchema;
  /** Server-side apply: how a list or map is merged. */
  readonly listType?: 'atomic' | 'set' | 'map';
  readonly listMapKeys?: readonly string[];
  readonly atomic?: boolean;
  /** Strategic merge patch: 'merge', 'replace', 'retainKeys', 'merge,retainKeys'. */
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  /** Field number on the protobuf wire; absent when the kind has none. */
  readonly protobuf?: number;
  /** How Go holds it, where it matters: a pointer is absent or present, a value has a zero. */
  readonly pointer?: boolean;
  /** Written only when not empty. Go never omits a struct unless it says omitzero. */
  readonly omitEmpty?: boolean;
  /** Go's name of the type, without pointer: v1.PullPolicy, []v1.Container. Decode errors say it. */
  readonly goType: string;
  /** JSON flattens embedded structs, protobuf nests them: the numbers of the messages around the field, outermost first. */
  readonly protobufInline?: readonly number[];
  /** The Go names of those embedded structs, each with a dot behind it; decode errors say them. */
  readonly goEmbedded?: string;
  /** A list that is a message of its own in protobuf, its items in field 1. */
  readonly wrapped?: boolean;
  /** What may stand there instead of the object: a boolean, a list of such objects, a list of strings. */
  readonly alternative?: 'boolean' | 'list' | 'strings';
}

/** A Go struct: its fields in Go's order, which is the order in which the server writes JSON. */
export interface TypeSchema {
  /** OpenAPI name: io.k8s.api.core.v1.PodSpec. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, FieldSchema>;
  /** It, or what it stands in, takes fields that are not declared (x-kubernetes-preserve-unknown-fields). */
  readonly open?: boolean;
}

/** A column of the table that the server sends to kubectl get. The values are computed by hand-written printers. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** 0: always; above: with -o wide. */
  readonly priority: number;
}

/** One resource as discovery lists it. */
export interface ResourceInfo {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural: pods. */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly SubresourceInfo[];
  readonly columns: readonly ColumnDefinition[];
  readonly storageVersionHash: string;
  /** The schema of the kind; absent for kinds that only exist as requests of subresources. */
  readonly type: TypeSchema;
}

export interface SubresourceInfo {
  /** status, scale, log … */
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}
