import { allResources, apiVersionOf, type Describe, type FieldSchema, type ResourceInfo, type TypeSchema } from '../../../simulator/api';
import type { Locale, Text } from '../../text/text';

/** The reader's language, and the words of the fields in it. */
export interface SchemaWords {
  readonly locale: Locale;
  readonly describe: Describe;
}

const facts = {
  required: { ko: '필수', en: 'required' },
  default: { ko: '기본값', en: 'default' },
  oneOf: { ko: '다음 중 하나', en: 'one of' },
  key: { ko: '항목을 구별하는 키', en: 'items are told apart by' },
} as const satisfies Readonly<Record<string, Text>>;

type JsonSchema = Record<string, unknown>;

const scalars: Partial<Record<FieldSchema['type'], JsonSchema>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  bytes: { type: 'string' },
  quantity: { type: ['string', 'number'] },
  intOrString: { type: ['string', 'integer'] },
  time: { type: 'string' },
  microTime: { type: 'string' },
  duration: { type: 'string' },
  json: {},
};

/** What a hover shows: what the field means, then its type and what else the schema knows of it. */
function describeField(owner: TypeSchema, field: FieldSchema, { locale, describe }: SchemaWords): string {
  const element = field.element?.object ?? field.object;
  const kind = element === undefined ? (field.element === undefined ? field.type : `${field.type} of ${field.element.type}`) : `${field.type === 'object' ? '' : `${field.type} of `}${element.name.split('.').at(-1) ?? ''}`;
  return [
    ...[describe(owner.name, field.name)].filter((text) => text !== undefined),
    `\`${field.name}\`: ${kind}${field.required ? `, ${facts.required[locale]}` : ''}`,
    ...(field.default === undefined ? [] : [`${facts.default[locale]}: \`${JSON.stringify(field.default)}\``]),
    ...(field.enum === undefined ? [] : [`${facts.oneOf[locale]}: ${field.enum.map((value) => `\`${value}\``).join(', ')}`]),
    ...(field.patchMergeKey === undefined ? [] : [`${facts.key[locale]}: \`${field.patchMergeKey}\``]),
  ].join('\n\n');
}

/** Collects the definitions that the kinds lead to. */
class Definitions {
  readonly all: Record<string, JsonSchema> = {};

  constructor(readonly words: SchemaWords) {}

  reference(type: TypeSchema): JsonSchema {
    if (this.all[type.name] === undefined) {
      const definition: JsonSchema = {};
      this.all[type.name] = definition;
      Object.assign(definition, this.#object(type));
    }
    return { $ref: `#/definitions/${type.name}` };
  }

  #object(type: TypeSchema): JsonSchema {
    const fields = [...type.fields.values()];
    const required = fields.filter((field) => field.required).map((field) => field.name);
    return { type: 'object', properties: Object.fromEntries(fields.map((field) => [field.name, this.#field(type, field)])), additionalProperties: false, ...(required.length === 0 ? {} : { required }) };
  }

  #field(owner: TypeSchema, field: FieldSchema): JsonSchema {
    const words = describeField(owner, field, this.words);
    const described = { description: words.replaceAll('`', ''), markdownDescription: words, ...(field.default === undefined ? {} : { default: field.default }) };
    const shape = this.#shape(field);
    // Beside a $ref nothing else counts, so that the words go around it.
    return '$ref' in shape ? { allOf: [shape], ...described } : { ...shape, ...described };
  }

  #shape(field: FieldSchema): JsonSchema {
    if (field.object !== undefined && field.type === 'object') return field.alternative === undefined ? this.reference(field.object) : {};
    if (field.type === 'list') return { type: 'array', ...(field.element === undefined ? {} : { items: this.#shape(field.element) }) };
    if (field.type === 'map') return { type: 'object', ...(field.element === undefined ? {} : { additionalProperties: this.#shape(field.element) }) };
    const scalar = scalars[field.type] ?? {};
    return field.enum === undefined ? scalar : { ...scalar, enum: field.enum };
  }
}

/** One kind at the top of a document: its own apiVersion and kind, the status left to the server. */
function kindSchema(info: ResourceInfo, definitions: Definitions): JsonSchema {
  const apiVersion = apiVersionOf(info.group, info.version);
  return {
    allOf: [definitions.reference(info.type)],
    title: `${apiVersion} ${info.kind}`,
    description: definitions.words.describe(info.type.name) ?? '',
    properties: { apiVersion: { const: apiVersion }, kind: { const: info.kind } },
    required: ['apiVersion', 'kind', 'metadata'],
    'x-kubernetes-group-version-kind': [{ group: info.group, version: info.version, kind: info.kind }],
  };
}

/** A JSON schema of one document of a manifest: decided by apiVersion and kind, so that only the right kind's fields are offered. */
export function editorSchema(words: SchemaWords): object {
  const definitions = new Definitions(words);
  const kinds = allResources().filter((info) => info.verbs.includes('create') && info.verbs.includes('list'));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    required: ['apiVersion', 'kind'],
    properties: { apiVersion: { type: 'string', enum: [...new Set(kinds.map((info) => apiVersionOf(info.group, info.version)))] }, kind: { type: 'string', enum: [...new Set(kinds.map((info) => info.kind))] } },
    allOf: kinds.map((info) => ({
      if: { properties: { apiVersion: { const: apiVersionOf(info.group, info.version) }, kind: { const: info.kind } }, required: ['apiVersion', 'kind'] },
      then: kindSchema(info, definitions),
    })),
    definitions: definitions.all,
  };
}
