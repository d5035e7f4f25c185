import { typeNamed } from '../catalog';
import type { FieldSchema, FieldType, TypeSchema } from '../schema';
import { isIntOrString, itemsOf, objectFields, preserves, type StructuralSchema, valuesOf } from './schema';

const scalars: Readonly<Record<string, FieldType>> = { string: 'string', integer: 'integer', number: 'number', boolean: 'boolean' };
const metadataName = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

function fieldOf(name: string, schema: StructuralSchema, path: string, required: boolean, within: boolean): FieldSchema {
  const open = within || preserves(schema);
  const base = { name, required, pointer: true, omitEmpty: true, goType: schema.type ?? '', ...(schema.format && { format: schema.format }), ...(schema.default !== undefined && { default: schema.default }) };
  if (schema.enum) Object.assign(base, { enum: schema.enum.map(String) });
  if (isIntOrString(schema)) return { ...base, type: 'intOrString' };
  const items = itemsOf(schema);
  if (schema.type === 'array') return listField({ ...base, type: 'list' }, schema, items, path, open);
  if (schema.type !== 'object') return { ...base, type: scalars[schema.type ?? ''] ?? 'json' };
  const atomic = schema['x-kubernetes-map-type'] === 'atomic' && { atomic: true };
  const values = valuesOf(schema);
  if (values) return { ...base, ...atomic, type: 'map', element: fieldOf('', values, path, false, open) };
  if (!schema.properties && (preserves(schema) || schema.additionalProperties === true || schema['x-kubernetes-embedded-resource'])) return { ...base, ...atomic, type: 'json' };
  return { ...base, ...atomic, type: 'object', object: new StructuralType(path, schema, false, open) };
}

function listField(base: FieldSchema, schema: StructuralSchema, items: StructuralSchema | undefined, path: string, open: boolean): FieldSchema {
  const type = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'];
  return {
    ...base,
    element: items ? fieldOf('', items, path, false, open) : { name: '', type: 'json', required: false, goType: '' },
    listType: type === 'set' || type === 'map' ? type : 'atomic',
    ...(keys && { listMapKeys: keys }),
  };
}

/** A custom resource's struct, made when its fields are first asked for. */
class StructuralType implements TypeSchema {
  private made: ReadonlyMap<string, FieldSchema> | undefined;

  constructor(
    readonly name: string,
    private readonly schema: StructuralSchema,
    private readonly root: boolean,
    readonly open: boolean,
  ) {}

  get fields(): ReadonlyMap<string, FieldSchema> {
    return (this.made ??= this.make());
  }

  private make(): ReadonlyMap<string, FieldSchema> {
    const out = new Map<string, FieldSchema>();
    if (this.root || this.schema['x-kubernetes-embedded-resource']) {
      for (const name of ['apiVersion', 'kind']) out.set(name, { name, type: 'string', required: false, omitEmpty: true, goType: 'string' });
      const metadata = typeNamed(metadataName);
      if (metadata) out.set('metadata', { name: 'metadata', type: 'object', required: false, object: metadata, goType: 'v1.ObjectMeta' });
    }
    const required = new Set(this.schema.required ?? []);
    for (const name of Object.keys(this.schema.properties ?? {}).sort()) {
      if (this.root && objectFields.has(name)) continue;
      out.set(name, fieldOf(name, this.schema.properties?.[name] as StructuralSchema, `${this.name}.${name}`, required.has(name), this.open));
    }
    return out;
  }
}

/** The schema of a custom resource in the form that built-in kinds have, for apply, printing and explain. */
export const structuralType = (name: string, schema: StructuralSchema): TypeSchema => new StructuralType(name, schema, true, preserves(schema));
