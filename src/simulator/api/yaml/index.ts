import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, type Scalar, type YAMLMap } from 'yaml';
import { NumberText } from '../json';
import { YamlError, yamlMessage } from './errors';
import { NotFinite, plainScalar } from './scalar';

export { YamlError } from './errors';

const options = { version: '1.1', schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent', keepSourceTokens: false, stringKeys: false } as const;
const deepest = 1000;
const mostNodes = 1_000_000;

class Converter {
  /** Keys that a map has twice, as Go's strict decoder tells of them. */
  readonly doubles: string[] = [];
  private nodes = 0;

  constructor(private readonly document: Document.Parsed, private readonly lines?: LineCounter) {}

  value(node: unknown, depth = 0): unknown {
    this.nodes += 1;
    if (this.nodes > mostNodes) throw new YamlError('yaml: document contains excessive aliasing');
    if (depth > deepest) throw new YamlError('yaml: exceeded max depth of 10000');
    if (isAlias(node)) {
      const target = node.resolve(this.document);
      if (!target) throw new YamlError(`yaml: unknown anchor '${node.source}' referenced`);
      return this.value(target, depth + 1);
    }
    if (isScalar(node)) return scalar(node);
    if (isSeq(node)) return node.items.map((item) => this.value(item, depth + 1));
    return isMap(node) ? this.map(node, depth) : null;
  }

  private map(node: YAMLMap, depth: number): Record<string, unknown> {
    const merged: Record<string, unknown> = {};
    const own: Record<string, unknown> = {};
    for (const { key, value } of node.items) {
      if (isScalar(key) && key.type === 'PLAIN' && key.value === '<<') {
        const from = this.value(value, depth + 1);
        for (const part of Array.isArray(from) ? [...(from as unknown[])].reverse() : [from]) Object.assign(merged, part);
      } else {
        const name = this.key(key);
        const inner = this.value(value, depth + 1);
        if (this.lines && Object.hasOwn(own, name)) this.doubles.push(`line ${this.lines.linePos(((value ?? key) as Node).range?.[0] ?? 0).line}: key ${JSON.stringify(name)} already set in map`);
        own[name] = inner;
      }
    }
    return { ...merged, ...own };
  }

  private key(node: unknown): string {
    const value = this.value(node);
    if (value === null) throw new YamlError('unsupported map key of type: %!s(<nil>), key: <nil>');
    if (typeof value === 'object' && !(value instanceof NumberText)) throw new YamlError(`yaml: invalid map key: ${Array.isArray(value) ? '[]interface {}' : 'map[interface {}]interface {}'}`);
    return value instanceof NumberText ? value.text : String(value as string | number | boolean);
  }
}

function scalar(node: Scalar): unknown {
  const text = String(node.value ?? '');
  const tag = node.tag ?? '';
  if (tag.endsWith(':str') || tag === '!') return text;
  if (node.type !== 'PLAIN' && !/:(?:int|float|bool|null)$/.test(tag)) return text;
  const value = plainScalar(text);
  return typeof value === 'bigint' ? new NumberText(value.toString()) : value;
}

/** The JSON of the first document of a YAML text, as sigs.k8s.io/yaml converts it; null when it is empty. Throws YamlError. */
export function parseYaml(text: string): unknown {
  const documents = parseAllDocuments(text, options) as readonly Document.Parsed[];
  const [document] = documents;
  if (!document) return null;
  const fault = document.errors.find((error) => error.code === 'MULTILINE_IMPLICIT_KEY') ?? document.errors[0];
  if (fault) throw new YamlError(yamlMessage(fault, text));
  try {
    return new Converter(document).value(document.contents as Node | null);
  } catch (error) {
    if (error instanceof NotFinite) throw new YamlError(error.message);
    throw error;
  }
}

/** What a strict reader finds in a YAML text (or JSON): each key that is set again, with its line, in the order in which Go finds them. */
export function doubleKeys(text: string): readonly string[] {
  const lineCounter = new LineCounter();
  const [first] = parseAllDocuments(text, { ...options, lineCounter });
  if (!first || !('contents' in first)) return [];
  const converter = new Converter(first as Document.Parsed, lineCounter);
  converter.value(first.contents);
  return converter.doubles;
}
