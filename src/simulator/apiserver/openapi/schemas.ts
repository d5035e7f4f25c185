import type { Describe, FieldSchema, TypeSchema } from '../../api';

/** JSON of an OpenAPI document or a part of one. */
export type Json = Readonly<Record<string, unknown>>;

const special: Readonly<Record<string, readonly [name: string, schema: Json]>> = {
  quantity: ['io.k8s.apimachinery.pkg.api.resource.Quantity', { oneOf: [{ type: 'string' }, { type: 'number' }] }],
  intOrString: ['io.k8s.apimachinery.pkg.util.intstr.IntOrString', { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] }],
  time: ['io.k8s.apimachinery.pkg.apis.meta.v1.Time', { type: 'string', format: 'date-time' }],
  microTime: ['io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime', { type: 'string', format: 'date-time' }],
  duration: ['io.k8s.apimachinery.pkg.apis.meta.v1.Duration', { type: 'string' }],
};

/** Writes schemas as one version of OpenAPI refers to them, and remembers which types they refer to. */
export class SchemaWriter {
  /** By name; filled as types are referred to. */
  readonly schemas: Record<string, Json> = {};
  private readonly waiting: TypeSchema[] = [];

  /** `prefix`: '#/components/schemas/' or '#/definitions/'. */
  constructor(
    private readonly prefix: string,
    private readonly kindsOf: (name: string) => readonly Json[],
    private readonly describe: Describe,
  ) {}

  /** The description of a type, or of a field of it, as a part of its schema. */
  words(type: string, field?: string): Json {
    const description = this.describe(type, field);
    return description === undefined ? {} : { description };
  }

  /** A reference to a type, which is written too. */
  type(type: TypeSchema): Json {
    if (!(type.name in this.schemas)) {
      this.schemas[type.name] = {};
      this.waiting.push(type);
      if (this.waiting.length === 1) this.drain();
    }
    return { $ref: this.prefix + type.name };
  }

  private drain(): void {
    for (let type = this.waiting[0]; type !== undefined; type = this.waiting[0]) {
      const properties: Record<string, Json> = {};
      const required: string[] = [];
      for (const [name, field] of type.fields) {
        properties[name] = { ...this.words(type.name, name), ...this.field(field, false) };
        if (field.required) required.push(name);
      }
      const kinds = this.kindsOf(type.name);
      this.schemas[type.name] = {
        ...this.words(type.name),
        type: 'object',
        ...(required.length > 0 && { required }),
        properties,
        ...(kinds.length > 0 && { 'x-kubernetes-group-version-kind': kinds }),
      };
      this.waiting.shift();
    }
  }

  private reference(reference: Json, more: Json): Json {
    if (this.prefix === '#/definitions/') return { ...reference, ...more };
    return Object.keys(more).length === 0 ? reference : { ...more, allOf: [reference] };
  }

  private field(field: FieldSchema, item: boolean): Json {
    const extensions = extensionsOf(field);
    const known = special[field.type];
    if (known) {
      const [name, schema] = known;
      this.schemas[name] ??= { ...this.words(name), ...(this.prefix === '#/definitions/' && name.endsWith('Quantity') ? { type: 'string' } : this.prefix === '#/definitions/' && name.endsWith('IntOrString') ? { type: 'string', format: 'int-or-string' } : schema) };
      return item ? { $ref: this.prefix + name } : this.prefix === '#/definitions/' ? { $ref: this.prefix + name, ...extensions } : { allOf: [{ $ref: this.prefix + name }], ...extensions };
    }
    switch (field.type) {
      case 'object': {
        const reference = this.type(field.object as TypeSchema);
        const zero = !field.pointer ? { default: {} } : {};
        return this.prefix === '#/definitions/' ? this.reference(reference, extensions) : { ...zero, allOf: [reference], ...extensions };
      }
      case 'list':
        return { type: 'array', items: this.field(field.element as FieldSchema, true), ...extensions };
      case 'map':
        return { type: 'object', additionalProperties: this.field(field.element as FieldSchema, true), ...extensions };
      case 'bytes':
        return { type: 'string', format: 'byte', ...extensions };
      case 'integer':
      case 'number':
        return { type: field.type, ...(field.format !== undefined && { format: field.format }), ...extensions, ...(field.required && field.default === undefined && !item && { default: 0 }) };
      case 'json':
        return field.format === undefined ? { ...extensions } : { type: 'object', ...extensions };
      default:
        return { type: field.type, ...extensions, ...(field.required && field.default === undefined && field.type === 'string' && !item && field.enum === undefined && { default: '' }) };
    }
  }
}

function extensionsOf(field: FieldSchema): Json {
  return {
    ...(field.default !== undefined && { default: field.default }),
    ...(field.enum && { enum: field.enum }),
    ...(field.listMapKeys && { 'x-kubernetes-list-map-keys': field.listMapKeys }),
    ...(field.listType && { 'x-kubernetes-list-type': field.listType }),
    ...(field.atomic && { 'x-kubernetes-map-type': 'atomic' }),
    ...(field.patchMergeKey !== undefined && { 'x-kubernetes-patch-merge-key': field.patchMergeKey }),
    ...(field.patchStrategy !== undefined && { 'x-kubernetes-patch-strategy': field.patchStrategy }),
  };
}
