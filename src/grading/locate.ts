import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import type { Place } from './check';
import type { Files } from './lab';

/** A line (from 1) of one of the learner's files. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

type Step = string | number | { readonly key: string; readonly value: string };

/** spec.containers[name=web].ports[0].containerPort in steps; keys with dots stand in quotes: metadata.labels["a.b/c"]. */
export function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  for (const match of path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|\[(\w+)=([^\]]*)\]|([^.[\]]+)/g)) {
    const [, quoted, index, key, value, plain] = match;
    if (quoted !== undefined) steps.push(quoted);
    else if (index !== undefined) steps.push(Number(index));
    else if (key !== undefined) steps.push({ key, value: value as string });
    else steps.push(plain as string);
  }
  return steps;
}

function child(node: Node, step: Step): { readonly at: Node; readonly value: Node | undefined } | undefined {
  if (typeof step === 'string' && isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === step);
    return pair && { at: pair.key as Node, value: (pair.value ?? undefined) as Node | undefined };
  }
  if (!isSeq(node)) return undefined;
  const item = typeof step === 'number'
    ? node.items[step]
    : typeof step === 'object' ? node.items.find((entry) => isMap(entry) && String(entry.get(step.key)) === step.value) : undefined;
  return item === undefined ? undefined : { at: item as Node, value: item as Node };
}

/** The node that the path leads to, or the last one before it that exists; `depth` tells how far it went. */
function follow(root: Node, path: string): { readonly node: Node; readonly depth: number } {
  let node = root;
  let at = root;
  let depth = 0;
  for (const step of stepsOf(path)) {
    const next = child(node, step);
    if (!next) break;
    at = next.at;
    depth += 1;
    if (!next.value) break;
    node = next.value;
  }
  return { node: at, depth };
}

function* objectsIn(document: Document.Parsed): Generator<Node> {
  const root = document.contents as Node | null;
  if (!root) return;
  const items = isMap(root) && root.get('kind') === 'List' ? root.get('items') : undefined;
  if (isSeq(items)) yield* items.items as Node[];
  else yield root;
}

const matches = (node: Node, place: Place): boolean =>
  isMap(node) && node.get('kind') === place.kind && String(node.getIn(['metadata', 'name']) ?? '') === place.name;

/** Where the learner's files say what is meant: the field itself, or what is nearest above it. A later file wins. */
export function locate(files: Files, place: Place): Location | undefined {
  let found: (Location & { depth: number }) | undefined;
  for (const [file, content] of Object.entries(files)) {
    const lines = new LineCounter();
    for (const document of parseAllDocuments(content, { lineCounter: lines, version: '1.1', merge: true })) {
      if ('empty' in document) continue;
      for (const node of objectsIn(document)) {
        if (!matches(node, place)) continue;
        const target = follow(node, place.path);
        const { line, col } = lines.linePos(target.node.range?.[0] ?? 0);
        if (!found || target.depth >= found.depth) found = { file, line, column: col, depth: target.depth };
      }
    }
  }
  return found && { file: found.file, line: found.line, column: found.column };
}
