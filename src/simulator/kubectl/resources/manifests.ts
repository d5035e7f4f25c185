import { parseAllDocuments, type Document, type YAMLParseError } from 'yaml';
import { CommandError } from '../errors';
import { at, isFields, textAt, type Fields } from '../fields';
import { compactJson } from '../print/json';
import type { SourceText } from './read-files';

/** One object as a file wrote it. */
export interface Manifest {
  readonly source: string;
  readonly object: Fields;
}

type Found = readonly [message: string, fromScanner: boolean];

const messages: Readonly<Record<string, Found>> = {
  BLOCK_AS_IMPLICIT_KEY: ['mapping values are not allowed in this context', true],
  MULTILINE_IMPLICIT_KEY: ["could not find expected ':'", true],
  TAB_AS_INDENT: ['found character that cannot start any token', true],
  BAD_SCALAR_START: ['found character that cannot start any token', true],
  BAD_INDENT: ['did not find expected key', false],
  MISSING_CHAR: ["did not find expected ',' or '}'", false],
  BAD_ALIAS: ['did not find expected alphabetic or numeric character', true],
  KEY_OVER_1024_CHARS: ["could not find expected ':'", true],
  UNEXPECTED_TOKEN: ['did not find expected key', false],
  BAD_FLOW: ["did not find expected ',' or '}'", false],
  BAD_COLLECTION_TYPE: ['did not find expected key', false],
};

/** The bracket of the flow collection that a text ends in; undefined outside of any. */
function openBracket(text: string): string | undefined {
  const open: string[] = [];
  const plainText = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?<=^|\s)#.*/gm, '');
  for (const [bracket] of plainText.matchAll(/(?<=^|[\s:,[{-])[[{]|[\]}]/g)) {
    if (bracket === '{' || bracket === '[') open.push(bracket);
    else open.pop();
  }
  return open.at(-1);
}

/** What go-yaml says of an error that our parser found. Lines are those of go-yaml: of the first line it names none. */
function yamlMessage(error: YAMLParseError, text: string): string {
  const unresolved = /Unresolved alias[^:]*: (\S+)/.exec(error.message);
  if (unresolved) return `yaml: unknown anchor '${unresolved[1]}' referenced`;
  let line = text.slice(0, error.pos[0]).split('\n').length - 1;
  let [message, scanner] = messages[error.code] ?? ['did not find expected node content', false];
  if (error.code === 'MISSING_CHAR') {
    if (/quote/.test(error.message)) [message, scanner] = ['found unexpected end of stream', true];
    else if (/\]/.test(error.message)) message = "did not find expected ',' or ']'";
    if (scanner || error.pos[0] >= text.length - 1) line = text.split('\n').length - 1;
  }
  const open = openBracket(text.slice(0, error.pos[0]));
  if (!scanner && open !== undefined) message = `did not find expected ',' or '${open === '{' ? '}' : ']'}'`;
  if (error.code === 'BAD_INDENT' && /implicit key|multiline/i.test(error.message)) [message, scanner] = ["could not find expected ':'", true];
  return line === 0 ? `yaml: ${message}` : `yaml: line ${scanner ? line + 1 : line}: ${message}`;
}

