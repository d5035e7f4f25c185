import type { Describe, FieldSchema, TypeSchema } from '../../api';
import { typeForKind } from '../../api';
import type { Task } from '../../kernel';
import type { Mapping } from '../api/mapper';
import type { Command, Context } from '../command';
import { CommandError } from '../errors';
import { compareText, fieldsAt, listAt, textAt, textsAt, type Fields } from '../fields';
import { flag } from '../flags';

/** A field as explain shows it, wherever its schema comes from. */
interface Shown {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly enum: readonly string[];
  /** What the field is for and what its type is, a line each. */
  readonly description: string;
  /** What the field is for: shown in the list of fields. */
  readonly summary: string;
  /** The fields in it, or in its elements. */
  readonly fields: () => readonly Shown[];
}

const shortName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

function typeText(field: FieldSchema): string {
  switch (field.type) {
    case 'object':
      return field.object ? shortName(field.object.name) : 'Object';
    case 'list':
      return `[]${field.element ? typeText(field.element) : 'Object'}`;
    case 'map':
      return `map[string]${field.element ? typeText(field.element) : 'Object'}`;
    case 'quantity':
      return 'Quantity';
    case 'intOrString':
      return 'IntOrString';
    case 'time':
    case 'microTime':
      return 'string';
    case 'duration':
      return 'Duration';
    case 'bytes':
      return 'string';
    case 'json':
      return field.name === 'fieldsV1' ? 'FieldsV1' : 'Object';
    default:
      return field.type;
  }
}

function innerType(field: FieldSchema | undefined): TypeSchema | undefined {
  if (!field) return undefined;
  return field.object ?? innerType(field.element);
}

/** What a field is for, and what its type is: on a line of its own, as the API server's two descriptions are. */
function descriptionOf(owner: TypeSchema, field: FieldSchema, describe: Describe): string {
  return [describe(owner.name, field.name), describe(elementType(field))].filter((text) => text !== undefined).join('\n');
}

/** Name of the type of a field, or of its elements. */
function elementType(field: FieldSchema): string {
  const scalars: Partial<Record<FieldSchema['type'], string>> = { quantity: 'Quantity', intOrString: 'IntOrString', time: 'Time', microTime: 'MicroTime', duration: 'Duration' };
  return innerType(field)?.name ?? scalars[field.type] ?? (field.element ? elementType(field.element) : field.type);
}

const shownField = (owner: TypeSchema, field: FieldSchema, describe: Describe): Shown => ({
  name: field.name,
  type: typeText(field),
  required: field.required,
  enum: field.enum ?? [],
  description: descriptionOf(owner, field, describe),
  summary: describe(owner.name, field.name) ?? '',
  fields: () => fieldsOf(innerType(field), describe),
});

function fieldsOf(type: TypeSchema | undefined, describe: Describe): readonly Shown[] {
  return type ? [...type.fields.values()].map((field) => shownField(type, field, describe)).sort((a, b) => compareText(a.name, b.name)) : [];
}

/** Fields of a custom resource's OpenAPI schema. */
function openApiFields(schema: Fields | undefined): readonly Shown[] {
  const required = textsAt(schema, 'required');
  const properties = fieldsAt(schema, 'properties') ?? {};
  return Object.keys(properties).sort(compareText).map((name) => openApiField(name, properties[name] as Fields, required.includes(name)));
}

function openApiField(name: string, schema: Fields, required: boolean): Shown {
  const item = fieldsAt(schema, 'items') ?? fieldsAt(schema, 'additionalProperties');
  const description = textAt(schema, 'description');
  return { name, type: openApiType(schema), required, enum: textsAt(schema, 'enum'), description, summary: description, fields: () => openApiFields(item ?? schema) };
}

function openApiType(schema: Fields): string {
  const type = textAt(schema, 'type');
  if (type === 'array') return `[]${openApiType(fieldsAt(schema, 'items') ?? {})}`;
  if (type === 'object') {
    const values = fieldsAt(schema, 'additionalProperties');
    return values ? `map[string]${openApiType(values)}` : 'Object';
  }
  return type === '' ? (schema['x-kubernetes-int-or-string'] === true ? 'IntOrString' : 'Object') : type;
}

