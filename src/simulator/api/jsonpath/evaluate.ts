import { encodeAny } from '../decode';
import { isJsonObject } from '../patch';
import { JsonPathError, parseTemplate, type PathNode, type SliceNode } from './parse';

/** How a template is filled in. */
export interface JsonPathOptions {
  /** Missing fields give nothing instead of an error. */
  readonly allowMissingKeys?: boolean;
}

class Literal {
  constructor(
    readonly value: unknown,
    readonly isFloat = false,
  ) {}
}

const goKind = (value: unknown): string => {
  if (isJsonObject(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value;
};

class Evaluator {
  constructor(
    private readonly root: unknown,
    private readonly missing: boolean,
  ) {}

  /** Each action's results, one list an action; ranges are unrolled. */
  *results(nodes: readonly PathNode[], current: readonly unknown[]): Generator<readonly unknown[]> {
    for (let i = 0; i < nodes.length; i++) {
      const node = nodes[i] as PathNode;
      const [first, ...rest] = node.kind === 'list' ? node.nodes : [];
      if (first?.kind === 'identifier' && first.name === 'range') {
        const end = matchingEnd(nodes, i);
        for (const value of rest.length === 0 ? [] : this.walk(rest, current)) yield* this.results(nodes.slice(i + 1, end), [value]);
        if (end < nodes.length) i = end;
      } else if (first?.kind === 'identifier') {
        throw new JsonPathError('not in range, nothing to end');
      } else yield node.kind === 'text' ? [new Literal(node.text)] : this.walk(node.kind === 'list' ? node.nodes : [node], current);
    }
  }

  walk(nodes: readonly PathNode[], current: readonly unknown[]): readonly unknown[] {
    let values = current;
    for (const node of nodes) values = this.step(node, values);
    return values;
  }

  private step(node: PathNode, values: readonly unknown[]): readonly unknown[] {
    switch (node.kind) {
      case 'text': return [new Literal(node.text)];
      case 'number': return [new Literal(node.value, node.isFloat)];
      case 'boolean': return [new Literal(node.value)];
      case 'identifier': throw new JsonPathError(`unexpected identifier ${node.name}`);
      case 'root': return [this.root];
      case 'list': return this.walk(node.nodes, values);
      case 'wildcard': return values.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : isJsonObject(value) ? Object.keys(value).sort().map((key) => value[key]) : []));
      case 'recursive': return values.flatMap((value) => descendants(value));
      case 'union': return node.parts.flatMap((part) => this.walk(part, values));
      case 'slice': return values.flatMap((value) => slice(node, value, this.missing));
      case 'filter': return values.flatMap((value) => this.filter(node, value));
      default: return this.fields(node.name, values);
    }
  }

  private fields(name: string, values: readonly unknown[]): readonly unknown[] {
    if (values.length === 0) return values;
    const found = values.flatMap((value) => (isJsonObject(value) && Object.hasOwn(value, name) ? [value[name]] : []));
    if (found.length === 0 && !this.missing) throw new JsonPathError(`${name} is not found`);
    return found;
  }

  private filter(node: PathNode & { kind: 'filter' }, value: unknown): readonly unknown[] {
    if (!Array.isArray(value)) {
      if (value === null || value === undefined) return [];
      throw new JsonPathError(`${encodeAny(value)} is not array or slice and cannot be filtered`);
    }
    const inside = new Evaluator(this.root, true);
    return (value as unknown[]).filter((item) => {
      const left = inside.walk(node.left, [item]);
      if (node.operator === 'exists') return left.length > 0;
      if (left.length === 0) return false;
      if (left.length > 1) throw new JsonPathError('can only compare one element at a time');
      const right = inside.walk(node.right, [item]);
      if (right.length === 0) return false;
      if (right.length > 1) throw new JsonPathError('can only compare one element at a time');
      return compare(node.operator, left[0], right[0]);
    });
  }
}

function matchingEnd(nodes: readonly PathNode[], start: number): number {
  let depth = 0;
  for (let i = start; i < nodes.length; i++) {
    const node = nodes[i];
    const first = node?.kind === 'list' ? node.nodes[0] : undefined;
    if (first?.kind !== 'identifier') continue;
    depth += first.name === 'range' ? 1 : -1;
    if (depth === 0) return i;
  }
  return nodes.length;
}

function descendants(value: unknown): unknown[] {
  const children = Array.isArray(value) ? (value as unknown[]) : isJsonObject(value) ? Object.keys(value).sort().map((key) => value[key]) : [];
  const inner = children.filter((child) => typeof child === 'object' && child !== null);
  return [value, ...inner.flatMap(descendants)];
}

function slice({ from, to, step }: SliceNode, value: unknown, missing: boolean): readonly unknown[] {
  if (!Array.isArray(value)) {
    if (missing && (value === undefined || value === null)) return [];
    throw new JsonPathError(`${goKind(value)} is not array or slice`);
  }
  const length = value.length;
  let start = from ?? 0;
  let end = to ?? length;
  if (start < 0) start += length;
  if (end < 0 || (end === 0 && (from ?? 0) < 0)) end += length;
  if (end > length) end = to !== undefined && from !== undefined && to === from + 1 ? end : length;
  if (start >= length || start < 0) {
    if (start !== end) throw new JsonPathError(`array index out of bounds: index ${start}, length ${length}`);
    return [];
  }
  if (start > end) throw new JsonPathError(`starting index ${start} is greater than ending index ${end}`);
  if (step !== undefined && step <= 0) throw new JsonPathError('step must be > 0');
  const out: unknown[] = [];
  for (let i = start; i < end; i += step ?? 1) out.push(value[i]);
  return out;
}

function compare(operator: string, left: unknown, right: unknown): boolean {
  const kindOf = (value: unknown) => (value instanceof Literal ? (typeof value.value === 'number' ? (value.isFloat ? 'float' : 'int') : typeof value.value) : typeof value === 'number' ? (Number.isInteger(value) ? 'int' : 'float') : typeof value);
  const plain = (value: unknown) => (value instanceof Literal ? value.value : value);
  if (kindOf(left) !== kindOf(right)) throw new JsonPathError('incompatible types for comparison');
  const [a, b] = [plain(left) as number, plain(right) as number];
  switch (operator) {
    case '==': return a === b;
    case '!=': return a !== b;
    case '<': return a < b;
    case '>': return a > b;
    case '<=': return a <= b;
    case '>=': return a >= b;
    default: throw new JsonPathError(`unrecognized filter operator ${operator}`);
  }
}

/** A value as the template prints it: objects as JSON, text as it is. */
function shown(value: unknown): string {
  if (value instanceof Literal) return String(value.value);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Math.abs(value) >= 1e21) return String(value);
  return encodeAny(value);
}

/** A template that can be filled in many times. */
export interface JsonPath {
  /** The text that the template gives. Throws JsonPathError. */
  readonly print: (data: unknown) => string;
  /** The values that each action finds. Throws JsonPathError. */
  readonly find: (data: unknown) => readonly (readonly unknown[])[];
}

/** Reads a jsonpath template in kubectl's dialect. Throws JsonPathError. */
export function compileJsonPath(template: string, options: JsonPathOptions = {}): JsonPath {
  const nodes = parseTemplate(template);
  const find = (data: unknown) => [...new Evaluator(data, options.allowMissingKeys ?? false).results(nodes, [data])];
  return {
    find: (data) => find(data).map((values) => values.map((value) => (value instanceof Literal ? value.value : value))),
    print: (data) => find(data).map((values) => values.map(shown).join(' ')).join(''),
  };
}