/** Splits at document separators; a separator is `---` alone at a line's start. */
const documentsOf = (text: string): string[] => text.replace(/^---[ \t]*(#.*)?\n/, '').split(/\n---[ \t]*(?:#.*)?(?:\n|$)/);

/** Plain JSON data of a YAML document, as sigs.k8s.io/yaml converts it: keys are texts. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item)]));
  if (isFields(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  if (typeof value === 'bigint') return Number(value);
  return value;
}

/** The data of one YAML or JSON document; undefined when it is empty. Throws what kubectl says of broken ones. */
export function parseDocument(text: string, source: string): unknown {
  const options = { version: '1.1', merge: true, uniqueKeys: false, prettyErrors: false, logLevel: 'silent', customTags: (tags: readonly unknown[]) => tags.filter((tag) => (tag as { tag?: string }).tag !== 'tag:yaml.org,2002:timestamp') } as const;
  const [document] = parseAllDocuments(text, options as never) as Document.Parsed[];
  if (!document) return undefined;
  const [error] = document.errors;
  if (error) throw new CommandError(`error parsing ${source}: error converting YAML to JSON: ${yamlMessage(error, text)}`);
  try {
    return plain(document.toJS());
  } catch (problem) {
    const unresolved = /Unresolved alias[^:]*: (\S+)/.exec(problem instanceof Error ? problem.message : '');
    throw new CommandError(`error parsing ${source}: error converting YAML to JSON: yaml: unknown anchor '${unresolved?.[1] ?? ''}' referenced`);
  }
}

const typeName = (value: unknown): string => (Array.isArray(value) ? 'array' : isFields(value) ? 'object' : typeof value === 'boolean' ? 'bool' : (typeof value));

const textFields = ['generateName', 'name', 'namespace', 'resourceVersion', 'selfLink', 'uid'];

/** What keeps the metadata from being decoded; undefined when it is right. */
function metadataProblem(object: Fields): string | undefined {
  const metadata = object['metadata'];
  if (metadata === undefined || metadata === null) return undefined;
  const refuse = (value: unknown, where: string, type: string) => `json: cannot unmarshal ${typeName(value)} into Go struct field ${where} of type ${type}`;
  if (!isFields(metadata)) return refuse(metadata, 'metadataOnlyObject.metadata', 'v1.ObjectMeta');
  for (const key of Object.keys(metadata).sort()) {
    const value = metadata[key];
    if (value === null) continue;
    if (textFields.includes(key) && typeof value !== 'string') return refuse(value, `ObjectMeta.metadata.${key}`, 'string');
    if (key !== 'labels' && key !== 'annotations') continue;
    if (!isFields(value)) return refuse(value, `ObjectMeta.metadata.${key}`, 'map[string]string');
    const wrong = Object.keys(value).sort().find((one) => typeof value[one] !== 'string' && value[one] !== null);
    if (wrong !== undefined) return refuse(value[wrong], `ObjectMeta.metadata.${key}`, 'string');
  }
  return undefined;
}

/** The client-side part of validation: is it an object with apiVersion and kind? */
function validate(object: unknown, source: string): void {
  const problems: string[] = [];
  if (!isFields(object)) problems.push('invalid object to validate');
  else {
    for (const field of ['apiVersion', 'kind']) {
      if (object[field] === undefined || object[field] === '' || object[field] === null) problems.push(`${field} not set`);
      else if (typeof object[field] !== 'string') problems.push(`${field} isn't string type`);
    }
  }
  if (problems.length === 0) return;
  const text = problems.length === 1 ? problems[0] : `[${problems.join(', ')}]`;
  throw new CommandError(`error validating ${JSON.stringify(source)}: error validating data: ${text}; if you choose to ignore these errors, turn validation off with --validate=false`);
}

function decode(object: unknown, source: string, validated: boolean): Fields[] {
  if (validated) validate(object, source);
  const problem = isFields(object) ? metadataProblem(object) : `json: cannot unmarshal ${typeName(object)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`;
  if (problem !== undefined) throw new CommandError(`unable to decode ${JSON.stringify(source)}: ${problem}`);
  const fields = object as Fields;
  if (textAt(fields, 'kind') === '') throw new CommandError(`unable to decode ${JSON.stringify(source)}: Object 'Kind' is missing in '${compactJson(fields)}'`);
  const items = at(fields, 'items');
  if (textAt(fields, 'kind') === 'List' && Array.isArray(items)) return items.flatMap((item) => decode(item, source, validated));
  return [fields];
}

/** The objects of a source in order. The first problem is thrown after `found` got what came before it. */
export function readManifests({ source, text }: SourceText, validated: boolean, found: (manifest: Manifest) => void): void {
  for (const part of documentsOf(text)) {
    const data = parseDocument(part, source);
    if (data === undefined || data === null || (isFields(data) && Object.keys(data).length === 0)) continue;
    for (const object of decode(data, source, validated)) found({ source, object });
  }
}