/** The schema of a resource: ours, or for custom ones the definition's. */
function* rootOf({ session }: Context, mapping: Mapping): Task<Shown> {
  const known = typeForKind(mapping);
  const describe: Describe = session.host.describe ?? (() => undefined);
  const base = { name: '', type: mapping.kind, required: false, enum: [], summary: '' };
  if (known) return { ...base, description: describe(known.name) ?? '', fields: () => fieldsOf(known, describe) };
  const definition = yield* session.rest.get(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${mapping.resource}.${mapping.group}`);
  const version = listAt(definition, 'spec', 'versions').find((one) => one['name'] === mapping.version);
  const schema = fieldsAt(version, 'schema', 'openAPIV3Schema');
  const objectMeta = typeForKind({ group: '', version: 'v1', kind: 'ObjectMeta' });
  const aboutMetadata = describe('', 'metadata') ?? '';
  const meta = { name: 'metadata', type: 'ObjectMeta', required: false, enum: [], description: [aboutMetadata, describe(objectMeta?.name ?? '') ?? ''].filter((text) => text !== '').join('\n'), summary: aboutMetadata, fields: () => fieldsOf(objectMeta, describe) };
  const own = openApiFields(schema).filter(({ name }) => !['apiVersion', 'kind', 'metadata'].includes(name));
  const texts = ['apiVersion', 'kind'].map((name) => ({ name, type: 'string', required: false, enum: [], description: describe('', name) ?? '', summary: describe('', name) ?? '', fields: () => [] }));
  return { ...base, description: textAt(schema, 'description'), fields: () => [...texts, meta, ...own].sort((a, b) => compareText(a.name, b.name)) };
}

/** Columns that a text takes: Hangul and other wide letters take two. */
const width = (text: string): number => [...text].reduce((sum, letter) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(letter) ? 2 : 1), 0);

/** Words on lines of at most 80 columns, four in. */
function wrapped(text: string, indent = 4): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(/\s+/).filter((one) => one !== '')) {
      if (line !== '' && indent + width(line) + 1 + width(word) > 80) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines.map((one) => `${' '.repeat(indent)}${one}\n`).join('');
}

function enumLine(values: readonly string[]): string {
  return values.length > 4 ? `${values.slice(0, 4).join(', ')}, ....` : values.join(', ');
}

function writeTree(fields: readonly Shown[], level: number, out: string[], seen: readonly string[]): void {
  for (const field of fields) {
    const indent = '  '.repeat(level);
    out.push(`${indent}${field.name}\t<${field.type}>${field.required ? ' -required-' : ''}\n`);
    if (field.enum.length > 0) out.push(`${indent}enum: ${enumLine(field.enum)}\n`);
    const inner = field.fields();
    if (inner.length > 0 && !seen.includes(field.type)) writeTree(inner, level + 1, out, [...seen, field.type]);
  }
}

function render(mapping: Mapping, field: Shown, isRoot: boolean, recursive: boolean): string {
  const out: string[] = [];
  if (mapping.group !== '') out.push(`GROUP:      ${mapping.group}\n`);
  out.push(`KIND:       ${mapping.kind}\nVERSION:    ${mapping.version}\n\n`);
  if (!isRoot) {
    out.push(`FIELD: ${field.name} <${field.type}>\n`);
    out.push(field.enum.length > 0 ? `ENUM:\n${field.enum.map((value) => `    ${value}\n`).join('')}\n` : '\n\n');
  }
  out.push(`DESCRIPTION:\n${field.description === '' ? '    <empty>\n' : wrapped(field.description)}`);
  if (field.description !== '') out.push('    \n');
  const fields = field.fields();
  if (fields.length === 0) return `${out.join('')}\n`;
  out.push('FIELDS:\n');
  if (recursive) writeTree(fields, 1, out, []);
  else {
    for (const one of fields) {
      out.push(`  ${one.name}\t<${one.type}>${one.required ? ' -required-' : ''}\n`);
      if (one.enum.length > 0) out.push(`  enum: ${enumLine(one.enum)}\n`);
      out.push(one.summary === '' ? '    <no description>\n\n' : `${wrapped(one.summary)}\n`);
    }
  }
  return `${out.join('')}\n`;
}

function* run(context: Context): Task<void> {
  const { args, flags, out, session } = context;
  const format = flags.string('output');
  if (args.length === 0) throw new CommandError('You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.');
  if (args.length > 1) throw new CommandError('We accept only this format: explain RESOURCE');
  if (!['plaintext', 'plaintext-openapiv2'].includes(format)) throw new CommandError(`unrecognized format: ${format}`);
  const mapper = yield* session.mapper();
  const words = (args[0] as string).replace(/\.$/, '').split('.');
  let found = mapper.find(words[0] as string);
  let path = words.slice(1);
  for (let length = words.length; !found && length > 1; length--) {
    found = mapper.find(words.slice(0, length).join('.'));
    path = words.slice(length);
  }
  if (!found) throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(words[0])}`, { bare: true });
  const version = flags.string('api-version');
  if (version !== '') {
    const { resource } = found;
    const other = mapper.mappings.find((one) => one.resource === resource && (one.group === '' ? one.version : `${one.group}/${one.version}`) === version);
    if (!other) throw new CommandError(`couldn't find resource for "${version.includes('/') ? version : `/${version}`}, Resource=${resource}"`);
    found = other;
  }
  const root = yield* rootOf(context, found);
  let field = root;
  for (const name of path) {
    const next = field.fields().find((one) => one.name === name);
    if (!next) {
      out(`${found.group === '' ? '' : `GROUP:      ${found.group}\n`}KIND:       ${found.kind}\nVERSION:    ${found.version}\n\n`);
      throw new CommandError(`field ${JSON.stringify(name)} does not exist`);
    }
    field = next;
  }
  out(render(found, field, path.length === 0, flags.bool('recursive')));
}

/** kubectl explain */
export const explain: Command = {
  name: 'explain',
  short: 'Get documentation for a resource',
  use: 'TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  examples: ['kubectl explain pods.spec.containers', 'kubectl explain deployment --recursive'],
  flags: [flag("--api-version=''", 'Version of the resource: group/version.'), flag("-o, --output='plaintext'", 'plaintext or plaintext-openapiv2.'), flag('-R, --recursive=false', 'All fields within, without descriptions.')],
  run,
};
