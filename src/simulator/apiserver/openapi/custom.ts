import { typeForKind, type TypeSchema } from '../../api';
import type { ServedResource } from '../served';
import type { Json, Prefix, SchemaWriter } from './schemas';

/** A version of OpenAPI. */
export interface Dialect {
  readonly prefix: Prefix;
  /** OpenAPI 2.0, which has neither nullable values nor alternatives: what needs them is published without its type. */
  readonly old: boolean;
}

const alternatives = ['anyOf', 'oneOf', 'allOf', 'not', 'nullable', 'default'];
/** What is left of a value of which OpenAPI 2.0 cannot say what it may be. */
const shapeless = ['type', 'properties', 'items', 'additionalProperties', 'required', 'format', 'enum', 'minItems', 'maxItems', 'minProperties', 'maxProperties'];

const without = (schema: Json, names: readonly string[]): Json => Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)));
const each = (schemas: unknown, publish: (schema: Json) => Json): Json => Object.fromEntries(Object.entries(schemas as Record<string, Json>).map(([name, schema]) => [name, publish(schema)]));

/** Writes the schemas of custom resources into an OpenAPI document. */
export class CustomSchemas {
  constructor(private readonly writer: SchemaWriter, private readonly dialect: Dialect) {}

  /** A reference to the schema of the resource's kind, or of its list; it is written too. */
  write({ info: { group, version, kind }, custom, listKind = `${kind}List` }: ServedResource, list: boolean): Json {
    const domain = `${group.split('.').reverse().join('.')}.${version}`;
    const shown = list ? listKind : kind;
    const name = `${domain}.${shown}`;
    if (!(name in this.writer.schemas)) {
      const kinds = { 'x-kubernetes-group-version-kind': [{ group, version, kind: shown }] };
      const items = { $ref: `${this.dialect.prefix}${domain}.${kind}` };
      this.writer.schemas[name] = list
        ? { type: 'object', required: ['items'], properties: { ...this.standard('ListMeta'), items: { type: 'array', items } }, ...kinds }
        : { ...this.root(custom?.openApi ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }), ...kinds };
    }
    return { $ref: this.dialect.prefix + name };
  }

  private standard(meta: 'ObjectMeta' | 'ListMeta'): Json {
    const reference = this.writer.type(typeForKind({ group: '', version: 'v1', kind: meta }) as TypeSchema);
    const words = (field: string): Json => this.writer.words('', field);
    return {
      apiVersion: { ...words('apiVersion'), type: 'string' },
      kind: { ...words('kind'), type: 'string' },
      metadata: { ...words('metadata'), ...(this.dialect.old ? reference : { allOf: [reference] }) },
    };
  }

  private root(schema: Json): Json {
    if (this.dialect.old && schema['x-kubernetes-preserve-unknown-fields'] === true) return { type: 'object' };
    const published = this.publish(schema);
    return { ...published, properties: { ...(published['properties'] as Json | undefined), ...this.standard('ObjectMeta') } };
  }

  private readonly publish = (schema: Json): Json => {
    const { old } = this.dialect;
    if (old && schema['x-kubernetes-preserve-unknown-fields'] === true) return without(schema, [...shapeless, ...alternatives]);
    if (old && schema['nullable'] === true) return without(schema, [...shapeless, ...alternatives]);
    const { properties, items, additionalProperties } = schema;
    const own = old ? without(schema, alternatives) : schema;
    const isResource = schema['x-kubernetes-embedded-resource'] === true;
    return {
      ...own,
      ...(!old && schema['x-kubernetes-int-or-string'] === true && { anyOf: schema['anyOf'] ?? [{ type: 'integer' }, { type: 'string' }] }),
      ...((properties !== undefined || isResource) && { properties: { ...each(properties ?? {}, this.publish), ...(isResource && this.standard('ObjectMeta')) } }),
      ...(isResource && { required: [...new Set(['kind', 'apiVersion', ...((schema['required'] as readonly string[] | undefined) ?? [])])] }),
      ...(typeof items === 'object' && { items: this.publish(items as Json) }),
      ...(typeof additionalProperties === 'object' && { additionalProperties: this.publish(additionalProperties as Json) }),
    };
  };
}
